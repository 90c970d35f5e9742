"""Read and check the inputs of a study: tables, positions, facilities, people, zones."""

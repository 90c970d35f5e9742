"""What scenarios do to people and facilities: reading their tables, and the changed inputs."""

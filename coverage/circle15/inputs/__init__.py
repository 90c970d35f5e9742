"""Reading and checking what a bureau has: tables, positions, facilities, people, zones."""

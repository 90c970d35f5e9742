"""The output of `circle15 route`: text, a record for programs, and a drawn map."""

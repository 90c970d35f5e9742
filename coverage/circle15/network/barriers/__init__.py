"""What no access leg may cross: barriers of the file, and those that a study brings."""

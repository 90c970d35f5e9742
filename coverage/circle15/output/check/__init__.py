"""What `circle15 check` says, in a terminal and as a page."""

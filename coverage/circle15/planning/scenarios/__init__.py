"""What the scenarios of a study change."""

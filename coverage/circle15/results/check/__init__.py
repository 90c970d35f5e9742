"""What a check of a study has read and found."""

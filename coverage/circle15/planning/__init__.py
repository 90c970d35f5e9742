"""What the gaps call for: where they are."""

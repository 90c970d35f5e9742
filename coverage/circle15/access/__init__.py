"""Who is covered, who is not, and who cannot be judged."""

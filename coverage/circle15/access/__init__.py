"""Coverage: the people who are covered, in a gap or unknown, and what they have access to."""

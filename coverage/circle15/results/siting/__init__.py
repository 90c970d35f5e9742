"""New sites as outputs show them: the plan of each question, and the gain of every candidate."""

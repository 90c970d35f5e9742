"""The streets of a result as they are drawn."""

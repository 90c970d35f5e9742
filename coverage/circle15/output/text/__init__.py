"""Format ids, codes and numbers as text for readers."""

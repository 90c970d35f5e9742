"""The process of the program: streams, signals, limits and freed memory, a second process."""

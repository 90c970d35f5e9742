"""The zone sheets of residential zones: HTML, Word, Excel, terminal."""

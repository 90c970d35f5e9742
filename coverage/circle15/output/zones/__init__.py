"""The one-page zone sheets of residential zones: HTML, Word, Excel, terminal."""

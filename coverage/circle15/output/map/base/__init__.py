"""The map's own ground: streets and barriers, packed in blocks that the page decodes when seen."""

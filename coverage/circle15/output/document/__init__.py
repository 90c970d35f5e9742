"""The document model and its renderers: HTML and Word, with the parts of pages and workbooks."""

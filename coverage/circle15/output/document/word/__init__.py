"""Word files: documents as paragraphs, tables and pictures of Word's own."""

"""Parts of documents: markup, pages, tables, and the files of Word and Excel."""

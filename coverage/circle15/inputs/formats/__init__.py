"""Read tables of all formats: text, workbooks, vector layers, archives, parquet."""

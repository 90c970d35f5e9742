"""The formats of tables: text, workbooks, vector layers, archives, parquet."""

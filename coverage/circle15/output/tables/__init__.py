"""Tables for machines and bureaus: the workbook and `coverage.parquet`."""

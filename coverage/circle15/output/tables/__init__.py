"""Tables of results: the workbook `report.xlsx` and `coverage.parquet`."""

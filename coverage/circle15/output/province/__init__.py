"""The province report: page, workbook, and the homes of all studies as one data set."""

"""Charts and the map picture of the reports: bars, dots and a drawn map."""

"""Tables as cells: headings, values, dates, and which column became which field."""

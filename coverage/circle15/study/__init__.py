"""What a study is: its settings, the columns and units of its tables, its words."""

"""Files with the faults of real files, each with the message that circle15 must give."""

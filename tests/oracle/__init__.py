"""An independent oracle of walking times, and the tests that compare circle15 with it."""

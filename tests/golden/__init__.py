"""Golden results of the sample study, and the command that replaces them."""

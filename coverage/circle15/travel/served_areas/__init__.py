"""Areas from which a facility is reached, drawn by the rule that counts people."""

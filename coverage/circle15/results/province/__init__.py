"""The roll-up of many studies: people, gaps, rules, siting, and what sets studies apart."""

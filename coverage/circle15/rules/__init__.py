"""What the rules require: dated packs as data, and exact verdicts."""

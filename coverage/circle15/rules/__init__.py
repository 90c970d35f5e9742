"""Rules of planning documents: dated packs as data, evaluators, and exact verdicts."""

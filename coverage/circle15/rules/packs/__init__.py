"""Rule packs: dated documents as data, read and checked."""

"""Rule packs: the rules of dated documents as data, read and checked."""

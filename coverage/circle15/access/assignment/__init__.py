"""Who is served where sites have room for only so many: two ways of sharing them out."""

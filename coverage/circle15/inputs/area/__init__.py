"""The study area: boundary, streets and communities, and how rows are matched to them."""

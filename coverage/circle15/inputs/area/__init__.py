"""The study area: boundary, subdistricts and communities, and how rows are matched to them."""

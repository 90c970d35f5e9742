"""Supply per person: floating catchment areas."""

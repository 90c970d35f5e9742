"""The walking network: what of OpenStreetMap can be walked, and where points join it."""

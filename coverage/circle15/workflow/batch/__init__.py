"""Many studies at once: on this host or on Dask, and their roll-up in one folder."""

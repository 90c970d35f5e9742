"""Walking times: integer milliseconds on the network, nearest facilities and catchments."""

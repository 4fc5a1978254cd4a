"""A server on loopback that speaks MAST's protocol as far as `astroquery.mast` does, and its rows."""

"""A server on loopback that speaks MAST's protocol as far as jwgraph and `astroquery.mast` do, and its rows."""

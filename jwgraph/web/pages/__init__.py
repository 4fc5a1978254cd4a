"""The pages, one module each: a router, and the functions that ask for what it shows."""

"""Sixty questions of a controller, and a benchmark with them."""

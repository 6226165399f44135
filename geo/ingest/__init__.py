"""Vendors' files in, one table of enterprises out, every row accounted for."""

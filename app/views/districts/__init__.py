"""The districts page."""

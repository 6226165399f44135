"""Selections as files that other programs open."""

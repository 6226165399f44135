"""Premises: parcels, plants and floors on offer, in units that are one, and what they are asked for."""

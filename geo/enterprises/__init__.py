"""The table of enterprises: its columns, the built-in sample, shared addresses, what may leave the house."""

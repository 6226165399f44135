"""Files of every kind, read as sheets of text: one reader a kind, chosen by content in `read`."""

"""Where the enterprises of an industry gather beyond what the whole distribution explains, and when that cannot be decided."""

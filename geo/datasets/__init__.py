"""Dataset: one table of enterprises with its indexes, how it is stored, corrected, compared and described."""

"""The page of premises: what is on offer, what suits a need, and whom to ask."""

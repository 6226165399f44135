"""Industry chains: which enterprise stands on which node, what is missing, who could fill it, where it would fit."""

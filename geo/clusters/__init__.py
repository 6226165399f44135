"""Where the firms of an industry gather beyond what the whole distribution explains, and when that cannot be decided.

All methods compare the firms of one industry, the *cases*, with all firms of the selection.  Where no answer can be
had they return a `geo.clusters.refusal.Refusal`, one sentence that says why, instead of a figure.
"""

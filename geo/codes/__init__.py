"""Code lists: facets and their options, industries, nodes of the chains, recognitions."""

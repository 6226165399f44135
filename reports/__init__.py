"""HTML, Word and Matplotlib documents made of a selection: no page, no widget."""

"""The faces of the explorer: the page, the server behind it, and the command line."""

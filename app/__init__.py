"""The faces of the explorer: the pages, the server behind them, and the command line."""

"""`python -m app serve`: the pages."""

import argparse

from app.server.run import add_arguments, serve

__all__ = ["add_arguments", "run"]

FAILED_TO_START = 2


def run(options: argparse.Namespace) -> int:
    """Serve until it is stopped."""
    return FAILED_TO_START if serve(options.host, options.port) else 0

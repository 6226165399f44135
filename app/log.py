"""The log of an installation: what nobody expected, in a file of the workspace that stays small."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from typing import Final

from geo.installation import workspace_dir

FILE: Final = "explorer.log"
MAX_BYTES: Final = 1_000_000
MAX_OLD_FILES: Final = 2


def log_to_file() -> None:
    """Have warnings and errors written to the workspace; where nothing can be written, nothing is."""
    root = logging.getLogger()
    if any(handler.get_name() == FILE for handler in root.handlers):
        return
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        workspace_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            workspace_dir() / FILE, maxBytes=MAX_BYTES, backupCount=MAX_OLD_FILES, encoding="utf-8", errors="replace"
        )
    handler.set_name(FILE)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)

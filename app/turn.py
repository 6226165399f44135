"""The map's turn: a browser draws it before the many widgets of its page, which wait on the server until then.

All that a page sends is drawn in the order in which it comes, but a map comes in a frame of its own, with scripts to
load; drawn together with the widgets it would stand last.
"""

from __future__ import annotations

import time
from threading import Condition
from typing import Final

from app.server import serving

PATIENCE: Final = 1.0
"""How long a page waits for its map at most, where a browser loads none [s]."""

_answered: Final = Condition()
_last = float("-inf")


def map_stands() -> None:
    """Note that a map has got what it asks for once it stands."""
    global _last
    with _answered:
        _last = time.monotonic()
        _answered.notify_all()


def wait_for_map(shown: float) -> None:
    """Wait until a map stands that was sent to the browser at a time [s of `time.monotonic`].

    Which map it is does not matter: when many readers come at once, each waits a little less.  Without a server nobody
    waits.
    """
    if serving.is_set():
        with _answered:
            _answered.wait_for(lambda: _last > shown, max(0.0, shown + PATIENCE - time.monotonic()))

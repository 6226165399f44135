"""What the server and its pages tell each other: what is ready, and when a map stands in a browser.

All that a page sends is drawn in the order in which it comes, but a map comes in a frame of its own, with scripts to
load; drawn together with the widgets it would stand last.  So the widgets wait on the server until the map stands.
"""

import time
from threading import Condition, Event
from typing import Final

serving: Final = Event()
"""Set when the server has started; a page that is run without one has no browser either."""

reading: Final = Event()
"""Set while the server is loading libraries and the set that it starts with."""

wanted: Final = Event()
"""Set when what a page can show without tables stands, and it wants them."""

PATIENCE_SECONDS: Final = 1.0
"""How long a page waits for its map at most, where a browser loads none."""

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

    Which map it is does not matter: when many users come at once, each waits a little less.  Without a server nobody
    waits.
    """
    if serving.is_set():
        with _answered:
            _answered.wait_for(lambda: _last > shown, max(0.0, shown + PATIENCE_SECONDS - time.monotonic()))

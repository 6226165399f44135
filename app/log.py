"""The log of an installation: who did what, and what nobody expected, a line of JSON each in a file that stays small.

A line says the time, the level, the request it belongs to, and what happened.  It holds nothing that a list of
enterprises holds: no name, address, telephone or value, but ids, numbers of rows, and the name under which the person who
acted is known to the records.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from logging.handlers import RotatingFileHandler
from threading import Lock
from typing import Final

from geo.installation import workspace_dir

FILE: Final = "explorer.log"
MAX_BYTES: Final = 1_000_000
MAX_OLD_FILES: Final = 2

EVENTS: Final = (
    "import",
    "refresh",
    "delete",
    "correct",
    "undo",
    "export",
    "restore",
    "rights",
    "role",
    "token",
    "notify",
    "roads",
)
"""What is told of, whether it was done or failed."""

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""Of the request that is being answered; the server sets it."""

_events: Final = logging.getLogger("app.events")
_counts: Final[Counter[tuple[str, str]]] = Counter()
_lock: Final = Lock()


class _OfPage:
    """Asked for the request's id where a page is drawn, which is no answer of the server's own."""

    request: Callable[[], str] = staticmethod(str)


class JsonLines(logging.Formatter):
    """A record as one line of JSON; the traceback of what nobody expected stands in `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get() or _OfPage.request(),
        }
        line |= getattr(record, "event", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def record_event(event: str, who: str, *, failed: bool = False, **about: str | int) -> None:
    """Tell that something was done, or failed: counted for `/metrics`, and a line in the log where there is one.

    Parameters
    ----------
    event : str
        One of `EVENTS`.
    who : str
        Name of the person as the records have it.
    failed : bool
    **about
        Ids, names of columns and formats, numbers; never a value of a list.

    Raises
    ------
    KeyError
        When the event is none of `EVENTS`.

    Examples
    --------
    >>> before = event_counts()["export", "failed"]
    >>> record_event("export", "张三", failed=True, format="xlsx")
    >>> event_counts()["export", "failed"] - before
    1
    """
    if event not in EVENTS:
        raise KeyError(event)
    outcome = "failed" if failed else "done"
    with _lock:
        _counts[event, outcome] += 1
    line = {"event": event, "outcome": outcome, "who": who, **about}
    _events.log(logging.WARNING if failed else logging.INFO, "%s %s", event, outcome, extra={"event": line})


def event_counts() -> Counter[tuple[str, str]]:
    """How often each event was done and failed in this process: (event, outcome) → number."""
    with _lock:
        return Counter(_counts)


def watch_pages(request: Callable[[], str]) -> None:
    """Say how a page that is being drawn knows the id of its request."""
    _OfPage.request = staticmethod(request)


def log_to_file() -> None:
    """Have events, warnings and errors written to the workspace; where nothing can be written, nothing is."""
    root = logging.getLogger()
    if any(handler.get_name() == FILE for handler in root.handlers):
        return
    handler: logging.Handler = logging.NullHandler()
    with suppress(OSError):
        workspace_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            workspace_dir() / FILE,
            maxBytes=MAX_BYTES,
            backupCount=MAX_OLD_FILES,
            encoding="utf-8",
            errors="replace",
            delay=True,
        )
    handler.set_name(FILE)
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name == _events.name)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    _events.setLevel(logging.INFO)


@contextmanager
def logged() -> Iterator[None]:
    """Have a command's events in the log of the workspace, where there is a workspace."""
    if workspace_dir().is_dir():
        log_to_file()
    try:
        yield
    finally:
        for handler in [one for one in logging.getLogger().handlers if one.get_name() == FILE]:
            logging.getLogger().removeHandler(handler)
            handler.close()

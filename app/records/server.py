"""A connection to PostgreSQL that waits only so long: what the server's own limits cannot do when it has frozen.

Packets of a frozen server are still confirmed by its system, so neither keepalives nor TCP limits end a wait for it.
"""

import time
from collections.abc import Generator
from typing import Any, Final

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

ANSWER_SECONDS: Final = 20
"""How long a statement is waited for; the server itself ends one sooner (`app.records.database`)."""

PING_SECONDS: Final = 2
"""How long it may take until a connection that was kept shows that it still works."""


class PatientConnection(psycopg.Connection[TupleRow]):
    """A connection that closes itself, and says so, when no answer comes within `seconds`."""

    seconds: float = ANSWER_SECONDS

    def wait(self, gen: Generator[Any, Any, Any], *given: Any, **options: Any) -> Any:
        """Wait for an answer, as psycopg does, but not longer than `seconds`."""
        return super().wait(self._within(gen, time.monotonic() + self.seconds), *given, **options)

    def _within(self, gen: Generator[Any, Any, Any], until: float) -> Generator[Any, Any, Any]:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer within {self.seconds} s")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def answers(self) -> bool:
        """Whether the other side answers at once."""
        self.seconds = PING_SECONDS
        try:
            self.execute("SELECT 1")
            self.rollback()
        except psycopg.Error:
            return False
        finally:
            self.seconds = ANSWER_SECONDS
        return True


def set_up(db: Engine) -> None:
    """Have an engine make such connections, and try one that was kept before it is used."""
    event.listen(db, "do_connect", _connect)
    event.listen(db, "checkout", _check)


def _connect(_dialect: object, _record: object, given: list[Any], options: dict[str, Any]) -> PatientConnection:
    return PatientConnection.connect(*given, **options)


def _check(connection: PatientConnection, _record: object, _proxy: object) -> None:
    if not connection.answers():
        raise DisconnectionError("the server has frozen or has gone")

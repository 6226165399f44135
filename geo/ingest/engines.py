"""Engines: where the pieces of an import are worked on, which is in this process, in others of this machine, or on a cluster.

The plan of an import is the same whatever the engine: what is a function of one frame of rows is mapped over pieces of
the rows, in order, and what needs all rows stays with `geo.ingest.pipeline`.  An engine is a
`concurrent.futures.Executor` and no more: the standard library's for processes, Dask's for a cluster.  These schedule,
retry and ship the pieces; only how many are under way at once is settled here, so that memory stays bounded.
"""

import hashlib
import multiprocessing
import os
import platform
import re
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import chain
from threading import Thread
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.catalog import data_dir
from geo.errors import DataError
from geo.installation import ROOT, version
from geo.text import one_line

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")

PIECE_ROWS: Final = 10_000
"""Rows of a piece: some megabytes of text, a second of work."""

MAX_WORKERS: Final = max(2, os.cpu_count() or 1)
"""More local processes than cores win nothing."""

SCHEDULER_SECONDS: Final = 5
"""Until a scheduler has to have answered."""

_ADDRESS: Final = re.compile(r"(?:tcp|tls)://[^\s/]+:\d+")
_AHEAD: Final = 2
"""Pieces that are under way for each worker: one at work, one waiting."""

_LOST_HERE: Final = DataError(
    "有一个进程中断了，没有导入", cause="内存不足；请减少 --workers（a worker process ended）"
)
_LOST_THERE: Final = DataError(
    "集群没有做完，没有导入", cause="调度器断开，或同一片接连使几个工作进程中断（the cluster gave up）"
)


@dataclass(frozen=True)
class Engine:
    """Where pieces are worked on.

    Parameters
    ----------
    executor : Executor, optional
        This process when not given.
    workers : int
        Of the executor.
    piece_rows : int
        Rows of a piece.
    lost : tuple of exception types, and the error that stands for them
        What the executor raises where it, and not the work, has failed.
    """

    executor: Executor | None = None
    workers: int = 1
    piece_rows: int = PIECE_ROWS
    lost: tuple[type[BaseException], ...] = ()
    told: DataError = _LOST_HERE

    def map(self, function: Callable[[Piece], Answer], pieces: Iterable[Piece]) -> Iterator[Answer]:
        """Apply a function to pieces; the answers in their order.  A single piece is worked on here.

        Parameters
        ----------
        function : callable
            One that a process elsewhere can import.
        pieces : iterable
            Taken as there is room for them.

        Raises
        ------
        DataError
            When the executor has failed.

        Examples
        --------
        >>> list(HERE.map(abs, [-1, 2]))
        [1, 2]
        """
        rest = iter(pieces)
        first = list(zip(range(2), rest))  # noqa: B905 (no more than two)
        pieces = chain((piece for _, piece in first), rest)
        if self.executor is None or len(first) < 2:
            yield from map(function, pieces)
            return
        waiting: deque[Any] = deque()
        try:
            for piece in pieces:
                waiting.append(self.executor.submit(function, piece))
                if len(waiting) >= _AHEAD * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except self.lost as error:
            raise self.told from error
        finally:
            for future in waiting:
                future.cancel()

    def warm(self, prepare: Callable[[], object]) -> None:
        """Have the local processes start and load what they need, while something else is waited for."""
        if isinstance(self.executor, ProcessPoolExecutor):
            for _ in range(self.workers):
                self.executor.submit(prepare)


HERE: Final = Engine()
"""This process."""


def in_pieces(table: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    """Rows of a table piece by piece; of a table without rows there is one piece, which has its columns.

    Examples
    --------
    >>> [len(piece) for piece in in_pieces(pd.DataFrame({"a": range(5)}), 2)]
    [2, 2, 1]
    """
    for start in range(0, max(len(table), 1), rows):
        # taken and not sliced: what is sliced is shipped with all rows of the table
        yield table.take(np.arange(start, min(start + rows, len(table))))


def joined(pieces: list[pa.Table]) -> pd.DataFrame:
    """Pieces of text as one frame, each column in one run of memory however many pieces there were; the list is emptied.

    Examples
    --------
    >>> joined([pa.table({"a": ["1"]}), pa.table({"a": [None, "2"]}, pa.schema({"a": pa.string()}))])["a"].dropna().tolist()
    ['1', '2']
    """
    table = pa.concat_tables(pieces)
    pieces.clear()
    columns, rows = {}, table.num_rows
    for title in table.column_names:
        columns[title] = table.column(0).combine_chunks().to_pandas().astype("str")
        table = table.remove_column(0)  # its memory goes before that of the next is taken
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def open_engine(workers: int | None = None, scheduler: str | None = None) -> AbstractContextManager[Engine]:
    """The engine that a command asks for.

    Parameters
    ----------
    workers : int, optional
        Local processes, 1 to `MAX_WORKERS`; one is this process.
    scheduler : str, optional
        Address of a Dask scheduler, ``tcp://host:port`` or ``tls://host:port``.

    Raises
    ------
    DataError
        When both are given, or one is not usable; on entry, when a cluster cannot be used.

    Examples
    --------
    >>> with open_engine() as engine:
    ...     engine is HERE
    True
    >>> open_engine(0)
    Traceback (most recent call last):
    geo.errors.DataError: --workers 的个数不对（值 0）；应为 1 到 ...（1 to ...）
    """
    if workers is not None and scheduler is not None:
        raise DataError("--workers 与 --scheduler 只写一个（one of the two）")
    if scheduler is not None:
        if not _ADDRESS.fullmatch(scheduler):
            raise DataError("不是调度器的地址", value=scheduler, expected="tcp://主机:端口（tcp://host:port）")
        return _cluster(scheduler)
    if workers is not None and not 1 <= workers <= MAX_WORKERS:
        expected = f"1 到 {MAX_WORKERS}（1 to {MAX_WORKERS}）"
        raise DataError("--workers 的个数不对", value=workers, expected=expected)
    return nullcontext(HERE) if workers in (None, 1) else _processes(int(workers or 1))


@contextmanager
def _processes(workers: int) -> Iterator[Engine]:
    """Processes that are started anew: one with threads, as this is, is not copied safely."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_go_with_parent)
    try:
        yield Engine(pool, workers, lost=(BrokenExecutor,))
    finally:
        pool.shutdown(cancel_futures=True)


def _go_with_parent() -> None:
    """Leave Ctrl+C to the process that started this one, and end when that one is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        Thread(target=follow, daemon=True).start()


@contextmanager
def _cluster(scheduler: str) -> Iterator[Engine]:
    """The workers of a Dask scheduler, once all of them have shown that they are the same as this."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise DataError("--scheduler 要另装 Dask", expected="pip install 'yihe-yidai[cluster]'") from error
    import logging

    for name in ("distributed", "distributed.client", "distributed.core", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is one sentence, and ours
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed(\.|$)")
        try:
            client = Client(scheduler, timeout=SCHEDULER_SECONDS, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            cause = "没有启动，或这里到不了它（scheduler unreachable）"
            raise DataError("连不上调度器", value=scheduler, cause=cause) from error
        try:
            yield Engine(
                client.get_executor(pure=False), _known_workers(client),
                lost=(KilledWorker, CancelledError, ImportError, OSError), told=_LOST_THERE,
            )  # fmt: skip
        finally:
            client.close(timeout=SCHEDULER_SECONDS)


def _known_workers(client: Any) -> int:
    """Threads of all workers; refused where one has not what this process has, for then its answers may differ."""
    try:
        found = client.run(what_is_here)
    except Exception as error:  # whatever comes over the wire: it could not even be asked
        said = one_line(str(error))[:80] or type(error).__name__
        expected = f"装有 {version()} 版（PYTHONPATH 或 wheel），见 docs/import.md"
        raise DataError("工作进程上没有这个程序", value=said, expected=f"{expected}（not importable there）") from error
    if not found:
        raise DataError("调度器上没有工作进程", expected="先启动 dask worker（no workers）")
    ours = what_is_here()
    for worker, theirs in sorted(found.items()):
        differing = "、".join(
            f"{name} {theirs.get(name)}，这里 {ours[name]}" for name in ours if theirs.get(name) != ours[name]
        )
        if differing:
            raise DataError("工作进程的版本与这里不同（versions differ）", value=f"{worker}：{differing}")
    return max(1, sum(client.nthreads().values()))


def what_is_here() -> dict[str, str]:
    """Versions on which the answer of a piece depends, and hashes of the program and of its data.

    Examples
    --------
    >>> sorted(what_is_here())
    ['data', 'numpy', 'pandas', 'program', 'pyarrow', 'python', 'version']
    """
    program = hashlib.sha256()
    for file in sorted((ROOT / "geo").rglob("*.py")):
        program.update(file.read_bytes())
    return {
        "version": version(), "python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__,
        "pyarrow": pa.__version__, "program": program.hexdigest()[:12],
        "data": hashlib.sha256((data_dir() / "catalog.json").read_bytes()).hexdigest()[:12],
    }  # fmt: skip

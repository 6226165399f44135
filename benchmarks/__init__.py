"""Measured against peers, side by side, in one run: ``python -m benchmarks --json OUT``.

A topic is one file with a function ``measure(rows)`` that yields `Line`; to add one, write the file and its
entry in `BENCHMARKS`.
"""

import gc
import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

BENCHMARKS: Final[dict[str, str]] = {
    "join": "benchmarks.join",
    "facets": "benchmarks.facets",
    "tiles": "benchmarks.tiles",
    "search": "benchmarks.search",
    "opening": "benchmarks.opening",
    "clusters": "benchmarks.clusters",
    "growth": "benchmarks.growth",
    "map": "benchmarks.map",
    "clicks": "benchmarks.clicks",
    "start": "benchmarks.start",
    "load": "benchmarks.load",
    "intake": "benchmarks.intake",
}
"""Name on the command line → module with ``measure(rows)``."""

MISSING: Final = "not installed"


@dataclass(frozen=True)
class Line:
    """One thing measured: our figure, the peers' figures, and the bounds on them.

    Parameters
    ----------
    what : str
        What was done, to how much.
    ours : float
        Our figure [unit].
    unit : str
    peers : mapping of str to float or str
        Peer → its figure [unit], or the reason why there is none.
    at_least : mapping of str to float
        Peer → how many times our figure the peer's has to be.
    at_most : float, optional
        What our figure has to stay within [unit].
    """

    what: str
    ours: float
    unit: str = "ms"
    peers: Mapping[str, float | str] = field(default_factory=dict)
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: float | None = None

    def ratio(self, peer: str) -> float | None:
        """How many times our figure the peer's is; None when it was not measured."""
        figure = self.peers[peer]
        return None if isinstance(figure, str) else figure / self.ours

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON holds it."""
        ratios = {peer: self.ratio(peer) for peer in self.peers}
        holds: dict[str, bool] = {
            peer: ratio >= self.at_least[peer]
            for peer, ratio in ratios.items()
            if ratio is not None and peer in self.at_least
        }
        if self.at_most is not None:
            holds["ours"] = self.ours <= self.at_most
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "at_most": self.at_most,
            "peers": dict(self.peers),
            "ratios": ratios,
            "at_least": dict(self.at_least),
            "holds": holds,
        }


def peer(module: str) -> Any:
    """Import a peer; None when it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def timed(work: Callable[..., object], *arguments: Any, repeat: int = 7, warm: bool = True) -> float:
    """Best wall time of some runs [ms], after one that does not count.

    The best, for ours and for the peers alike: whatever else the machine does at the time only ever adds.
    """
    if warm:
        work(*arguments)
    gc.collect()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work(*arguments)
        times.append(time.perf_counter() - start)
    return min(times) * 1e3

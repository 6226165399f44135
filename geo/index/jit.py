"""Kernels: loops that numba compiles when there is much to do.

Loading numba takes longer than a few hundred rows take without it.  A kernel loads it when it is first called; one
that says how much is little runs as plain Python until numba is there for something larger.  Either way the answer
is the same.
"""

import sys
from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, Final

import numpy as np

PLAIN_PYTHON_ELEMENTS: Final = 10_000
"""Elements that plain Python takes about ten milliseconds for."""


class Kernel:
    """A function in the part of Python that numba compiles; the machine code is kept on disk beside its file.

    Parameters
    ----------
    function : callable
        Of arrays and numbers; it may call other kernels of its module by their names.
    little : int
        Elements of the first argument, when that is an array, up to which it may run as plain Python; 0 for never.
    **options
        Of ``numba.njit``, beside ``cache`` and ``nogil``.

    Examples
    --------
    >>> from geo.index.morton import keys
    >>> keys.little, keys(np.array([3], np.uint32), np.array([0], np.uint32)).tolist()
    (10000, [5])
    """

    def __init__(self, function: Callable[..., Any], little: int = 0, **options: Any) -> None:
        update_wrapper(self, function)
        self.plain = function
        self.little = little
        self.options = options

    @cached_property
    def compiled(self) -> Callable[..., Any]:
        """The function for numba; each signature is compiled when it is met.

        The kernels it calls are compiled with it, and from then on their names stand for what was compiled.
        """
        from numba import njit

        names = self.plain.__globals__
        for name in self.plain.__code__.co_names:
            if isinstance(names.get(name), Kernel):
                names[name] = names[name].compiled
        compiled: Callable[..., Any] = njit(cache=True, nogil=True, **self.options)(self.plain)
        return compiled

    def __call__(self, *arguments: Any) -> Any:
        """Call the function, compiled or plain."""
        if self.little and "numba" not in sys.modules:
            first = arguments[0]
            if not isinstance(first, np.ndarray) or first.size <= self.little:
                return self.plain(*arguments)
        return self.compiled(*arguments)


def load(*warm: Callable[[], None]) -> None:
    """Load numba, then the machine code of kernels by the functions that call them, compiled where it is not on disk."""
    import numba  # noqa: F401  before the kernels with little to do would run as plain Python

    for each in warm:
        each()


def kernel(little: int = 0, **options: Any) -> Callable[[Callable[..., Any]], Kernel]:
    """Make a function a `Kernel`, as a decorator."""
    return lambda function: Kernel(function, little, **options)

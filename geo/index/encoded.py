"""Dictionary-encoded columns: each different text once, and its position for every row."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Coded(NamedTuple):
    """A column of text: the position of each row's value among the different ones."""

    codes: NDArray[np.int32]
    values: Sequence[str]

    @property
    def known(self) -> bool:
        """Whether any row has a value."""
        return any(value not in ("", "unknown") for value in self.values)

    def where(self, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Rows whose value holds."""
        chosen = np.array([holds(value) for value in self.values], dtype=np.bool_)
        return chosen[self.codes] if len(chosen) else np.zeros(len(self.codes), np.bool_)


def coded(column: str) -> Callable[[pd.DataFrame], Coded]:
    """How a column of text is prepared."""

    def prepare(table: pd.DataFrame) -> Coded:
        codes, values = pd.factorize(table[column].fillna(""))
        return Coded(codes.astype(np.int32), [str(value) for value in values])

    return prepare

"""What a condition of the filters is: how it reads, prepares, decides and says; and columns of few different texts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.options import options
from geo.errors import DataError
from geo.index.encoded import Coded
from geo.text import Text

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """A condition: how it is prepared, read, decided and said.

    Parameters
    ----------
    prepare : callable
        From the table (canonical columns) to the columns that `holds` looks at; done once for a table.
    read : callable
        From the text of one value to what `holds` compares; a DataError for a text that means nothing.
    holds : callable
        (prepared, value read) → which rows hold; shape (n,).
    says : callable
        The text of one value in Chinese and English.
    """

    prepare: Callable[[pd.DataFrame], Any]
    read: Callable[[str], Any]
    holds: Callable[[Any, Any], Mask]
    says: Callable[[str], Text]

    def mask(self, prepared: Any, values: Sequence[str]) -> Mask:
        """Rows that hold for any of the values; one that cannot be read matches nothing."""
        masks = [self.holds(prepared, self.read(value)) for value in values if self.can_read(value)]
        return np.logical_or.reduce(masks) if masks else self.holds(prepared, None)

    def present(self, prepared: Coded, values: Iterable[str]) -> list[str]:
        """Those of the values that some row of a `Coded` column has."""
        each = prepared._replace(codes=np.arange(len(prepared.values), dtype=np.int32))
        return [value for value in values if self.holds(each, self.read(value)).any()]

    def can_read(self, value: str) -> bool:
        """Whether the text of a value means something."""
        try:
            self.read(value)
        except DataError:
            return False
        return True

    def words(self, value: str) -> Text:
        """The text of a value for people; as it stands where it means nothing."""
        return self.says(value) if self.can_read(value) else Text(value, value)


def any_of(matches: Callable[[str, Any], bool]) -> Callable[[Coded, Any], Mask]:
    """How rows of a coded column hold; for nothing wanted none does."""
    return lambda column, wanted: column.where(lambda value: wanted is not None and matches(value, wanted))


def listed(
    name: str,
    prepare: Callable[[pd.DataFrame], Coded],
    matches: Callable[[str, str], bool] = str.__eq__,
    read: Callable[[str], str] = str,
) -> Condition:
    """A condition whose values are the options of that name; `matches` tells whether a text of the column has one."""

    def known(text: str) -> str:
        if read(text) not in options(name):
            raise DataError("没有这个选项", value=text[:40])
        return read(text)

    return Condition(prepare, known, any_of(matches), lambda text: options(name)[read(text)])

"""The active set with the corrections that people made laid over it, the same for pages, tiles and commands."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Final

from app.cache import LruCache
from app.records.location import nothing_corrected
from geo.datasets.corrections import FieldCorrection
from geo.datasets.dataset import Dataset

if TYPE_CHECKING:
    from app.records.corrections import Correction

MAX_CORRECTED_DATASETS: Final = 4

_corrected: Final[LruCache[tuple[Hashable, ...], Dataset]] = LruCache(MAX_CORRECTED_DATASETS)


def with_corrections(data: Dataset) -> Dataset:
    """The set with the corrections that hold; the set itself when there are none.

    A correction finds its enterprise by its code or name, so it holds for any release and set; one that was made of a
    set that not everybody sees holds for that alone.  Nothing is made by looking: without a database there are none.

    Raises
    ------
    DataError
        When the database cannot be read.
    """
    if nothing_corrected():
        return data
    from app.records.corrections import corrections
    from app.records.database import open_database
    from app.records.visibility import is_everybody_s

    elsewhere = cache(is_everybody_s)  # commands too: an operator's shell need not say that people sign in
    held = [one for one in corrections(open_database()) if one.firm.dataset == data.key or elsewhere(one.firm.dataset)]

    def corrected() -> Dataset:
        fixes = _fixes(data, held)
        return data.with_corrections(fixes) if fixes else data

    return _corrected.get_or_make((*data.identity, repr(held)), corrected)


def source_of(correction: Correction) -> str:
    """Where a corrected value is known from, in one line."""
    return f"更正：{correction.reported_by} {correction.reported[:10]}，依据：{correction.reason}"


def _fixes(data: Dataset, held: list[Correction]) -> list[FieldCorrection]:
    if not held:
        return []
    from app.records.enterprises import positions_in

    positions = positions_in(data, [correction.firm for correction in held])
    return [
        FieldCorrection(int(position), correction.field, correction.new, source_of(correction))
        for position, correction in zip(positions, held, strict=True)
        if position >= 0
    ]

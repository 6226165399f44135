"""Chinese text by its sound: which characters a word in letters may stand for, and the order of names.

A word of letters is read as whole syllables (jiqiren) or as the first letter of each (zxgj); tones do not count, and a
character of several readings counts by each.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.catalog import read_table

LEAST_INITIALS: Final = 4
"""Letters from which on a word is read as first letters; three fit too many names."""

_MAX_READINGS: Final = 3
_LONGEST_SYLLABLE: Final = 6


@lru_cache(maxsize=64)
def spelled_by(word: str) -> tuple[tuple[NDArray[np.bool_], ...], ...]:
    """Ways to read a word of letters: for each, the characters that may stand at each place.

    Parameters
    ----------
    word : str
        Folded.

    Returns
    -------
    tuple of tuple of ndarray of bool, shape (65536,)
        By UTF-16 unit.  Empty for a word of a single syllable, of fewer than `LEAST_INITIALS` letters that is no whole
        syllables, or with anything but the letters a to z.

    Examples
    --------
    >>> [len(way) for way in spelled_by("jiqiren")], bool(spelled_by("jiqiren")[0][0][ord("机")])
    ([3, 7], True)
    >>> spelled_by("abb"), spelled_by("ji")
    ((), ())
    """
    if not (word.isascii() and word.isalpha()):
        return ()
    readings, syllables, _ = _tables()
    ways = [[(readings == syllables[part]).any(axis=0) for part in parts] for parts in _parts(word) if len(parts) > 1]
    if len(word) >= LEAST_INITIALS:
        first = _initials()
        ways.append([(first == ord(letter)).any(axis=0) for letter in word])
    return tuple(map(tuple, ways))


def sound_keys(texts: Iterable[str]) -> pa.Array:
    """Keys that sort texts as a list by pinyin does: characters by their first reading, all others before them.

    Parameters
    ----------
    texts : iterable of str
        Without NUL.

    Returns
    -------
    pyarrow.Array of binary, of the same length

    Examples
    --------
    >>> names = ["中芯", "安靠", "ABB", "上汽"]
    >>> sorted(names, key=dict(zip(names, sound_keys(names).to_pylist())).get)
    ['ABB', '安靠', '上汽', '中芯']
    """
    joined = "".join(f"{text}\0" for text in texts)
    units = np.frombuffer(joined.encode("utf-16-le", "replace"), dtype="<u2")
    ends = 2 * np.append(0, np.flatnonzero(units == 0) + 1).astype(np.int64)
    keys = _places()[units].astype(">u2").tobytes()
    offsets = pa.py_buffer(ends.tobytes())
    return pa.Array.from_buffers(pa.large_binary(), len(ends) - 1, [None, offsets, pa.py_buffer(keys)])


@cache
def _places() -> NDArray[np.uint16]:
    """Place of each UTF-16 unit in the order: as they are numbered, characters after all others by their sound."""
    first = _tables()[2]
    order = sorted(range(1 << 16), key=lambda unit: (chr(unit) in first, first.get(chr(unit), ""), unit))
    places = np.empty(1 << 16, dtype=np.uint16)
    places[order] = np.arange(1 << 16, dtype=np.uint16)
    return places


def _parts(word: str) -> list[list[str]]:
    """All ways to cut a word into syllables."""
    syllables = _tables()[1]
    cuts: list[list[list[str]]] = [[[]]]
    for end in range(1, len(word) + 1):
        starts = range(max(0, end - _LONGEST_SYLLABLE), end)
        cuts.append([[*before, word[at:end]] for at in starts if word[at:end] in syllables for before in cuts[at]][:16])
    return cuts[-1]


@cache
def _tables() -> tuple[NDArray[np.uint16], dict[str, int], dict[str, str]]:
    """Syllables of each UTF-16 unit, numbered from 1, in rows by reading; the numbers; first reading by character."""
    table = read_table("pinyin", ["character", "readings"])
    readings = np.zeros((_MAX_READINGS, 1 << 16), dtype=np.uint16)
    syllables: dict[str, int] = {}
    first: dict[str, str] = {}
    for character, spelled in zip(table["character"], table["readings"], strict=True):
        for place, syllable in enumerate(spelled.split()):
            readings[place, ord(character)] = syllables.setdefault(syllable, len(syllables) + 1)
        first[character] = spelled.split()[0]
    return readings, syllables, first


@cache
def _initials() -> NDArray[np.uint8]:
    readings, syllables, _ = _tables()
    letters = np.array([0, *(ord(syllable[0]) for syllable in syllables)], dtype=np.uint8)
    return letters[readings]

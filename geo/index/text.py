"""Finding words in the names and addresses of millions of rows.

All texts lie folded in one buffer of UTF-16 units: two bytes for a Chinese character where UTF-8 takes
three, and a fixed width that the processor compares sixteen at a time. A word is looked for by its two
rarest units; only where both stand at their distance is the whole word compared.
"""

import os
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError
from geo.index.columns import open_columns, save_columns
from geo.index.jit import kernel
from geo.index.pinyin import spelled_by
from geo.text import plain

TEXTS_FORMAT: Final = 1
END: Final = 0  # unit after each row; no word holds it
FOLDED_ROWS: Final = 2000  # [rows] folded at once
COMPARED_UNITS: Final = 64  # [units] compared before looking whether one fits
FEW_ROWS_SHARE: Final = 16  # a word is looked for in single rows when fewer than 1 of 16 is left

_kernel = kernel()


@cache
def _folded_units() -> NDArray[np.uint16]:
    """Folded unit of every UTF-16 unit; END for those that fold to several or depend on their neighbours."""
    table = np.zeros(1 << 16, dtype=np.uint16)
    for unit in range(1, 1 << 16):
        text = chr(unit)
        folded = plain(text) if unicodedata.category(text) != "Cs" else ""
        joins = any(unicodedata.category(c)[0] == "M" or "\u1100" <= c <= "\u11ff" for c in text + folded)
        if len(folded) == 1 and ord(folded) < 1 << 16 and not joins:
            table[unit] = ord(folded)
    return table


def _fold_rows(texts: list[str]) -> NDArray[np.uint16]:
    """Folded units of some rows, END after each."""
    joined = "\0".join(texts) + "\0"
    if joined.count("\0") != len(texts):
        joined = "\0".join(text.replace("\0", " ") for text in texts) + "\0"
    units = np.frombuffer(joined.encode("utf-16-le", "replace"), dtype="<u2")
    folded = _folded_units()[units]
    if np.count_nonzero(folded == END) != len(texts):
        folded = np.frombuffer(plain(joined).encode("utf-16-le", "replace"), dtype="<u2").astype(np.uint16)
    return folded


@_kernel
def _matches(units, at, word):  # type: ignore[no-untyped-def]  # numba infers the types
    k = 0
    while k < len(word) and units[at + k] == word[k]:
        k += 1
    return k == len(word)


@_kernel
def _scan(units, ends, word, a, b, first, last, found):  # type: ignore[no-untyped-def]
    """Mark rows first … last that hold the word; a and b are the places of its rarest units."""
    at = ends[first - 1] + 1 if first > 0 else 0
    stop = ends[last - 1] + 1 - len(word)  # last place where the word would end before the last END
    row = first
    unit_a, unit_b = word[a], word[b]
    while at < stop:
        if at + COMPARED_UNITS <= stop:
            one, other = units[at + a : at + a + COMPARED_UNITS], units[at + b : at + b + COMPARED_UNITS]
            fits = np.uint16(0)
            for k in range(COMPARED_UNITS):
                fits |= np.uint16(one[k] == unit_a) & np.uint16(other[k] == unit_b)
            if fits == 0:
                at += COMPARED_UNITS
                continue
        until = min(at + COMPARED_UNITS, stop)
        while at < until:
            if units[at + a] == unit_a and units[at + b] == unit_b and _matches(units, at, word):
                step = 1  # gallop to the row of this place
                while row + step < last and ends[row + step] < at:
                    step *= 2
                low, high = row, min(row + step, last - 1)
                while low < high:
                    middle = (low + high) // 2
                    if ends[middle] < at:
                        low = middle + 1
                    else:
                        high = middle
                row = low
                found[row] = True
                at = ends[row]
            at += 1


@_kernel
def _recheck(units, ends, word, found):  # type: ignore[no-untyped-def]
    """Keep the found rows that hold the word too."""
    for row in range(len(ends)):
        if found[row]:
            found[row] = False
            for at in range(ends[row - 1] + 1 if row > 0 else 0, ends[row] + 1 - len(word)):
                if _matches(units, at, word):
                    found[row] = True
                    break


class TextIndex:
    """Texts of n rows, ready for search: two bytes per character and eight per row.

    Made by `TextIndex.build` or `TextIndex.open`; never changed afterwards, so any number of threads may read it.

    Examples
    --------
    >>> index = TextIndex.build([["上海ＡＢＢ工程有限公司", "发那科机器人"], ["康桥路", "富联路"]])
    >>> index.search("abb 康桥").tolist(), index.search("机器人").tolist()
    ([True, False], [False, True])
    """

    def __init__(self, units: NDArray[np.uint16], ends: NDArray[np.int64], fingerprint: str = "") -> None:
        self.units, self.ends, self.fingerprint = np.asarray(units), np.asarray(ends), fingerprint
        self.units.flags.writeable = self.ends.flags.writeable = False
        step = max(len(units) >> 20, 1)
        self._frequency = np.bincount(self.units[::step], minlength=1 << 16)

    @classmethod
    def build(cls, columns: Sequence[Iterable[str]], fingerprint: str = "") -> Self:
        """Fold the texts of some columns.

        Parameters
        ----------
        columns : sequence of iterables of str, each of length n
            Name, address …; a word never matches across two of them. Use ``""`` for missing text.
        fingerprint : str
            Whatever tells this source table from another, such as its hash.

        Raises
        ------
        DataError
            If a text is missing or columns differ in length, or the folder for temporary files has no room.
        """
        rows = map("\n".join, zip(*columns, strict=True))
        ends = [np.empty(0, dtype=np.int64)]
        with tempfile.TemporaryFile() as gathered:
            try:
                while batch := list(islice(rows, FOLDED_ROWS)):
                    units = _fold_rows(batch)
                    ends.append(np.flatnonzero(units == END) + gathered.tell() // units.itemsize)
                    gathered.write(units.tobytes())
            except (TypeError, ValueError) as error:
                raise DataError("检索列须为等长的文字列", expected="缺失处填空字符串") from error
            except OSError as error:
                raise DataError("检索的文字写不进临时文件夹", cause=error.strerror or str(error)) from error
            size = gathered.tell() // np.dtype(np.uint16).itemsize
            held = np.memmap(gathered, np.uint16, "r", shape=(size,)) if size else np.empty(0, np.uint16)
        return cls(held, np.concatenate(ends), fingerprint)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.ends)

    @property
    def nbytes(self) -> int:
        """Memory of the index [bytes]."""
        return int(self.units.nbytes + self.ends.nbytes)

    def search(self, query: str) -> NDArray[np.bool_]:
        """Which rows hold every word of the query, in any column and order; shape (n,).

        Parameters
        ----------
        query : str
            Words between white space; width, case and variants of a character do not count, and a word of letters also
            means what it spells in pinyin or by first letters. Without a word every row holds.
        """
        words = sorted(plain(query).replace("\0", " ").split(), key=len, reverse=True)
        found = np.ones(len(self), dtype=np.bool_)
        for k, text in enumerate(words):
            word = np.frombuffer(text.encode("utf-16-le", "replace"), dtype=np.uint16)
            if spelled_by(text):
                found &= self._scan(word) | self.sounds_like(text)
            elif k and np.count_nonzero(found) * FEW_ROWS_SHARE < len(self):
                _recheck(self.units, self.ends, word, found)
            else:
                found &= self._scan(word)
        return found

    def _scan(self, word: NDArray[np.uint16]) -> NDArray[np.bool_]:
        found = np.zeros(len(self), dtype=np.bool_)
        rarest = np.argsort(self._frequency[word], kind="stable")
        a, b = int(rarest[0]), int(rarest[min(1, len(word) - 1)])
        threads = min(os.cpu_count() or 1, max(len(self) // 50_000, 1))
        cuts = [len(self) * k // threads for k in range(threads + 1)]

        def work(k: int) -> None:
            if cuts[k] < cuts[k + 1]:
                _scan(self.units, self.ends, word, a, b, cuts[k], cuts[k + 1], found)

        with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
            others = [pool.submit(work, k) for k in range(1, threads)]
            work(0)
            for other in others:
                other.result()
        return found

    def sounds_like(self, word: str) -> NDArray[np.bool_]:
        """Which rows hold what a word of letters spells in pinyin or by first letters (see `geo.index.pinyin`).

        Examples
        --------
        >>> index = TextIndex.build([["发那科机器人", "中芯国际集成电路"]])
        >>> index.sounds_like("jiqiren").tolist(), index.sounds_like("zxgj").tolist()
        ([True, False], [False, True])
        """
        found = np.zeros(len(self), dtype=np.bool_)
        for way in spelled_by(word):
            at = np.flatnonzero(way[0][self.units[: max(len(self.units) - len(way) + 1, 0)]])
            for place, fits in enumerate(way[1:], start=1):
                at = at[fits[self.units[at + place]]]
            found[np.searchsorted(self.ends, at)] = True
        return found

    def save(self, path: Path | str) -> None:
        """Write the index to a directory, which appears whole or not at all; an older one is replaced."""
        save_columns(
            path, {"format": TEXTS_FORMAT, "fingerprint": self.fingerprint}, {"units": self.units, "ends": self.ends}
        )

    @classmethod
    def open(cls, path: Path | str, fingerprint: str | None = None) -> Self:
        """Open a saved index; the texts stay on disk and are read as they are used.

        Raises
        ------
        DataError
            If a file is missing, damaged, of another version or of another source table (``fingerprint``).
        """
        head, arrays = open_columns(path, TEXTS_FORMAT, ("units", "ends"), fingerprint)
        return cls(arrays["units"], arrays["ends"], head["fingerprint"])


def warm() -> None:
    """Compile every kernel of the search (kept on disk beside this file)."""
    rows = ["甲乙", *["丙"] * 40]
    TextIndex.build([rows]).search("甲 乙")

"""Keywords in millions of texts, all of them in one pass: an Aho–Corasick automaton over UTF-8 bytes.

Of the keywords that stand in a text the one of the preferred group wins, then the longest, then the one that stands
first.  A keyword that begins or ends with a Latin letter or digit has to stand alone there: *MES* is not in *James*.

Aho, A. V., Corasick, M. J. (1975): Efficient string matching. Communications of the ACM 18(6), 333–340.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.index.jit import PLAIN_PYTHON_ELEMENTS, kernel
from geo.text import plain

NO_KEYWORD: Final = -1


@kernel(10 * PLAIN_PYTHON_ELEMENTS)
def _scan(data, offsets, wanted, step, first, outputs, length, group, subject, alone, preference, best, second):  # type: ignore[no-untyped-def]
    """Best keyword of each text and the best one of another subject."""
    for row in range(len(offsets) - 1):
        state = 0
        best_rank = second_rank = 0
        for at in range(offsets[row], offsets[row + 1]):
            state = step[state, data[at]]
            for k in range(first[state], first[state + 1]):
                word = outputs[k]
                start = at + 1 - length[word]
                if alone[word] & 1 and start > offsets[row] and _latin(data[start - 1]):
                    continue
                if alone[word] & 2 and at + 1 < offsets[row + 1] and _latin(data[at + 1]):
                    continue
                weight = preference[wanted[row], group[word]]
                if weight == 0:
                    continue
                rank = weight * 1000 + length[word]
                if rank > best_rank:
                    if best[row] >= 0 and subject[best[row]] != subject[word]:
                        second[row], second_rank = best[row], best_rank
                    best[row], best_rank = word, rank
                elif rank > second_rank and subject[word] != subject[best[row]]:
                    second[row], second_rank = word, rank


@kernel(PLAIN_PYTHON_ELEMENTS)
def _latin(byte):  # type: ignore[no-untyped-def]
    return 48 <= byte <= 57 or 97 <= byte <= 122


@dataclass(frozen=True)
class Keywords:
    """Keywords ready to be looked for.

    Made by `Keywords.build`; never changed afterwards.

    Attributes
    ----------
    words : tuple of str
    subject, group : ndarray of int64, shape (keywords,)
        What a keyword stands for, and the group that preferences speak of.
    """

    words: tuple[str, ...]
    subject: NDArray[np.int64]
    group: NDArray[np.int64]
    _step: NDArray[np.int32]
    _first: NDArray[np.int32]
    _outputs: NDArray[np.int32]
    _length: NDArray[np.int32]
    _alone: NDArray[np.int8]

    @classmethod
    def build(cls, words: Sequence[str], subject: Sequence[int], group: Sequence[int]) -> Self:
        """Build the automaton; a word may stand for several subjects, once for each.

        Examples
        --------
        >>> found = Keywords.build(["机器人", "工业机器人", "MES"], [0, 1, 2], [0, 0, 0])
        >>> best, second = found.find(["ＭＥＳ与工业机器人", "James", ""], [0, 0, 0], [[1]])
        >>> best.tolist(), second.tolist()
        ([1, -1, -1], [0, -1, -1])
        """
        encoded = [plain(word).encode() for word in words]
        children: list[dict[int, int]] = [{}]
        ends: list[list[int]] = [[]]
        for number, word in enumerate(encoded):
            state = 0
            for byte in word:
                if byte not in children[state]:
                    children[state][byte] = len(children)
                    children.append({})
                    ends.append([])
                state = children[state][byte]
            ends[state].append(number)
        step = np.zeros((len(children), 256), dtype=np.int32)
        fallback = [0] * len(children)
        queue = deque([0])
        while queue:
            state = queue.popleft()
            if state:
                ends[state] = ends[state] + ends[fallback[state]]
                step[state] = step[fallback[state]]
            for byte, child in children[state].items():
                fallback[child] = int(step[fallback[state], byte]) if state else 0
                step[state, byte] = child
                queue.append(child)
        return cls(
            words=tuple(words),
            subject=np.asarray(subject, dtype=np.int64),
            group=np.asarray(group, dtype=np.int64),
            _step=step,
            _first=np.cumsum([0, *map(len, ends)]).astype(np.int32),
            _outputs=np.array([word for end in ends for word in end], dtype=np.int32),
            _length=np.array([len(word) for word in encoded], dtype=np.int32),
            _alone=np.array(
                [_is_latin(plain(word)[0]) + 2 * _is_latin(plain(word)[-1]) for word in words], dtype=np.int8
            ),
        )

    def find(
        self,
        texts: Sequence[str] | pa.Array,
        wanted: Sequence[int] | NDArray[np.integer],
        preference: Sequence[Sequence[int]],
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Find the best keyword of each text, and the best one that stands for another subject.

        Parameters
        ----------
        texts : sequence of str or Arrow strings, shape (n,)
            Width and case do not count.
        wanted : sequence of int, shape (n,)
            Row of `preference` that each text goes by.
        preference : sequence of sequences of int
            Weight of each group of keywords; 0 leaves a group out, a higher one wins over any length.

        Returns
        -------
        best, second : ndarray of int32, shape (n,)
            Positions in `words`, −1 for none.
        """
        array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())
        filled = pc.fill_null(pc.cast(array, pa.large_string()), "")
        array = pc.utf8_lower(pc.utf8_normalize(filled, "NFKC"))
        _, offsets, data = array.buffers()
        starts = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
        content = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, np.uint8)
        best = np.full(len(array), NO_KEYWORD, dtype=np.int32)
        second = np.full(len(array), NO_KEYWORD, dtype=np.int32)
        _scan(
            content,
            starts,
            np.asarray(wanted, dtype=np.int64),
            self._step,
            self._first,
            self._outputs,
            self._length,
            self.group,
            self.subject,
            self._alone,
            np.asarray(preference, dtype=np.int64),
            best,
            second,
        )
        return best, second


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()

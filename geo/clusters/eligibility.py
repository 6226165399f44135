"""What a statistic says instead of a figure when it cannot decide."""

from collections.abc import Sequence
from math import comb
from typing import Final, TypeVar

from geo.errors import DataError
from geo.text import Text

Answer = TypeVar("Answer")

MIN_CASES: Final = 10
"""Firms of the industry; Duranton and Overman (2005) leave out industries with fewer plants."""

MIN_FIRMS: Final = 30
"""Firms in all."""

MIN_AREAS: Final = 30
"""Areas of a local statistic; below, its distribution is too far from its limit (Ord and Getis 1995)."""

MOST_SHARE: Final = 0.8
"""Share of all firms above which an industry is the whole distribution, and cannot be held against it."""


class NotEstimable(Text):
    """Why no answer can be had, in one sentence.

    Examples
    --------
    >>> NotEstimable("企业太少。", "Too few firms.").of("en")
    'Too few firms.'
    """


def decided(answer: Answer | NotEstimable) -> Answer:
    """The answer itself, for who has no use for a refusal.

    Raises
    ------
    DataError
        When the answer is a refusal.

    Examples
    --------
    >>> decided(0.5)
    0.5
    """
    if isinstance(answer, NotEstimable):
        raise DataError(answer.zh)
    return answer


LOCATED: Final = Text("位置精确到点的", "with a point location")
AREAS: Final = Text("面积单元", "areas")


def refuse_counts(cases: int, firms: int, *, known: Text = LOCATED) -> NotEstimable | None:
    """Refuse where there are too few firms, or the industry is nearly all of them.

    Parameters
    ----------
    cases, firms : int
        Firms of the industry, and all firms, among those that the method can use.
    known : (str, str)
        What makes a firm usable, in Chinese and English.

    Examples
    --------
    >>> refuse_counts(8, 65).en
    'Only 8 firms of this industry with a point location; at least 10 are needed.'
    >>> refuse_counts(12, 65) is None
    True
    """
    if cases < MIN_CASES:
        return NotEstimable(
            f"该行业{known.zh}企业只有 {cases:,} 家，至少要 {MIN_CASES} 家才能判断。",
            f"Only {_firms(cases)} of this industry {known.en}; at least {MIN_CASES} are needed.",
        )
    if firms < MIN_FIRMS:
        return NotEstimable(
            f"全部{known.zh}企业只有 {firms:,} 家，至少要 {MIN_FIRMS} 家才能判断。",
            f"Only {_firms(firms)} {known.en} in all; at least {MIN_FIRMS} are needed.",
        )
    if cases > MOST_SHARE * firms:
        return NotEstimable(
            f"该行业占全部企业的 {cases / firms:.0%}，它就是整体分布，无从与整体相比；请放宽筛选。",
            f"The industry makes up {cases / firms:.0%} of all firms: it is the whole distribution and cannot be held "
            "against it; widen the filters.",
        )
    return None


def _firms(number: int) -> str:
    return f"{number:,} firm{'' if number == 1 else 's'}"


def refuse_areas(neighbours: Sequence[int], name: Text = AREAS) -> NotEstimable | None:
    """Refuse where there are too few areas for a local statistic.

    With n areas, area i with k neighbours can be compared with C(n − 1, k) sets of others at most, so its permutation
    p-value cannot go below 1 / C(n − 1, k).

    Parameters
    ----------
    neighbours : sequence of int, shape (n,)
        Number of neighbours of each area.
    name : (str, str)
        What the areas are.

    Examples
    --------
    >>> refuse_areas([1, 2, 2, 1, 2], ("区", "districts")).en
    'Only 5 districts: a local p-value cannot go below 1/6, so no district could ever be significant.'
    """
    n = len(neighbours)
    if n >= MIN_AREAS:
        return None
    sets = max((comb(n - 1, k) for k in neighbours), default=0)
    if 2 <= sets < 20 * n:  # even the smallest p-value would not pass at 5 % once it is corrected for n tests
        return NotEstimable(
            f"只有 {n} 个{name[0]}：局部统计量的 p 值不可能低于 1/{sets}，没有一个可能显著。",
            f"Only {n} {name[1]}: a local p-value cannot go below 1/{sets}, so no {name[1].removesuffix('s')} could ever "
            "be significant.",
        )
    return NotEstimable(
        f"企业数足够且有邻居的{name[0]}只有 {n} 个，局部统计量至少要 {MIN_AREAS} 个。",
        f"{name[1].capitalize()} with enough firms and a neighbour: {n}; a local statistic needs at least {MIN_AREAS}.",
    )

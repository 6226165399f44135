"""Classes of a choropleth: one object colours the map, draws the legend and says scheme and breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import DataError
from layers.base import Entry, Legend, View

MAX_CLASSES: Final = 5
"""At most so many; fewer where fewer values differ."""

SHADES: Final[dict[int, tuple[str, ...]]] = {
    1: ("#9588C0",),
    2: ("#CFCAE5", "#6B5AA3"),
    3: ("#DAD6EA", "#9588C0", "#43307E"),
    4: ("#DAD6EA", "#A79CCB", "#6B5AA3", "#362569"),
    5: ("#E4E1F0", "#BFB8DB", "#9588C0", "#6B5AA3", "#362569"),
}
"""Number of classes → one hue, light to dark; their greys are as far apart."""

NO_DATA_COLOUR: Final = "#FFFFFF"
NO_DATA_SWATCH: Final = (
    f"border:1px solid #9AA3AF;background:repeating-linear-gradient(45deg,{NO_DATA_COLOUR} 0 3px,#9AA3AF 3px 4px)"
)


NO_DATA_POINT: Final = f"border:1px solid #9AA3AF;background:{NO_DATA_COLOUR};border-radius:50%;width:9px;height:9px"
HEXAGON_NO_DATA: Final = f"border:1px dashed {SHADES[3][2]};background:{NO_DATA_COLOUR}"
UNDECIDED_SWATCH: Final = (
    f"border:1px solid #9AA3AF;background:repeating-linear-gradient(45deg,{SHADES[3][1]} 0 3px,#FFFFFF 3px 4.5px)"
)


def _scheme(name: str) -> Any:
    import mapclassify  # takes seconds to load, and the first page draws no classes

    return getattr(mapclassify, name)


class Scheme(NamedTuple):
    """A class scheme: names, and the classifier from values and number of classes."""

    zh: str
    en: str
    classify: Callable[[NDArray[np.float64], int], Any]


SCHEMES: Final[dict[str, Scheme]] = {
    "natural": Scheme(
        "自然断点（Fisher–Jenks）", "Natural breaks (Fisher–Jenks)", lambda values, k: _scheme("FisherJenks")(values, k)
    ),
    "quantiles": Scheme("等数（分位数）", "Quantiles", lambda values, k: _scheme("Quantiles")(values, k)),
    "equal": Scheme("等距", "Equal intervals", lambda values, k: _scheme("EqualInterval")(values, k)),
    "head_tail": Scheme("头尾分割", "Head/tail breaks", lambda values, _: _scheme("HeadTailBreaks")(values)),
    "deviation": Scheme("均值与标准差", "Mean and standard deviations", lambda values, _: _scheme("StdMean")(values)),
}
"""Code → scheme; a scheme is one entry."""


@dataclass(frozen=True)
class Classes:
    """Values and the classes they fall into.

    Attributes
    ----------
    values : Series of float
        NaN is no data: never in a class.
    scheme : str
        One of `SCHEMES`.
    breaks : tuple of float
        Upper bound of each class, which belongs to it; ascending, the last one the greatest value.
    """

    values: pd.Series
    scheme: str
    breaks: tuple[float, ...]

    @property
    def shades(self) -> tuple[str, ...]:
        """Colour of each class as ``#RRGGBB``, lightest first; where all values are 0, the lightest there is.

        Examples
        --------
        >>> classify(pd.Series([0.0, 0.0])).shades, classify(pd.Series([3.0, 3.0])).shades
        (('#E4E1F0',), ('#9588C0',))
        """
        return SHADES[MAX_CLASSES][:1] if self.breaks == (0.0,) else SHADES.get(len(self.breaks), ())

    @property
    def colours(self) -> pd.Series:
        """Colour of each value as ``#RRGGBB``, ``""`` for no data."""
        shades = np.array([*self.shades, ""])
        return pd.Series(shades[self.positions], index=self.values.index)

    @property
    def positions(self) -> NDArray[np.int64]:
        """Class of each value, −1 for no data."""
        values = self.values.to_numpy(dtype=np.float64)
        return np.where(np.isnan(values), -1, np.searchsorted(self.breaks, values, side="left"))

    def ranges(self) -> list[tuple[float, float, int]]:
        """Lower end, upper end and number of values of each class, lightest first."""
        lows = [float(self.values.min()), *self.breaks[:-1]] if self.breaks else []
        counts = np.bincount(self.positions[self.positions >= 0], minlength=len(self.breaks))
        return [(low, high, int(count)) for low, high, count in zip(lows, self.breaks, counts, strict=True)]


def classify(values: pd.Series, scheme: str = "natural") -> Classes:
    """Put values into at most `MAX_CLASSES` classes.

    Raises
    ------
    DataError
        When there is no such scheme.

    Examples
    --------
    >>> classes = classify(pd.Series([0.0, 1.0, 2.0, 10.0, float("nan")]), "equal")
    >>> classes.breaks
    (2.5, 5.0, 7.5, 10.0)
    >>> classes.colours.tolist()
    ['#DAD6EA', '#DAD6EA', '#DAD6EA', '#362569', '']
    """
    if scheme not in SCHEMES:
        raise DataError("没有这种分级方法", value=scheme, expected="、".join(SCHEMES))
    known = values.dropna().to_numpy(dtype=np.float64)
    distinct = np.unique(known)
    if len(distinct) <= 1:
        return Classes(values, scheme, tuple(map(float, distinct)))
    found = SCHEMES[scheme].classify(known, min(MAX_CLASSES, len(distinct)))
    inner = np.unique([float(bound) for bound in found.bins if distinct[0] <= bound < distinct[-1]])
    return Classes(values, scheme, (*map(float, inner[: MAX_CLASSES - 1]), float(distinct[-1])))


@dataclass(frozen=True)
class Shading:
    """What a choropleth shows: the classes, and how to speak of them.

    Parameters
    ----------
    level : str
        One of `geo.indicators.counts.PLACE_LEVELS`, or ``hexagon``: what the index of the values stands for.
    title : str
        Name of the indicator with its unit, in the user's language.
    classes : Classes
    percent : bool
        Whether values are shares, to be shown in percent.
    undecided : tuple of str
        Districts or zones whose value may be chance: the interval of their location quotient holds 1.  They are hatched
        in white; points are not.
    """

    level: str
    title: str
    classes: Classes
    percent: bool = False
    undecided: tuple[str, ...] = ()

    @property
    def as_points(self) -> bool:
        """Whether the places have no outlines and are coloured as points."""
        return self.level in ("park", "town")

    @property
    def digits(self) -> int:
        """Decimals that tell all bounds of the classes apart, with one to spare."""
        lows = [low for low, _, _ in self.classes.ranges()[:1]]
        bounds = np.unique([*lows, *self.classes.breaks]) * (100 if self.percent else 1)
        if (bounds == np.round(bounds)).all():
            return 0
        gap = np.diff(bounds).min() if len(bounds) > 1 else max(np.abs(bounds).max(initial=0), 1e-9)
        return int(np.clip(np.ceil(-np.log10(gap)) + 1, 0, 6))

    def say(self, value: float) -> str:
        """A value as the user sees it, “–” for no data.

        Examples
        --------
        >>> shading = Shading("district", "", classify(pd.Series([0.5, 1.0, 1.25])))
        >>> shading.say(1.0), shading.say(0.0), shading.say(float("nan"))
        ('1.00', '0', '–')
        """
        if np.isnan(value):
            return "–"
        if value == 0:
            return "0%" if self.percent else "0"
        return f"{100 * value:,.{self.digits}f}%" if self.percent else f"{value:,.{self.digits}f}"

    def legend(self, view: View) -> Legend:
        """The legend of the very colours on the map: ranges with their number of places, scheme, no data."""
        shades = self.classes.shades
        entries = [
            Entry(
                view.word(f"{self._range(low, high)}（{count}）", f"{self._range(low, high)} ({count})"),
                f"background:{shade};border:1px solid #9AA3AF",
            )
            for (low, high, count), shade in zip(self.classes.ranges(), shades, strict=True)
        ]
        if self.undecided:
            number = len(self.undecided)
            words = view.word(f"区间含 1，不能断言（{number}）", f"Interval holds 1: undecided ({number})")
            entries.append(Entry(words, UNDECIDED_SWATCH))
        missing = int(self.classes.values.isna().sum())
        if missing:
            entries.append(
                Entry(
                    view.word(f"无数据（{missing}）", f"No data ({missing})"),
                    HEXAGON_NO_DATA if self.level == "hexagon" else NO_DATA_POINT if self.as_points else NO_DATA_SWATCH,
                )
            )
        scheme = SCHEMES[self.classes.scheme]
        number = len(self.classes.breaks)
        note = view.word(
            f"{scheme.zh}，{number} 级；上限含在本级；括号内为{'格' if self.level == 'hexagon' else '地点'}数",
            f"{scheme.en}, {number} classes; the upper end belongs to its class; number of "
            f"{'hexagons' if self.level == 'hexagon' else 'places'} in brackets",
        )
        return Legend(self.title, tuple(entries), note)

    def _range(self, low: float, high: float) -> str:
        return self.say(low) if low == high else f"{self.say(low)} – {self.say(high)}"

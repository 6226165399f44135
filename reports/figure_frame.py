"""What stands around the map of a figure: texts, frame, scale bar, north arrow, legend column, sources."""

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geopandas as gpd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Rectangle

from geo.crs import METRIC_CRS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from layers.base import View
from layers.basemap import BORDER, SEA
from layers.map import attribution
from reports.paper_sizes import PAPER_SIZES_MM

FONTS: Final = (
    *("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("SimHei", "Noto Sans CJK JP", "Droid Sans Fallback"),
)
"""Families with Chinese characters; the first one installed is taken."""

FIGURE_INK: Final = "#1F2933"
SMALL_PRINT: Final = "#5B6470"
HALO: Final = [patheffects.withStroke(linewidth=2.4, foreground="white")]
"""What keeps a label readable on any colour."""

_LINE_PT: Final = 15.0
_NOTE_LINE_PT: Final = 11.8
_UNPARTED_TEXT: Final = re.compile(r"[（(]?[\d.,%]{1,14}[）)]?|.", re.DOTALL)
"""What is not parted between two lines where there is no space: a number with its brackets, or one character."""

_SIGN_PT: Final = 29.0
"""Width that the sign takes at the beginning of a line of the legend."""

_LEGEND_WIDTH_PT: Final = 198.0
_LEGEND_HEIGHT_PT: Final = 172.0
_LEGEND_COLUMNS: Final = 3
_HEAD_PT: Final = 55.0
"""Height of the title and of two lines of the selection."""

_POINTS_PER_MM: Final = 72 / 25.4


class _Canvas(FigureCanvasAgg):
    """Draws when the figure is written: GeoPandas asks for a whole drawing after every layer, which nobody would see."""

    def draw_idle(self, *_args: Any, **_options: Any) -> None:
        """Leave it for later."""


@dataclass(frozen=True)
class Paper:
    """What a figure is drawn on: the map fills what title, legend and foot leave of it.

    The legend stands beside the map, on upright paper below it.  Texts have the same size on every paper: a larger one
    has more room for the map.

    Parameters
    ----------
    width_pt, height_pt : float
        Size [pt, 1/72 inch].
    margin_pt : float
        Left free on every side [pt].
    bare : bool
        Whether title and foot are said elsewhere on the page that the figure stands on.
    """

    width_pt: float
    height_pt: float
    margin_pt: float = 14.4
    bare: bool = False

    @property
    def upright(self) -> bool:
        """Whether it is higher than wide."""
        return self.height_pt > self.width_pt

    @property
    def map(self) -> tuple[float, float, float, float]:
        """Where the map stands: left, bottom, width and height in parts of the paper."""
        below = _LEGEND_HEIGHT_PT if self.upright else 0
        beside = 0 if self.upright else _LEGEND_WIDTH_PT + 10
        low = self._low_pt + below
        return self._parts(self.margin_pt, low, self._inner_pt - beside, self.height_pt - self._head_pt - low)

    @property
    def legends(self) -> list[tuple[float, float, float, float]]:
        """Where the columns of the legend stand, as `map`."""
        left, low = self.margin_pt, self._low_pt
        if not self.upright:
            left += self._inner_pt - _LEGEND_WIDTH_PT
            return [self._parts(left, low, _LEGEND_WIDTH_PT, self.height_pt - self._head_pt - low)]
        wide = self._inner_pt / _LEGEND_COLUMNS
        return [
            self._parts(left + number * wide, low, wide, _LEGEND_HEIGHT_PT - 8) for number in range(_LEGEND_COLUMNS)
        ]

    @property
    def foot_pt(self) -> float:
        """Height of the foot's first line above the lower edge [pt]."""
        return self.margin_pt + 22

    def figure(self) -> Figure:
        """An empty figure of this size."""
        made = Figure(figsize=(self.width_pt / 72, self.height_pt / 72), facecolor="white")
        _Canvas(made)
        return made

    def write(self, figure: Figure, below_pt: float, text: str, *, size: float, lines: int = 1, **style: Any) -> None:
        """Write a text from the left margin, so far below the upper edge; what has no room in `lines` is cut with …."""
        said = wrapped(text, int(self._inner_pt / size * 1.72))
        rest = "…" if len(said) > lines else ""
        place = self.margin_pt / self.width_pt, 1 - below_pt / self.height_pt
        write(figure, *place, "\n".join(said[:lines]) + rest, size=size, va="top", **style)

    @property
    def _head_pt(self) -> float:
        return self.margin_pt if self.bare else self.margin_pt + _HEAD_PT

    @property
    def _low_pt(self) -> float:
        return self.margin_pt if self.bare else self.foot_pt + 12

    @property
    def _inner_pt(self) -> float:
        return self.width_pt - 2 * self.margin_pt

    def _parts(self, left: float, low: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return left / self.width_pt, low / self.height_pt, wide / self.width_pt, high / self.height_pt


FIGURE_PAPER: Final = Paper(720, 518.4)
"""What a figure for a report is drawn on, 10 × 7.2 inches."""

PAPERS: Final = {
    name: Paper(wide * _POINTS_PER_MM, high * _POINTS_PER_MM, 10 * _POINTS_PER_MM)
    for name, (wide, high) in PAPER_SIZES_MM.items()
}
"""Paper that a map is printed on."""


@cache
def chinese_font() -> str:
    """Family of an installed font with Chinese characters.

    Raises
    ------
    DataError
        When none of `FONTS` is installed.

    Examples
    --------
    >>> chinese_font() in FONTS
    True
    """
    installed = {font.name for font in fontManager.ttflist}
    for family in FONTS:
        if family in installed:
            return family
    raise DataError("没有中文字体，图上的文字无法显示", expected="、".join(FONTS[:4]), cause="请安装 fonts-noto-cjk")


def write(
    on: Axes | Figure, x: float, y: float, text: str, *, size: float = 8, bold: bool = False, **options: Any
) -> None:
    """Write a text as the characters it is made of: a ``$`` in a name is no mathematics."""
    font = FontProperties(family=[chinese_font()], size=size, weight="bold" if bold else "regular")
    plain = "".join(character for character in text if character.isprintable() or character == "\n")
    on.text(x, y, plain, **({"color": FIGURE_INK} | options), fontproperties=font, parse_math=False)


def width_of(text: str) -> int:
    """Width of a text in half characters: a Chinese one counts twice.

    Examples
    --------
    >>> width_of("松江 A")
    6
    """
    return sum(2 if ord(character) > 0x2000 else 1 for character in text)


def wrapped(text: str, widest: int) -> list[str]:
    """Lines of a text, broken at spaces where there are any and else anywhere.

    Examples
    --------
    >>> wrapped("上限含在本级", 8), wrapped("upper end belongs", 10)
    (['上限含在', '本级'], ['upper end', 'belongs'])
    """
    lines, line = [], ""
    words = text.split(" ")
    pieces = [
        part
        for word in words
        for part in (_UNPARTED_TEXT.findall(word) if width_of(word) > widest / 2 else [word], [" "])
    ]
    for piece in (piece for part in pieces[:-1] for piece in part):
        if line and width_of((line + piece).rstrip()) > widest:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or piece != " " else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def frame(axes: Axes, shapes: gpd.GeoSeries, pad: float) -> None:
    """Fit the axes around shapes in metres, with `pad` of their size left free on every side."""
    west, south, east, north = shapes.total_bounds
    box = axes.get_window_extent()
    ratio = box.width / box.height
    tall = max(north - south, (east - west) / ratio) * (1 + 2 * pad)
    middle = (west + east) / 2, (south + north) / 2
    axes.set_xlim(middle[0] - tall * ratio / 2, middle[0] + tall * ratio / 2)
    axes.set_ylim(middle[1] - tall / 2, middle[1] + tall / 2)
    axes.set_facecolor(SEA)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(BORDER)


def plot(axes: Axes, shapes: gpd.GeoSeries, **style: Any) -> None:
    """Plot shapes in metres and leave the frame where it is."""
    west_east, south_north = axes.get_xlim(), axes.get_ylim()
    if len(shapes):
        shapes.plot(ax=axes, aspect=None, **style)
    axes.set(xlabel="", ylabel="")
    axes.set_xlim(*west_east)
    axes.set_ylim(*south_north)


def inside(axes: Axes, x: float, y: float) -> bool:
    """Whether a point in metres lies within the frame."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    return bool(west < x < east and south < y < north)


def metric(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in metres, as the axes hold them."""
    return shapes.to_crs(METRIC_CRS)


def raised(axes: Axes, y: float, points: float) -> float:
    """Northing of what lies some points (1/72 inch) above a northing in metres."""
    south, north = axes.get_ylim()
    on_paper = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    return y + points / 72 * (north - south) / on_paper.height


class Occupancy:
    """Where texts stand on a map, so that no two lie on each other."""

    def __init__(self, axes: Axes) -> None:
        self._axes = axes
        self._boxes: list[tuple[float, float, float, float]] = []

    def take(self, x: float, y: float, width_pt: float, height_pt: float) -> bool:
        """Take the room of a text around a point in metres; False where it is taken, or beyond the frame."""
        (west, east), (south, north) = self._axes.get_xlim(), self._axes.get_ylim()
        half_wide = raised(self._axes, 0, width_pt) / 2
        half_high = raised(self._axes, 0, height_pt) / 2
        box = x - half_wide, y - half_high, x + half_wide, y + half_high
        if box[0] < west or box[1] < south or box[2] > east or box[3] > north:
            return False
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self._boxes):
            return False
        self._boxes.append(box)
        return True


def draw_scale(axes: Axes) -> None:
    """Draw a scale bar of a round length, about a fifth of the map."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    km = max(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100) if step * 1000 <= max((east - west) / 4, 500))
    x, y = west + 0.04 * (east - west), south + 0.035 * (north - south)
    for half, colour in ((0, FIGURE_INK), (1, "white")):
        corner = (x + half * km * 500, y)
        size = (km * 500, 0.008 * (north - south))
        axes.add_patch(Rectangle(corner, *size, facecolor=colour, edgecolor=FIGURE_INK, linewidth=0.8, zorder=20))
    y += 0.013 * (north - south)
    write(axes, x, y, "0", size=7.5, zorder=20, ha="center", va="bottom")
    write(axes, x + km * 1000, y, f"{km:g} km", size=7.5, zorder=20, ha="center", va="bottom")


def draw_north(axes: Axes, view: View) -> None:
    """Draw an arrow to the north; the projection's own north is less than 1.1 degrees off anywhere in Shanghai."""
    arrow = {"arrowstyle": "-|>", "color": FIGURE_INK, "linewidth": 1.4}
    head, foot, part = (0.955, 0.965), (0.955, 0.905), "axes fraction"
    axes.annotate("", xy=head, xytext=foot, xycoords=part, textcoords=part, arrowprops=arrow, zorder=20)
    write(axes, 0.955, 0.895, view.word("北", "N"), size=9, transform=axes.transAxes, ha="center", va="top", zorder=20)


@dataclass(frozen=True)
class Swatch:
    """A sign of the legend: a field with face, edge and hatch, a line, or a marker."""

    face: str = "none"
    edge: str = BORDER
    hatch: str = ""
    marker: str = ""
    dashed: bool = False
    thick: float = 0.8


class Column:
    """The legend, filled from the top; it goes on in the next column where it has several.

    Parameters
    ----------
    axes : Axes
        One for each column.
    """

    def __init__(self, *axes: Axes) -> None:
        self._next = list(axes)
        for one in axes:
            box = one.get_window_extent().transformed(one.figure.dpi_scale_trans.inverted())
            one.set_xlim(0, box.width * 72)
            one.set_ylim(0, box.height * 72)
            one.set_axis_off()
        self._turn()

    def _turn(self) -> None:
        self.axes = self._next.pop(0)
        self.width_pt, self.top = self.axes.get_xlim()[1], self.axes.get_ylim()[1] - 4

    def _room(self, lines_pt: float) -> None:
        if self.top < lines_pt and self._next:
            self._turn()

    def _lines(self, text: str, size: float, indent_pt: float = 4) -> list[str]:
        return wrapped(text, int((self.width_pt - indent_pt) / size * 1.72))

    def title(self, text: str) -> None:
        """Write a title of a block."""
        lines = self._lines(text, 9)
        self._room((len(lines) + 1) * _LINE_PT)
        for line in lines:
            write(self.axes, 4, self.top, line, size=9, bold=True, va="top")
            self.top -= _LINE_PT
        self.top -= 2.5

    def row(self, label: str, swatch: Swatch) -> None:
        """Write one line with its sign."""
        lines = self._lines(label, 8, _SIGN_PT)
        self._room(len(lines) * _LINE_PT)
        middle = self.top - 5
        if swatch.marker:
            self.axes.plot(
                [13],
                [middle],
                marker=swatch.marker,
                markersize=6,
                markerfacecolor=swatch.face,
                markeredgecolor=swatch.edge,
                markeredgewidth=swatch.thick,
                linestyle="none",
            )
        else:
            field = Rectangle((4, middle - 4.6), 17.8, 9.2, facecolor=swatch.face, edgecolor=swatch.edge)
            field.set(linestyle="--" if swatch.dashed else "-", linewidth=swatch.thick, hatch=swatch.hatch)
            self.axes.add_patch(field)
        for line in lines:
            write(self.axes, _SIGN_PT, self.top, line, size=8, va="top")
            self.top -= _LINE_PT

    def note(self, *texts: str) -> None:
        """Write small print, each text on its own line, and leave a gap; nothing for nothing."""
        lines = [line for text in texts for line in self._lines(text, 7)]
        self._room(len(lines) * _NOTE_LINE_PT)
        for line in lines:
            write(self.axes, 4, self.top, line, size=7, va="top", color=SMALL_PRINT)
            self.top -= _NOTE_LINE_PT
        if lines:
            self.gap()

    def gap(self) -> None:
        """Leave room before the next block."""
        self.top -= 8


def draw_foot(figure: Figure, data: Dataset, view: View, day: str, paper: Paper) -> None:
    """Write data, borders, land, 审图号 and date at the foot."""
    lines = [html.unescape(line) for line in attribution(data, view, "")]
    if day:
        lines.append(view.word(f"制图：{day}", f"Drawn: {day}"))
    below = paper.height_pt - paper.foot_pt
    paper.write(figure, below, " · ".join(lines), size=7.5, lines=2, color=SMALL_PRINT)

"""What stands around the map of a figure: texts, frame, scale bar, north arrow, legend column, sources."""

import html
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geopandas as gpd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Rectangle

from geo.crs import METRIC_CRS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from layers.base import View
from layers.basemap import BORDER, SEA
from layers.map import attribution

FONTS: Final = (
    *("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("SimHei", "Noto Sans CJK JP", "Droid Sans Fallback"),
)
"""Families with Chinese characters; the first one installed is taken."""

FIGURE_INK: Final = "#1F2933"
SMALL_PRINT: Final = "#5B6470"
HALO: Final = [patheffects.withStroke(linewidth=2.4, foreground="white")]
"""What keeps a label readable on any colour."""

_LINE: Final = 0.036
_WIDEST: Final = 42
"""Length of a line of the legend column, in half characters."""


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
    pieces = [part for word in words for part in ([*word] if width_of(word) > widest / 2 else [word], [" "])]
    for piece in (character for part in pieces[:-1] for character in part):
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
    """The column beside the map, filled from the top."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.top = 0.985
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_axis_off()

    def title(self, text: str) -> None:
        """Write a title of a block."""
        for line in wrapped(text, _WIDEST - 4):
            write(self.axes, 0.02, self.top, line, size=9, bold=True, va="top")
            self.top -= _LINE
        self.top -= 0.006

    def row(self, label: str, swatch: Swatch) -> None:
        """Write one line with its sign."""
        middle = self.top - 0.012
        if swatch.marker:
            self.axes.plot(
                [0.065],
                [middle],
                marker=swatch.marker,
                markersize=6,
                markerfacecolor=swatch.face,
                markeredgecolor=swatch.edge,
                markeredgewidth=swatch.thick,
                linestyle="none",
            )
        else:
            field = Rectangle((0.02, middle - 0.011), 0.09, 0.022, facecolor=swatch.face, edgecolor=swatch.edge)
            field.set(linestyle="--" if swatch.dashed else "-", linewidth=swatch.thick, hatch=swatch.hatch)
            self.axes.add_patch(field)
        for line in wrapped(label, _WIDEST - 6):
            write(self.axes, 0.145, self.top, line, size=8, va="top")
            self.top -= _LINE

    def note(self, text: str) -> None:
        """Write small print and leave a gap."""
        for line in wrapped(text, _WIDEST + 2):
            write(self.axes, 0.02, self.top, line, size=7, va="top", color=SMALL_PRINT)
            self.top -= 0.028
        self.gap()

    def gap(self) -> None:
        """Leave room before the next block."""
        self.top -= 0.02


def draw_foot(figure: Figure, data: Dataset, view: View, day: str) -> None:
    """Write data, borders, land, 审图号 and date at the foot."""
    lines = [html.unescape(line) for line in attribution(data, view, "")]
    if day:
        lines.append(view.word(f"制图：{day}", f"Drawn: {day}"))
    for number, line in enumerate(wrapped(" · ".join(lines), 168)):
        write(figure, 0.02, 0.066 - 0.022 * number, line, size=7.5, va="top", color=SMALL_PRINT)

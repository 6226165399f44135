"""A bar chart of industries for a report: the share of a place beside that of the whole set, readable in greyscale."""

from __future__ import annotations

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.filters import options
from layers.figure_frame import INK, SMALL_PRINT, write
from layers.legend import INDUSTRY_COLOURS
from layers.view import View


def draw_industry_shares(industries: pd.DataFrame, view: View) -> Figure:
    """Draw one bar per industry, its length the share of the place, with a tick at the share of the whole set.

    Parameters
    ----------
    industries : DataFrame
        Index industry; `enterprises`, `share`, `city_share` as `geo.brief.Brief` has them.  Without any enterprise the
        bars are empty, never zero of something.
    view : View

    Returns
    -------
    Figure
        6.7 × 2.4 inches.
    """
    figure = Figure(figsize=(6.7, 2.4), facecolor="white")
    FigureCanvasAgg(figure)
    left = 0.33 if view.lang == "en" else 0.22
    axes = figure.add_axes((left, 0.1, 0.86 - left, 0.88))
    shown = industries[(industries["enterprises"] > 0) | (industries["city_share"].fillna(0) > 0)]
    place = len(shown) - 1 - pd.RangeIndex(len(shown))
    shares = shown["share"].fillna(0) * 100
    colours = [INDUSTRY_COLOURS.get(str(code), INDUSTRY_COLOURS["other"]) for code in shown.index]
    axes.barh(place, shares, height=0.62, color=colours, edgecolor="none")
    city = shown["city_share"] * 100
    axes.vlines(city, place - 0.42, place + 0.42, color=INK, linewidth=1.6)
    longest = max(float(shares.max() or 0), float(city.max() or 0), 1.0)
    axes.set_xlim(0, longest * 1.02)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    for y, (code, row) in zip(place, shown.iterrows(), strict=True):
        name = options("industry")[str(code)][view.lang == "en"]
        write(axes, -longest * 0.015, y, name, size=8, ha="right", va="center")
        count = "–" if pd.isna(row["share"]) else f"{int(row['enterprises']):,} · {row['share']:.0%}"
        write(axes, longest * 1.035, y, count, size=8, va="center")
    note = view.word("条：此地占比；竖线：名单整体占比", "Bar: share here; line: share of the whole list")
    write(figure, left, 0.01, note, size=7, va="bottom", color=SMALL_PRINT)
    return figure

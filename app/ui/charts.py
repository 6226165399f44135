"""Charts of indicators as Vega-Lite specifications, in the colours of the map."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from app.ui.session import current
from geo.codes.options import options
from geo.indicators.counts import Counts
from geo.indicators.definitions import INDICATORS, measure
from layers.base import INDUSTRY_COLOURS

UNKNOWN_COLOUR: Final = "#E5E7EB"
"""Of enterprises of unknown industry."""


def draw_chart(table: pd.DataFrame, spec: dict[str, Any], alt: str, key: str | None = None) -> None:
    """Draw a chart as wide as its place; `alt` is what a screen reader says of it, in the place of Vega's English."""
    config = {"aria": False, "mark": {"aria": False}} | spec.get("config", {})
    st.vega_lite_chart(table, spec | {"config": config}, width="stretch", alt=alt, key=key)


def tip(field: str, key: str, **form: str) -> dict[str, str]:
    """A line of a chart's tooltip: the field, named by the words behind a key."""
    return {"field": field, "title": current().word(key), **form}


def shares(counts: Counts, chosen: list[str], names: dict[str, str]) -> pd.DataFrame:
    """Enterprises of some places by industry, those of unknown industry too, one row for each bar's part."""
    session = current()
    rows = [
        {
            "place": names[place],
            "rank": order,
            "industry": session.pick(industry),
            "position": position,
            "enterprises": int(counts.by_industry.at[place, code]),
        }
        for order, place in enumerate(chosen)
        for position, (code, industry) in enumerate(options("industry").items())
    ]
    return pd.DataFrame(rows)


def stacked() -> dict[str, Any]:
    """Bars of 100 % of the enterprises of a place, in the colours of the industries; unknown industry is pale."""
    labels = [current().pick(industry) for industry in options("industry").values()]
    colours = [INDUSTRY_COLOURS.get(code, UNKNOWN_COLOUR) for code in options("industry")]
    colour: dict[str, Any] = {"field": "industry", "type": "nominal", "title": None, "sort": labels}
    colour |= {
        "scale": {"domain": labels, "range": colours},
        "legend": {"orient": "bottom", "columns": {"expr": "width < 400 ? 1 : 2"}, "labelLimit": 0},
    }
    return {
        "mark": {"type": "bar"},
        "height": {"step": 30},
        "encoding": {
            "y": {"field": "place", "type": "nominal", "title": None, "sort": {"field": "rank"}},
            "x": {
                "field": "enterprises",
                "type": "quantitative",
                "stack": "normalize",
                "title": None,
                "axis": {"format": "%"},
            },
            "color": colour,
            "order": {"field": "position"},
            "tooltip": [
                tip("place", "chart.place"),
                tip("industry", "filter.industry"),
                tip("enterprises", "chart.enterprises"),
            ],
        },
    }


def intervals(counts: Counts, code: str, chosen: list[str], names: dict[str, str]) -> pd.DataFrame:
    """An indicator of some places with its interval, where it has one."""
    values, interval = measure(counts, code), INDICATORS[code].interval
    bounds = interval(counts) if interval else pd.DataFrame({"low": values, "high": values})
    table = pd.DataFrame({"place": [names[place] for place in chosen], "rank": range(len(chosen))})
    table["value"] = values.loc[chosen].to_numpy()
    return table.assign(low=bounds["low"].loc[chosen].to_numpy(), high=bounds["high"].loc[chosen].to_numpy())


def dots(code: str) -> dict[str, Any]:
    """Dots on the lines of their intervals; quotients beside a line at 1."""
    form = {"format": "%"} if INDICATORS[code].share else {}
    axis = form | {"tickCount": 5}  # more figures of four decimals would run out of the chart
    y = {"field": "place", "type": "nominal", "title": None, "sort": {"field": "rank"}}
    x = {"type": "quantitative", "title": None, "axis": axis}
    marks: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": "#9AA3AF"},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "color": "#43307E"},
            "encoding": {
                "y": y,
                "x": x | {"field": "value"},
                "tooltip": [
                    tip("place", "chart.place"),
                    *(tip(one, f"chart.{one}", **form) for one in ("value", "low", "high")),
                ],
            },
        },
    ]
    if code.startswith("lq_"):
        one = {"type": "rule", "strokeDash": [4, 4], "color": "#1F2933"}
        marks.insert(0, {"data": {"values": [{"one": 1}]}, "mark": one, "encoding": {"x": x | {"field": "one"}}})
    return {"height": {"step": 30}, "layer": marks}


def quotients_before_and_after(before: Counts, after: Counts, industry: str) -> pd.DataFrame:
    """Location quotient of an industry in each place that has one, before and after a scenario."""
    lang = current().lang
    table = pd.DataFrame(
        {name: measure(counts, f"lq_{industry}") for name, counts in (("before", before), ("after", after))}
    )
    table = table.dropna(subset="after").nlargest(30, "after")
    return table.assign(place=[before.name(str(place), lang) for place in table.index], rank=range(len(table)))


def dumbbells() -> dict[str, Any]:
    """Two dots on a line for each place: hollow before, filled after."""
    y = {"field": "place", "type": "nominal", "title": None, "sort": {"field": "rank"}}
    x = {"type": "quantitative", "title": None}
    tooltip = [tip(name, f"chart.{name}") for name in ("place", "before", "after")]
    ends = {"y": y, "x": x | {"field": "before"}, "x2": {"field": "after"}}
    return {
        "height": {"step": 22},
        "layer": [
            {
                "data": {"values": [{"one": 1}]},
                "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#1F2933"},
                "encoding": {"x": x | {"field": "one"}},
            },
            {"mark": {"type": "rule", "strokeWidth": 2, "color": "#9AA3AF"}, "encoding": ends},
            {
                "mark": {"type": "point", "size": 70, "color": "#43307E"},
                "encoding": {"y": y, "x": x | {"field": "before"}, "tooltip": tooltip},
            },
            {
                "mark": {"type": "point", "size": 70, "filled": True, "color": "#43307E"},
                "encoding": {"y": y, "x": x | {"field": "after"}, "tooltip": tooltip},
            },
        ],
    }

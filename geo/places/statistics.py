"""Published statistics of the districts: sparse, each figure with its year, source and evidence, never filled."""

from typing import Final

import pandas as pd

from geo.catalog import read_table
from geo.places.districts import adcodes_of
from geo.places.zones import CORE, CORE_NAME

CITY: Final = "city"
"""Place of the figures of Shanghai as a whole."""

WHOLE_YEAR: Final = "全年"
AS_PUBLISHED: Final = ("原文", "突破", "约数", "unverified")
"""Bases of a figure taken for published, the last with its evidence still open; forecasts (预计) and derived ones (推算) are not."""

STATISTICS_COLUMNS: Final = [
    "indicator",
    "year",
    "period",
    "value",
    "unit",
    "basis",
    "source_title",
    "source_url",
    "notes",
    "evidence",
]


def load_district_stats() -> pd.DataFrame:
    """Load all figures.

    Returns
    -------
    DataFrame
        One row per figure: `place` (adcode, ``core`` for the Lin-gang Special Area, `CITY`; ``""`` for one that is none of these,
        such as a new city), `place_name`, `indicator`,
        `year` (nullable integer), `period` (of the year), `value`, `unit`, `basis`, `source_title`, `source_url`,
        `notes`, `evidence` (``source`` or ``unverified``).

    Examples
    --------
    >>> stats = load_district_stats()
    >>> len(stats), stats.loc[stats["place"] == "core", "indicator"].tolist()[0]
    (139, '规模以上工业总产值')
    """
    table = read_table("district_stats", ["district", *STATISTICS_COLUMNS])
    place = adcodes_of(table["district"])
    place = place.mask(table["district"] == CORE_NAME, CORE).mask(table["district"] == "上海市", CITY)
    table["value"] = pd.to_numeric(table["value"], errors="coerce")
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    return pd.DataFrame({"place": place, "place_name": table["district"]}).join(table[STATISTICS_COLUMNS])


def newest(stats: pd.DataFrame) -> pd.DataFrame:
    """Of each place, indicator, period and unit the latest figure with a source, and an unverified one where it is later.

    Both sides stand where they differ: a later figure that nobody has verified does not push out a sourced one.

    Parameters
    ----------
    stats : DataFrame
        Rows of `load_district_stats()`.

    Returns
    -------
    DataFrame
        At most two rows of one place, indicator, period and unit, the latest year first.

    Examples
    --------
    >>> stats = load_district_stats()
    >>> gdp = stats[(stats["place"] == "310117") & (stats["indicator"] == "地区生产总值")]
    >>> newest(gdp)[["year", "basis", "evidence"]].values.tolist()
    [[2024, 'unverified', 'unverified'], [2021, '预计', 'source']]
    """
    same = ["place", "indicator", "period", "unit"]
    stats = stats.sort_values("year", ascending=False, kind="stable")
    tops = stats.drop_duplicates([*same, "evidence"])
    sourced = tops[tops["evidence"] == "source"].set_index(same)["year"]
    year = pd.Series(sourced.reindex(pd.MultiIndex.from_frame(tops[same])).to_numpy(), tops.index)
    return tops[(tops["evidence"] == "source") | year.isna() | (tops["year"] > year).fillna(False)]


def latest(indicator: str, period: str, unit: str) -> pd.DataFrame:
    """The latest published figure of an indicator in each place that has one, those with a source first; index `place`.

    Parameters
    ----------
    indicator : str
        As the table spells it.
    period : str
        Part of the year that the figure is for: figures of half a year never stand beside those of a whole one.
    unit : str

    Returns
    -------
    DataFrame
        With `newer_value` and `newer_year` where an unverified figure of a later year has been published too.

    Examples
    --------
    >>> gdp = latest("地区生产总值", "全年", "亿元")
    >>> gdp.loc["310117", ["value", "newer_value"]].tolist()
    [1120.97, 2276.23]
    """
    stats = load_district_stats()
    wanted = (
        (stats["indicator"] == indicator)
        & (stats["period"] == period)
        & (stats["unit"] == unit)
        & (stats["place"] != "")
        & stats["basis"].isin(AS_PUBLISHED)
    )
    figures = newest(stats[wanted]).sort_values("evidence", kind="stable")  # source before unverified
    first = figures.drop_duplicates("place").set_index("place")
    others = figures[figures.duplicated("place")].set_index("place")[["value", "year"]]
    return first.join(others.add_prefix("newer_"))

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
        One row per figure: `place` (adcode, ``core`` for the Lingang New Area, `CITY`), `place_name`, `indicator`,
        `year` (nullable integer), `period` (of the year), `value`, `unit`, `basis`, `source_title`, `source_url`,
        `notes`, `evidence` (``source`` or ``unverified``).

    Examples
    --------
    >>> stats = load_district_stats()
    >>> len(stats), stats.loc[stats["place"] == "core", "indicator"].tolist()[0]
    (92, '规模以上工业总产值')
    """
    table = read_table("district_stats", ["district", *STATISTICS_COLUMNS])
    place = adcodes_of(table["district"])
    place = place.mask(table["district"] == CORE_NAME, CORE).mask(table["district"] == "上海市", CITY)
    table["value"] = pd.to_numeric(table["value"], errors="coerce")
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    return pd.DataFrame({"place": place, "place_name": table["district"]}).join(table[STATISTICS_COLUMNS])


def latest(indicator: str, period: str, unit: str) -> pd.DataFrame:
    """The latest published figure of an indicator in each place that has one; index `place`.

    Parameters
    ----------
    indicator : str
        As the table spells it.
    period : str
        Part of the year that the figure is for: figures of half a year never stand beside those of a whole one.
    unit : str

    Examples
    --------
    >>> int(latest("地区生产总值", "全年", "亿元").loc["310115", "year"])
    2024
    """
    stats = load_district_stats()
    wanted = (
        (stats["indicator"] == indicator)
        & (stats["period"] == period)
        & (stats["unit"] == unit)
        & stats["basis"].isin(AS_PUBLISHED)
    )
    return stats[wanted].sort_values("year", kind="stable").drop_duplicates("place", keep="last").set_index("place")

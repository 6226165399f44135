"""Intentions: what the published documents mean each district and park for, and what a list holds beside it.

A document that is silent about an industry has not ruled it out, and a list is not all enterprises: both sides stand
with their numbers, and no verdict is drawn from the difference.
"""

from typing import Final

import numpy as np
import pandas as pd

from geo.catalog import cached_frame, read_table
from geo.codes.industries import INDUSTRIES
from geo.errors import DataError
from geo.filters.filters import NONE
from geo.indicators.counts import Counts
from geo.indicators.measures import location_quotient, location_quotient_interval
from geo.places.districts import adcodes_of
from geo.places.parks import load_parks
from geo.text import Text

INTENTION_DOCUMENTS: Final[dict[str, Text]] = {
    "cluster": Text("首批“市区协同”千亿级产业集群", "First city–district clusters of 100 billion yuan"),
    "track": Text("区级主导产业特色赛道集聚区", "District cluster areas of a leading industry"),
    "park": Text("特色产业园区（53 个中核实的）", "Featured parks (those verified of the 53)"),
}
"""Kind of the document that says what a place is meant for → (Chinese, English)."""

KEY_INDUSTRIES: Final = tuple(code for code in INDUSTRIES if code != "other")
"""The plan's six key industries, for which present and intended are set side by side."""

_NO_THEME: Final = ("", "其他")


@cached_frame("district_intentions", "theme_industries", "parks", "park_points", "districts", "district_aliases")
def load_intentions() -> pd.DataFrame:
    """Load what districts and featured parks are meant for.

    Returns
    -------
    DataFrame
        One row per place and theme: `adcode` (``""`` where the source does not say the district of a park),
        `park_id` (``""`` for a district itself), `place` (name as published), `theme` (as published), `theme_en` (ours), `industry` (one of
        `KEY_INDUSTRIES`, ``""`` for a theme that is none of them), `document` (key of `INTENTION_DOCUMENTS`), `year`,
        `source_title`, `source_url`, `evidence`.

    Raises
    ------
    DataError
        When a theme has no row in the table of industries, or a claim has no source.

    Examples
    --------
    >>> meant = load_intentions()
    >>> meant.loc[(meant["adcode"] == "310113") & (meant["document"] == "cluster"), ["theme", "industry"]].values.tolist()
    [['高端新材料', 'materials'], ['机器人及高端装备', 'equipment']]
    """
    said = read_table("district_intentions", ["district", "theme", "document", "year", "source_title", "evidence"])
    districts = said.assign(adcode=adcodes_of(said["district"]), park_id="", place=said["district"])
    parks = load_parks()
    parks = parks[(parks["batch"] != "") & ~parks["category"].isin(_NO_THEME)]
    featured = pd.DataFrame(
        {
            "adcode": parks["adcode"].where(parks["district_basis"] == "原文", ""),
            "park_id": parks.index,
            "place": parks["name"],
            "theme": parks["category"],
            "document": "park",
            "year": parks["year_listed"],
            "source_title": parks["batch_source_title"].str.split(" | ", regex=False).str[0],
            "source_url": parks["batch_source_url"].str.split(" | ", regex=False).str[0],
            "evidence": "source",
        }
    )
    meant = pd.concat([districts, featured], ignore_index=True)
    themes = read_table("theme_industries", ["theme", "name_en", "industry", "why"]).set_index("theme")
    for wrong, problem in (
        (~meant["theme"].isin(themes.index), "这个主题没有对应的行业说明"),
        (~meant["document"].isin(list(INTENTION_DOCUMENTS)), "没有这种文件"),
        ((meant["evidence"] == "source") & (meant["source_title"] == ""), "说有来源而没有写明"),
    ):
        if wrong.any():
            raise DataError(problem, value=meant.loc[wrong, "theme"].iloc[0])
    meant["theme_en"] = meant["theme"].map(themes["name_en"])
    meant["industry"] = meant["theme"].map(themes["industry"])
    columns = ["adcode", "park_id", "place", "theme", "theme_en", "industry", "document", "year"]
    return meant[[*columns, "source_title", "source_url", "evidence"]]


def intended_and_present(counts: Counts) -> pd.DataFrame:
    """Set beside each other, for every district and key industry, what documents mean and what a selection holds.

    Parameters
    ----------
    counts : Counts
        Of the level ``district``.

    Returns
    -------
    DataFrame
        One row per district and industry: `adcode`, `industry`, `intended` (bool: a document of `load_intentions` says
        so), `themes` (tuple of positions in `load_intentions()`), `enterprises` (n_di), `in_district` (n_d),
        `industry_known` (of n_d those of a known industry), `share` (n_di / n_d), `lq`, `lq_low`, `lq_high`; NaN where
        undefined.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> from geo.indicators.counts import count_places
    >>> table = intended_and_present(count_places(load_dataset())).set_index(["adcode", "industry"])
    >>> [int(number) for number in table.loc[("310114", "auto"), ["intended", "enterprises", "in_district"]]]
    [1, 17, 60]
    """
    meant = load_intentions()
    pieces = []
    for industry in KEY_INDUSTRIES:
        own = meant[meant["industry"] == industry]
        themes = own.groupby("adcode").groups
        bounds = location_quotient_interval(counts, industry)
        piece = pd.DataFrame(
            {
                "industry": industry,
                "themes": [tuple(themes.get(str(code), ())) for code in counts.places.index],
                "enterprises": counts.by_industry[industry],
                "in_district": counts.enterprises,
                "industry_known": counts.enterprises - counts.by_industry[NONE],
                "share": counts.by_industry[industry] / counts.enterprises.where(counts.enterprises > 0).astype(float),
                "lq": location_quotient(counts, industry),
                "lq_low": bounds["low"],
                "lq_high": bounds["high"],
            },
            index=counts.places.index,
        )
        pieces.append(piece)
    table = pd.concat(pieces).rename_axis("adcode").reset_index()
    table.insert(2, "intended", table["themes"].map(bool))
    order = {code: place for place, code in enumerate(counts.places.index)}
    return table.sort_values("adcode", key=lambda codes: codes.map(order), kind="stable", ignore_index=True)


def standing_of(table: pd.DataFrame) -> pd.Series:
    """What the interval of the quotient leaves open: ``none`` (no enterprise), ``above``, ``below`` or ``open``; ``""`` undefined.

    Parameters
    ----------
    table : DataFrame
        With `enterprises`, `lq_low` and `lq_high`, as `intended_and_present` gives it.

    Examples
    --------
    >>> rows = pd.DataFrame({"enterprises": [0, 9, 1], "lq_low": [0.0, 1.2, 0.3], "lq_high": [0.8, 3.0, 2.0]})
    >>> standing_of(rows).tolist()
    ['none', 'above', 'open']
    """
    low, high = table["lq_low"], table["lq_high"]
    words = np.select(
        [low.isna(), table["enterprises"] == 0, low > 1, high < 1], ["", "none", "above", "below"], "open"
    )
    return pd.Series(words, table.index)

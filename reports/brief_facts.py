"""The facts of a brief: what a selection holds in one district, in the core or in the belt, with the source of each."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.codes.industries import INDUSTRIES
from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters, options
from geo.indicators.counts import count_places
from geo.indicators.measures import specialisation
from geo.places.districts import attributes
from geo.places.geocoding import POINT_PRECISIONS
from geo.places.statistics import load_district_stats, newest
from geo.places.zones import BELT, CORE, CORE_NAME, ZONES, belt_districts, in_core, names_core
from geo.plan import PLAN, load_finance, load_progress, load_targets, own_count, progress_of, status_of
from geo.text import Text

PLACES: Final = (CORE, BELT)
"""Places of a brief beside the sixteen districts."""

MAX_SLIDE_PLACES: Final = 4
"""Places that slides compare."""

ATLAS_LEVELS: Final = ("district", "zone", "park")
"""What an atlas has pages of."""


@dataclass(frozen=True)
class Brief:
    """What a brief says; every count is one of the enterprises that `filters` select.

    Attributes
    ----------
    place : str
        Adcode, ``core`` or ``belt``.
    name : (str, str)
        Chinese and English.
    filters : Filters
        Those of the user, with the place in the place of their districts or zones.
    enterprises, city : int
        Enterprises of the place, and of the whole set under the user's other filters.
    zones : Series of int
        Enterprises of the place by zone, index `ZONES`.
    recognised, listed, sourced, pointed : int
        With a true recognition; listed; with a published source of their district; with a point of their own.
    area_km2 : float
        Official area [km²]; NaN for core and belt, which no official area bounds as they are counted.
    industries : DataFrame
        Index industry (`INDUSTRIES`, then ``none``); `enterprises`, `share`, `city_share`, `lq`, `lq_low`, `lq_high`
        (NaN where undefined), `verdict` and `detectable` as in `geo.indicators.measures.specialisation`.
    parks : DataFrame
        Parks of the place: `name`, `category`, `area_km2`, `evidence`, `source_title`, `enterprises` (of the selection,
        by the name of the park), most enterprises first.
    recognitions : DataFrame
        Enterprise × true recognition: `name`, `kind`, `year`, `source_title`, `evidence`; latest first.
    targets : DataFrame
        Targets of the plan and its successors that name the place, or that its enterprises bear on: rows of
        `load_targets()` with `touch` (``scope`` or ``evidence``), `status`, the latest published figure as `published`,
        `published_year`, `published_unit`, `published_kind`, `published_qualifier`, `published_source` (missing or ``""`` without one) and
        `own` (nullable integer).
    statistics : DataFrame
        Latest published figure of each indicator and period: `indicator`, `year`, `period`, `value`, `unit`, `basis`,
        `source_title`, `source_url`, `evidence`.
    finance : DataFrame
        Rows of `geo.plan.load_finance` that name the place, then those of the city as a whole.
    """

    place: str
    name: Text
    filters: Filters
    enterprises: int
    city: int
    zones: pd.Series
    recognised: int
    listed: int
    sourced: int
    pointed: int
    area_km2: float
    industries: pd.DataFrame
    parks: pd.DataFrame
    recognitions: pd.DataFrame
    targets: pd.DataFrame
    statistics: pd.DataFrame
    finance: pd.DataFrame

    @property
    def density_km2(self) -> float:
        """Enterprises per official km²; NaN where no official area bounds what is counted."""
        return self.enterprises / self.area_km2


def name_of(place: str) -> Text:
    """Chinese and English name of the place of a brief.

    Raises
    ------
    DataError
        When it is neither an adcode of Shanghai nor ``core`` nor ``belt``.

    Examples
    --------
    >>> name_of("310114"), name_of("core")[0]
    (Text(zh='嘉定区', en='Jiading'), '一核：临港新片区')
    """
    if place == CORE:
        return Text(f"一核：{CORE_NAME}", "Core: Lin-gang Special Area")
    if place == BELT:
        return Text("一带：近郊产业带", "Belt: near suburbs")
    table = attributes()
    if place not in table.index:
        expected = f"16 区的区划代码之一（如 310114）、{CORE} 或 {BELT}"
        raise DataError("没有这个区或范围", value=place, expected=expected)
    return Text(str(table.at[Text(place, "name_zh")]), str(table.at[Text(place, "name_en")]))


def atlas_filters(filters: Filters, level: str) -> Filters:
    """The selection that the pages of an atlas count: a page of a district is of all its zones, one of a zone of all its districts.

    Examples
    --------
    >>> atlas_filters(Filters(district=("310117",), zone=("core",)), "district") == Filters(district=("310117",))
    True
    >>> atlas_filters(Filters(zone=("core",)), "park") == Filters(zone=("core",))
    True
    """
    if level == "district":
        return replace(filters, zone=())
    return replace(filters, district=()) if level == "zone" else filters


def make_brief(data: Dataset, place: str, filters: Filters | None = None) -> Brief:
    """Gather the facts of a place.

    Parameters
    ----------
    data : Dataset
    place : str
        Adcode, ``core`` or ``belt``.  The belt is counted without the core, as everywhere.
    filters : Filters, optional
        Their districts and zones give way to the place; the others hold.

    Raises
    ------
    DataError
        When the place is not known.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> brief = make_brief(load_dataset(), "310114")
    >>> brief.enterprises, int(brief.zones["belt"])
    (60, 60)
    """
    name = name_of(place)
    whole = replace(filters or Filters(), district=(), zone=())
    own = replace(whole, zone=(place,)) if place in PLACES else replace(whole, district=(place,))
    kinds = load_kinds()
    by_type = {kind: list(kinds.index[kinds["type"] == kind]) for kind in ("recognition", "listed")}
    mask = data.counted_mask(own)
    names = _recognised_names(data, mask)
    return Brief(
        place=place,
        name=name,
        filters=own,
        enterprises=data.count(own),
        city=data.count(whole),
        zones=pd.Series({zone: data.count(own, zone=[zone]) for zone in ZONES}),
        recognised=data.count(own, recognition=by_type["recognition"]),
        listed=data.count(own, recognition=by_type["listed"]),
        sourced=data.count(own, evidence=["source"]),
        pointed=data.count(own, precision=POINT_PRECISIONS),
        area_km2=float(attributes().at[place, "area_km2"]) if place not in PLACES else np.nan,
        industries=_industries(data, place, whole),
        parks=_parks(data, place, own),
        recognitions=_recognitions(data, names, by_type["recognition"]),
        targets=_targets(data, place, names),
        statistics=_statistics(place),
        finance=_finance(place),
    )


def _recognised_names(data: Dataset, mask: np.ndarray) -> pd.Series:
    names = data.enterprises["name"]
    return names[mask & names.isin(data.recognitions["name"]).to_numpy(bool)]


def _industries(data: Dataset, place: str, whole: Filters) -> pd.DataFrame:
    counts = count_places(data, whole, "zone" if place in PLACES else "district")
    own = counts.by_industry.loc[place]
    total, everything = own.sum(), counts.whole.sum()
    rows = {}
    for industry in own.index:
        found = specialisation(counts, industry).loc[place] if industry in INDUSTRIES else {}
        rows[industry] = {
            "enterprises": int(own[industry]),
            "share": own[industry] / total if total else np.nan,
            "city_share": counts.whole[industry] / everything if everything else np.nan,
            "lq": found.get("lq", np.nan),
            "lq_low": found.get("low", np.nan),
            "lq_high": found.get("high", np.nan),
            "verdict": found.get("verdict", ""),
            "detectable": found.get("detectable", np.nan),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("industry")


def _parks(data: Dataset, place: str, own: Filters) -> pd.DataFrame:
    parks = data.parks
    core = in_core(parks.geometry.x, parks.geometry.y) | names_core(parks["name"]).to_numpy(bool)
    if place == CORE:
        here = core
    elif place == BELT:
        here = parks["adcode"].isin(belt_districts()).to_numpy(bool) & ~core
    else:
        here = (parks["adcode"] == place).to_numpy(bool)
    table = parks.loc[here, ["name", "category", "area_km2", "evidence", "source_title"]]
    in_parks = data.enterprises["park"][data.counted_mask(own)].value_counts()
    held = table["name"].map(in_parks).fillna(0).astype(int)
    return table.assign(enterprises=held).sort_values("enterprises", ascending=False, kind="stable")


def _recognitions(data: Dataset, names: pd.Series, kinds: list[str]) -> pd.DataFrame:
    held = data.recognitions
    own = held[held["name"].isin(names) & held["kind"].isin(kinds)]
    columns = ["name", "kind", "year", "source_title", "evidence"]
    return own[columns].sort_values("year", ascending=False, na_position="last", kind="stable").reset_index(drop=True)


def _targets(data: Dataset, place: str, names: pd.Series) -> pd.DataFrame:
    targets, progress = load_targets(), load_progress()
    rows = []
    for target_id, target in targets.iterrows():
        year = 9999 if pd.isna(target["year"]) else int(target["year"])
        count = own_count(str(target_id), year, data.recognitions, names)
        scoped = names_place(str(target["scope"]), place)
        # Of the plan itself, what the place's enterprises bear on; of its successors, only what names the place.
        if not scoped and not (count and target["plan"] == PLAN):
            continue
        figures = progress_of(str(target_id), progress)
        latest = figures.iloc[-1] if len(figures) else None
        rows.append(
            {
                "id": target_id,
                "touch": "scope" if scoped else "evidence",
                "status": status_of(target, figures),
                "published": None if latest is None else latest["value"],
                "published_year": None if latest is None else latest["year"],
                "published_unit": "" if latest is None else latest["unit"],
                "published_kind": "" if latest is None else latest["kind"],
                "published_qualifier": "" if latest is None else latest["qualifier"],
                "published_source": "" if latest is None else latest["source_title"],
                "own": count,
            }
        )
    published = [
        "published",
        "published_year",
        "published_unit",
        "published_kind",
        "published_qualifier",
        "published_source",
    ]
    table = pd.DataFrame(rows, columns=["id", "touch", "status", *published, "own"]).set_index("id")
    types = {"published": "Float64", "published_year": "Int64", "own": "Int64"}
    return targets.join(table.astype(types), how="inner")


def names_place(scope: str, place: str) -> bool:
    """Whether the scope of a target names a place: a district by its name, the core by 临港, the belt by one of its five.

    Examples
    --------
    >>> names_place("宝山区|金山区", "310113"), names_place("临港新片区海洋创新园", "core"), names_place("上海市", "310113")
    (True, True, False)
    """
    if place == CORE:
        return "临港" in scope
    districts = belt_districts() if place == BELT else (place,)
    return any(part in {options("district")[code][0] for code in districts} for part in scope.split("|"))


def _statistics(place: str) -> pd.DataFrame:
    stats = load_district_stats()
    own = stats[(stats["place"] == place) & (stats["indicator"] != "行政区面积")]
    columns = ["indicator", "year", "period", "value", "unit", "basis", "source_title", "source_url", "evidence"]
    return newest(own)[columns].reset_index(drop=True)


def _finance(place: str) -> pd.DataFrame:
    facts = load_finance()
    named = (facts["place"] != "") & facts["place"].map(lambda scope: names_place(scope, place))
    return pd.concat([facts[named], facts[facts["place"] == ""]])

"""What if: hypothetical plants added to a selection or taken from it, counted and never kept with the enterprises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.codes.chain_nodes import load_chains
from geo.codes.industries import INDUSTRIES
from geo.enterprises.table import as_enterprises
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import Counts
from geo.indicators.definitions import measure
from geo.indicators.measures import location_quotient_interval, spread_of
from geo.places.districts import attributes
from geo.places.geocoding import place
from geo.places.parks import load_parks
from geo.places.towns import load_towns

HYPOTHETICAL: Final = "hypothetical"
"""Value of the column `kind` of a made-up plant, wherever it is written."""

MARK: Final = "【假设】"
"""Beginning of the name of a made-up plant."""

ASKED: Final = ("district", "zone", "industry", "near", "near_park", "within", "drive")
"""Filters that a plant has to meet; one known by an area only lies in no circle, like every enterprise."""

MAX_PLANTS: Final = 1000
"""Plants that one step may add or take."""


@dataclass(frozen=True)
class Plant:
    """A step of a scenario: plants of one industry in one place, more of them or fewer.

    Parameters
    ----------
    industry : str
        Code of the industry.
    number : int
        Plants added, or taken when negative.
    staff : int
        Persons in each of them; 0 when not said.
    where : str
        Town, park or point as it was given; ``""`` for a district as a whole.
    adcode, zone, town, park, lon, lat, precision
        As in the canonical columns, by the same rules as every enterprise.
    node : str
        Node of an industry chain that it would stand on; ``""`` when not said.
    """

    industry: str
    number: int
    staff: int
    where: str
    adcode: str
    zone: str
    town: str
    park: str
    lon: float
    lat: float
    precision: str
    node: str = ""


@dataclass(frozen=True)
class Scenario:
    """Steps in their order.  Never changed: a step makes another scenario, and undoing it gives back an equal one.

    Examples
    --------
    >>> plant = plant_at("equipment", 1, adcode="310117")
    >>> Scenario().plus(plant).undo() == Scenario()
    True
    """

    plants: tuple[Plant, ...] = ()

    def plus(self, plant: Plant) -> "Scenario":
        """The scenario with one more step."""
        return Scenario((*self.plants, plant))

    def undo(self) -> "Scenario":
        """The scenario without its last step."""
        return Scenario(self.plants[:-1])

    def __str__(self) -> str:
        """The steps as a text that `from_text` reads."""
        return ",".join(map(_written, self.plants))

    @classmethod
    def from_text(cls, text: str) -> "Scenario":
        """Read the steps of a text: ``industry:number:staff:node:district:place``, commas between them.

        Raises
        ------
        DataError
            When a step is not complete, or stands nowhere.

        Examples
        --------
        >>> text = "equipment:2:50::310114:安亭镇,auto:-1:0:::121.5 31.2"
        >>> str(Scenario.from_text(text)) == text
        True
        """
        return cls(tuple(map(_read, text.split(",")))) if text else cls()


def plant_at(
    industry: str,
    number: int = 1,
    staff: int = 0,
    *,
    adcode: str = "",
    name: str = "",
    lon: float = np.nan,
    lat: float = np.nan,
    node: str = "",
) -> Plant:
    """Place a step as every enterprise is placed.

    Parameters
    ----------
    industry : str
    number, staff : int
        As in `Plant`.
    adcode : str
        District; may stay empty beside a point, or for the core.
    name : str
        Town or park within it, or 临港新片区.
    lon, lat : float
        Degrees, WGS-84.
    node : str
        Node of an industry chain.

    Raises
    ------
    DataError
        When the industry or the node is not known, the number is 0 or too great, or the place is not in Shanghai.

    Examples
    --------
    >>> plant_at("auto", adcode="310114", name="安亭镇").zone
    'belt'
    """
    if industry not in INDUSTRIES:
        raise DataError("没有这个行业", value=industry, expected="、".join(INDUSTRIES))
    if node and node not in load_chains().index:
        raise DataError("没有这个产业链环节", value=node)
    if not 0 < abs(number) <= MAX_PLANTS or staff < 0:
        raise DataError("家数或人数无效", value=f"{number}, {staff}", expected=f"家数 1 到 {MAX_PLANTS}，人数不小于 0")
    witness = {"stated": [adcode], "place": [name], "address": [""], "lon": [lon], "lat": [lat]}
    found = place(pd.DataFrame(witness)).iloc[0]
    if found["zone"] == "unplaced" or found["location_conflict"]:
        raise DataError("地点不在上海，或与所说的区不一致", value=name or f"{lon}, {lat}")
    return Plant(
        industry=industry,
        number=number,
        staff=staff,
        where=name or (f"{lon:.5f}, {lat:.5f}" if np.isfinite(lon) else ""),
        precision=str(found["location_precision"]),
        lon=float(found["lon"]),
        lat=float(found["lat"]),
        node=node,
        park=str(found["park"]) or (name if name in set(load_parks()["name"]) else ""),
        **{column: str(found[column]) for column in ("adcode", "zone", "town")},
    )


def _written(plant: Plant) -> str:
    point = plant.where == f"{plant.lon:.5f}, {plant.lat:.5f}"
    place = (
        f"{plant.lon!r} {plant.lat!r}"
        if point
        else quote(plant.where, safe="")
        if not plant.where.isalnum()
        else plant.where
    )
    fields = (plant.industry, plant.number, plant.staff, plant.node, "" if point else plant.adcode, place)
    return ":".join(map(str, fields))


def _read(text: str) -> Plant:
    try:
        industry, number, staff, node, adcode, where = text.split(":")
        lon, lat = map(float, where.split()) if " " in where else (np.nan, np.nan)
        name = "" if " " in where else unquote(where)
        return plant_at(industry, int(number), int(staff), adcode=adcode, name=name, lon=lon, lat=lat, node=node)
    except DataError:
        raise
    except ValueError:
        expected = "行业:家数:人数:环节:区:地点"
        raise DataError("设想的步骤写得不对", value=text, expected=expected) from None


def apply(counts: Counts, scenario: Scenario, filters: Filters) -> tuple[Counts, list[Plant]]:
    """The counts after the steps of a scenario.

    A step counts when the filters in `ASKED` hold for it; what else they ask for (evidence, recognition, text) cannot
    be said of a plant that does not exist and is not asked.

    Returns
    -------
    Counts
    list of Plant
        Steps that do not count: outside the filters, in no place of the level, or nothing there to take.
    """
    idle = []
    asked = Filters(**{name: getattr(filters, name) for name in ASKED})
    each = as_rows(Scenario(tuple(replace(plant, number=1) for plant in scenario.plants)))
    for plant, within in zip(scenario.plants, asked.mask(each), strict=True):
        code = place_of(counts, plant)
        if not within or not code or counts.by_industry.at[code, plant.industry] + plant.number < 0:
            idle.append(plant)
        else:
            counts = counts.plus(code, plant.industry, plant.number)
    return counts, idle


def place_of(counts: Counts, plant: Plant) -> str:
    """Code of the place of a plant at the level of the counts; ``""`` when it lies in none."""
    if counts.level == "district":
        return plant.adcode
    if counts.level == "zone":
        return plant.zone
    if counts.level == "park":
        found = counts.places.index[counts.places["name_zh"] == plant.park]
    else:
        towns = load_towns()
        own = (towns["adcode"] == plant.adcode) & (towns["name"] == plant.town)
        found = counts.places.index[own.to_numpy()] if plant.town else []
    return str(found[0]) if len(found) else ""


def before_and_after(before: Counts, after: Counts, place: str, industry: str) -> pd.DataFrame:
    """What the steps change for an industry in a place, and in the whole.

    Returns
    -------
    DataFrame of float
        Index: codes of `geo.indicators.definitions.INDICATORS` for the place, among them ``of_industry`` (its enterprises of the
        industry), ``lq_low`` and ``lq_high`` (interval of the quotient); ``whole`` and ``whole_of_industry`` (enterprises
        of the selection), ``spread`` (Herfindahl index of the industry over the places).  Columns `before`, `after`,
        `change`.
    """
    table = {}
    for name, counts in (("before", before), ("after", after)):
        bounds = location_quotient_interval(counts, industry).loc[place]
        values = {
            "enterprises": float(counts.enterprises[place]),
            "of_industry": float(counts.by_industry.at[place, industry]),
            **{code: float(measure(counts, code)[place]) for code in (f"share_{industry}", f"lq_{industry}")},
            "lq_low": bounds["low"],
            "lq_high": bounds["high"],
            **{code: float(measure(counts, code)[place]) for code in ("hhi", "diversity", "density_km2")},
            "whole": float(counts.whole.sum()),
            "whole_of_industry": float(counts.whole[industry]),
            "spread": spread_of(counts, industry),
        }
        table[name] = pd.Series(values, dtype=float)
    return pd.DataFrame(table).assign(change=lambda frame: frame["after"] - frame["before"])


def gaps_before_and_after(on_nodes: pd.DataFrame, plants: Sequence[Plant]) -> pd.DataFrame:
    """What plants change in the chains of their districts.

    Parameters
    ----------
    on_nodes : DataFrame of int
        Enterprises of the selection on each node (index) in each district (columns, adcodes).
    plants : sequence of Plant
        Those without a node or a district change nothing here.

    Returns
    -------
    DataFrame
        A row for each district and node: `adcode`, `node`, `before`, `after` (enterprises on the node there),
        `city` (enterprises on it in all districts before), `gaps_before`, `gaps_after` (nodes of its chain without an
        enterprise there).
    """
    after = on_nodes.copy()
    for plant in plants:
        if plant.node and plant.adcode:
            after.at[plant.node, plant.adcode] = max(after.at[plant.node, plant.adcode] + plant.number, 0)
    chain = load_chains()["chain"].reindex(on_nodes.index)
    rows = []
    for adcode, node in dict.fromkeys((plant.adcode, plant.node) for plant in plants if plant.node and plant.adcode):
        members = (chain == chain[node]).to_numpy()
        there = {"before": on_nodes.at[node, adcode], "after": after.at[node, adcode], "city": on_nodes.loc[node].sum()}
        gaps = {
            f"gaps_{name}": int((table.loc[members, adcode] == 0).sum())
            for name, table in (("before", on_nodes), ("after", after))
        }
        rows.append({"adcode": adcode, "node": node} | there | gaps)
    return pd.DataFrame(rows)


def as_rows(scenario: Scenario, day: str = "") -> gpd.GeoDataFrame:
    """The added plants as enterprises with the canonical columns; name, kind and note of each say that it is made up.

    Examples
    --------
    >>> rows = as_rows(Scenario().plus(plant_at("equipment", 2, 300, adcode="310117")))
    >>> rows["name"].tolist()
    ['【假设】高端装备 1-1', '【假设】高端装备 1-2']
    """
    districts = attributes()["name_zh"]
    rows = [
        {
            "enterprise_id": f"HYPOTHETICAL-{step}-{one}",
            "name": f"{MARK}{INDUSTRIES[plant.industry].zh} {step}-{one}",
            "kind": HYPOTHETICAL,
            "industry": plant.industry,
            "insured": plant.staff or np.nan,
            "adcode": plant.adcode,
            "district": districts.get(plant.adcode, ""),
            "town": plant.town,
            "park": plant.park,
            "zone": plant.zone,
            "lon": plant.lon,
            "lat": plant.lat,
            "location_precision": plant.precision,
            "location_note": "假设的企业，不存在（hypothetical）",
            "evidence": "unverified",
            "status": "unknown",
            "compiled": day,
        }
        for step, plant in enumerate(scenario.plants, start=1)
        for one in range(1, plant.number + 1)
    ]
    columns = ["enterprise_id", "location_conflict", "evidence", "adcode", "lon", "lat"]
    return as_enterprises(pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns))

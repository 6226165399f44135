"""The enterprises: the canonical table that every page, map and export is cut from."""

import hashlib
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.catalog import dataset_path, read_table
from geo.codes.industries import CODE_OF
from geo.codes.recognitions import kinds_by_enterprise, load_recognitions
from geo.crs import STORAGE_CRS, points
from geo.enterprises.schema import COLUMNS, NUMERIC
from geo.errors import DataError
from geo.places.districts import adcodes_of, attributes
from geo.places.geocoding import place
from geo.text import spelling

_TOWNS: Final = ("镇", "街道", "乡")


def load_enterprises() -> gpd.GeoDataFrame:
    """Load the built-in sample, each enterprise placed by its best witness.

    Returns
    -------
    GeoDataFrame, 900 rows, EPSG:4326
        Index `enterprise_id`; the columns of `COLUMNS` and `geometry` (point at `lon`, `lat`; missing where nothing is
        known).  A row of precision ``park``, ``town`` or ``district`` is known by that area only; its point is the
        area's label and not a site.

    Raises
    ------
    DataError
        When the file is missing, altered, or holds a district, industry or coordinate that cannot be read.

    Examples
    --------
    >>> enterprises = load_enterprises()
    >>> len(enterprises), sorted(enterprises["zone"].unique())
    (900, ['belt', 'core', 'other', 'unplaced'])
    """
    raw = read_table("enterprises", ["name", "kind", "district", "address", "industry", "lon_wgs84", "lat_wgs84"])
    stated = adcodes_of(raw["district"])
    _refuse(raw, "district", (raw["district"] != "") & (stated == ""), "上海16区之一")
    industry = raw["industry"].map(CODE_OF).fillna("").astype(str)
    _refuse(raw, "industry", (raw["industry"] != "") & (industry == ""), "、".join(CODE_OF))
    lon, lat = (pd.to_numeric(raw[column].replace("", None), errors="coerce") for column in ("lon_wgs84", "lat_wgs84"))
    _refuse(raw, "lon_wgs84", (raw["lon_wgs84"] != "") & ~lon.between(115, 125), "115 到 125 之间的经度")
    witnesses = pd.DataFrame(
        {"stated": stated, "place": raw["town_or_park"], "address": raw["address"], "lon": lon, "lat": lat}
    )
    kinds = raw["name"].map(kinds_by_enterprise(load_recognitions())).fillna("").astype(str)
    placed = place(witnesses)
    named = [without_town(*pair) for pair in zip(raw["town_or_park"], placed["town"], strict=True)]
    park = placed["park"].where(placed["park"] != "", named)
    second = _second_sources(raw["name"])
    by_address = np.where(placed["adcode"] != "", "inferred", "none")
    table = raw.assign(
        **placed.drop(columns="park"),
        **second,
        enterprise_id=enterprise_ids(raw["name"]),
        park=park,
        district=placed["adcode"].map(attributes()["name_zh"]).fillna("").astype(str),
        industry=industry,
        recognitions=kinds,
        evidence=raw["district_evidence"].where(raw["district_evidence"] != "", by_address),
        source_file="enterprises.csv",
        source_row=range(2, len(raw) + 2),
        status="unknown",
    )
    return as_enterprises(table)


def without_town(text: str, town: str) -> str:
    """What of a text that names a town, a park or both is no town.

    Examples
    --------
    >>> without_town("合庆镇 张江医疗器械产业基地", "合庆镇"), without_town("张江", "张江镇"), without_town("江川路街道", "")
    ('张江医疗器械产业基地', '', '')
    """
    kept = [
        part
        for part in text.split()
        if not part.endswith(_TOWNS) and part not in (town, *map(town.removesuffix, _TOWNS))
    ]
    return " ".join(kept)


def _second_sources(names: pd.Series) -> dict[str, pd.Series]:
    """What another source says of an enterprise, where it does not agree: the words, the title, the link."""
    columns = ["name", "district", "district_by_postcode", "address", "agrees", "used", "source_title", "source_url"]
    table = read_table("enterprise_second_sources", columns)
    table = table[(table["agrees"] == "no") & (table["used"] == "")].set_index("name")
    district = table["district"].where(table["district"] != "", table["district_by_postcode"])
    said = {
        "second_source": district + "，" + table["address"],
        "second_source_title": table["source_title"],
        "second_source_url": table["source_url"],
    }
    return {column: names.map(values).fillna("").astype(str) for column, values in said.items()}


def as_enterprises(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Bring a table to the canonical columns and geometry; columns it lacks become empty, others are kept last."""
    return with_points(with_ids(canonical(table)))


def canonical(table: pd.DataFrame) -> pd.DataFrame:
    """Bring a table to the canonical columns, without geometry; each row by itself, so that parts of a table will do.

    A district without any evidence of its own is as good as the list it came from: ``imported``.
    """
    for column in COLUMNS:
        if column not in table.columns:
            table[column] = pd.NA
    unsaid = table["evidence"].fillna("") == ""
    table.loc[unsaid, "evidence"] = np.where(table.loc[unsaid, "adcode"].fillna("") != "", "imported", "none")
    table["witnesses"] = np.where(table["location_conflict"].fillna("") != "", "conflict", "agree")
    if "shared_address" in table.columns:
        table["registration"] = np.where(table["shared_address"].fillna(False).astype(bool), "shared", "own")
    table["registration"] = table["registration"].replace("", pd.NA).fillna("own")
    for column in set(COLUMNS) - NUMERIC:
        table[column] = table[column].fillna("").astype(str)
    others = [column for column in table.columns if column not in COLUMNS and column != "geometry"]
    return table[[*COLUMNS, *others]]


def with_ids(table: pd.DataFrame) -> pd.DataFrame:
    """A table of canonical columns under the index `enterprise_id`."""
    return table.set_index("enterprise_id", drop=False).rename_axis(None)


def with_points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Rows of a table of canonical columns with their geometry, made of `lon` and `lat` where they do not have it yet.

    Points of millions of rows would take more memory than all that is drawn of them ever needs.

    Examples
    --------
    >>> rows = pd.DataFrame({"lon": [121.47], "lat": [31.23]})
    >>> with_points(rows).geometry.iloc[0].wkt
    'POINT (121.47 31.23)'
    """
    if isinstance(rows, gpd.GeoDataFrame):
        return rows
    return gpd.GeoDataFrame(rows, geometry=points(rows["lon"], rows["lat"]), crs=STORAGE_CRS)


def enterprise_ids(names: pd.Series) -> pd.Series:
    """Identifier of each enterprise, from the spelling of its name alone: the same name has the same id everywhere.

    Examples
    --------
    >>> enterprise_ids(pd.Series(["上海Ａ（集团）公司", "上海A(集团)公司"])).nunique()
    1
    """
    return names.map(lambda name: "E" + hashlib.sha256(spelling(str(name)).encode()).hexdigest()[:12])


def _refuse(raw: pd.DataFrame, column: str, wrong: pd.Series, expected: str) -> None:
    if wrong.any():
        row = int(wrong.idxmax())
        raise DataError(
            "企业表中有不能识别的值",
            file=dataset_path("enterprises"),
            row=row + 2,
            column=column,
            value=raw.at[row, column],
            expected=expected,
        )

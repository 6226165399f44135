"""Corrections laid over a table of enterprises: which fields can be put right, and what follows from it.

The table itself is never changed.  A correction of a place is one more witness: the row is placed anew by all of them
(`geo.places.geocoding.place`), so that district, zone, precision and conflict stay consistent with each other.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.codes.options import NONE
from geo.crs import points
from geo.enterprises.schema import COLUMNS, Column
from geo.errors import DataError
from geo.places.districts import attributes
from geo.places.drawn_areas import AREA_BOUNDS
from geo.places.geocoding import place
from geo.places.zones import CORE
from geo.text import Text

POINT: Final = "point"
"""Field of longitude and latitude together."""

PLACE: Final = ("adcode", "town", "park", "address", POINT)
"""Fields that place the row anew."""


class FieldCorrection(NamedTuple):
    """One correction of a row: its position in the table, field, value as text, and where that is known from."""

    position: int
    field: str
    value: str
    source: str = ""


def read_value(field: str, text: str) -> Any:
    """The value of a field from its text; an empty text means that nothing is known.

    Raises
    ------
    DataError
        When the field cannot be corrected, or the text is no value of it.

    Examples
    --------
    >>> read_value("founded", "2015-03-02"), read_value("capital_amount", "1,000,000"), read_value("point", "121.5, 31.2")
    ('2015-03-02', 1000000.0, (121.5, 31.2))
    """
    if field not in CORRECTABLE_FIELDS:
        raise DataError("这一项不能更正", column=field, expected="、".join(CORRECTABLE_FIELDS))
    return CORRECTABLE_FIELDS[field](" ".join(text.split()))


def choices(field: str) -> Mapping[str, Text]:
    """Codes of a field that is chosen from a list, with their names; empty for any other."""
    codes = COLUMNS[field].codes if field in COLUMNS else None
    return {code: name for code, name in codes().items() if code != NONE} if codes else {}


def corrected(enterprises: pd.DataFrame, fixes: Iterable[FieldCorrection]) -> pd.DataFrame:
    """The table with corrections laid over it; of several of one field the last holds.

    Parameters
    ----------
    enterprises : DataFrame
        Canonical columns, with or without their geometry; left as it is.
    fixes : iterable of FieldCorrection
        Those whose value cannot be read (any more) are left out.

    Returns
    -------
    DataFrame
        Same index, with its geometry if it was given with it; the column `corrected` names the fields that were put right, joined by ``;``.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> table = corrected(load_enterprises(), [FieldCorrection(0, "status", "active"), FieldCorrection(0, "adcode", "310117")])
    >>> table.iloc[0][["status", "adcode", "corrected"]].tolist()
    ['active', '310117', 'status;adcode']
    """
    held: dict[int, dict[str, FieldCorrection]] = {}
    for fix in fixes:
        try:
            read_value(fix.field, fix.value)
        except DataError:
            continue
        held.setdefault(fix.position, {})[fix.field] = fix
    changed: dict[str, dict[int, Any]] = {}
    for position, own in held.items():
        for column, value in _changes(enterprises.iloc[position], own).items():
            changed.setdefault(column, {})[position] = value
    table = enterprises.copy(deep=False)
    for column, values in changed.items():
        column_now = pd.Series(table[column].array.copy(), index=table.index)
        column_now.iloc[list(values)] = list(values.values())
        table[column] = column_now
    if held and isinstance(table, gpd.GeoDataFrame):
        table = table.set_geometry(_moved(table, list(held)))
    return table


def _changes(row: pd.Series, fixes: Mapping[str, FieldCorrection]) -> dict[str, Any]:
    """Columns of a row that its corrections change, with their new values."""
    values = {field: read_value(field, fix.value) for field, fix in fixes.items()}
    changes = {field: value for field, value in values.items() if field not in PLACE}
    changes["corrected"] = ";".join(fixes)
    if set(values) & set(PLACE):
        changes |= _placed(row, values)
    for field, fix in fixes.items():
        column = COLUMNS.get(field)
        sourced_by = COLUMNS[column.part_of or field].sourced_by if column else ()
        changes |= dict(zip(sourced_by, ("unverified", fix.source, ""), strict=False))  # named, but no published source
    return changes


def _placed(row: pd.Series, values: Mapping[str, Any]) -> dict[str, Any]:
    """Place a row anew by its witnesses, corrected ones in the place of those the table has."""
    said = {name: values.get(name, row[name]) for name in ("adcode", "town", "park", "address")}
    own = (row["lon"], row["lat"]) if row["location_precision"] == "site" else (np.nan, np.nan)
    lon, lat = values.get(POINT) or own
    witnesses = pd.DataFrame(
        {
            "stated": [said["adcode"]],
            "place": [f"{said['park']} {said['town']}".strip()],
            "address": [said["address"]],
            "lon": [float(lon)],
            "lat": [float(lat)],
            "core": [row.get("stated_core") == CORE and "adcode" not in values],
        }
    )
    placed = place(witnesses).iloc[0].drop(["outside", "point_adcode"]).to_dict()
    placed |= {name: placed[name] or said[name] for name in ("town", "park")}
    names = attributes()["name_zh"]
    return placed | {
        "address": said["address"],
        "district": str(names.get(placed["adcode"], "")),
        "witnesses": "conflict" if placed["location_conflict"] else "agree",
    }


def _moved(table: gpd.GeoDataFrame, positions: list[int]) -> gpd.GeoSeries:
    geometry = table.geometry.copy()
    rows = table.iloc[positions]
    geometry.iloc[positions] = points(rows["lon"], rows["lat"])
    return geometry


def _text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            raise DataError(f"文字超过 {longest} 字", value=text[:20])
        return text

    return read


def _day(text: str) -> str:
    if not text or re.fullmatch(r"(1[89]|20)\d\d", text):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise DataError("日期读不出来", value=text[:20], expected="如 2015-03-02 或 2015") from error


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "").replace("，", "")) if text else float("nan")
    except ValueError as error:
        raise DataError("不是数", value=text[:20]) from error
    if number < 0 or number == float("inf"):
        raise DataError("数不能为负或无穷", value=text[:20])
    return number


def _coordinates(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in re.split(r"[,，\s]+", text.strip()))
    except ValueError as error:
        raise DataError("坐标读不出来", value=text[:40], expected="经度, 纬度（WGS-84），如 121.5, 31.2") from error
    west, south, east, north = AREA_BOUNDS
    if not (west <= lon <= east and south <= lat <= north):
        raise DataError("坐标不在上海一带", value=text[:40], expected="经度在前，WGS-84")
    return lon, lat


def _code(field: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and text not in choices(field):
            raise DataError("没有这个代码", column=field, value=text[:20])
        return text or ("unknown" if field == "status" else "")

    return read


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}|", text):
        raise DataError("币种读不出来", value=text[:20], expected="ISO 4217，如 CNY")
    return text


def _reader(column: Column) -> Callable[[str], Any]:
    if column.name == "capital_currency":
        return _currency
    if column.codes:
        return _code(column.name)
    by_kind = {"date": _day, "number": _number, "count": _number}
    return by_kind.get(column.kind) or _text(column.max_length)


CORRECTABLE_FIELDS: Final[dict[str, Callable[[str], Any]]] = {
    **{name: _reader(column) for name, column in COLUMNS.items() if column.correctable},
    POINT: _coordinates,
}
"""Field that can be corrected → how its text is read; a field is a column, or `POINT`."""

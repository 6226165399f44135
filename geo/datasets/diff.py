"""What has changed from one release of a set to the next: new, gone, moved, renamed, changed."""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.enterprises.addresses import house_in_lane, house_key
from geo.enterprises.schema import COLUMNS
from geo.ingest.values.cells import by_value
from geo.text import Text, name_key

CHANGE_KINDS: Final = {
    "new": Text("新增", "New"),
    "gone": Text("消失", "Gone"),
    "moved": Text("迁移", "Moved"),
    "renamed": Text("更名", "Renamed"),
    "changed": Text("变更", "Changed"),
}
"""Kinds of change."""

MOVED_BY_M: Final = 300.0
"""Distance [m] between two sites of an enterprise from which it has moved."""

COMPARED: Final = tuple(name for name, column in COLUMNS.items() if column.compared)
"""Columns whose difference makes an enterprise `changed`."""

CHANGE_COLUMNS: Final = (
    *("enterprise_id", "name", "old_name", "kind", "adcode", "district", "old_district", "columns", "detail"),
)
_DEGREE_M: Final = 111_320.0
_MAX_SHOWN_CHARACTERS: Final = 60


def compare(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, lang: str = "") -> pd.DataFrame:
    """What has changed from one set to a later one.

    Parameters
    ----------
    old, new : GeoDataFrame
        Canonical columns, index `enterprise_id`.
    lang : {"", "zh", "en"}
        Whose words `columns` and `detail` are in; canonical names and codes when not given.

    Returns
    -------
    DataFrame
        One row per change: `enterprise_id`, `name`, `adcode` and `district` of the later set (of the earlier where
        the enterprise is gone), `old_name`, `old_district`, `kind` (key of `CHANGE_KINDS`), `columns` (which differ, joined
        by ``;``) and `detail` (old → new).  An enterprise that moved and changed has a row for each.

    Notes
    -----
    The same enterprise has the same valid code, or else the same name or former name without contradicting codes.
    It has moved when its district differs, or the road and house number of its address, or its site by more than
    `MOVED_BY_M`; where neither set names a house, when its park or town differs and lies as far away.  What one of the
    two sets does not say is no move.
    """
    was_at, now_at = _pairs(old, new)
    only_new = np.setdiff1d(np.arange(len(new)), now_at)
    only_old = np.setdiff1d(np.arange(len(old)), was_at)
    changes = [_change(new.iloc[row], None, "new", lang) for row in only_new]
    changes += [_change(None, old.iloc[row], "gone", lang) for row in only_old]
    before, after = old.iloc[was_at].reset_index(drop=True), new.iloc[now_at].reset_index(drop=True)
    renamed = (before["name"].map(name_key) != after["name"].map(name_key)).to_numpy(bool)
    moved, altered = _moved(before, after), _altered(before, after)
    for row in np.flatnonzero(renamed | (moved != "") | (altered != "")):
        was, now = before.iloc[row], after.iloc[row]
        for kind, columns in (("renamed", "name" if renamed[row] else ""), ("moved", moved[row])):
            if columns:
                changes.append(_change(now, was, kind, lang, columns))
        if altered[row]:
            changes.append(_change(now, was, "changed", lang, altered[row]))
    table = pd.DataFrame(changes, columns=list(CHANGE_COLUMNS))
    order = {kind: place for place, kind in enumerate(CHANGE_KINDS)}
    return table.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable", ignore_index=True)


def _pairs(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the same enterprises: by code, by name, by former name; sites of one code by their own identifier."""
    codes = [_codes(table) for table in (old, new)]
    alike = [
        [code and code + id_ for code, id_ in zip(words, table.index, strict=True)]
        for words, table in zip(codes, (old, new), strict=True)
    ]
    names = [list(map(name_key, table["name"])) for table in (old, new)]
    former = [_former(table) for table in (old, new)]
    found: dict[int, int] = {}
    taken: set[int] = set()

    def match(words_old: Iterable[tuple[str, int]], words_new: Iterable[tuple[str, int]]) -> None:
        by_word: dict[str, list[int]] = {}
        for word, row in words_new:
            if word and row not in taken:
                by_word.setdefault(word, []).append(row)
        for word, row in words_old:
            others = by_word.get(word, []) if row not in found else []
            other = next((one for one in others if not contradict(codes[0][row], codes[1][one])), -1)
            if other >= 0:
                found[row] = other
                taken.add(other)
                others.remove(other)

    def contradict(code: str, other: str) -> bool:
        return bool(code and other and code != other)

    match(_numbered(alike[0]), _numbered(alike[1]))
    match(_numbered(codes[0]), _numbered(codes[1]))
    match(_numbered(names[0]), _numbered(names[1]))
    match(_numbered(names[0]), former[1])
    match(former[0], _numbered(names[1]))
    return np.array(list(found), np.int64), np.array(list(found.values()), np.int64)


def _numbered(words: list[str]) -> list[tuple[str, int]]:
    return [(word, row) for row, word in enumerate(words)]


def _codes(table: gpd.GeoDataFrame) -> list[str]:
    valid = table["uscc_valid"].astype("boolean").fillna(False).to_numpy(bool)
    return [str(code) if good else "" for code, good in zip(table["uscc"], valid, strict=True)]


def _former(table: gpd.GeoDataFrame) -> list[tuple[str, int]]:
    return [(name_key(a), row) for row, names in enumerate(table["aliases"]) for a in str(names or "").split(";") if a]


def _moved(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[Any]:
    """Columns by which each enterprise has moved, joined by ``;``."""
    districts = [table["adcode"].fillna("").astype(str).to_numpy(object) for table in (before, after)]
    district = _differ(districts)
    houses, lanes = (
        [
            pd.Series(by_value(table["address"].fillna("").astype(str), key, ""), dtype=object).to_numpy()
            for table in (before, after)
        ]
        for key in (house_key, house_in_lane)
    )
    address = _differ(houses) | ((houses[0] == houses[1]) & _differ(lanes))
    precision = [table["location_precision"].to_numpy(object) for table in (before, after)]
    far = _far(before, after)
    site = far & (precision[0] == "site") & (precision[1] == "site")
    area = far & (precision[0] == precision[1]) & (houses[0] == "") & (houses[1] == "")
    parks, towns = (area & (precision[0] == name) for name in ("park", "town"))
    return _joined(
        {"district": district, "address": address, "lon;lat": site, "park": parks, "town": towns}, len(before)
    )


def _differ(words: list[NDArray[Any]]) -> NDArray[np.bool_]:
    """Where both tables say something, and not the same."""
    return np.asarray((words[0] != words[1]) & (words[0] != "") & (words[1] != ""), dtype=np.bool_)


def _far(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[np.bool_]:
    """Where both have a point and these lie more than `MOVED_BY_M` apart, the errors of sites aside."""
    points = [table[["lon", "lat"]].to_numpy(float, na_value=np.nan) for table in (before, after)]
    step = (points[1] - points[0]) * [_DEGREE_M * np.cos(np.radians(31.2)), _DEGREE_M]
    off = np.zeros(len(before))
    for table in (before, after):
        error = table["location_error_m"].to_numpy(float, na_value=np.nan)
        off += np.where(table["location_precision"] == "site", np.nan_to_num(error), 0.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.hypot(step[:, 0], step[:, 1]) > MOVED_BY_M + off, dtype=np.bool_)


def _altered(before: pd.DataFrame, after: pd.DataFrame) -> NDArray[Any]:
    differs = {column: (before[column].map(_text) != after[column].map(_text)).to_numpy(bool) for column in COMPARED}
    return _joined(differs, len(before))


def _joined(differs: dict[str, NDArray[Any]], rows: int) -> NDArray[Any]:
    words = np.full(rows, "", dtype=object)
    for column, where in differs.items():
        for row in np.flatnonzero(where):
            words[row] += (";" if words[row] else "") + column
    return words


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _change(now: pd.Series | None, was: pd.Series | None, kind: str, lang: str, columns: str = "") -> tuple[str, ...]:
    either = now if now is not None else was
    assert either is not None
    names = list(filter(None, columns.split(";")))

    def said(row: pd.Series, column: str) -> str:
        text = COLUMNS[column].say(row[column], lang) if lang and COLUMNS[column].codes else _text(row[column])
        return text[:_MAX_SHOWN_CHARACTERS]

    labels = {name: COLUMNS[name].label.of(lang) if lang else name for name in names}
    detail = ""
    if now is not None and was is not None:
        detail = "；".join(f"{labels[name]}：{said(was, name)} → {said(now, name)}" for name in names)
    old_name, old_district = ("", "") if was is None else (was["name"], was["district"])
    return (
        either["enterprise_id"], either["name"], old_name, kind, either["adcode"], either["district"], old_district,
        ("、" if lang == "zh" else ", ").join(labels.values()) if lang else columns, detail,
    )  # fmt: skip

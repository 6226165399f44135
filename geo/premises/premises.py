"""Premises on offer: the table of what people brought, how each column is called, and which rows meet what is asked.

What a list does not say is unknown, and unknown never meets anything.
"""

import hashlib
import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from geo.chains.assignment import load_chains
from geo.chains.sites import TYPE_WORDS
from geo.enterprises.schema import PRECISION_LABELS
from geo.filters.filters import options
from geo.places.districts import attributes
from geo.places.geocoding import PRECISIONS
from geo.places.zones import ZONES
from geo.premises.quantities import QUANTITIES
from geo.text import Text, fold

MAX_PREMISES: Final = 20_000
"""Rows of one list."""

AVAILABLE_NOW: Final = "now"
"""What stands in the place of a date where a list says that premises are free."""

PREMISES_KINDS: Final = {
    "parcel": Text("地块", "Parcel"),
    "plant": Text("厂房", "Plant"),
    "floor": Text("楼层", "Floor"),
    "lab": Text("研发楼", "R&D building"),
    "warehouse": Text("仓库", "Warehouse"),
    "office": Text("办公楼", "Offices"),
}
"""Kinds of premises."""

ENVIRONMENT_CLASSES: Final = {
    "none": Text("不能办环评", "No assessment possible"),
    "registration": Text("只可登记", "Registration only"),
    "form": Text("可办报告表", "Up to a report form"),
    "book": Text("可办报告书", "Up to a full report"),
}
"""Environmental assessments that premises admit, the least first; who admits a higher one is read to admit the lower."""


class PremisesColumn(NamedTuple):
    """A column of premises: its name, what its values are, and how long its text may be."""

    name: Text
    kind: Literal["text", "code", "number", "date"] = "text"
    longest: int = 200


PREMISES_COLUMNS: Final[dict[str, PremisesColumn]] = {
    "name": PremisesColumn(Text("名称", "Name")),
    "kind": PremisesColumn(Text("类型", "Type"), "code"),
    "district": PremisesColumn(Text("区", "District"), "code"),
    "town": PremisesColumn(Text("街镇", "Town")),
    "park": PremisesColumn(Text("园区", "Park")),
    "address": PremisesColumn(Text("地址", "Address"), longest=400),
    **{code: PremisesColumn(one.name, "number") for code, one in QUANTITIES.items()},
    "environment": PremisesColumn(Text("环评类别", "Environmental class"), "code"),
    "environment_text": PremisesColumn(Text("环评原文", "Environment as written")),
    "admitted": PremisesColumn(Text("产业准入", "Admitted industries"), longest=400),
    "available_from": PremisesColumn(Text("可用日期", "Available from"), "date"),
    "organisation": PremisesColumn(Text("联系单位", "Organisation")),
    "updated": PremisesColumn(Text("更新日期", "Updated"), "date"),
    "lon": PremisesColumn(Text("经度（WGS-84）", "Longitude (WGS-84)"), "number"),
    "lat": PremisesColumn(Text("纬度（WGS-84）", "Latitude (WGS-84)"), "number"),
    "location_precision": PremisesColumn(Text("定位精度", "Precision"), "code"),
    "location_error_m": PremisesColumn(Text("预期误差（m）", "Expected error (m)"), "number"),
    "location_conflict": PremisesColumn(Text("位置矛盾", "Disagreeing evidence"), longest=400),
    "zone": PremisesColumn(Text("归属", "Zone"), "code"),
    "source_file": PremisesColumn(Text("来源文件", "Source file")),
    "source_row": PremisesColumn(Text("来源行", "Source row"), "number"),
}
"""Columns of the table in their order; those after `updated` are computed at the import."""


def column_title(column: str, lang: str) -> str:
    """Heading of a column with its unit, as tables and files show it and an import reads it again.

    Examples
    --------
    >>> column_title("rent", "zh"), column_title("area_m2", "en")
    ('租金（元/㎡/天）', 'Area (m²)')
    """
    label = PREMISES_COLUMNS[column].name.of(lang)
    if column not in QUANTITIES:
        return label
    unit = QUANTITIES[column].unit.of(lang)
    return f"{label} ({unit})" if lang == "en" else f"{label}（{unit}）"


def checked_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it may be kept: known columns, numbers that are finite, codes that exist, texts of a limited length."""
    kept: dict[str, Any] = {}
    for name, column in PREMISES_COLUMNS.items():
        value = row.get(name)
        if column.kind == "number":
            good = isinstance(value, int | float) and not isinstance(value, bool)
            kept[name] = value if good and abs(value or 0) <= sys.float_info.max else None  # 10**400 is no float
        elif column.kind == "date":
            kept[name] = str(value) if value == AVAILABLE_NOW or _is_day(value) else ""
        else:
            text = value[: column.longest] if isinstance(value, str) else ""
            known: Iterable[str] | None = {
                "kind": PREMISES_KINDS, "environment": ENVIRONMENT_CLASSES, "zone": ZONES,
                "location_precision": PRECISIONS, "district": attributes().index,
            }.get(name)  # fmt: skip
            kept[name] = text if known is None or text in known else ""
    written = row.get("written")
    kept["written"] = {
        name: str(text)[:80]
        for name, text in (written.items() if isinstance(written, Mapping) else ())
        if name in PREMISES_COLUMNS
    }
    return kept


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def premises_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Premises as a table.

    Parameters
    ----------
    rows : iterable of mapping
        As an import wrote them; each is checked.

    Returns
    -------
    DataFrame
        Index `premises_id`, the same for the same row whatever list it stands in; `PREMISES_COLUMNS`, numbers as float,
        NaN where unknown, texts ``""``; `written` (column → text of the file where it was in another unit, or says
        what is free and was not read), and `size_m2`: what is free, else the area, else the land of a parcel.  Where
        the list says what is free and it was not read, the whole does not stand for it.

    Examples
    --------
    >>> table = premises_table([{"name": "样例厂房", "kind": "plant", "area_m2": 8000.0, "height_m": float("nan")}])
    >>> table["size_m2"].tolist(), table["height_m"].isna().tolist(), table["district"].tolist()
    ([8000.0], [True], [''])
    """
    kept = [checked_row(row) for row in rows]
    table = pd.DataFrame(kept, columns=[*PREMISES_COLUMNS, "written"])
    for name, column in PREMISES_COLUMNS.items():
        table[name] = table[name].astype("float64" if column.kind == "number" else "object")
    ids, seen = [], set()
    for row in kept:
        told = "\0".join(str(row[name]) for name in ("name", "kind", "address", *QUANTITIES))
        number, base = 1, f"P{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:10]}"
        key = base
        while key in seen:
            number += 1
            key = f"{base}-{number}"
        seen.add(key)
        ids.append(key)
    land = table["land_m2"].where(table["kind"] == "parcel")
    unread = table["written"].map(lambda own: "available_m2" in own).astype(bool) & table["available_m2"].isna()
    table["size_m2"] = table["available_m2"].fillna(table["area_m2"].fillna(land).mask(unread))
    return table.set_axis(pd.Index(ids, name="premises_id", dtype="object"))


@dataclass(frozen=True)
class Asked:
    """What is asked of premises; what is empty is not asked.

    Parameters
    ----------
    districts, zones : tuple of str
        Adcodes, and codes of `geo.places.zones.ZONES`; either will do.
    kinds : tuple of str
        Of `PREMISES_KINDS`.
    area_from, area_to : float, optional
        Of `size_m2` [㎡].
    height_from, load_from : float, optional
        [m], [kg/㎡].
    rent_to, price_to : float, optional
        [元/㎡/天], [元/㎡].
    environment : str
        The assessment that has to be possible, of `ENVIRONMENT_CLASSES`.
    by : date, optional
        Day at which the premises have to be free.
    node : str
        Chain node whose industry has to be admitted.
    """

    districts: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    area_from: float | None = None
    area_to: float | None = None
    height_from: float | None = None
    load_from: float | None = None
    rent_to: float | None = None
    price_to: float | None = None
    environment: str = ""
    by: date | None = None
    node: str = ""


PREMISES_TERMS: Final = {
    "place": Text("区与归属", "District, zone"),
    "kind": Text("类型", "Type"),
    "size": Text("面积", "Area"),
    "height": Text("层高", "Height"),
    "load": Text("承重", "Floor load"),
    "rent": Text("租金", "Rent"),
    "price": Text("售价", "Sale price"),
    "environment": Text("环评", "Environment"),
    "by": Text("可用日期", "Available"),
    "industry": Text("产业准入", "Industry"),
}
"""Terms of a comparison, in their order."""

MET_TERM: Final = "met"
FAILED_TERM: Final = "failed"
UNKNOWN_TERM: Final = "unknown"
TERM_VERDICTS: Final = {
    MET_TERM: Text("合", "meets"),
    FAILED_TERM: Text("不合", "fails"),
    UNKNOWN_TERM: Text("待核实", "to be checked"),
}
"""What a term of a comparison comes to."""


def compare_terms(table: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Compare premises with what is asked, term by term.

    Returns
    -------
    DataFrame of str
        Index of the table, one column for each of `PREMISES_TERMS` that is asked; values of `TERM_VERDICTS`.

    Notes
    -----
    A term is met or fails only where the list says what has to be known of it.  The industry is met where the text of what
    is admitted holds a keyword of the node or a word of its chain, and never fails: that a text names others excludes
    nobody.

    Examples
    --------
    >>> table = premises_table([{"name": "甲", "area_m2": 8000.0, "height_m": 4.5}, {"name": "乙", "height_m": 8.0}])
    >>> compare_terms(table, Asked(area_from=5000, height_from=6)).to_numpy().tolist()
    [['met', 'failed'], ['unknown', 'met']]
    """
    terms: dict[str, pd.Series] = {}

    def number(term: str, column: str, least: float | None, most: float | None) -> None:
        if least is None and most is None:
            return
        values = table[column].astype(float)
        inside = values.between(-math.inf if least is None else least, math.inf if most is None else most)
        terms[term] = _verdict(inside, values.notna())

    if asked.districts or asked.zones:
        inside = table["district"].isin(asked.districts) | table["zone"].isin(asked.zones)
        known = pd.Series(True, index=table.index)
        if asked.districts:
            known &= table["district"] != ""
        if asked.zones:
            known &= ~table["zone"].isin(["", "unplaced"])
        terms["place"] = _verdict(inside, known | inside)
    if asked.kinds:
        terms["kind"] = _verdict(table["kind"].isin(asked.kinds), table["kind"] != "")
    number("size", "size_m2", asked.area_from, asked.area_to)
    number("height", "height_m", asked.height_from, None)
    number("load", "load_kg_m2", asked.load_from, None)
    number("rent", "rent", None, asked.rent_to)
    number("price", "price", None, asked.price_to)
    if asked.environment:
        order = list(ENVIRONMENT_CLASSES)
        enough = order[order.index(asked.environment) :]
        terms["environment"] = _verdict(table["environment"].isin(enough), table["environment"] != "")
    if asked.by is not None:
        days = table["available_from"]
        free = (days == AVAILABLE_NOW) | ((days != "") & (days <= asked.by.isoformat()))
        terms["by"] = _verdict(free, days != "")
    if asked.node:
        named = table["admitted"].map(lambda text: names_node(text, asked.node)).astype(bool)
        terms["industry"] = _verdict(named, named)
    return pd.DataFrame({term: terms[term] for term in PREMISES_TERMS if term in terms}, index=table.index)


def _verdict(met: pd.Series, known: pd.Series) -> pd.Series:
    said = np.where(known, np.where(met, MET_TERM, FAILED_TERM), UNKNOWN_TERM)
    return pd.Series(said, index=met.index, dtype="object")


_EXCEPT: Final = re.compile(
    r"除(?![尘湿臭菌雾冰霜锈])|不(?![锈限断燃粘溶仅])(?!饱和)(?!干胶)(?!间断)|非(?![金晶标织球公线接遗])(?!制造)|未(?!来)"
    r"|[拒禁勿慎否×✗✘✕❌❎🚫]|谢绝|避免|杜绝|远离|排斥|抵制|回避|绕行|已满|满额|限制|负面|免(?![疫税费检维])|没有|无法|无需|无意|暂缓|停[止招办产]|暂停|关停|淘汰|退出|腾退|清退|劝退|排除|剔除"
    r"|以外|之外|例外|另议|待定|待批|酌情|视情况"
    r"|(?<![a-z])(?:except|exclud|refus|prohibit|forbid)"
    r"|(?<![a-z])(?:no|non|nor|neither|not|never|without|cannot|but|bans?|banned|barred|other than|can['’]?t|don['’]?t)(?![a-z])",
    re.IGNORECASE,
)
"""Words of a text that speaks of exceptions; 不锈钢, 除尘, 非金属, 未来 and the like are none."""


def names_node(text: str, node: str) -> bool:
    """Whether what premises admit names the industry of a node, by its keywords or the words of its chain.

    A text that speaks of exceptions is not read.

    Examples
    --------
    >>> names_node("生物医药、医疗器械", "BIO-D1"), names_node("除生物医药外", "BIO-D1"), names_node("", "BIO-D1")
    (True, False, False)
    """
    plain = fold(text)
    if not plain or _EXCEPT.search(text):
        return False
    about = load_chains().loc[node]
    return any(fold(word) in plain for word in (*about["keywords"], *TYPE_WORDS[about["chain"]]))


def rank(terms: pd.DataFrame) -> pd.DataFrame:
    """Order compared premises: fewest terms that fail, then fewest unknown; rows that are equal keep their order.

    Returns
    -------
    DataFrame of int
        Sorted; `met`, `failed`, `unknown` terms of each row.

    Examples
    --------
    >>> terms = pd.DataFrame({"size": ["unknown", "met"], "rent": ["met", "met"]}, index=["a", "b"])
    >>> rank(terms).index.tolist()
    ['b', 'a']
    """
    counts = pd.DataFrame({verdict: (terms == verdict).sum(axis=1) for verdict in TERM_VERDICTS}, index=terms.index)
    return counts.astype(int).sort_values([FAILED_TERM, UNKNOWN_TERM], kind="stable")


def fact_of(row: Mapping[str, Any], column: str, lang: str, *, written: bool = False) -> str:
    """What a column says of premises, in words; ``""`` where nothing is known.

    Parameters
    ----------
    row : mapping
        Row of `premises_table`.
    column : str
        Of `PREMISES_COLUMNS`.
    lang : {"zh", "en"}
    written : bool
        With what the list wrote, where that was in another unit.

    Examples
    --------
    >>> row = premises_table([{"name": "甲", "area_m2": 8000.0, "written": {"area_m2": "12 亩"}}]).iloc[0]
    >>> fact_of(row, "area_m2", "zh", written=True), fact_of(row, "rent", "en")
    ('8,000 ㎡（原文 12 亩）', '')
    """
    value = row[column]
    words = code_words(column, lang)
    if PREMISES_COLUMNS[column].kind != "number":
        if column == "environment" and not value:
            return str(row["environment_text"])
        return words.get(value, str(value))
    if value is None or math.isnan(value):
        unread = row["written"].get(column, "") if written else ""
        return unread and (f"not understood (written: {unread})" if lang == "en" else f"没有读懂（原文 {unread}）")
    text = f"{value:,.4f}".rstrip("0").rstrip(".") if column in QUANTITIES else f"{value:,.0f}"
    said = f"{text} {QUANTITIES[column].unit.of(lang)}" if column in QUANTITIES else text
    if written and column in row["written"]:
        own = row["written"][column]
        said += f" (written: {own})" if lang == "en" else f"（原文 {own}）"
    return said


def size_column(row: Mapping[str, Any]) -> str:
    """The column that `size_m2` of a row is, or would be if it had been read.

    Examples
    --------
    >>> size_column(premises_table([{"name": "甲", "area_m2": 8000.0}]).iloc[0])
    'area_m2'
    """
    columns = ("available_m2", "area_m2", "land_m2")
    said = (name for name in columns if not pd.isna(row[name]) or name in row["written"])
    return next(said, columns[0])


@cache
def code_words(column: str, lang: str) -> Mapping[str, str]:
    """Codes of a column → their words; empty for a column without codes."""
    named: Mapping[str, Any] = {
        "kind": PREMISES_KINDS,
        "environment": ENVIRONMENT_CLASSES,
        "location_precision": PRECISION_LABELS,
        "zone": options("zone"),
        "available_from": {AVAILABLE_NOW: Text("即可", "now")},
    }.get(column, {})
    if column == "district":
        return dict(attributes()["name_en" if lang == "en" else "name_zh"])
    return {code: Text(*pair).of(lang) for code, pair in named.items()}


def as_file(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table with headings and words of a language, as it leaves the page and can be imported again.

    The point of what is no site is left out: it stands for a road, a park, a town or a district.
    """
    columns = {}
    for name in PREMISES_COLUMNS:
        values = table[name]
        if name == "available_m2":  # what was not read goes as it came, or the whole would stand for it next time
            own = pd.Series([one.get(name, "") for one in table["written"]], table.index, dtype="object")
            unread = values.isna() & (own != "")
            values = values.astype("object").mask(unread, own) if unread.any() else values
        if name in ("lon", "lat"):
            values = values.where(table["location_precision"] == "site")
        if words := code_words(name, lang):
            values = values.map(lambda value, own=words: own.get(value, value))
        columns[column_title(name, lang)] = values
    environment = column_title("environment", lang)
    columns[environment] = columns[environment].where(columns[environment] != "", table["environment_text"])
    columns.pop(column_title("environment_text", lang))
    return pd.DataFrame(columns)

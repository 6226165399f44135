"""What a row of the sample must bring with it: a name that is new, an evidence that its source's words bear, no person.

`data check` reads a contributor's file by these rules, and the build reads the sample itself by those of them that its
columns allow: a row that claims more than its evidence stops both.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import pandas as pd

from geo.codes.industries import CODE_OF
from geo.codes.options import EVIDENCE_LABELS, NONE, ORIGIN_LABELS
from geo.enterprises.redact import redact
from geo.ingest.values.privacy import is_personal_title
from geo.places.districts import adcodes_of, locate
from geo.places.gazetteer import read_address
from geo.text import name_key, visible

REQUIRED: Final = (
    *("name", "district", "district_evidence", "district_words", "district_source_title", "district_source_url"),
    *("address", "address_source_title", "industry", "origin", "licence"),
)
"""Columns that a contributor's file has, empty where nothing is known."""

CLAIMS: Final = tuple(code for code in EVIDENCE_LABELS if code not in ("imported", NONE))
_POSTCODE: Final = re.compile(r"(?<!\d)20[0-2]\d{3}(?!\d)")


class Problem(NamedTuple):
    """What is wrong with a row, counted as a spreadsheet shows it (2 is the first below the header), or with the file."""

    row: int
    column: str
    said: str


def problems_of(rows: pd.DataFrame, sample: pd.DataFrame) -> list[Problem]:
    """What keeps a contributor's rows from the sample; empty when nothing does.

    Parameters
    ----------
    rows : DataFrame of str
        As read from the file, with the columns of `REQUIRED`, ``""`` where nothing is said; `lon_wgs84` and `lat_wgs84`
        [degrees, WGS-84] may be there.
    sample : DataFrame of str
        The rows that are there, with `name` and, if known, `name_en`.

    Returns
    -------
    list of Problem
        By row.  Row 1 is the header.

    Examples
    --------
    >>> row = dict.fromkeys(REQUIRED, "") | {"name": "某公司", "district": "松江区", "district_evidence": "source",
    ...     "district_words": "位于嘉定", "district_source_title": "某公告", "industry": "汽车", "origin": "published",
    ...     "licence": "事实"}
    >>> [problem.column for problem in problems_of(pd.DataFrame([row]), pd.DataFrame({"name": []}))]
    ['district_words']
    """
    missing = [column for column in REQUIRED if column not in rows.columns]
    if missing:
        return [Problem(1, "、".join(missing), f"缺列；应有 {'、'.join(REQUIRED)}")]
    titles = [Problem(1, title, "含个人信息的列，请删去") for title in rows.columns if is_personal_title(title)]
    found = [*_doubled(rows, sample), *_personal(rows), *unsupported(rows), *_unknown(rows)]
    return titles + sorted(found)


def unsupported(rows: pd.DataFrame) -> list[Problem]:
    """Rows whose district is claimed with more evidence than they bring.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["某公司"], "district": ["松江区"], "district_evidence": ["source"],
    ...                      "district_words": [""], "district_source_title": [""], "address": [""]})
    >>> unsupported(rows)[0].said
    '声称有来源（source），却没有来源标题'
    """
    adcodes = adcodes_of(rows["district"])
    found = []
    fields = rows[["district", "district_evidence", "district_words", "district_source_title", "address"]]
    for row, (adcode, (district, claim, words, title, address)) in enumerate(
        zip(adcodes, fields.itertuples(index=False, name=None), strict=True), 2
    ):
        named = read_address(address)
        if district and not adcode:
            found.append(Problem(row, "district", f"“{district}”不是上海16区之一"))
        if bool(district) != bool(claim):
            found.append(Problem(row, "district_evidence", "所在区与它的证据应同时填写"))
        if claim and claim not in CLAIMS:
            found.append(Problem(row, "district_evidence", f"“{claim}”不是证据等级之一：{'、'.join(CLAIMS)}"))
        if claim == "source" and not title:
            found.append(Problem(row, "district_source_title", "声称有来源（source），却没有来源标题"))
        if claim == "source" and words and adcode and read_address(f"shanghai {words}").adcode != adcode:
            found.append(Problem(row, "district_words", f"来源的原话“{words}”没有写出{district}"))
        if address and named.outside:
            found.append(Problem(row, "address", "地址写的是上海以外"))
        if address and adcode and named.adcode not in ("", adcode):
            found.append(Problem(row, "address", f"地址写的不是{district}"))
    return found


def _unknown(rows: pd.DataFrame) -> Iterator[Problem]:
    """Values that the columns do not take, and what a contributor has to say beside them."""
    for row, cells in enumerate(rows.to_dict("records"), 2):
        if not visible(cells["name"]).strip():
            yield Problem(row, "name", "没有企业名称")
        if cells["industry"] and cells["industry"] not in CODE_OF:
            yield Problem(row, "industry", f"“{cells['industry']}”不是行业之一：{'、'.join(CODE_OF)}")
        if cells["origin"] not in ORIGIN_LABELS or cells["origin"] == NONE:
            yield Problem(
                row, "origin", f"应是名单来源之一：{'、'.join(code for code in ORIGIN_LABELS if code != NONE)}"
            )
        if not cells["licence"]:
            yield Problem(row, "licence", "没有写明来源的许可")
        if cells["district_evidence"] == "source" and not cells["district_words"]:
            yield Problem(row, "district_words", "声称有来源（source），却没有抄录写出区名的原话")
        if cells["district_evidence"] == "postcode" and not _POSTCODE.search(cells["address"]):
            yield Problem(row, "address", "按邮编定区，地址里却没有上海的邮编")
        if cells["address"] and not cells["address_source_title"]:
            yield Problem(row, "address_source_title", "地址没有来源标题")
        yield from _point(row, cells)


def _point(row: int, cells: dict[str, str]) -> Iterator[Problem]:
    lon, lat = (str(cells.get(column, "")).strip() for column in ("lon_wgs84", "lat_wgs84"))
    if not (lon or lat):
        return
    try:
        point = locate([float(lon)], [float(lat)])[0]
    except ValueError:
        yield Problem(row, "lon_wgs84", f"“{lon}, {lat}”不是一对度数")
        return
    if not point:
        yield Problem(row, "lon_wgs84", "坐标不在上海；应是 WGS-84 的度数，经度在前")
    elif cells["district"] and point != adcodes_of(pd.Series([cells["district"]]))[0]:
        yield Problem(row, "lon_wgs84", f"坐标不在{cells['district']}")


def _doubled(rows: pd.DataFrame, sample: pd.DataFrame) -> Iterator[Problem]:
    there = {name_key(name) for column in ("name", "name_en") if column in sample for name in sample[column] if name}
    seen: dict[str, int] = {}
    for row, name in enumerate(rows["name"], 2):
        key = name_key(name)
        if key and key in there:
            yield Problem(row, "name", f"“{name}”已在样本中")
        elif key and key in seen:
            yield Problem(row, "name", f"“{name}”与第 {seen[key]} 行相同")
        seen.setdefault(key, row)


def _personal(rows: pd.DataFrame) -> Iterator[Problem]:
    for column in rows.columns:
        for row in (redact(rows[column]).changed.nonzero()[0] + 2).tolist():
            yield Problem(row, column, "含电话、邮箱或身份号码，请删去")

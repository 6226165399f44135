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
from geo.errors import DataError
from geo.places.districts import adcodes_of, attributes
from geo.places.geocoding import place
from geo.text import fold

COLUMNS: Final[dict[str, str]] = {
    "enterprise_id": "编号，同一企业每次相同",
    "name": "企业名称",
    "aliases": "曾用名与合并名，以 ; 分隔",
    "uscc": "统一社会信用代码",
    "uscc_valid": "统一社会信用代码是否通过校验",
    "status": "登记状态：active、moved_out、deregistered、revoked、liquidating、suspended、unknown",
    "founded": "成立日期",
    "capital_amount": "注册资本 [capital_currency 的元]",
    "capital_currency": "注册资本币种，ISO 4217",
    "insured": "参保人数 [人]",
    "size": "企业规模，原文",
    "address": "地址，原文",
    "adcode": "所在区的行政区划代码，未定位为空",
    "district": "所在区名称",
    "district_basis": "区的依据：stated、coordinates、address",
    "town": "街道或镇",
    "park": "园区",
    "zone": "一核一带归属：core、belt、other、unplaced",
    "industry": "计划行业代码",
    "industry_detail": "行业细目，原文",
    "gb4754": "国民经济行业代码 GB/T 4754-2017",
    "business_scope": "经营范围",
    "recognitions": "称号与上市的代码，以 ; 分隔",
    "stock_code": "股票代码",
    "evidence": "所在区的证据：source、postcode、inferred、unverified、imported、none",
    "district_source_title": "所在区的来源标题",
    "district_source_url": "所在区的来源链接",
    "address_evidence": "地址的证据",
    "address_source_title": "地址的来源标题",
    "address_source_url": "地址的来源链接",
    "name_evidence": "名称的证据",
    "kind": "company 企业、site 厂区、hypothetical 假设",
    "compiled": "编纂日期",
    "lon": "经度 [度，WGS-84]",
    "lat": "纬度 [度，WGS-84]",
    "location_precision": "定位精度：site、road、park、town、district、none",
    "location_error_m": "预期误差 [m]",
    "location_conflict": "位置证据的矛盾",
    "location_note": "位置说明",
    "witnesses": "位置证据是否一致：agree、conflict",
    "registration": "登记地址：own、shared（集中登记地）",
    "lon_raw": "原坐标经度，因矛盾或坐标系未定而搁置",
    "lat_raw": "原坐标纬度，因矛盾或坐标系未定而搁置",
    "source_file": "来源文件",
    "source_row": "来源文件中的行号，自 1 起",
    "corrected": "由人更正过的列，以 ; 分隔",
}
"""Canonical columns in their order → what they hold."""

NUMERIC: Final = frozenset(
    ["uscc_valid", "capital_amount", "insured", "lon", "lat", "location_error_m", "lon_raw", "lat_raw", "source_row"]
)
"""Columns that are numbers or truth values; all others are text, empty where nothing is known."""


def load_enterprises() -> gpd.GeoDataFrame:
    """Load the built-in sample, each enterprise placed by its best witness.

    Returns
    -------
    GeoDataFrame, 436 rows, EPSG:4326
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
    (436, ['belt', 'core', 'other', 'unplaced'])
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
    park = placed["park"].where(placed["park"] != "", raw["town_or_park"])
    table = raw.assign(
        **placed.drop(columns="park"),
        enterprise_id=enterprise_ids(raw["name"]),
        park=park,
        district=placed["adcode"].map(attributes()["name_zh"]).fillna("").astype(str),
        industry=industry,
        recognitions=kinds,
        evidence=raw["district_evidence"].replace("", "none"),
        source_file="enterprises.csv",
        source_row=range(2, len(raw) + 2),
        status="unknown",
    )
    return as_enterprises(table)


def as_enterprises(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Bring a table to the canonical columns and geometry; columns it lacks become empty, others are kept last."""
    return with_points(canonical(table))


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


def with_points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """A table of canonical columns with its geometry, under the index `enterprise_id`."""
    frame = gpd.GeoDataFrame(table, geometry=points(table["lon"], table["lat"]), crs=STORAGE_CRS)
    return frame.set_index("enterprise_id", drop=False).rename_axis(None)


def enterprise_ids(names: pd.Series) -> pd.Series:
    """Identifier of each enterprise, from its folded name alone: the same name has the same id everywhere.

    Examples
    --------
    >>> enterprise_ids(pd.Series(["上海Ａ（集团）公司", "上海A(集团)公司"])).nunique()
    1
    """
    return names.map(lambda name: "E" + hashlib.sha256(fold(str(name)).encode()).hexdigest()[:12])


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

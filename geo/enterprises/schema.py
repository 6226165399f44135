"""What a user sees instead of column names and codes, in Chinese and English."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from geo.codes.options import STATUS_LABELS, options

COLUMN_LABELS: Final[dict[str, tuple[str, str]]] = {
    "enterprise_id": ("编号", "ID"),
    "name": ("企业名称", "Enterprise"),
    "aliases": ("曾用名", "Former names"),
    "uscc": ("统一社会信用代码", "Credit code (USCC)"),
    "uscc_valid": ("信用代码有效", "USCC valid"),
    "status": ("登记状态", "Status"),
    "founded": ("成立日期", "Founded"),
    "capital_amount": ("注册资本", "Capital"),
    "capital_currency": ("资本币种", "Currency"),
    "insured": ("参保人数", "Insured staff"),
    "size": ("企业规模", "Size"),
    "address": ("地址", "Address"),
    "adcode": ("区划代码", "Adcode"),
    "district": ("所在区", "District"),
    "district_basis": ("区的依据", "District known from"),
    "town": ("街道/镇", "Town"),
    "park": ("园区", "Park"),
    "zone": ("一核一带", "Zone"),
    "industry": ("行业", "Industry"),
    "industry_detail": ("行业细目", "Industry detail"),
    "gb4754": ("国标行业代码", "GB/T 4754 code"),
    "business_scope": ("经营范围", "Business scope"),
    "recognitions": ("称号与上市", "Recognitions and listings"),
    "stock_code": ("股票代码", "Stock code"),
    "evidence": ("所在区证据", "District evidence"),
    "district_source_title": ("所在区来源", "District source"),
    "district_source_url": ("所在区来源链接", "District source link"),
    "address_evidence": ("地址证据", "Address evidence"),
    "address_source_title": ("地址来源", "Address source"),
    "address_source_url": ("地址来源链接", "Address source link"),
    "name_evidence": ("名称证据", "Name evidence"),
    "kind": ("类别", "Kind"),
    "compiled": ("编纂日期", "Compiled"),
    "lon": ("经度", "Longitude"),
    "lat": ("纬度", "Latitude"),
    "location_precision": ("定位精度", "Location precision"),
    "location_error_m": ("预期误差（米）", "Expected error (m)"),
    "location_conflict": ("位置矛盾", "Location conflict"),
    "location_note": ("位置说明", "Location note"),
    "witnesses": ("位置证据", "Location witnesses"),
    "registration": ("登记地址", "Registration address"),
    "lon_raw": ("原经度", "Original longitude"),
    "lat_raw": ("原纬度", "Original latitude"),
    "source_file": ("来源文件", "Source file"),
    "source_row": ("来源行号", "Source row"),
    "corrected": ("更正过的列", "Corrected columns"),
}
"""Canonical column → short header in Chinese and English."""

BASIS_LABELS: Final[dict[str, tuple[str, str]]] = {
    "stated": ("登记的区", "Stated district"),
    "coordinates": ("坐标", "Coordinates"),
    "address": ("地址文字", "Address text"),
}
PRECISION_LABELS: Final[dict[str, tuple[str, str]]] = {
    "site": ("坐标", "Own coordinate"),
    "road": ("道路与门牌", "Road and house number"),
    "park": ("园区", "Park"),
    "town": ("街镇", "Town"),
    "district": ("区或片区", "District or area"),
    "none": ("未定位", "Not located"),
}
KIND_LABELS: Final[dict[str, tuple[str, str]]] = {
    "company": ("企业", "Company"),
    "site": ("厂区", "Site"),
    "hypothetical": ("假设的企业（不存在）", "Hypothetical (does not exist)"),
}
EVIDENCE_LABELS: Final[dict[str, tuple[str, str]]] = {
    "source": ("来源可查", "Published source"),
    "unverified": ("待核实", "Unverified"),
}
_YES_NO: Final[dict[str, tuple[str, str]]] = {"True": ("是", "Yes"), "False": ("否", "No")}

_CODED: Final[dict[str, Callable[[], Mapping[str, tuple[str, str]]]]] = {
    "zone": lambda: options("zone"),
    "industry": lambda: options("industry"),
    "evidence": lambda: options("evidence"),
    "witnesses": lambda: options("witnesses"),
    "registration": lambda: options("registration"),
    "recognitions": lambda: options("recognition"),
    "status": lambda: STATUS_LABELS,
    "district_basis": lambda: BASIS_LABELS,
    "location_precision": lambda: PRECISION_LABELS,
    "kind": lambda: KIND_LABELS,
    "address_evidence": lambda: EVIDENCE_LABELS,
    "name_evidence": lambda: EVIDENCE_LABELS,
    "uscc_valid": lambda: _YES_NO,
    "corrected": lambda: COLUMN_LABELS | {"point": ("坐标", "Coordinates")},
}
"""Column → its codes with their names."""


def labelled(frame: pd.DataFrame, lang: str = "zh") -> pd.DataFrame:
    """Replace column names and codes by what a user calls them.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Canonical columns, any of them; others stay as they are.
    lang : {"zh", "en"}

    Returns
    -------
    DataFrame or GeoDataFrame
        Same rows, index and geometry.  A code without a name stays as it is, an empty cell stays empty; a list of
        recognitions is joined by ``、`` or ``; ``.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["某公司"], "zone": ["core"], "recognitions": ["star-market;lighthouse"]})
    >>> labelled(frame).to_dict("records")
    [{'企业名称': '某公司', '一核一带': '核：临港', '称号与上市': '科创板上市、WEF灯塔工厂'}]
    >>> labelled(frame, "en").loc[0, "Zone"]
    'Core: Lingang'
    """
    place = int(lang == "en")
    result = frame.copy()
    for column, codes in _CODED.items():
        if column in result.columns:
            names = {code: pair[place] for code, pair in codes().items()}
            result[column] = _texts(
                result[column], names, "; " if place else "、", many=column in ("recognitions", "corrected")
            )
    if place and {"district", "adcode"} <= set(result.columns):
        english = {code: pair[1] for code, pair in options("district").items()}
        result["district"] = result["adcode"].map(english).fillna(result["district"])
    return result.rename(columns={column: pair[place] for column, pair in COLUMN_LABELS.items()})


def _texts(values: pd.Series, names: Mapping[str, str], separator: str, *, many: bool) -> pd.Series:
    def text(value: object) -> str:
        if value is None or value is pd.NA or value != value:
            return ""
        codes = str(value).split(";") if many else [str(value)]
        return separator.join(names.get(code, code) for code in codes)

    return pd.Series([text(value) for value in values], index=values.index, dtype=str)

"""The columns of the enterprise table, each once: what it is called, what it holds, and who may do what with it.

Import, table, labels, card, comparison, correction and export all read `COLUMNS`: a further column of an import is one
entry here, and a reader in `geo.ingest.rows` where the cell is not taken as it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from geo.codes.options import EVIDENCE_LABELS, ORIGIN_LABELS, STATUS_LABELS, held_options, options
from geo.text import Text

BASIS_LABELS: Final[dict[str, Text]] = {
    "stated": Text("登记的区", "Stated district"),
    "coordinates": Text("坐标", "Coordinates"),
    "address": Text("地址文字", "Address text"),
}
PRECISION_LABELS: Final[dict[str, Text]] = {
    "site": Text("坐标", "Own coordinate"),
    "road": Text("道路与门牌", "Road and house number"),
    "park": Text("园区", "Park"),
    "town": Text("街镇", "Town"),
    "district": Text("区或片区", "District or area"),
    "none": Text("未定位", "Not located"),
}
KIND_LABELS: Final[dict[str, Text]] = {
    "company": Text("企业", "Company"),
    "site": Text("厂区", "Site"),
    "hypothetical": Text("假设的企业（不存在）", "Hypothetical (does not exist)"),
}
_YES_NO: Final[dict[str, Text]] = {"True": Text("是", "Yes"), "False": Text("否", "No")}

Kind = Literal["text", "code", "date", "number", "count", "flag"]


@dataclass(frozen=True)
class Column:
    """A column of the enterprise table.

    Parameters
    ----------
    name : str
        Canonical name, in files and exports.
    label : Text
        Header that a user sees.
    meaning : str
        What it holds, with its unit.
    kind : {"text", "code", "date", "number", "count", "flag"}
        Text, a code that no program shall take for a number, an ISO 8601 day, a real or a whole number, whether.
        Text, codes and days are empty where nothing is known, the others missing.
    codes : callable, optional
        Gives the codes it may hold with their names; tables show the code itself where `kind` is ``code``.
    many : bool
        A cell holds several codes, joined by ``;``.
    spellings : str
        Headers under which vendors' and home-made lists have it, joined by ``、``, the preferred first; empty where it is
        not imported.
    own_reader : bool
        `geo.ingest.rows` has code of its own that reads it; else text is taken as it stands, a day or count is read.
    computed : bool
        An import computes it: that of an earlier export is not taken over.
    part_of : str
        Column that says it together with this one: they are filled as one and shown as one fact.
    section : {"", "registered", "industry", "place", "doubt", "origin"}
        Where in the profile of an enterprise it stands, if at all.
    brief : bool
        It stands in the short form of the profile too, the popup of the map.
    sourced_by : tuple of str
        Columns of its evidence, of the title and of the link of its source.
    public : bool
        It may stand in a packet, which leaves the house.
    searched : bool
        The text filter looks into it.
    compared : bool
        A difference between two releases is a change of the enterprise.
    correctable : bool
        A person may put it right.
    max_length : int
        Longest text [characters] of a correction.

    Examples
    --------
    >>> COLUMNS["status"].say("active", "en"), COLUMNS["recognitions"].say("star-market;lighthouse")
    ('Active', '科创板上市、WEF灯塔工厂')
    """

    name: str
    label: Text
    meaning: str
    kind: Kind = "text"
    codes: Callable[[], Mapping[str, Text]] | None = None
    many: bool = False
    spellings: str = ""
    own_reader: bool = False
    computed: bool = False
    part_of: str = ""
    section: Literal["", "registered", "industry", "place", "doubt", "origin"] = ""
    brief: bool = False
    sourced_by: tuple[str, ...] = ()
    public: bool = True
    searched: bool = False
    compared: bool = False
    correctable: bool = False
    max_length: int = 200

    @property
    def as_it_stands(self) -> bool:
        """Whether an import takes the text of the cell without reading it into something else."""
        return bool(self.spellings) and self.kind in ("text", "code") and not self.own_reader

    def say(self, value: Any, lang: str = "zh") -> str:
        """A value of the column in words; a code without a name stays as it is, ``""`` where nothing is known."""
        if value is None or value is pd.NA or value != value:
            return ""
        if self.codes is None:
            return f"{value:,.10g}" if isinstance(value, float) else str(value)
        names = self.codes()
        codes = str(value).split(";") if self.many else [str(value)]
        return ("; " if lang == "en" else "、").join(names[code].of(lang) if code in names else code for code in codes)


# fmt: off
_COLUMNS: Final = (
    Column("enterprise_id", Text("编号", "ID"), "编号，同一企业每次相同", kind="code", computed=True),
    Column("name", Text("企业名称", "Enterprise"), "企业名称", section="registered", sourced_by=("name_evidence",),
           searched=True,
           spellings="系统匹配企业名称、企业名称、公司名称、单位名称、机构名称、企业全称、公司全称、单位全称、厂名、厂家名称、工厂名称、"
                     "企业（机构）名称、企业（单位）名称、单位（企业）名称、市场主体名称、纳税人名称、企业中文名称、公司中文名称、企业全名、"
                     "公司全名、主体名称、市场主体、法人单位名称、法人单位、机构全称、商户名称、商家名称、"
                     "名称、企业、公司、单位、申报单位、申报企业、入驻企业、纳税人、name、company、"
                     "company name、companyname、enterprise、enterprise name、enterprise_name、entname、ent_name、"
                     "corpname、corp_name、org_name、orgname、qymc、dwmc、nsrmc、ztmc"),
    Column("aliases", Text("曾用名", "Former names"), "曾用名与合并名，以 ; 分隔", section="registered",
           searched=True, spellings="曾用名、历史名称、历史名、原名称、aliases、former name、former names"),
    Column("name_en", Text("英文名", "English name"), "登记或公布的英文名", section="registered", searched=True,
           spellings="英文名、英文名称、英文全称、企业英文名、企业英文名称、公司英文名、公司英文名称、英文企业名称、"
                     "name_en、english name、english_name"),
    Column("short_name", Text("简称", "Short name"), "简称，原文", section="registered", searched=True,
           spellings="简称、企业简称、公司简称、单位简称、股票简称、证券简称、short_name、short name"),
    Column("uscc", Text("统一社会信用代码", "Credit code (USCC)"), "统一社会信用代码", kind="code", own_reader=True,
           section="registered", brief=True, searched=True, compared=True,
           spellings="统一社会信用代码、社会信用代码、统一信用代码、信用代码、统一代码、"
                     "统一社会信用代码/注册号、统一社会信用代码/组织机构代码、统一社会信用代码证号、统一社会信用代码号、社会统一信用代码、"
                     "uscc、credit code、credit_code、creditcode、credit_no、creditno、uniscid、"
                     "unified_social_credit_code、tyshxydm、shxydm、xydm、纳税人识别号、税号"),
    Column("uscc_valid", Text("信用代码有效", "USCC valid"), "统一社会信用代码是否通过校验", kind="flag",
           codes=lambda: _YES_NO, computed=True, section="registered"),
    Column("status", Text("登记状态", "Status"), "登记状态：active、moved_out、deregistered、revoked、liquidating、suspended、unknown",
           codes=lambda: STATUS_LABELS, own_reader=True, section="registered", compared=True, correctable=True,
           spellings="登记状态、经营状态、企业状态、存续状态、主体状态、营业状态、状态、status、regstatus、reg_status、"
                     "regstate、operating_status、djzt、jyzt"),
    Column("founded", Text("成立日期", "Founded"), "成立日期", kind="date", section="registered", compared=True,
           correctable=True,
           spellings="成立日期、成立时间、注册日期、注册时间、设立日期、设立时间、创立日期、创办时间、"
                     "注册成立日期、注册登记日期、工商注册时间、开业日期、开业时间、founded、estiblishtime、establishtime、"
                     "establish_date、startdate、estdate、es_date、regdate、reg_date、clrq、clsj"),
    Column("capital_amount", Text("注册资本", "Capital"), "注册资本 [capital_currency 的元]", kind="number",
           own_reader=True, section="registered", compared=True, correctable=True,
           spellings="注册资本、注册资本金额、注册资本数额、注册资金、注册资金金额、注册资本（金）、认缴注册资本、"
                     "注册资本总额、注册资本数、注册资本（出资额）、资本金、开办资金、出资额、出资总额、capital_amount、capital、"
                     "registered capital、registered_capital、regcapital、registcapi、reg_capital、"
                     "regcap、reg_cap、zczb、zczj、注册资本额、注册资本金"),
    Column("capital_currency", Text("资本币种", "Currency"), "注册资本币种，ISO 4217", own_reader=True,
           part_of="capital_amount", compared=True, correctable=True,
           spellings="注册资本币种、币种、注册资本单位、资本单位、注册资金单位、capital_currency、regcapcur、currency"),
    Column("insured", Text("参保人数", "Insured staff"), "参保人数 [人]", kind="count", section="registered",
           compared=True, spellings="参保人数、社保人数、缴纳社保人数、从业人数、insured"),
    Column("size", Text("企业规模", "Size"), "企业规模，原文", section="registered", compared=True, correctable=True,
           max_length=40, spellings="企业规模、公司规模、规模、size"),
    Column("address", Text("地址", "Address"), "地址，原文", section="place", brief=True,
           sourced_by=("address_evidence", "address_source_title", "address_source_url"), searched=True,
           correctable=True,
           spellings="企业地址、注册地址、企业注册地址、公司地址、单位地址、地址、详细地址、住所、企业住所、"
                     "注册地、注册地点、登记地址、登记住所、企业注册地、住所/经营场所、注册地址/住所、"
                     "企业详细地址、单位详细地址、具体地址、详细住址、经营地址、生产经营地址、经营场所、经营场所地址、实际经营地址、营业地址、"
                     "生产地址、厂址、办公地址、address、reglocation、regaddr、reg_address、addr、dom、oploc、oplocation、"
                     "formatted_address、zcdz、jydz、dizhi、最新年报地址、通信地址、通讯地址、联系地址"),
    Column("adcode", Text("区划代码", "Adcode"), "所在区的行政区划代码，未定位为空", kind="code",
           codes=lambda: options("district"), computed=True, part_of="district", correctable=True),
    Column("district", Text("所在区", "District"), "所在区名称", own_reader=True, section="place", brief=True,
           sourced_by=("evidence", "district_source_title", "district_source_url"),
           spellings="所属区县、所在区县、所属区、所在区、区县、行政区、行政区划、注册区、所在地区、辖区、区、"
                     "所属县区、区/县、所属区/县、所在行政区、行政区域、注册所在区、注册区域、注册地区、所属地区、所属区域、所在区域、归属区、"
                     "区属、隶属区、所属辖区、属地区、区域、属地、归属地、地区、区县代码、区划代码、行政区划代码、行政区代码、district、district_name、"
                     "county、county_name、adname、adcode、ssqx、ssq、xzqh"),
    Column("district_basis", Text("区的依据", "District known from"), "区的依据：stated、coordinates、address",
           codes=lambda: BASIS_LABELS, computed=True, section="place"),
    Column("town", Text("街道/镇", "Town"), "街道或镇", section="place", brief=True, searched=True, correctable=True,
           max_length=40, spellings="所属街道、所属街镇、所属乡镇、街道、街镇、乡镇、街道乡镇、镇、"
                     "所在街镇、所在街道、所在镇、所属镇、属地街镇、镇街、所属街道/镇、街道/镇、镇/街道、town"),
    Column("park", Text("园区", "Park"), "园区", section="place", brief=True, searched=True, correctable=True,
           max_length=80, spellings="所属园区、所在园区、园区、园区名称、产业园区、工业园区、开发区、"
                     "所在园区名称、所属园区名称、入驻园区、归属园区、所属开发区、载体名称、park"),
    Column("zone", Text("一核一带", "Zone"), "一核一带归属：core、belt、other、unplaced",
           codes=lambda: options("zone"), computed=True, section="place", brief=True),
    Column("industry", Text("行业", "Industry"), "计划行业代码", codes=lambda: options("industry"), own_reader=True,
           section="industry", brief=True, compared=True, correctable=True,
           spellings="计划行业、重点产业、所属产业、产业领域、产业、industry"),
    Column("industry_detail", Text("行业细目", "Industry detail"), "行业细目，原文", section="industry", brief=True,
           spellings="所属行业、国标行业、国民经济行业、国民经济行业分类、行业名称、行业分类、行业、主营行业、"
                     "国民经济行业名称、所属国民经济行业、行业类别、主要行业、行业领域、industry_detail、industryname、industry_name、"
                     "hymc、sshy"),
    Column("gb4754", Text("国标行业代码", "GB/T 4754 code"), "国民经济行业代码 GB/T 4754-2017", kind="code",
           codes=lambda: options("gb4754"), own_reader=True, section="industry", compared=True, correctable=True,
           spellings="国民经济行业代码、国标行业代码、行业代码、"
                     "国民经济行业小类代码、行业小类代码、国标代码、industry_code、industryco、hydm、gb4754"),
    Column("business_scope", Text("经营范围", "Business scope"), "经营范围", section="industry", public=False,
           compared=True, spellings="经营范围、主营业务、主营产品、经营业务、business_scope、businessscope、opscope、jyfw"),
    Column("recognitions", Text("称号与上市", "Recognitions and listings"), "称号与上市的代码，以 ; 分隔",
           codes=lambda: held_options("recognition"), many=True, section="industry", brief=True, compared=True,
           spellings="recognitions"),
    Column("stock_code", Text("股票代码", "Stock code"), "股票代码", kind="code", section="registered", brief=True,
           searched=True, spellings="stock_code、股票代码、证券代码"),
    Column("evidence", Text("所在区证据", "District evidence"), "所在区的证据：source、postcode、inferred、unverified、imported、none",
           codes=lambda: EVIDENCE_LABELS),
    Column("district_source_title", Text("所在区来源", "District source"), "所在区的来源标题"),
    Column("district_source_url", Text("所在区来源链接", "District source link"), "所在区的来源链接"),
    Column("address_evidence", Text("地址证据", "Address evidence"), "地址的证据", codes=lambda: EVIDENCE_LABELS),
    Column("district_words", Text("区的原话", "District in the source's words"), "来源写出所在区的原话"),
    Column("address_source_title", Text("地址来源", "Address source"), "地址的来源标题"),
    Column("address_source_url", Text("地址来源链接", "Address source link"), "地址的来源链接"),
    Column("name_evidence", Text("名称证据", "Name evidence"), "名称的证据", codes=lambda: EVIDENCE_LABELS),
    Column("kind", Text("类别", "Kind"), "company 企业、site 厂区、hypothetical 假设", codes=lambda: KIND_LABELS,
           section="registered"),
    Column("origin", Text("名单来源", "List of origin"), "样本的行来自哪一类名单：exchange、published、mac-registry、brand-list",
           codes=lambda: ORIGIN_LABELS, section="origin", brief=True),
    Column("compiled", Text("编纂日期", "Compiled"), "编纂日期", kind="date", section="origin", brief=True),
    Column("lon", Text("经度", "Longitude"), "经度 [度，WGS-84]", kind="number", own_reader=True, section="place",
           spellings="经度、lng、lon、longitude、long、x、x坐标"),
    Column("lat", Text("纬度", "Latitude"), "纬度 [度，WGS-84]", kind="number", own_reader=True, part_of="lon",
           spellings="纬度、lat、latitude、y、y坐标"),
    Column("location_precision", Text("定位精度", "Location precision"), "定位精度：site、road、park、town、district、none",
           codes=lambda: PRECISION_LABELS, own_reader=True, section="place", brief=True,
           spellings="location_precision"),
    Column("location_error_m", Text("预期误差（米）", "Expected error (m)"), "预期误差 [m]", kind="number",
           computed=True, part_of="location_precision"),
    Column("location_conflict", Text("位置矛盾", "Location conflict"), "位置证据的矛盾", computed=True,
           section="doubt", brief=True),
    Column("location_note", Text("位置说明", "Location note"), "位置说明", computed=True, section="doubt", brief=True),
    Column("second_source", Text("另一来源所载", "As another source says"), "另一来源所载的区与地址，与所载不同时", computed=True,
           section="doubt", sourced_by=("", "second_source_title", "second_source_url")),
    Column("second_source_title", Text("另一来源", "Other source"), "另一来源的标题", computed=True),
    Column("second_source_url", Text("另一来源链接", "Other source link"), "另一来源的链接", computed=True),
    Column("witnesses", Text("位置证据", "Location witnesses"), "位置证据是否一致：agree、conflict",
           codes=lambda: options("witnesses"), computed=True),
    Column("registration", Text("登记地址", "Registration address"), "登记地址：own、shared（集中登记地）",
           codes=lambda: options("registration"), computed=True, section="place"),
    Column("lon_raw", Text("原经度", "Original longitude"), "原坐标经度，因矛盾或坐标系未定而搁置", kind="number",
           computed=True, section="doubt", public=False),
    Column("lat_raw", Text("原纬度", "Original latitude"), "原坐标纬度，因矛盾或坐标系未定而搁置", kind="number",
           computed=True, part_of="lon_raw", public=False),
    Column("source_file", Text("来源文件", "Source file"), "来源文件", computed=True, section="origin"),
    Column("source_row", Text("来源行号", "Source row"), "来源文件中的行号，自 1 起", kind="count", computed=True,
           part_of="source_file"),
    Column("corrected", Text("更正过的列", "Corrected columns"), "由人更正过的列，以 ; 分隔",
           codes=lambda: COLUMN_LABELS | {"point": Text("坐标", "Coordinates")},
           many=True),
)
# fmt: on

COLUMNS: Final[dict[str, Column]] = {column.name: column for column in _COLUMNS}
"""Canonical columns by name, in their order."""

# fmt: off
_DISTANCES: Final = (
    Column("nearest_park", Text("最近的园区", "Nearest park"), "最近的园区；没有自己点位的企业为空", computed=True),
    Column("park_km", Text("距最近园区（km）", "To the nearest park (km)"), "到最近园区的近似点的直线距离 [km]", kind="number",
           computed=True),
    Column("near_km", Text("距筛选点（km）", "To the chosen point (km)"),
           "到筛选 `near` 的点的直线距离 [km]，几个点时取最近；没有这一筛选时没有这一列", kind="number", computed=True),
)
# fmt: on

DISTANCES: Final[dict[str, Column]] = {column.name: column for column in _DISTANCES}
"""Columns that a selection adds to its rows (`geo.filters.place.with_distances`): no table holds them."""

COLUMN_LABELS: Final[dict[str, Text]] = {name: column.label for name, column in (COLUMNS | DISTANCES).items()}
NUMERIC: Final = frozenset(name for name, column in COLUMNS.items() if column.kind in ("number", "count", "flag"))
"""Columns that are numbers or truth values; all others are text, empty where nothing is known."""


def labelled(frame: pd.DataFrame, lang: str = "zh") -> pd.DataFrame:
    """Replace column names and codes by what a user calls them.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Canonical columns, any of them; others stay as they are, under a title of their own.
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
    result = frame.copy()
    for name, column in COLUMNS.items():
        if name in result.columns and column.codes and column.kind != "code":
            codes, found = pd.factorize(result[name])
            words = np.array([*(column.say(value, lang) for value in found), ""], dtype=object)  # code -1: missing
            result[name] = pd.Series(words[codes], index=result.index, dtype=str)
    if lang == "en" and {"district", "adcode"} <= set(result.columns):
        english = {code: name.en for code, name in options("district").items()}
        result["district"] = result["adcode"].map(english).fillna(result["district"])
    labels = {name: label.of(lang) for name, label in COLUMN_LABELS.items() if name in result.columns}
    kept = {title: as_written(title) for title in set(labels.values()) & set(result.columns)}
    return result.rename(columns=kept | labels)


def as_written(title: str) -> str:
    """Title of a column that is kept as a file has it, beside ours of that name.

    Examples
    --------
    >>> as_written("地址")
    '地址（原文）'
    """
    return f"{title}（原文）"


def unlabelled(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Turn a table that `labelled` made back into canonical columns and codes; None where it is none of those.

    Texts alone, empty where nothing is known.  What is no name of a code stays as it is.

    Examples
    --------
    >>> frame = pd.DataFrame({"enterprise_id": ["E1"], "zone": ["core"], "location_precision": ["road"],
    ...                       "recognitions": ["star-market;lighthouse"]})
    >>> unlabelled(labelled(frame)).equals(frame.astype("str")), unlabelled(frame) is None
    (True, True)
    """
    for lang in ("zh", "en"):
        titles = {label.of(lang): name for name, label in COLUMN_LABELS.items()}
        if not {COLUMN_LABELS[name].of(lang) for name in ("enterprise_id", "zone", "location_precision")} <= set(
            frame.columns
        ):
            continue
        result = frame.rename(columns=titles).astype("str")
        for name, column in COLUMNS.items():
            if name not in result.columns or not column.codes or column.kind == "code":
                continue
            codes = {label.of(lang): code for code, label in reversed(tuple(column.codes().items()))}
            joint = "; " if lang == "en" else "、"
            numbers, found = pd.factorize(result[name])
            back = [
                ";".join(codes.get(word, word) for word in (said.split(joint) if column.many else [said]))
                for said in found
            ]
            result[name] = pd.Series(np.array([*back, ""], dtype=object)[numbers], index=result.index, dtype="str")
        if lang == "en" and {"district", "adcode"} <= set(result.columns):
            names = {code: name.zh for code, name in options("district").items()}
            result["district"] = result["adcode"].map(names).fillna(result["district"])
        return result
    return None

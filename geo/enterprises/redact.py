"""What of an enterprise may be taken out of the house: canonical columns alone, nobody's telephone or mailbox in them."""

import re
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from stdnum.cn import uscc

from geo.enterprises.schema import COLUMNS
from geo.places.towns import place_stems

PUBLIC: Final = tuple(name for name, column in COLUMNS.items() if column.public)
"""The only columns that leave; whatever else an import kept is left behind."""

LEFT_OUT: Final = "（已略去）"

SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包"
    "宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党"
    "宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
"""Characters that Chinese surnames of one character are, the commonest."""

FIRMS: Final = frozenset(
    [
        "康师傅",
        "万向",
        "万科",
        "万达",
        "万华",
        "华为",
        "华虹",
        "华润",
        "华晨",
        "华大",
        "金龙",
        "金蝶",
        "方正",
        "宗申",
        "柳工",
        "徐工",
        "安踏",
        "安利",
        "白象",
        "成飞",
        "沈飞",
        "江淮",
        "江铃",
        "马自达",
        "路特斯",
        "林肯",
        "林德",
        "米其林",
        "柯达",
        "史丹利",
        "施耐德",
        "麦格纳",
        "艾默生",
        "马勒",
        "康明斯",
        "龙蟠",
        "汤臣",
        "万国",
        "时代",
        "东方",
        "宁德",
    ]
)
"""Firms that are called like persons."""

_NAMED_BEFORE: Final = re.compile(
    rf"(?:(?<=[\s,，;；、/|:：号室楼层弄幢路])|^)(?P<label>(?:联系人|负责人|经办人|收件人|法人|经理)?[:：]?)"
    rf"(?P<name>[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}}?)(?:先生|女士|小姐|经理|老师)?[\s,，:：/-]*(?:电话|手机|联系电话|tel)?[:：]?\s*(?={LEFT_OUT})",
    re.IGNORECASE,
)
"""A name before a number or mailbox that is left out."""

_LABELLED: Final = re.compile(
    r"(?P<label>(?:法定代表人|法人代表|负责人|联系人|经办人|收[件货]人|董事长|总经理|实际控制人|法人)(?:姓名)?\s*[:：为是]\s*)"
    rf"(?P<name>[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}})(?:先生|女士|小姐)?(?![\u4e00-\u9fff])"
)
"""A name behind a label that says whose it is."""

_TITLED: Final = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[由和与及是为系人找]))(?P<name>[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}})(?=先生|女士|小姐)"
)
"""A name before a form of address."""

_PERMIT: Final = re.compile(
    r"(?P<label>(?:护照|通行证|居住证|台胞证)(?:号码?|No\.?)?\s*[:：]?\s*)[A-Za-z]{1,2}\d{7,9}(?!\d)", re.IGNORECASE
)
"""Number of a passport or permit behind what it is called."""

_PLACE_END: Final = re.compile("[区县镇乡村街道路园厂里弄号幢楼层室站部处间]$")
"""How a word ends that is a place, or a part of one, although it begins like a name (江桥镇, 徐汇区, 车间)."""

_OFFICE: Final = "\0"

OWN_NAMES: Final = ("name", "aliases", "name_en", "short_name")
"""Columns of what an enterprise is called: a word before the telephone of an office is no person's name there."""

_PERSONAL: Final = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile telephone
    r"|(?<![\d-])(?<!\d\.)(?:\(0\d{2,3}\)|0\d{2,3})[- ]?\d{7,8}(?!\d)"  # telephone with its area code
    r"|[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+"  # mailbox
    r"|(?<![\dA-Za-z])[1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?:\d\d)?(?![0-9A-Za-z])"  # identity
    r"|(?<![\d.])[1-6]\.\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d*[Ee]\+17"  # the same, as a spreadsheet spoils it
)
_MAYBE: Final = (
    r"1[3-9]\d[- ]?\d{4}|@|\d{17}|\d\.\d{10,}[Ee]\+17|0\d{2,3}\)?[- ]?\d{7}"
    r"|法定代表|法人|负责人|联系人|经办人|收[件货]人|董事长|总经理|实际控制人|先生|女士|小姐|护照|[行住胞]证"
)
"""What every match of `_PERSONAL` and of what is spoken of a person has; it needs no look around and is fast over millions of cells."""


def public_rows(enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Enterprises as they may leave.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns and any others.

    Returns
    -------
    GeoDataFrame
        Same rows, index and geometry; the columns of `PUBLIC` that are there.  Mobile and land-line numbers,
        mailboxes and identity-card numbers within texts are replaced by `LEFT_OUT`.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"name": ["甲公司"], "address": ["新桥镇1号 张三 138-0000-0000"], "法定代表人": ["张三"]})
    >>> public_rows(frame).to_dict("records")
    [{'name': '甲公司', 'address': '新桥镇1号 （已略去）'}]
    """
    columns = [column for column in PUBLIC if column in enterprises.columns]
    shape = ["geometry"] if "geometry" in enterprises.columns else []
    rows = enterprises[[*columns, *shape]].copy()
    for column in columns:
        if COLUMNS[column].kind in ("text", "date"):
            rows[column] = redact(rows[column], names=column not in OWN_NAMES).texts
    return rows


class Redacted(NamedTuple):
    """Texts as they may leave; which had a number or mailbox taken out, and which the name before it too."""

    texts: pd.Series
    changed: NDArray[np.bool_]
    unnamed: NDArray[np.bool_]


def redact(cells: pd.Series, *, names: bool = True) -> Redacted:
    """Texts without telephone numbers, mailboxes, identity numbers and the name before one, and which of them had any.

    A unified social credit code that passes its check is no identity number; a district, town or road before a number
    is no name.

    Parameters
    ----------
    cells : Series of str
    names : bool
        Take the name of a person before any number; where cells hold names of enterprises, only before a mobile number,
        a mailbox or an identity number.

    Examples
    --------
    >>> redact(pd.Series(["张三 138-0000-0000", None, "徐汇区 021-60000000"], dtype="str")).texts.fillna("").tolist()
    ['（已略去）', '', '徐汇区 （已略去）']
    """
    texts = pa.array(cells, type=pa.large_string(), from_pandas=True)
    maybe = pc.fill_null(pc.match_substring_regex(texts, _MAYBE), False).to_numpy(zero_copy_only=False)
    changed, unnamed = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
    if not maybe.any():
        return Redacted(cells, changed, unnamed)
    result = cells.copy()
    for row in np.flatnonzero(maybe):
        text = str(cells.iat[row])
        redacted = _PERSONAL.sub(_left_out if names else _mark_office, text)
        without = _NAMED_BEFORE.sub(_without_name, redacted) if redacted != text else text
        spoken = _without_spoken(without, titles=names)
        if spoken != text:
            result.iat[row] = spoken.replace(_OFFICE, LEFT_OUT)
            changed[row], unnamed[row] = True, spoken != redacted
    return Redacted(result, changed, unnamed)


def _without_spoken(text: str, *, titles: bool) -> str:
    """A text without the names behind 法定代表人 or 联系人, before 先生 (`titles`), and without numbers of passports.

    Examples
    --------
    >>> _without_spoken("法人代表：李四，由王小明先生创立", titles=True), _without_spoken("联系人 某公司", titles=True)
    ('法人代表：（已略去），由（已略去）先生创立', '联系人 某公司')
    """

    def left_out(match: re.Match[str]) -> str:
        name = match["name"]
        if _PLACE_END.search(name) or name in place_stems() | FIRMS:
            return match.group()
        return match.group().replace(name, LEFT_OUT)

    labelled = _LABELLED.sub(left_out, text)
    return _PERMIT.sub(rf"\g<label>{LEFT_OUT}", _TITLED.sub(left_out, labelled) if titles else labelled)


def _mark_office(match: re.Match[str]) -> str:
    """As `_left_out`; a telephone of an office, with its area code, is told apart."""
    return _OFFICE if match.group().startswith(("0", "(0")) else _left_out(match)


def _without_name(match: re.Match[str]) -> str:
    """What stands for a word before a number: itself where it is a place."""
    name = match["name"]
    return match.group() if _PLACE_END.search(name) or name in place_stems() | FIRMS else match["label"]


def _left_out(match: re.Match[str]) -> str:
    """What stands for a match: itself where it is the credit code of an office and passes no check of a person."""
    text = match.group()
    if len(text) == 18 and uscc.is_valid(text) and not _passes_gb11643(text):
        return text
    return LEFT_OUT


def _passes_gb11643(number: str) -> bool:
    """Whether the last character of an identity number is the one that GB 11643 computes."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()

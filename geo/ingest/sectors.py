"""Names of industries → code of GB/T 4754-2017 → key industry of the plan."""

import re
from functools import cache
from typing import Final

from geo.catalog import read_table
from geo.codes.industries import CODE_OF, INDUSTRIES
from geo.text import fold

LEVELS: Final = ("section", "division", "group", "class")
"""门类、大类、中类、小类."""

_OTHER_SECTIONS: Final = "农、林、牧、渔业|采矿业|电力、热力、燃气及水生产和供应业|建筑业|批发和零售业|交通运输、仓储和邮政业|住宿和餐饮业|金融业|房地产业|租赁和商务服务业|水利、环境和公共设施管理业|居民服务、修理和其他服务业|教育|卫生和社会工作|文化、体育和娱乐业|公共管理、社会保障和社会组织|国际组织"  # noqa: E501
_SEPARATORS: Final = re.compile(r"[>＞/|;；]|\s-\s|—")


def code_of(text: str, level: str = "") -> str:
    """Code of an industry by its name; a bare code is taken where there is no name.

    Parameters
    ----------
    text : str
        A name, a path of names (the last that is known counts), a code, or a code before a name.
    level : str
        One of `LEVELS`, where the column says it; else the broadest industry of that name.

    Returns
    -------
    str
        ``""`` where neither is known.  Names of the 2011 edition are known too.

    Examples
    --------
    >>> code_of("汽车制造业"), code_of("制造业 > 汽车制造业"), code_of("C3611"), code_of("工业机器人制造", "class")
    ('36', '36', '3611', '3491')
    """
    for part in reversed(_SEPARATORS.split(text)):
        key = _key(part)
        code = _codes_by_name(level).get(key) or _codes_by_name(level).get(re.sub(r"^[a-z]?\d{2,4}", "", key))
        if code:
            return code
    bare = re.fullmatch(r"[A-Za-z]?(\d{2,4})(?:\D.*)?", fold(text))
    return bare.group(1) if bare and bare.group(1) in _known_codes() else ""


def plan_industry_of(code: str, section: str = "") -> str:
    """Key industry of the plan that a code belongs to, by its longest known prefix.

    Parameters
    ----------
    code : str
        GB/T 4754 code, ``""`` where unknown.
    section : str
        Name of the section (门类); one outside manufacturing makes an unknown code ``other``.

    Returns
    -------
    str
        Key of `geo.codes.industries.INDUSTRIES`, ``""`` where nothing is known.  A bare section 制造业 says nothing.

    Examples
    --------
    >>> plan_industry_of("3491"), plan_industry_of("3742"), plan_industry_of("", "批发和零售业"), plan_industry_of("C")
    ('equipment', 'aviation', 'other', '')
    """
    prefixes = _plan_by_prefix()
    for length in range(len(code), 1, -1):
        if code[:length] in prefixes:
            return prefixes[code[:length]]
    if code.isdigit() and not "13" <= code[:2] <= "43":
        return "other"
    return "other" if _key(section) in _other_sections() or code in _other_letters() else ""


def read_plan_industry(text: str) -> str:
    """Key industry named by its code or by its Chinese name; ``""`` where it is neither.

    Examples
    --------
    >>> read_plan_industry("高端装备"), read_plan_industry("auto"), read_plan_industry("别的")
    ('equipment', 'auto', '')
    """
    folded = fold(text)
    return folded if folded in INDUSTRIES else CODE_OF.get(folded, "")


def _key(name: str) -> str:
    return fold(name).replace(",", "、")


@cache
def _codes_by_name(level: str) -> dict[str, str]:
    table = read_table("gb4754_2017", ["code", "level", "name_zh", "alias"])
    old = read_table("gb4754_2011", ["level", "name_2011", "code_2017_same_name"])
    divisions = read_table("division_to_plan", ["code", "level", "aliases"])
    names: dict[str, str] = {}
    spellings = [
        *zip(table["level"], table["name_zh"], table["code"], strict=True),
        *zip(table["level"], table["alias"], table["code"], strict=True),
        *zip(old["level"], old["name_2011"], old["code_2017_same_name"], strict=True),
        *(
            (row.level, alias, row.code)
            for row in divisions.itertuples()
            for alias in row.aliases.split("|")
            if alias != "交通运输设备制造业"  # divisions 36 and 37 shared it
        ),
    ]
    order = [level] if level else list(LEVELS)
    for wanted in [*order, *(other for other in LEVELS if other not in order)]:
        for own, name, code in spellings:
            if own == wanted and name and code:
                names.setdefault(_key(name), code)
    return names


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(read_table("gb4754_2017", ["code"])["code"])


@cache
def _plan_by_prefix() -> dict[str, str]:
    table = read_table("division_to_plan", ["code", "plan_industry"])
    return {code: CODE_OF[name] for code, name in zip(table["code"], table["plan_industry"], strict=True) if name}


@cache
def _other_letters() -> frozenset[str]:
    table = read_table("gb4754_2017", ["code", "level", "name_zh"])
    sections = table[table["level"] == "section"]
    return frozenset(sections.loc[sections["name_zh"].map(_key).isin(_other_sections()), "code"])


@cache
def _other_sections() -> frozenset[str]:
    return frozenset(map(_key, _OTHER_SECTIONS.split("|")))

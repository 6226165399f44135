"""Names of industries → code of GB/T 4754-2017 → key industry of the plan."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain, pairwise
from typing import Final

from geo.catalog import read_table
from geo.codes.industries import CODE_OF, INDUSTRIES
from geo.text import fold

_SECTION_LETTERS: Final = "abcdefghijklmnopqrst"

CODE_LEVELS: Final = ("section", "division", "group", "class")
"""门类、大类、中类、小类."""

_OTHER_SECTIONS: Final = "农、林、牧、渔业|采矿业|电力、热力、燃气及水生产和供应业|建筑业|批发和零售业|交通运输、仓储和邮政业|住宿和餐饮业|金融业|房地产业|租赁和商务服务业|水利、环境和公共设施管理业|居民服务、修理和其他服务业|教育|卫生和社会工作|文化、体育和娱乐业|公共管理、社会保障和社会组织|国际组织"  # noqa: E501
_OTHER_DIVISIONS: Final = (
    "01农业|02林业|03畜牧业|04渔业|05农、林、牧、渔专业及辅助性活动|06煤炭开采和洗选业|07石油和天然气开采业|"
    "08黑色金属矿采选业|09有色金属矿采选业|10非金属矿采选业|11开采专业及辅助性活动|12其他采矿业|"
    "44电力、热力生产和供应业|45燃气生产和供应业|46水的生产和供应业|47房屋建筑业|48土木工程建筑业|49建筑安装业|"
    "50建筑装饰、装修和其他建筑业|53铁路运输业|54道路运输业|55水上运输业|57管道运输业|58多式联运和运输代理业|"
    "59装卸搬运和仓储业|60邮政业|61住宿业|62餐饮业|64互联网和相关服务|66货币金融服务|67资本市场服务|"
    "68保险业|69其他金融业|70房地产业|71租赁业|72商务服务业|76水利管理业|78公共设施管理业|79土地管理业|"
    "80居民服务业|82其他服务业|83教育|85社会工作|86新闻和出版业|87广播、电视、电影和录音制作业|88文化艺术业|"
    "89体育|90娱乐业|91中国共产党机关|92国家机构|93人民政协、民主党派|94社会保障|"
    "95群众团体、社会团体和其他成员组织|96基层群众自治组织及其他组织|97国际组织"
)
"""Divisions of GB/T 4754-2017 beyond manufacturing that the excerpt in `data` lacks, code before name."""

_SEPARATORS: Final = re.compile(r"->|=>|[>/|;:→➔»›\\\-—–－·\n]")
_CODE_BESIDE: Final = re.compile(
    r"^\(?[a-t]?\d{2,4}\)?(?=\D)|\([a-t]?\d{2,4}\)$|(?<=[\u4e00-\u9fff])[a-t]?\d{2,4}$|^\(?[a-t]\)?(?=[\u4e00-\u9fff])"
)
_CODE_WITHIN: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?=[a-t]?\d{2,4}[\u4e00-\u9fff])")
"""Before a code that a path of codes and names goes on with."""

_LIST: Final = re.compile(r"[;/|\n]")
"""What stands between the steps of a path, and between industries that are listed too."""

_CODES: Final = re.compile(r"[a-t]?\d{2,4}(?:\.0+)?(?:[\s,、;/|&+和及]+[a-t]?\d{2,4}(?:\.0+)?)+")
_BETWEEN_CODES: Final = re.compile(r"[\s,、;/|&+和及]+")
"""What stands between codes that are listed; names have 、 and 和 themselves."""

_BROADER: Final = ("第一产业", "第二产业", "第三产业", "工业", "二产")
"""What a path may begin with above the sections of the standard."""

_FIRST_DIVISIONS: Final = (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97)
"""First division of each section, from A."""

_LAST_DIVISION: Final = 97

_STANDARD: Final = re.compile(r"gb/?t?4754(?:-?(?:2011|2017))?(?:年?版)?[:-]?")
_SECTION_BEFORE: Final = re.compile(r"^(?:c\.?)?制造业[、(]")
"""The section before the name of a division; the names of divisions have 、 themselves."""

_BARE: Final = re.compile(r"\(?([a-t]?)(\d{2,4})(?:\.0+)?\)?")
_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》", "()()()()()()")

AMBIGUOUS: Final = "这个代码在国标 2011 版与 2017 版里不是同一行业，没有名称或版本可以断定，没有取行业"
DROPPED: Final = "是国标 2011 版的代码，2017 版没有同名的行业，没有取行业"
LOST_ZERO: Final = "不是国标的代码，可能丢了开头的零，没有取行业"
UNKNOWN_CODE: Final = "不是已知的国标行业代码"
SEVERAL_INDUSTRIES: Final = "写了几个不同的行业，不知道取哪一个"
EDITIONS: Final = ("2011", "2017")


def code_of(text: str, level: str = "", edition: str = "2017") -> str:
    """Code of an industry by its name; a bare code is taken where there is no name.

    Parameters
    ----------
    text : str
        A name, a path of names (the last that is known counts), a code, or a code beside a name.  Several that are no
        path, each inside the one before, give none.
    level : str
        One of `CODE_LEVELS`, where the column says it; else the broadest industry of that name.
    edition : str
        Edition of GB/T 4754 that bare codes are of, ``""`` where nobody knows.

    Returns
    -------
    str
        Code of the 2017 edition, ``""`` where none is known.  Names of the 2011 edition are known too.

    Examples
    --------
    >>> code_of("汽车制造业"), code_of("制造业-汽车制造业"), code_of("【C36】汽车制造业"), code_of("工业机器人制造", "class")
    ('36', '36', '36', '3491')
    >>> code_of("C3660", edition="2011"), code_of("3963", edition="")
    ('3670', '')
    """
    return read_industry(text, level, edition)[0]


def read_industry(text: str, level: str = "", edition: str = "2017") -> tuple[str, str]:
    """Code of an industry as `code_of` finds it, and why a bare code gives none."""
    names = _codes_by_name(level)

    def known(part: str) -> str:
        return names.get(part) or names.get(_CODE_BESIDE.sub("", part).strip("()")) or ""

    codes = unicodedata.normalize("NFKC", text).strip(" ()").lower()
    text = _BETWEEN_CODES.sub(";", codes) if _CODES.fullmatch(codes) else ";".join(_unwrapped(text, known))
    folded = _STANDARD.sub("", fold(text).replace(",", "、").translate(_BRACKETS))
    whole = known(folded.replace("、", "")) or known(_SECTION_BEFORE.sub("", folded).strip("()").replace("、", ""))
    if whole:
        return whole, ""
    listed = [known(part) for part in folded.split("、") if part]
    if len(listed) > 1 and all(listed):
        folded = folded.replace("、", ";")
    folded = _CODE_WITHIN.sub(">", folded.replace("、", ""))
    if _are_several(folded, known):
        return "", SEVERAL_INDUSTRIES
    parts = [part for part in _SEPARATORS.split(folded) if part]
    for part in reversed(parts):
        if code := known(part):
            return code, ""
    for part in reversed(parts):
        if bare := _BARE.fullmatch(part):
            return _read_bare(bare.group(2), edition)
    return "", ""


def _unwrapped(text: str, known: Callable[[str], str]) -> list[str]:
    """Lines of a cell; a name that its line broke is one again: the whole cell, or two lines of which one says nothing."""
    first, *rest = lines = re.split(r"\s*[\r\n]+\s*", text.strip())

    def says(line: str) -> bool:
        return bool(known(_key(line).translate(_BRACKETS)))

    if rest and says("".join(lines)):
        return ["".join(lines)]
    joined = [first]
    for line in rest:
        if says(joined[-1] + line) and not (says(joined[-1]) and says(line)):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _are_several(folded: str, known: Callable[[str], str]) -> bool:
    """Whether a cell names industries that are no path: one outside the one before, or one in a list that nobody knows."""
    items = [item for item in _LIST.split(folded) if item and item not in _BROADER]
    steps = [[step for step in _SEPARATORS.split(item) if step and step not in _BROADER] for item in items]
    named = [[code for step in item if (code := known(step))] for item in steps]
    bare = [[said for step in item if (said := _meanings(step))] for item in steps]
    if len(items) > 1 and (any(named) or any(bare)):
        path = ";" not in folded and (items[0] in _other_sections() or named[0][-1:] == ["C"])  # begins with a section
        if not path and any(not codes and not numbers for codes, numbers in zip(named, bare, strict=True)):
            return True
    chains = [[{code} for codes in named for code in codes], list(chain.from_iterable(bare))]
    if any(not _inside(upper, lower) for steps_down in chains for upper, lower in pairwise(steps_down)):
        return True
    beside = pairwise(  # a code may stand beside a name that is broader
        ({codes[-1]}, True) if codes else (numbers[-1], False)
        for codes, numbers in zip(named, bare, strict=True)
        if codes or numbers
    )
    return any(
        not _inside(upper, lower) and (above == below or not _inside(lower, upper))
        for (upper, above), (lower, below) in beside
    )


def _meanings(step: str) -> set[str]:
    """What a bare code may mean, itself or what it was in 2011; the letter of a section; nothing where it is neither."""
    if len(step) == 1 and step in _SECTION_LETTERS:
        return {step.upper()}
    bare = _BARE.fullmatch(step)
    if bare is None or not 1 <= int(bare.group(2)[:2]) <= _LAST_DIVISION:
        return set()
    code = bare.group(2)
    return {code, (_class_of_2011(code) or code)[: len(code)]}


def _inside(upper: set[str], lower: set[str]) -> bool:
    """Whether an industry may lie inside another, or be the same; by section, or by the beginning of the code."""
    return any(
        low.startswith(up) or (up.isalpha() and low[:2].isdigit() and _section_of(low) == up)
        for up in upper
        for low in lower
    )


def _section_of(code: str) -> str:
    return _SECTION_LETTERS[bisect(_FIRST_DIVISIONS, int(code[:2])) - 1].upper()


def _read_bare(code: str, edition: str) -> tuple[str, str]:
    if not 1 <= int(code[:2]) <= _LAST_DIVISION:
        return "", UNKNOWN_CODE
    if not "13" <= code[:2] <= "43":  # divisions beyond manufacturing are the same in both editions
        if code in _known_codes():
            return code, ""
        return ("", LOST_ZERO) if len(code) == 3 and code[0] in "12345" else (code[:2], "")
    old, known = _class_of_2011(code), code in _known_codes()
    if old is None:
        return (code, "") if known else ("", UNKNOWN_CODE)
    same = old[: len(code)] == code
    if known and (same or edition == "2017"):
        return code, ""
    if known and not edition:
        return "", AMBIGUOUS
    return (old[: len(code)], "") if old else ("", DROPPED)


def _class_of_2011(code: str) -> str | None:
    """Code of 2017 of what a code named in 2011, ``""`` where 2017 has no such name; None where 2011 had no such code.

    A group of one class was that class: 366 is 3660.
    """
    old = _codes_of_2011()
    return old.get(code) if code in old else (old.get(f"{code}0") if len(code) == 3 else None)


def edition_of(texts: Iterable[str], said: str = "") -> str:
    """Edition of GB/T 4754 that the bare codes of a file are of: as it says, or as codes of one edition alone tell.

    Parameters
    ----------
    texts : iterable of str
        Distinct cells with codes.
    said : str
        Headers and text above them.

    Returns
    -------
    str
        ``"2011"`` or ``"2017"``; ``""`` where nothing tells, or codes of both are there.

    Examples
    --------
    >>> edition_of(["3660", "3973"]), edition_of(["3660", "1440"]), edition_of(["3660"]), edition_of([], "GB/T 4754-2011")
    ('2017', '2011', '', '2011')
    """
    named = {year for year in EDITIONS if re.search(rf"4754\D{{0,3}}{year}|{year}年?版", fold(said))}
    if len(named) == 1:
        return named.pop()
    votes: set[str] = set()
    for text in texts:
        bare = _BARE.fullmatch(_key(text).translate(_BRACKETS))
        code = bare.group(2) if bare else ""
        if len(code) != 4:
            continue
        split = code[3] == "0" and code[:3] in _known_codes() and f"{code[:3]}1" in _known_codes()
        in_2011, in_2017 = code in _codes_of_2011() or split, code in _known_codes()
        if in_2011 != in_2017 and (split or "13" <= code[:2] <= "43"):
            votes.add("2011" if in_2011 else "2017")
    return votes.pop() if len(votes) == 1 else ""


def finer_code(by_name: str, text: str) -> str:
    """Code within an industry that a name says, by a bare code beside it: the name settles its edition.

    Parameters
    ----------
    by_name : str
        Code of 2017 that the name gives, ``""`` where none.
    text : str
        Cell of codes.

    Returns
    -------
    str
        ``""`` where the code is no finer, lies outside, or may be either of two.

    Examples
    --------
    >>> finer_code("367", "3670"), finer_code("36", "C3660"), finer_code("27", "3670"), finer_code("36", "36")
    ('3670', '', '', '')
    """
    if not by_name or not text:
        return ""
    bare = _BARE.fullmatch(unicodedata.normalize("NFKC", text).strip().lower().translate(_BRACKETS))
    if not bare or len(bare.group(2)) <= len(by_name):
        return ""
    code = bare.group(2)
    old = (_class_of_2011(code) or "")[: len(code)]
    meant = {one for one in (code, old) if one in _known_codes() and one.startswith(by_name)}
    return meant.pop() if len(meant) == 1 else ""


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
    """A name without 、, which many leave out."""
    return re.sub("[,、]", "", fold(name))


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
    spellings += [("division", division[2:], division[:2]) for division in _OTHER_DIVISIONS.split("|")]
    order = [level] if level else list(CODE_LEVELS)
    for wanted in [*order, *(other for other in CODE_LEVELS if other not in order)]:
        for own, name, code in spellings:
            if own == wanted and name and code:
                names.setdefault(_key(name), code)
    return names


@cache
def _codes_of_2011() -> dict[str, str]:
    table = read_table("gb4754_2011", ["code_2011", "level", "code_2017_same_name"])
    # groups and divisions that only have another name are what they were
    return {
        row.code_2011: row.code_2017_same_name if row.level == "class" else row.code_2011 for row in table.itertuples()
    }


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

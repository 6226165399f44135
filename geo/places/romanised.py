"""Addresses in English letters, turned into their Chinese form by the sound of the names that the tables know.

“No. 391, Guiping Road, Xuhui District, Shanghai 200233” is 上海市徐汇区桂平路391号: a name in letters stands for a
road, town or area of the tables that sounds so, within the district that is named or stated.  Where several do, none is
taken and the address says which they were.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from geo.catalog import read_table
from geo.places.districts import adcodes_of, attributes
from geo.places.towns import town_spellings

_TOKEN: Final = re.compile(r"[a-z]+|\d+|[^\sa-z\d.]")
_JOINT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Za-z]{3})|(?<=[A-Za-z])(?=\d)")
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])['’`](?=[A-Za-z])")

_TYPES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(("road", "rd", "roa", "lu"), (("路", "公路"), ("大道",), ("街",))),
    **dict.fromkeys(("avenue", "ave", "av", "boulevard", "blvd", "dadao"), (("大道",), ("路",))),
    **dict.fromkeys(("highway", "hwy", "gonglu"), (("公路",), ("路",))),
    **dict.fromkeys(("street", "st", "str", "jie"), (("街",), ("路",))),
}
"""Word for a kind of road → endings of Chinese names it may stand for, the likeliest first; those together are equal."""

_SIDES: Final = {
    **{"east": "dong", "west": "xi", "south": "nan", "north": "bei", "middle": "zhong", "mid": "zhong"},
    **{"central": "zhong", "e": "dong", "w": "xi", "s": "nan", "n": "bei", "m": "zhong", "ring": "huan"},
}
_ORDINALS: Final = {
    word: sound
    for words, sound in (
        ("first 1st one", "yi"), ("second 2nd two", "er"), ("third 3rd three", "san"), ("fourth 4th", "si"),
        ("fifth 5th", "wu"), ("sixth 6th", "liu"), ("seventh 7th", "qi"), ("eighth 8th", "ba"),
    )
    for word in words.split()
}  # fmt: skip
_MEANT: Final = {"century": "shiji", "expo": "shibo", "peoples": "renmin", "people": "renmin", "airport": "jichang"}
"""Words that translate a name; all other names are written by their sound."""


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DISTRICT: Final = frozenset({"district", "dist", "distric", "area", "qu", "xinqu", "county"})
_TOWN: Final = frozenset({"town", "zhen", "township", "subdistrict", "jiedao"})
_AREA: Final = _words_of(
    "hi high tech hitech software industry industrial industries export processing free trade bonded "
    "development economic technological technology zone park area hightech"
)
_LANE: Final = frozenset({"lane", "alley", "nong", "ln"})
_INSIDE: Final = _words_of(
    "building bldg bld block blk room rm rooms floor fl flr f unit suite tower phase area level plant workshop"
)
"""What a number behind it counts is in a building and no house."""

_NUMBER_SIGN: Final = frozenset({"no", "num", "number", "nr", "#"})
_NOT_A_NAME: Final = (
    _DISTRICT
    | _TOWN
    | _LANE
    | _INSIDE
    | _NUMBER_SIGN
    | _AREA
    | _words_of("of at in the shanghai china cn prc city province and new center centre mansion plaza")
)
_MAX_NAME_WORDS: Final = 6


class Chinese(NamedTuple):
    """An address in Chinese, and what in it could not be told apart."""

    text: str
    doubt: str


def is_romanised(text: str) -> bool:
    """Whether an address is written in letters, without any Chinese character.

    Examples
    --------
    >>> is_romanised("399 Keyuan Rd."), is_romanised("科苑路399号B座"), is_romanised("399")
    (True, False, False)
    """
    return text.isascii() and bool(re.search("[A-Za-z]{2}", text))


def in_chinese(text: str, adcode: str = "") -> Chinese:
    """Turn an address in letters into its Chinese form.

    Parameters
    ----------
    text : str
        As written; it lies in Shanghai.
    adcode : str
        The district stated elsewhere.

    Returns
    -------
    Chinese
        District, town, area, road and number as far as they are named and known; `doubt` names the roads between which
        the letters leave open.

    Examples
    --------
    >>> in_chinese("No. 391, Guiping Road, Xuhui District, Shanghai 200233").text
    '上海市徐汇区桂平路391号'
    >>> in_chinese("Building 8, Lane 1505, Lian Hang Rd., Minhang").text
    '上海市闵行区联航路1505弄'
    """
    words = _words(text)
    district = _district(words)
    within = district or adcode
    name = str(attributes()["name_zh"].get(district, ""))
    road, number, doubt = _road(words, within)
    return Chinese(f"上海市{name}{_town(words, within)}{_area(words)}{road}{number}", doubt)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    words = _JOINT.sub(" ", _APOSTROPHE.sub("", plain)).lower()
    return _TOKEN.findall(re.sub(r"\bnanhui new (?:town|city)\b", "nanhui xincheng town", words))


def _sounds(name: str) -> Iterable[str]:
    """Spellings of a Chinese name in letters, by all readings of its characters."""
    readings = [_readings().get(character, (character,)) for character in name]
    return {"".join(way) for way in product(*readings)} if len(readings) <= 8 else ()


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    table = read_table("pinyin", ["character", "readings"])
    return {
        character: tuple(dict.fromkeys(way for one in said.split() for way in (one, one.replace("v", "u"))))
        for character, said in zip(table["character"], table["readings"], strict=True)
    }


@cache
def _districts() -> dict[str, str]:
    """Letters of each district, of today and before, → adcode."""
    found = {re.sub(r"new area|[^a-z]", "", name.lower()): str(code) for code, name in attributes()["name_en"].items()}
    old = read_table("district_aliases", ["alias", "adcode"])
    for alias, code in zip(old["alias"], old["adcode"], strict=True):
        stem = re.sub("新区$|区$|县$", "", alias)
        found |= {sound: code for sound in _sounds(stem) if sound not in found and len(stem) > 1}
    return found


def _runs(words: list[str], longest: int = 3) -> Iterable[tuple[int, int, str]]:
    """Start, end and letters of each run of words."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            if not words[end - 1].isalpha():
                break
            yield start, end, "".join(words[start:end])


def _district(words: list[str]) -> str:
    """The district that is called one, else one whose name stands by itself."""
    alone = ""
    for start, end, letters in _runs(words):
        code = _districts().get(letters)
        if code is None:
            continue
        after = words[end : end + 3]
        if after[:1] and after[0] == "new":
            after = after[1:]
        if after[:1] and after[0] in _DISTRICT:
            return code
        before = words[start - 1] if start else ","
        ends = not after or not after[0].isalpha() or after[0] in ("shanghai", "china", "cn", "shang", "p")
        begins = not before.isalpha() or before in ("shanghai", "china", "road", "rd")
        named = not any(word in _TYPES or word in _SIDES or word in _TOWN or word in _AREA for word in after[:2])
        if (ends and named) or (begins and before == "shanghai" and named):
            alone = alone or code
    return alone


@cache
def _towns() -> dict[str, dict[str, tuple[str, ...]]]:
    """Letters of the stem of each town → its names with their districts."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, adcodes in town_spellings().items():
        if name.endswith(("镇", "街道", "乡")):
            for sound in _sounds(re.sub("街道$|镇$|乡$", "", name)):
                found.setdefault(sound, {})[name] = adcodes
    return found


def _town(words: list[str], adcode: str) -> str:
    for _, end, letters in _runs(words):
        if letters in _towns() and words[end : end + 1] and words[end] in _TOWN:
            names = [name for name, codes in _towns()[letters].items() if not adcode or adcode in codes]
            if len(names) == 1:
                return names[0]
    return ""


@cache
def _areas() -> dict[str, str]:
    """Letters of the stem of each park and zone → its name, where all that sound so lie in one district."""
    found: dict[str, dict[str, str]] = {}
    for source in ("parks", "park_points", "named_areas"):
        table = read_table(source, ["name", "district"])
        for name, adcode in zip(table["name"], adcodes_of(table["district"]), strict=True):
            bare = re.sub("^上海市?", "", name)
            stem = re.sub(
                "(?:高科技|高新技术|工业|产业|软件|经济|技术|出口加工|综合|保税|开发|科技|园|区|港)+$", "", bare
            )
            if 2 <= len(stem) <= 4 and stem != bare and not stem.isascii():
                for sound in _sounds(stem):
                    found.setdefault(sound, {})[name] = adcode
    return {sound: min(names, key=len) for sound, names in found.items() if len(set(names.values())) == 1}


def _area(words: list[str]) -> str:
    joined = " ".join(words)
    if re.search(r"free[ -]+trade|\bftz\b", joined) and "bonded" not in joined:
        return "自由贸易试验区"
    for _, end, letters in _runs(words):
        if letters in _areas() and words[end : end + 1] and words[end] in _AREA:
            return _areas()[letters]
    return ""


@cache
def _roads() -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    """Letters of a road without its ending, and the ending → names that sound so, with their districts."""
    districts: dict[str, set[str]] = {}
    table = read_table("roads", ["road", "district"])
    for road, code in zip(table["road"], adcodes_of(table["district"]), strict=True):
        districts.setdefault(road, set()).add(code)
    named = {str(code): name for code, name in attributes()["name_zh"].items()}
    for address in read_table("road_points", ["address"])["address"]:
        road = re.match(r"上海市(.{2,4}?区)(.{1,10}?(?:公路|大道|路|街))\d+(?:号|弄)", address)
        code = next((code for code, name in named.items() if road and name == road[1]), "")
        if road and code:
            districts.setdefault(road[2], set()).add(code)
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for road, codes in districts.items():
        ending = next((ending for ending in ("公路", "大道", "路", "街") if road.endswith(ending)), "")
        for sound in _sounds(road[: -len(ending)]) if ending else ():
            found.setdefault((sound, ending), {})[road] = frozenset(codes)
    return found


def _road(words: list[str], adcode: str) -> tuple[str, str, str]:
    """Name of the first road that is known, its number with 号 or 弄, and the names that sound alike."""
    doubt, numberless = "", ""
    for at, word in enumerate(words):
        for start, end, letters, kind in _names_at(words, at, word):
            names = _named(letters, kind, adcode)
            if len(names) > 1:
                doubt = doubt or "、".join(sorted(names))
            if len(names) == 1:
                number = _number(words, start, end)
                if number:
                    return names[0], number, ""
                numberless = numberless or names[0]
                break
    return numberless, "", "" if numberless else doubt


def _names_at(words: list[str], at: int, word: str) -> Iterable[tuple[int, int, str, str]]:
    """Start, end, letters and kind of what may be the name of a road whose kind stands at a word.

    A name is whole: it begins behind a number, a mark or a word that is no name, or behind the short name of a place.
    """
    glued = re.fullmatch(r"([a-z]{4,})(road|rd|lu)", word)
    if word not in _TYPES and glued and words[at + 1 : at + 2] and re.fullmatch(r"\d+|no", words[at + 1]):
        yield at, at + 1, glued[1], glued[2]
        return
    if word not in _TYPES:
        return
    first = at
    while first > 0 and at - first < _MAX_NAME_WORDS and _in_name(words, first - 1):
        first -= 1
    for start in range(first, at):
        if start == first or "".join(words[first:start]) in _places():
            for letters in _spelled(words[start:at]):
                yield start, at + 1, letters, word
    if first == at:  # Road Xinlong, Rd. Guo Shoujing
        for end in range(min(at + 4, len(words)), at + 1, -1):
            if all(_in_name(words, place) for place in range(at + 1, end)):
                yield at, end, "".join(words[at + 1 : end]), word


def _in_name(words: list[str], at: int) -> bool:
    word = words[at]
    if word in _ORDINALS or word in _SIDES or re.fullmatch(r"\d(?:st|nd|rd|th)", word):
        return True
    return word.isalpha() and word not in _NOT_A_NAME and word not in _TYPES


@cache
def _places() -> frozenset[str]:
    """Letters of the short names that stand before a road: districts, towns, zones."""
    return frozenset(_districts()) | frozenset(_towns()) | frozenset(_areas())


def _spelled(words: list[str]) -> Iterable[str]:
    """Letters of a name in the order of Chinese: the name, the side, the ordinal."""
    known = _SIDES | _ORDINALS
    name = "".join(_MEANT.get(word, word) for word in words if word not in known)
    sides = "".join(_SIDES[word] for word in words if word in _SIDES)
    ordinals = "".join(_ORDINALS[word] for word in words if word in _ORDINALS)
    return dict.fromkeys(
        ("".join(_MEANT.get(word) or known.get(word, word) for word in words), name + sides + ordinals)
    )


def _named(letters: str, kind: str, adcode: str) -> list[str]:
    """Names that a road in letters may have, within a district if one is known."""
    for endings in _TYPES[kind]:
        names = [item for ending in endings for item in _roads().get((letters, ending), {}).items()]
        here = [name for name, codes in names if not adcode or adcode in codes]
        if here:
            return here
    return []


def _number(words: list[str], start: int, end: int) -> str:
    """House number, or that of the lane, before the name of a road or behind it."""
    at = start - 1
    while at >= 0 and words[at] in (",", "of", "at", "-", ";"):
        at -= 1
    if at >= 0 and words[at] in _LANE and at > 0 and _counts(words[at - 1]):
        return f"{words[at - 1]}弄"
    if at >= 0 and _counts(words[at]):
        while at >= 2 and words[at - 1] in ("-", "/") and _counts(words[at - 2]):
            at -= 2
        before = words[at - 1] if at else ","
        if before in _LANE:
            return f"{words[at]}弄"
        if before not in _INSIDE:
            return f"{words[at]}号"
    at = end
    signed = ""
    while at < len(words) and (words[at] in (",", "-") or words[at] in _NUMBER_SIGN or words[at] in _LANE):
        signed = words[at] if words[at] != "," else signed or ","
        at += 1
    if at < len(words) and _counts(words[at]) and signed != ",":
        return f"{words[at]}弄" if signed in _LANE else f"{words[at]}号"
    return ""


def _counts(word: str) -> bool:
    return word.isdecimal() and len(word) <= 5 and word.strip("0") != ""

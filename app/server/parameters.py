"""What a request may say: each parameter known, read and bounded; what is wrong is one sentence in two languages."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.filters.drive import MAX_DRIVE_PLACES
from geo.filters.filters import (
    CONDITIONS,
    FACETS,
    FILTER_FIELDS,
    MAX_TEXT_CHARACTERS,
    MAX_VALUES,
    Filters,
    max_values,
    options,
)
from geo.roads.store import NO_NETWORK, roads_or_none
from geo.text import Text

MAX_SHOWN_VALUE: Final = 40
"""Characters of what was sent that a sentence quotes."""


class RefusedError(Exception):
    """A request that is not as it has to be: the status, and one sentence in two languages."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address.

    Parameters
    ----------
    name : str
    schema : mapping
        What it may be, in the words of JSON Schema.
    meaning : Text
    read : callable
        Gives its value from its text; refuses what is none.
    default : object
        Its value where it is not sent.
    """

    name: str
    schema: Mapping[str, Any]
    meaning: Text
    read: Callable[[str], Any] = str
    default: Any = None


def read_query(pairs: list[tuple[str, str]], known: tuple[Parameter, ...], *, filtered: bool) -> dict[str, Any]:
    """Values of the parameters of an address, `filters` among them where it takes filters.

    Raises
    ------
    RefusedError
        400 when one is not known, sent twice, or not readable, or asks for driving times where there are no roads.
    """
    given: dict[str, str] = {}
    names = {parameter.name for parameter in known} | ({*FILTER_FIELDS, "q"} if filtered else set())
    for name, text in pairs:
        if name not in names:
            raise RefusedError(400, f"没有这个参数：{name[:MAX_SHOWN_VALUE]}（unknown parameter）")
        if name in given:
            raise RefusedError(400, f"参数写了两次：{name}（repeated parameter, separate values by commas）")
        given[name] = text
    values = {one.name: one.read(given[one.name]) if one.name in given else one.default for one in known}
    if "drive" in given and roads_or_none() is None:
        raise RefusedError(400, f"{NO_NETWORK.zh}（no road network here）")
    return values | ({"filters": read_filters(given)} if filtered else {})


def read_filters(params: Mapping[str, str]) -> Filters:
    """The filters among the parameters of an address, the values of each in a fixed order.

    Raises
    ------
    RefusedError
        400 when they exceed the limits of a link or hold a value that is not known.

    Examples
    --------
    >>> read_filters({"district": "310117,310114", "lang": "zh"}).district
    ('310114', '310117')
    """
    filters, beyond = Filters.from_query({name: params[name] for name in params if name in {*FILTER_FIELDS, "q"}})
    if beyond:
        limits = f"至多 {MAX_VALUES} 个值（drive {MAX_DRIVE_PLACES} 个），文字至多 {MAX_TEXT_CHARACTERS} 字"
        raise RefusedError(400, f"{'、'.join(beyond)} 太长：{limits}（too long or too many values）")
    for facet, values in filters.unknown().items():
        raise RefusedError(400, f"{facet} 没有这个值：{values[0][:MAX_SHOWN_VALUE]}（unknown value）")
    return Filters(**{name: tuple(sorted(getattr(filters, name))) for name in FILTER_FIELDS}, q=filters.q)


def filter_schema(name: str) -> dict[str, Any]:
    """What a filter may be, in the words of JSON Schema.

    Examples
    --------
    >>> filter_schema("zone")["items"]["enum"]
    ['core', 'belt', 'other', 'unplaced']
    """
    if name == "q":
        return {"type": "string", "maxLength": MAX_TEXT_CHARACTERS}
    item = {"type": "string"} | ({"enum": [*options(name)]} if name in FACETS else {})
    return {"type": "array", "items": item, "maxItems": max_values(name)}


def filter_meaning(name: str) -> str:
    """What a filter does, in a few words: the column of a facet, or the condition."""
    if name == "q":
        return "names, former names, address, park or town hold all of these words"
    return f"codes of the column {FACETS[name]}" if name in FACETS else f"condition {name}" * (name in CONDITIONS)


def read_integer(name: str, text: str) -> int:
    """A whole number, not negative.

    Raises
    ------
    RefusedError
        400 when it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise RefusedError(400, f"{name} 应为非负整数（{name} must be a whole number）")
    return int(text)


def read_number(params: Mapping[str, str], name: str, least: float, most: float) -> float:
    """A number of the parameters within bounds.

    Raises
    ------
    RefusedError
        400 when it is missing, none, or out of bounds.
    """
    try:
        value = float(params[name])
    except (KeyError, ValueError):
        value = math.nan
    if not least <= value <= most:
        raise RefusedError(400, f"{name} 应为 {least:g} 到 {most:g} 之间的数（{name} out of range）")
    return value


def choice_of(name: str, values: tuple[str, ...], meaning: Text, default: str | None = None) -> Parameter:
    """A parameter that is one of a few words."""

    def read(text: str) -> str:
        if text not in values:
            raise RefusedError(400, f"{name} 应为 {'、'.join(values)} 之一（{name} must be one of these）")
        return text

    return Parameter(name, {"type": "string", "enum": [*values]}, meaning, read, default)


def number_of(name: str, least: int, most: int, default: int, meaning: Text, *, cut: bool = False) -> Parameter:
    """A parameter that is a whole number within bounds; with `cut`, what is more than the most is the most."""

    def read(text: str) -> int:
        value = min(read_integer(name, text), most) if cut else read_integer(name, text)
        if not least <= value <= most:
            raise RefusedError(400, f"{name} 应为 {least} 到 {most}（{name} out of range）")
        return value

    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Parameter(name, schema, meaning, read, default)

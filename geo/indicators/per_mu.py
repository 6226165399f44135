"""Per-mu figures: what enterprises yield of the land, energy, staff and money that they use, and grades by a formula.

The facts stand in columns that an import kept.  They are known by their headings, which have to name the unit: a number
without one is not taken.  Nothing is estimated, and no threshold is built in: none is published with a source that this
project holds.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.datasets.dataset import Dataset
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import counted_rows
from geo.indicators.weights import read_numbers
from geo.text import Text

_MONEY: Final = {"元": 1e-4, "千元": 0.1, "万元": 1.0, "百万元": 100.0, "亿元": 1e4}
_LAND: Final = {
    "亩": 1.0, "平方米": 0.0015, "m2": 0.0015, "万平方米": 15.0, "公顷": 15.0, "hm2": 15.0, "ha": 15.0, "平方公里": 1500.0,
}  # fmt: skip
_ENERGY: Final = {
    "吨标准煤": 1.0, "吨标煤": 1.0, "tce": 1.0, "千克标准煤": 0.001, "万吨标准煤": 1e4, "万吨标煤": 1e4,
}  # fmt: skip
_STAFF: Final = {"人": 1.0, "": 1.0}


class Fact(NamedTuple):
    """A fact of an enterprise: its name, its unit, the headings it stands under, and units in headings → ours."""

    name: Text
    unit: Text
    headings: tuple[str, ...]
    units: Mapping[str, float]


YIELD_FACTS: Final = {
    "output": Fact(
        Text("产值", "Output"), Text("万元", "10⁴ CNY"), ("工业总产值", "总产值", "产值", "output"), _MONEY,
    ),
    "tax": Fact(
        Text("税收", "Tax"), Text("万元", "10⁴ CNY"),
        ("实缴税收", "实缴税金", "税收总额", "纳税总额", "纳税额", "税收", "税金", "tax"), _MONEY,
    ),
    "investment": Fact(
        Text("投资", "Investment"), Text("万元", "10⁴ CNY"),
        ("固定资产投资总额", "固定资产投资额", "固定资产投资", "项目总投资", "总投资额", "总投资", "investment"), _MONEY,
    ),
    "rd": Fact(
        Text("研发费用", "R&D"), Text("万元", "10⁴ CNY"),
        ("研发经费支出", "研发经费", "研发费用", "研发投入", "r&d", "rd"), _MONEY,
    ),
    "land": Fact(
        Text("用地", "Land"), Text("亩", "mu"),
        ("土地使用面积", "土地面积", "用地面积", "占地面积", "占用土地", "用地", "land"), _LAND,
    ),
    "energy": Fact(
        Text("能耗", "Energy"), Text("吨标准煤", "tce"),
        ("综合能源消费量", "能源消费总量", "综合能耗", "能耗总量", "能耗", "energy"), _ENERGY,
    ),
    "staff": Fact(
        Text("从业人员", "Staff"), Text("人", "persons"),
        ("从业人员平均人数", "平均从业人员数", "从业人员期末人数", "从业人员数", "从业人员", "从业人数", "职工人数", "员工人数", "staff"),
        _STAFF,
    ),
}  # fmt: skip
"""Facts that an import may hold, each in one column."""


class Figure(NamedTuple):
    """A figure: one fact over another, times `scale`, in `unit`."""

    name: Text
    unit: Text
    above: str
    below: str
    scale: float = 1.0


FIGURES: Final = {
    "tax_per_mu": Figure(Text("亩均税收", "Tax per mu"), Text("万元/亩", "10⁴ CNY/mu"), "tax", "land"),
    "output_per_mu": Figure(Text("土地产出率", "Output per mu"), Text("万元/亩", "10⁴ CNY/mu"), "output", "land"),
    "investment_per_mu": Figure(
        Text("投资强度", "Investment per mu"), Text("万元/亩", "10⁴ CNY/mu"), "investment", "land"
    ),
    "output_per_person": Figure(
        Text("劳动生产率", "Output per person"), Text("万元/人", "10⁴ CNY/person"), "output", "staff"
    ),
    "output_per_tce": Figure(
        Text("单位能耗产值", "Output per energy"), Text("万元/吨标准煤", "10⁴ CNY/tce"), "output", "energy"
    ),
    "rd_share": Figure(Text("研发投入强度", "R&D share of output"), Text("%", "%"), "rd", "output", 100.0),
}
"""Figures by their names in tables and addresses."""

MAX_RATIO: Final = 2.0
"""A figure counts at most as so many times that of the whole, so that no single one outweighs all others."""

START_WEIGHTS: Final = dict.fromkeys(FIGURES, 0.0) | dict.fromkeys(
    ("tax_per_mu", "output_per_mu", "output_per_person", "output_per_tce"), 1.0
)
"""Weights of the formula until somebody says otherwise: equal, a judgement, not fitted and not published."""

START_CUTS_POINTS: Final = (120.0, 90.0, 60.0)
"""Scores from which on an A, B and C is given until somebody says otherwise; 100 is the yield of the whole."""

GRADES: Final = ("A", "B", "C", "D")
_BRACKETS: Final = str.maketrans("[]{}【】〔〕〈〉《》—–-", "()()()()()()///")
_YEAR: Final = r"(?:(?:19|20)\d{2}年?度?)?"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    patterns = {}
    for code, fact in YIELD_FACTS.items():
        stems, units = (
            "|".join(map(re.escape, sorted(each, key=len, reverse=True))) for each in (fact.headings, fact.units)
        )
        patterns[code] = re.compile(rf"{_YEAR}(?:{stems}){_YEAR}(?:[(/,:_]|单位)*(?P<unit>{units})\)*")
    return patterns


@dataclass(frozen=True)
class Headings:
    """What was recognised of a table: fact → (heading, factor to our unit), and the headings that say too little.

    `unclear` holds headings without a unit, and those of a fact that stands in several columns.
    """

    found: Mapping[str, tuple[str, float]]
    unclear: tuple[str, ...]


def recognise_facts(table: pd.DataFrame) -> Headings:
    """Find the columns of the facts by their headings.

    Parameters
    ----------
    table : DataFrame
        Canonical columns, and those that an import kept.

    Examples
    --------
    >>> found = recognise_facts(pd.DataFrame(columns=["2024年税收（万元）", "用地面积/平方米", "综合能耗"]))
    >>> dict(found.found), found.unclear
    ({'tax': ('2024年税收（万元）', 1.0), 'land': ('用地面积/平方米', 0.0015)}, ('综合能耗',))
    """
    held: dict[str, list[tuple[str, float]]] = {}
    unclear = []
    for title in map(str, table.columns):
        if title in COLUMNS:
            continue
        plain = "".join(unicodedata.normalize("NFKC", title).lower().split()).translate(_BRACKETS)
        for code, pattern in _patterns().items():
            match = pattern.fullmatch(plain)
            if match:
                held.setdefault(code, []).append((title, YIELD_FACTS[code].units[match["unit"]]))
            elif re.fullmatch(
                rf"{_YEAR}(?:{'|'.join(map(re.escape, YIELD_FACTS[code].headings))}){_YEAR}(?:[(/].*)?", plain
            ):
                unclear.append(title)
    several = [title for columns in held.values() if len(columns) > 1 for title, _ in columns]
    found = {code: columns[0] for code, columns in held.items() if len(columns) == 1}
    return Headings({code: found[code] for code in YIELD_FACTS if code in found}, (*unclear, *several))


def read_facts(table: pd.DataFrame) -> pd.DataFrame:
    """Facts of each enterprise.

    Returns
    -------
    DataFrame of float
        Index of the table, a column for each of `YIELD_FACTS` in its unit; NaN where unknown: no column, no number, or one that
        is negative (tax may be: what was paid back).
    """
    found = recognise_facts(table).found
    facts = pd.DataFrame(np.nan, index=table.index, columns=list(YIELD_FACTS))
    for code, (title, factor) in found.items():
        values = read_numbers(table[title]) * factor
        facts[code] = values if code == "tax" else values.where(values >= 0)
    return facts


def figures_of(facts: pd.DataFrame) -> pd.DataFrame:
    """Figures of facts, row by row; NaN where a fact is unknown or nothing is below the line.

    Examples
    --------
    >>> facts = pd.DataFrame({"output": [900.0], "tax": [60.0], "land": [30.0]}).reindex(columns=list(YIELD_FACTS))
    >>> figures_of(facts)[["tax_per_mu", "output_per_mu"]].iloc[0].tolist()
    [2.0, 30.0]
    """
    columns = {
        code: facts[one.above] / facts[one.below].where(facts[one.below] > 0) * one.scale
        for code, one in FIGURES.items()
    }
    return pd.DataFrame(columns, index=facts.index)


def sum_figures(facts: pd.DataFrame, groups: Any, order: pd.Index) -> pd.DataFrame:
    """Figures of groups: sum over sum, of the enterprises of which both facts are known.

    Parameters
    ----------
    facts : DataFrame
        As `read_facts` gives it.
    groups : array
        Group of each row.
    order : Index
        The groups.

    Returns
    -------
    DataFrame
        Index `order`; `enterprises`, and for each figure its value and ``known_<figure>``, of how many it is known.
    """
    columns: dict[str, pd.Series] = {"enterprises": pd.Series(groups).value_counts().reindex(order, fill_value=0)}
    for code, one in FIGURES.items():
        both = (facts[one.above].notna() & (facts[one.below] > 0)).to_numpy()
        sums = facts.loc[both, [one.above, one.below]].groupby(np.asarray(groups)[both]).sum().reindex(order)
        columns[code] = sums[one.above] / sums[one.below] * one.scale
        columns[f"known_{code}"] = pd.Series(groups)[both].value_counts().reindex(order, fill_value=0)
    return pd.DataFrame(columns, index=order)


@dataclass(frozen=True)
class Yields:
    """The figures of a selection: of each enterprise (index of the dataset), of each place, and of the whole (one row)."""

    enterprises: pd.DataFrame
    places: pd.DataFrame
    whole: pd.Series


def yields_of(data: Dataset, filters: Filters | None = None, level: str = "district") -> Yields:
    """Figures of the enterprises that the filters select, of their places, and of all together.

    A further site of an enterprise has no figures of its own: the enterprise counts once, where its head office is.

    Raises
    ------
    DataError
        When the dataset holds none of the facts.
    """
    if not recognise_facts(data.enterprises).found:
        raise DataError(
            "这个数据集没有亩均的列（no column of land, tax, output, staff, energy or R&D）",
            expected="、".join(f"{one.headings[0]}（{next(iter(one.units))}）" for one in YIELD_FACTS.values()),
        )
    filters = filters or Filters()
    rows, places = counted_rows(data, filters, level)
    facts = read_facts(data.enterprises[data.counted_mask(filters)])  # those without a place count in the whole
    placed = facts.loc[data.enterprises.index[rows["row"].to_numpy()]]
    by_place = sum_figures(placed, rows["place"].to_numpy(), pd.Index(range(len(places))))
    by_place = by_place.set_axis(places.index).assign(name=places["name_zh"])
    whole = sum_figures(facts, np.zeros(len(facts), int), pd.Index([0])).iloc[0]
    return Yields(pd.concat([facts, figures_of(facts)], axis=1), by_place, whole)


def grade(
    figures: pd.DataFrame, whole: pd.Series, weights: Mapping[str, float], cuts_points: tuple[float, float, float]
) -> pd.DataFrame:
    """Score and grade of rows.

    The score is 100 × Σ w · min(figure ÷ that of the whole, `MAX_RATIO`) ÷ Σ w, over the figures of weight that are known
    of the whole; a row of which one of these is unknown has none.

    Parameters
    ----------
    figures : DataFrame
        Figures of enterprises or places.
    whole : Series
        Those of all together.
    weights : mapping
        Figure → weight, not negative.
    cuts_points : tuple of float
        Scores from which on an A, B and C is given, falling.

    Returns
    -------
    DataFrame
        Index of the rows; `score` (NaN where unknown) and `grade` (``""`` then).

    Examples
    --------
    >>> figures = pd.DataFrame({"tax_per_mu": [3.0, 1.0], "output_per_mu": [20.0, 10.0]})
    >>> whole = pd.Series({"tax_per_mu": 2.0, "output_per_mu": 20.0})
    >>> grade(figures, whole, {"tax_per_mu": 1, "output_per_mu": 1}, (120, 90, 60)).values.tolist()
    [[125.0, 'A'], [50.0, 'D']]
    """
    used = [code for code, weight in weights.items() if weight > 0 and whole.get(code, np.nan) > 0]
    score = pd.Series(np.nan, index=figures.index)
    if used:
        ratios = (figures[used] / whole[used].astype(float)).clip(upper=MAX_RATIO)
        weight = np.array([weights[code] for code in used], dtype=float)
        score = pd.Series((ratios.to_numpy(float) @ weight) / weight.sum() * 100, index=figures.index)
    given = np.select([score >= cut for cut in cuts_points], GRADES[:3], GRADES[3])
    return pd.DataFrame({"score": score, "grade": np.where(score.notna(), given, "")}, index=figures.index)

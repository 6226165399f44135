"""The indicators of a place: one table that page, file, figure and reference are made from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from geo.codes.industries import INDUSTRIES
from geo.indicators.counts import Counts
from geo.indicators.measures import (
    clopper_pearson,
    effective_industries,
    herfindahl,
    location_quotient,
    location_quotient_interval,
)
from geo.places.statistics import WHOLE_YEAR, latest
from geo.text import Text


@dataclass(frozen=True)
class Indicator:
    """What is measured of a place, and all that a user has to know of it.

    Parameters
    ----------
    name, unit, formula, caveat, source : (Chinese, English)
        `source` says where the formula, or the figure itself, comes from.
    measure : callable
        From `Counts` to a Series of float with the index of its places, NaN where undefined.
    interval : callable, optional
        From `Counts` to a DataFrame with the columns `low` and `high`.
    published : callable, optional
        For a published figure: gives the DataFrame of figures behind it, indexed by place.
    mapped : bool
        Whether a choropleth may show it: rates and densities only, never counts or totals.
    share : bool
        Whether it is a part of a whole, shown in percent.
    """

    name: Text
    unit: Text
    formula: Text
    caveat: Text
    source: Text
    measure: Callable[[Counts], pd.Series]
    interval: Callable[[Counts], pd.DataFrame] | None = None
    published: Callable[[], pd.DataFrame] | None = None
    mapped: bool = True
    share: bool = False


_LIST: Final = Text("所选名单", "The selected list")
_EXACT: Final = Text("所选名单；区间：Clopper–Pearson 1934", "The selected list; interval: Clopper–Pearson 1934")
_SAMPLE: Final = Text(
    "名单不是全部企业，只说明名单内的情形",
    "The list is not all enterprises; it speaks of the list alone",
)
_SMALL: Final = Text(
    "小样本请看 95% 区间；含 1 即不能断言专业化。相对所选范围：只选一个区时恒为 1",
    "With small counts read the 95% interval; where it holds 1, no specialisation can be claimed. "
    "Relative to the selection: always 1 within a single district",
)
_PUBLISHED: Final = Text(
    "公布数，年份与口径不一；没有公布的为空，从不填补",
    "As published, years and definitions differ; empty where nothing is published, never filled",
)


def _count(counts: Counts) -> pd.Series:
    return counts.enterprises.astype(float)


def _recognised(counts: Counts) -> pd.Series:
    return counts.recognised.astype(float)


def _density(counts: Counts) -> pd.Series:
    return counts.enterprises / counts.places["area_km2"]


def _share(counts: Counts, industry: str) -> pd.Series:
    return counts.by_industry[industry] / counts.enterprises.where(counts.enterprises > 0).astype(float)


def _share_interval(counts: Counts, industry: str) -> pd.DataFrame:
    return _proportion(counts.by_industry[industry], counts)


def _recognised_share(counts: Counts) -> pd.Series:
    return counts.recognised / counts.enterprises.where(counts.enterprises > 0).astype(float)


def _recognised_interval(counts: Counts) -> pd.DataFrame:
    return _proportion(counts.recognised, counts)


def _proportion(hits: pd.Series, counts: Counts) -> pd.DataFrame:
    low, high = clopper_pearson(hits, counts.enterprises)
    return pd.DataFrame({"low": low, "high": high}, index=counts.places.index)


def _figure(indicator: str, period: str, unit: str) -> Callable[[Counts], pd.Series]:
    def measure(counts: Counts) -> pd.Series:
        return latest(indicator, period, unit)["value"].reindex(counts.places.index).astype(float)

    return measure


def _published(name: Text, unit: Text, indicator: str, period: str, unit_of_file: str) -> Indicator:
    return Indicator(
        name=name,
        unit=unit,
        formula=Text(
            f"最近一次公布的“{indicator}”（{period}），有来源的在先",
            f"Latest published figure of {indicator} ({period}), sourced ones first",
        ),
        caveat=_PUBLISHED,
        source=Text(
            "各区公布的统计数，逐数注明年份、来源与证据",
            "Published figures of the districts, year, source and evidence with each",
        ),
        measure=_figure(indicator, period, unit_of_file),
        published=partial(latest, indicator, period, unit_of_file),
        mapped=False,
    )


INDICATORS: Final[dict[str, Indicator]] = {
    "enterprises": Indicator(
        Text("企业数", "Enterprises"),
        Text("家", "count"),
        Text("所选企业的家数", "number of selected enterprises"),
        _SAMPLE,
        _LIST,
        _count,
        mapped=False,
    ),
    "density_km2": Indicator(
        Text("企业密度", "Density of enterprises"),
        Text("家/km²", "per km²"),
        Text("企业数 ÷ 公布面积 [km²]", "enterprises ÷ published area [km²]"),
        Text(
            "面积为统计年鉴口径的公布面积，不是图上轮廓；园区只在有公布面积时计算；核为 873 km²，含未画出的机场南侧；"
            "带的计数不含核内企业，与其面积不对应，故为空",
            "Published area, not that of the drawn outline; parks only where one is published; the core's 873 km² include the "
            "part that is not drawn; empty for the belt, whose count leaves out the core but whose area does not",
        ),
        Text(
            "所选名单；面积：行政区、园区与临港的公布面积",
            "The selected list; published areas of districts, parks and Lingang",
        ),
        _density,
    ),
    "hhi": Indicator(
        Text("行业集中度 HHI", "Concentration of industries (HHI)"),
        Text("0–1", "0–1"),
        Text(
            "各行业占比的平方和，不含行业未知的企业",
            "sum of the squared shares of the industries, without enterprises of unknown industry",
        ),
        Text(
            "七类行业（含“其他”）的粗分，企业越少越容易偏高；1/7 为完全均匀，1 为只有一个行业",
            "Seven coarse industries (with “other”); biased upwards where enterprises are few; 1/7 when all alike, 1 for a single industry",
        ),
        Text("Hirschman 1964", "Hirschman 1964"),
        herfindahl,
    ),
    **{
        f"lq_{code}": Indicator(
            Text(f"{industry.zh}区位商", f"Location quotient, {industry.en.lower()}"),
            Text("倍", "ratio"),
            Text(
                "（本地该行业家数 ÷ 本地家数）÷（全部该行业家数 ÷ 全部家数），行业未知的企业计入家数",
                "(in the industry here ÷ all here) ÷ (in the industry everywhere ÷ all everywhere); "
                "enterprises of unknown industry are among all",
            ),
            _SMALL,
            Text(
                "Florence 1939；区间：Clopper–Pearson 1934，以该行业总家数为条件",
                "Florence 1939; interval: Clopper–Pearson 1934, given the total of the industry",
            ),
            partial(location_quotient, industry=code),
            partial(location_quotient_interval, industry=code),
        )
        for code, industry in INDUSTRIES.items()
    },
    **{
        f"share_{code}": Indicator(
            Text(f"{industry.zh}占比", f"Share of {industry.en.lower()}"),
            Text("%", "%"),
            Text("本地该行业家数 ÷ 本地家数", "in the industry here ÷ all here"),
            _SAMPLE,
            _EXACT,
            partial(_share, industry=code),
            partial(_share_interval, industry=code),
            share=True,
        )
        for code, industry in INDUSTRIES.items()
    },
    "diversity": Indicator(
        Text("有效行业数", "Effective number of industries"),
        Text("个", "industries"),
        Text("exp(−Σ_i s_i ln s_i)，s_i 同 HHI", "exp(−Σ_i s_i ln s_i), s_i as for HHI"),
        Text(
            "与多少个同样大的行业一样多样；企业越少越容易偏低",
            "As diverse as that many industries of equal size; biased downwards where enterprises are few",
        ),
        Text("Jost 2006", "Jost 2006"),
        effective_industries,
    ),
    "recognised": Indicator(
        Text("有称号的企业", "Recognised enterprises"),
        Text("家", "count"),
        Text(
            "至少有一个称号的企业数",
            "enterprises with at least one recognition",
        ),
        Text(
            "称号取自公开名单与报道的样本，是下限；上市与重点企业不算称号",
            "Recognitions are a sample of published lists, a lower bound; listings and key enterprises are none",
        ),
        Text("所选名单；称号表", "The selected list; the table of recognitions"),
        _recognised,
        mapped=False,
    ),
    "recognised_share": Indicator(
        Text("有称号的比例", "Share recognised"),
        Text("%", "%"),
        Text("有称号的企业 ÷ 企业数", "recognised enterprises ÷ enterprises"),
        Text(
            "分子是下限，分母是名单：各区之间的差别也可能只是收录的差别",
            "The numerator is a lower bound, the denominator a list: districts may differ by what was collected",
        ),
        Text(
            "所选名单；称号表；区间：Clopper–Pearson 1934",
            "The selected list; the table of recognitions; interval: Clopper–Pearson 1934",
        ),
        _recognised_share,
        _recognised_interval,
        share=True,
    ),
    "population": _published(Text("常住人口", "Residents"), Text("人", "persons"), "常住人口", "普查时点", "人"),
    "gdp": _published(
        Text("地区生产总值", "Gross domestic product"),
        Text("亿元", "100 million yuan"),
        "地区生产总值",
        WHOLE_YEAR,
        "亿元",
    ),
    "industrial_output": _published(
        Text("规上工业总产值", "Output of industry above size"),
        Text("亿元", "100 million yuan"),
        "规模以上工业总产值",
        WHOLE_YEAR,
        "亿元",
    ),
    "secondary_sector": _published(
        Text("第二产业增加值", "Value added of the secondary sector"),
        Text("亿元", "100 million yuan"),
        "第二产业增加值",
        WHOLE_YEAR,
        "亿元",
    ),
}
"""Code, which is also the column of the file → indicator; an indicator is one entry."""

FIGURE: Final = ("year", "period", "basis", "evidence", "source_title")
"""What stands beside a published figure in the file, as ``<code>_<name>``."""


def measure(counts: Counts, code: str) -> pd.Series:
    """Measure one indicator.

    Returns
    -------
    Series of float
        Named `code`, index of the places; NaN where undefined.

    Examples
    --------
    >>> from geo.indicators.counts import count_places
    >>> from geo.datasets.dataset import load_dataset
    >>> round(float(measure(count_places(load_dataset()), "density_km2")["310117"]), 4)
    0.1403
    """
    return INDICATORS[code].measure(counts).astype(float).rename(code)


def indicator_table(counts: Counts) -> pd.DataFrame:
    """All indicators of all places, unrounded.

    Returns
    -------
    DataFrame
        Index of the places; `name`, every indicator under its code, then for each with an interval ``<code>_low`` and
        ``<code>_high`` (95 %), and beside each published figure its `FIGURE` columns.  Counts are integers, everything
        else float with NaN where undefined.
    """
    columns: dict[str, pd.Series] = {"name": counts.places["name_zh"]}
    for code in INDICATORS:
        columns[code] = measure(counts, code)
    for code, indicator in INDICATORS.items():
        if indicator.interval:
            bounds = indicator.interval(counts)
            columns |= {f"{code}_low": bounds["low"], f"{code}_high": bounds["high"]}
        if indicator.published:
            figures = indicator.published().reindex(counts.places.index)
            columns |= {f"{code}_{name}": figures[name] for name in FIGURE}
    table = pd.DataFrame(columns, index=counts.places.index)
    return table.astype(dict.fromkeys(["enterprises", "recognised"], np.int64))

"""Words of the districts page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "nav.districts": ("区与园区", "Districts"),
    "nav.districts.help": (
        "各区、核带、园区、街镇的指标：分级设色图、表、并排比较",
        "Indicators of districts, core and belt, parks and towns: choropleth, table, comparison",
    ),
    "districts.level": ("地点", "Places"),
    "districts.indicator": ("指标", "Indicator"),
    "districts.scheme": ("分级方法", "Class scheme"),
    "districts.second": ("右图", "Second map"),
    "districts.second.none": ("不画第二张", "None"),
    "districts.second.own": ("同一指标，排除集中登记地", "Same indicator, without crowded addresses"),
    "districts.formula": (
        "**{name}**（{unit}）＝ {formula}。{caveat}。出处：{source}。",
        "**{name}** ({unit}) = {formula}. {caveat}. Source: {source}.",
    ),
    "districts.left": (
        "计入 {n} 家；另有 {left} 家没有所在区或归属，不计入本页。",
        "{n} enterprises are counted; {left} without a district or zone are not.",
    ),
    "districts.few": (
        "区间为 95% 精确区间，只反映偶然；同时看 {places} 个地点，约有 {false} 个会仅凭偶然落在区间之外。",
        "Intervals are exact at 95% and reflect chance alone; of {places} places seen at once about {false} fall outside by chance.",
    ),
    "districts.relative": (
        "已按区、归属或行业筛选：占比与区位商都相对这一选择，不是相对全市。",
        "The selection is limited by district, zone or industry: shares and quotients are relative to it, not to the city.",
    ),
    "districts.points": (
        "园区与街镇没有公开边界，以近似点着色；点的大小没有含义。",
        "Parks and towns have no published outlines and are coloured as approximate points; their size means nothing.",
    ),
    "districts.picture": ("下载图（{suffix}）", "Figure ({suffix})"),
    "districts.sheet": ("下载全部指标（{suffix}）", "All indicators ({suffix})"),
    "districts.table": ("排序表", "Ranking"),
    "districts.place": ("地点", "Place"),
    "districts.low": ("区间下限", "Interval from"),
    "districts.high": ("区间上限", "Interval to"),
    "districts.verdict": ("与 1 相比", "Against 1"),
    "districts.verdict.above": ("高于", "above"),
    "districts.verdict.below": ("低于", "below"),
    "districts.verdict.open": ("不能断言", "undecided"),
    "districts.compare": ("并排比较", "Side by side"),
    "districts.compare.choose": ("至多 10 个地点", "Up to 10 places"),
    "districts.compare.none": ("选几个地点，在这里并排比较。", "Choose some places to see them side by side."),
    "districts.shares": ("行业构成（占该地企业）", "Industries (share of the place's enterprises)"),
    "districts.interval": ("{name}与 95% 区间", "{name} with 95% interval"),
    "districts.published": ("公布的统计（稀疏，逐数注明）", "Published statistics (sparse, each with its source)"),
    "districts.published.note": (
        "年份、时期与口径不一，不能直接相比；没有公布的不填补。推算与预计值仅在此列出，不进入指标。",
        "Years, periods and definitions differ: not comparable as they stand; what is not published stays empty. "
        "Derived figures and forecasts are listed here only and enter no indicator.",
    ),
    "districts.year": ("年份", "Year"),
    "districts.period": ("时期", "Period"),
    "districts.value": ("数值", "Value"),
    "districts.unit": ("单位", "Unit"),
    "districts.basis": ("依据", "Basis"),
    "districts.unverified": ("待核实", "Unverified"),
    "districts.warning": ("注意", "Caution"),
    "districts.selection": ("选择", "Selection"),
    "districts.date": ("数据日期", "Date"),
}

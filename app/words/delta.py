"""Words of the delta, a section of the plan page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "delta.rule": (
        "三省一市 {n} 个城市，其中 {central} 个中心区城市。《长三角城市智能制造发展指数报告（2023 版）》公开可查的只有"
        " {indexed} 个城市的分值、{tiered} 个城市的梯队；其余城市没有公布值，画斜线，不推算。",
        "{n} cities of three provinces and Shanghai, {central} of them central. Of the Delta City Smart-Manufacturing Index (2023) "
        "only {indexed} values and {tiered} tiers are published; the other cities are hatched, nothing is estimated.",
    ),
    "delta.city": ("城市", "City"),
    "delta.province": ("省市", "Province"),
    "delta.central": ("中心区城市", "Central"),
    "delta.tier": ("梯队", "Tier"),
    "delta.index": ("指数（2023 版，分）", "Index (2023, points)"),
    "delta.band": ("梯队分数段", "Range of the tier"),
    "delta.none": ("没有公布值", "no published value"),
    "delta.jiangsu": (
        "另一套指标：江苏省智能制造发展指数（2022 版）",
        "Another measure: Jiangsu Smart-Manufacturing Index (2022)",
    ),
    "delta.jiangsu.rule": (
        "江苏省自己的指数，年份与算法都不同，不能与上面的长三角指数比较，因此不画在图上。",
        "Jiangsu's own index, of another year and method; it cannot be compared with the delta index above and is not on the map.",
    ),
    "delta.jiangsu.value": ("江苏指数（2022 版）", "Jiangsu index (2022)"),
}

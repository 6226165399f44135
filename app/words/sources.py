"""Words of the sources page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "sources.catalogue": ("数据目录", "Data catalogue"),
    "sources.catalogue.note": (
        "产品读取的每一个文件；校验值在读取时核对。",
        "Every file the product reads; hashes are verified when it is read.",
    ),
    "sources.unplaced": ("没有画在图上的", "What is not on the map"),
    "sources.first": ("只列前 {n} 家。", "The first {n} are listed."),
    "sources.unplaced.note": (
        "{n} 家没有公布的区、地址或园区，故未定位，不作猜测。",
        "{n} have no published district, address or park; they are left unplaced rather than guessed.",
    ),
    "sources.notdrawn": ("范围中未画出的部分", "Parts of the core that are not drawn"),
    "sources.notdrawn.note": (
        "公开文字只说方位、没有四至的，不画，也不估。",
        "What is published as a direction only, without limits, is neither drawn nor guessed.",
    ),
    "sources.unverified": ("待核实", "Unverified"),
    "sources.unverified.note": (
        "{n} 家的所在区没有找到来源；名称待核实的有 {names} 家。",
        "The district of {n} has no source; the names of {names} are unverified.",
    ),
    "sources.conflicts": ("位置说法不一", "Locations that disagree"),
    "sources.conflicts.none": ("当前数据没有位置矛盾。", "No location in the present data disagrees."),
    "sources.parks": ("没有点位的园区", "Parks without a point"),
    "sources.precision": ("定位精度", "Precision of the locations"),
    "sources.precision.note": (
        "园区、街镇与区一级的企业只知道大致范围，图上以数字汇总，不参与距离统计。",
        "Enterprises known by park, town or district are gathered under a number and kept out of distance statistics.",
    ),
}

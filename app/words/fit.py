"""Words of the page of sites."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "nav.fit": ("选址", "Site fit"),
    "nav.fit.help": ("按需要给园区与街镇排序，权重可调", "Parks and towns ranked by needs, weights adjustable"),
    "fit.title": ("选址：哪里合适", "Site fit: where it would fit"),
    "fit.lead": (
        "给定环节与需要，按可见的加权条件给园区与街镇排序。园区与街镇只有近似点，没有公布的边界；缺的条件写“缺”，不当作差"
        "。",
        "Given a node and needs, parks and towns are ranked by weighted criteria in full view. Both are known by "
        "approximate points, no boundary is published; a criterion that is missing for a place is shown as missing, not "
        "as bad.",
    ),
    "fit.node": ("企业所在环节", "Node of the investor"),
    "fit.kinds": ("地方", "Places"),
    "fit.kind.park": ("园区", "Parks"),
    "fit.kind.town": ("街镇", "Towns"),
    "fit.districts": ("意向的区（可空）", "Preferred districts (may be empty)"),
    "fit.zones": ("意向的核带（可空）", "Preferred zone (may be empty)"),
    "fit.radius": ("周边半径（km）", "Near by means (km)"),
    "fit.firm": ("要靠近的企业（输入名称）", "Enterprise to be near (type its name)"),
    "fit.firm.choose": ("选定企业", "Choose it"),
    "fit.firm.nobody": (
        "没有找到有自己点位的企业；只知园区、街镇或区的不能用来量距离。",
        "Nobody with a point of its own was found; who is known by area only cannot be measured to.",
    ),
    "fit.placed": (
        "所选企业中有自己点位、可计入周边的：上游 {suppliers} 家、下游 {customers} 家、同环节 {peers} 家。为 0 的条件对所"
        "有地方都缺。",
        "Of the selection, with a point of their own: {suppliers} suppliers, {customers} customers, {peers} peers. A "
        "criterion with 0 is missing everywhere.",
    ),
    "fit.few": (
        "有点位的企业很少（共 {n} 家），一家之差就会改变周边条件的得分：只作示意。导入带坐标的名单后才有把握。",
        "Very few enterprises have a point ({n} in all): a single one changes what is near by. Take it as an "
        "illustration; a list with coordinates says more.",
    ),
    "fit.help": (
        "园区公布的产业：含该环节关键词 1、含该链 0.8、只有别的 0，未公布则缺（街镇都缺）；周边企业：ln(1+n)，相对最多的"
        "地方；距指定企业：1/(1+d/10km)。对所有地方都缺的条件不计权重；已知权重不到四分之一的排在最后。",
        "Published industries: 1 with a keyword of the node, 0.8 with the chain, 0 with others only, missing where none "
        "are published (all towns). Enterprises near by: ln(1+n) over the place with most. Given enterprise: 1/(1+d/10 "
        "km). Places with less than a quarter of the weights known come last; a criterion missing everywhere has no "
        "weight.",
    ),
    "fit.place": ("地方", "Place"),
    "fit.kind": ("类别", "Kind"),
    "fit.published": ("公布的产业", "Published industries"),
    "fit.suppliers": ("上游家数", "Suppliers"),
    "fit.customers": ("下游家数", "Customers"),
    "fit.peers": ("同环节家数", "Peers"),
    "fit.firm_km": ("距指定企业 km", "km to enterprise"),
    "fit.missing": ("缺", "missing"),
    "fit.worst": ("±20% 内名次", "Rank within ±20 %"),
    "fit.in_top": ("留在前 {k} 的比例", "Stays in top {k}"),
    "fit.sensitivity": ("权重变动 ±20% 时次序稳不稳", "Does the order survive ±20 % on the weights?"),
    "fit.sensitivity.text": (
        "每个权重各降 20%、不变、升 20%，共 {n} 种组合：第一名不变的占 {first}，前 {k} 名完全不变的占 {top}。",
        "Each weight lowered by 20 %, kept and raised, {n} combinations: the first place stays in {first}, the set of "
        "the first {k} in {top} of them.",
    ),
    "fit.top": ("看前几名", "How many first places"),
    "fit.map": (
        "图上为前 {all} 名中有点位的 {n} 处。点位近似，不是边界。",
        "On the map: {n} of the first {all} places, those with a point. Points are approximate and no boundaries.",
    ),
    "fit.empty": (
        "当前筛选没有企业：周边条件都缺，只按区与公布的产业排序。",
        "No enterprise is selected: the criteria of enterprises near by are missing.",
    ),
    "fit.nothing": ("请至少选园区或街镇之一。", "Choose parks or towns."),
}

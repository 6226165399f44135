"""Words of the what-if page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "nav.whatif": ("设想", "What if"),
    "nav.whatif.help": (
        "设想某地多一家或少一家工厂：数量、区位商、集中度前后对照",
        "One plant more or fewer somewhere: counts, quotients, concentration before and after",
    ),
    "whatif.title": ("设想一家工厂", "Suppose a plant"),
    "whatif.lead": (
        "假设的工厂只在本页计算，不进入名录、地图与任何导出；勾选后另行下载的文件逐行注明。结果是算术，不是预测。",
        "A supposed plant is counted on this page alone; it enters no list, map or export. A file that you tick it into says so "
        "in every row. The result is arithmetic, not a forecast.",
    ),
    "whatif.industry": ("行业", "Industry"),
    "whatif.node": ("产业链环节", "Chain node"),
    "whatif.node.none": ("不指定", "Not said"),
    "whatif.gaps": ("产业链：所在区的空白环节", "Chains: empty nodes of the district"),
    "whatif.city": ("全市该环节（之前）", "On the node in all districts (before)"),
    "whatif.gaps.before": ("此链空白环节，之前", "Empty nodes of the chain, before"),
    "whatif.gaps.after": ("此链空白环节，之后", "Empty nodes of the chain, after"),
    "whatif.gaps.note": (
        "只数所选企业；名单里没有不等于本地没有。环节由关键词等归入，依据见产业链页。",
        "Counted in the selection alone: not on the list does not mean not there. How nodes are found is on the Chains page.",
    ),
    "whatif.kind": ("地点按", "Place by"),
    "whatif.kind.core": ("核：临港新片区", "Core: Lingang"),
    "whatif.kind.point": ("经纬度", "Coordinates"),
    "whatif.district": ("区", "District"),
    "whatif.park": ("园区", "Park"),
    "whatif.town": ("街镇", "Town"),
    "whatif.lon": ("经度（WGS-84）", "Longitude (WGS-84)"),
    "whatif.lat": ("纬度（WGS-84）", "Latitude (WGS-84)"),
    "whatif.number": ("家数", "Plants"),
    "whatif.staff": ("每家人数（不详为 0）", "Staff of each (0: not said)"),
    "whatif.add": ("加入", "Add"),
    "whatif.take": ("减去", "Take away"),
    "whatif.undo": ("撤销上一步", "Undo"),
    "whatif.clear": ("全部清除", "Clear"),
    "whatif.none": (
        "还没有设想。选行业与地点，点“加入”。",
        "Nothing supposed yet. Choose industry and place, then add.",
    ),
    "whatif.steps": ("设想的步骤", "Steps"),
    "whatif.step": ("步骤", "Step"),
    "whatif.where": ("地点", "Place"),
    "whatif.counts": ("计入", "Counted"),
    "whatif.counts.yes": ("是", "yes"),
    "whatif.counts.no": (
        "否：不在筛选内、不在这一级，或无可减",
        "no: outside the filters or the level, or none to take",
    ),
    "whatif.level": ("比较的地点", "Compared by"),
    "whatif.measure": ("指标", "Measure"),
    "whatif.before": ("之前", "Before"),
    "whatif.after": ("之后", "After"),
    "whatif.change": ("变化", "Change"),
    "whatif.of_industry": ("该地该行业企业（家）", "Its enterprises of the industry"),
    "whatif.lq_low": ("区位商 95% 区间下限", "Quotient, 95% interval from"),
    "whatif.lq_high": ("区位商 95% 区间上限", "Quotient, 95% interval to"),
    "whatif.whole": ("所选有地点的企业（家）", "Selected enterprises with a place"),
    "whatif.whole_of_industry": ("其中该行业（家）", "Of them in the industry"),
    "whatif.spread": ("该行业在各地的集中度（HHI）", "Concentration of the industry over places (HHI)"),
    "whatif.staffed": ("假设用工合计 {n} 人", "Supposed staff {n} in all"),
    "whatif.places": (
        "{industry}区位商，各地之前（空心）与之后（实心）",
        "Quotient of {industry}: before (hollow), after (filled)",
    ),
    "whatif.rule": (
        "假设的工厂按区、归属、行业、范围核对筛选；称号、证据、文字等无从核对，不作限制。",
        "A supposed plant has to match the filters of district, zone, industry and distance; evidence, recognition, text and "
        "the like cannot be asked of it.",
    ),
    "whatif.file": ("下载", "Download"),
    "whatif.tick": ("把假设的工厂写进文件（逐行注明）", "Write supposed plants into the file (every row says so)"),
    "whatif.large": (
        "所选超过 {n} 家：此处只下载假设的工厂，名录请在企业名录页下载。",
        "More than {n} selected: only supposed plants come here; take the list from Enterprises.",
    ),
    "whatif.download": ("下载（{suffix}，{n} 行）", "Download ({suffix}, {n} rows)"),
    "whatif.sentence": ("，另有 {n} 家假设的企业", ", and {n} hypothetical ones"),
}

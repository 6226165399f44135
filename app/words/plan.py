"""Words of the plan page: its text, targets, replay of the layout."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "plan.section": ("内容", "Section"),
    "plan.section.text": ("计划全文", "The plan"),
    "plan.section.targets": ("目标与证据", "Targets"),
    "plan.section.replay": ("逐年布局", "By year"),
    "plan.section.delta": ("长三角", "Delta"),
    "plan.search": ("在计划中查找", "Search the plan"),
    "plan.search.placeholder": ("如：标杆 工厂", "e.g. benchmark factories"),
    "plan.found": ("“{q}”：{n} 处", "“{q}”: {n} passages"),
    "plan.paragraph": ("第 {n} 段", "paragraph {n}"),
    "plan.expected": ("预期：", "Expected: "),
    "plan.core": ("一核", "Core"),
    "plan.core.drawn": (
        "地图上的核按公开文字范围推定，虚线绘制。",
        "The core on the map is inferred from the published wording and drawn dashed.",
    ),
    "plan.belt": ("一带", "Belt"),
    "plan.belt.open": ("等区域（开放列举）", "and other areas (an open list)"),
    "plan.other": ("推进大会与工作要求", "Conference and closing requirements"),
    "plan.rule": (
        "目标、公布的进展、名单所见是三件事，分列三栏。只有**有来源、同口径、同单位的累计公布值**达到目标下限才算“已公布达到”；"
        "当年值、推算值、口径不同的值不算，没有证据绝不标为达到。名单所见只数所选企业中目标年及以前的称号，是**下限**，不用来判断是否达到。"
        "点选一行，看每个公布值的来源和计入与否的理由。",
        "Target, published progress and what this list shows are three things in three columns. Only a **cumulative published "
        "figure of the same measure and unit, with a source,** that reaches the lower end makes a target met; figures of one year, "
        "estimates and other measures do not, and nothing is met without evidence. The list counts recognitions of the selection up to "
        "the target year: a **lower bound**, never a verdict. Pick a row for the source of every figure and why it counts or not.",
    ),
    "plan.english": (
        "指标、单位与计划名的英文为本项目翻译；来源标题与附注保持公布时的中文。",
        "English names of indicators, units and plans are ours, not official; titles of sources and notes stay in Chinese as published.",
    ),
    "plan.indicator": ("指标", "Indicator"),
    "plan.target": ("目标", "Target"),
    "plan.year": ("年份", "Year"),
    "plan.scope": ("范围", "Scope"),
    "plan.published": ("公布的进展（逐年）", "Published progress (by year)"),
    "plan.published.none": ("没有找到公布的进展。", "No published progress has been found."),
    "plan.status": ("状态", "Status"),
    "plan.own": ("名单所见（下限）", "In this list (lower bound)"),
    "plan.own.none": ("名单中没有与此目标有关的称号。", "No recognition of the list bears on this target."),
    "plan.own.count": (
        "{n} 家，只数所选企业在目标年及以前的称号；名单是样本，因此是下限。",
        "{n} enterprises of the selection, recognised by the target year; the list is a sample, hence a lower bound.",
    ),
    "plan.later": ("后续计划（= 同一指标，≈ 相近）", "Later plans (= same measure, ≈ near)"),
    "plan.target.source": ("目标来源", "Source of the target"),
    "plan.name": ("计划", "Plan"),
    "plan.layout": ("一核一带", "One core, one belt"),
    "plan.industries": ("六大重点行业", "Six key industries"),
    "plan.worldclass": ("（世界级集群）", " (world-class cluster)"),
    "plan.worldclass.where": (
        "世界级集群的目标见第 {n} 段",
        "The target of world-class clusters stands in paragraph {n}",
    ),
    "plan.delta": ("长三角协同", "Yangtze-delta cooperation"),
    "plan.successors": ("后续计划的目标", "Targets of the successor plans"),
    "plan.replay.none": (
        "这份名单既没有带年份的称号或上市，也没有成立日期，无法逐年回放。",
        "This list has neither dated recognitions or listings nor founding dates; there is nothing to replay.",
    ),
    "plan.replay.basis": ("按哪一年", "By which year"),
    "plan.replay.rule": (
        "按**{basis}**逐年回放所选 {total} 家企业：企业从该年起出现，此后一直保留。",
        "The {total} enterprises selected, year by year, by **{basis}**: each appears in that year and stays.",
    ),
    "plan.replay.undated": (
        "其中 {n} 家没有年份，不在回放中，名单列在下方。",
        "{n} of them have no year, are left out of the replay, and are named below.",
    ),
    "plan.replay.recognition": (
        "称号与上市取自样本而非官方全集；“重点企业”没有认定年份，不作为起点。出现得晚不等于建得晚。",
        "Recognitions and listings are a sample, not the official lists; “key enterprise” has no year of award and starts nothing. "
        "To appear late is not to be built late.",
    ),
    "plan.replay.year": ("年份", "Year"),
    "plan.replay.play": ("播放", "Play"),
    "plan.replay.pause": ("暂停", "Pause"),
    "plan.replay.count": ("截至 {year} 年", "By {year}"),
    "plan.replay.cumulative": ("累计家数", "Enterprises, cumulative"),
    "plan.replay.left_out": ("没有年份、未回放的 {n} 家", "{n} without a year, left out"),
    "plan.replay.first": ("列出前 {n} 家", "The first {n} are listed"),
    "plan.replay.name": ("企业", "Enterprise"),
}

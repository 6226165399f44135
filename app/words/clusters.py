"""Words of the clusters page, and of work that takes a while."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "nav.clusters": ("集群", "Clusters"),
    "nav.clusters.help": (
        "一个行业在哪里扎堆、超出企业整体分布所能解释的程度；不能判断时说明原因",
        "Where an industry gathers beyond what the whole distribution explains; and when that cannot be decided",
    ),
    "computed.start": ("开始计算", "Compute"),
    "computed.stop": ("停止", "Stop"),
    "computed.running": ("正在计算", "Computing"),
    "computed.large": ("所选企业较多，按下后计算，途中可停", "A large selection: computed on request, can be stopped"),
    "computed.stopped": ("已停止，没有结果", "Stopped; there is no result"),
    "clusters.purpose": (
        "企业多的地方，哪个行业都多。本页只问：**{industry}**是否比**全部企业的分布**更集中，集中在哪里。",
        "Where firms are many, every industry has many. This page asks only whether **{industry}** is more "
        "concentrated than **all firms together**, and where.",
    ),
    "clusters.industry": ("行业", "Industry"),
    "clusters.question": ("问题", "Question"),
    "clusters.question.concentration": ("是否集聚", "Concentrated?"),
    "clusters.question.hotspots": ("热点在哪", "Hot spots"),
    "clusters.question.outlines": ("集群轮廓", "Outlines"),
    "clusters.unit": ("单元", "Areas"),
    "clusters.unit.grid": ("网格", "Grid"),
    "clusters.unit.town": ("街镇", "Towns"),
    "clusters.unit.district": ("区", "Districts"),
    "clusters.method": ("统计量", "Statistic"),
    "clusters.method.getis_ord": ("Getis-Ord G*", "Getis-Ord G*"),
    "clusters.method.moran": ("局部 Moran", "Local Moran"),
    "clusters.size": ("网格边长", "Side of a square"),
    "clusters.simulations": ("模拟次数", "Simulations"),
    "clusters.seed": ("随机种子", "Seed"),
    "clusters.parameters": ("参数", "Parameters"),
    "clusters.decide": ("这一选择能判断什么", "What this selection can decide"),
    "clusters.decide.yes": (
        "可以判断：本行业 {cases} 家，全部 {firms} 家",
        "Can decide: {cases} of the industry, {firms} in all",
    ),
    "clusters.decide.concentration": ("距离集聚", "Distances"),
    "clusters.decide.outlines": ("集群轮廓", "Outlines"),
    "clusters.decide.grid": ("热点 · 1 km 网格", "Hot spots · 1 km grid"),
    "clusters.decide.town": ("热点 · 街镇", "Hot spots · towns"),
    "clusters.decide.district": ("热点 · 区", "Hot spots · districts"),
    "clusters.left_out": (
        "距离、轮廓与网格只用位置精确到点（坐标、门牌）的 {firms} 家，其中本行业 {cases} 家；只知园区 {park}、街镇 {town}、"
        "区 {district} 与未定位 {none} 家（本行业合计 {left} 家）不参与。",
        "Distances, outlines and grid use the {firms} firms with a point of their own (coordinate, house number), {cases} of "
        "the industry; those known by park ({park}), town ({town}), district ({district}) or not at all ({none}) are left "
        "out ({left} of the industry).",
    ),
    "clusters.lifted": (
        "侧栏的行业筛选在本页不作筛选，只作为要比较的行业；其余筛选照常。",
        "On this page the industry filter does not filter; the industry is compared with all firms of the other filters.",
    ),
    "clusters.cannot": ("不能判断", "Cannot decide"),
    "clusters.shared.none": (
        "所选没有标记为集中登记地的企业。",
        "No firm of the selection is at a crowded registration address.",
    ),
    "clusters.shared.out": ("集中登记地已由筛选排除。", "Crowded registration addresses are excluded by the filter."),
    "clusters.shared.show": (
        "排除 {n} 家集中登记地企业后再算一遍",
        "Compute again without {n} firms at crowded registration addresses",
    ),
    "clusters.shared.move": (
        "排除集中登记地（{n} 家）后：{before} → {after}",
        "Without crowded registration addresses ({n} firms): {before} → {after}",
    ),
    "clusters.short.hotspots": (
        "Moran's I {i:.3f}（p {p:.3f}），热点 {hot} 个",
        "Moran's I {i:.3f} (p {p:.3f}), {hot} hot areas",
    ),
    "clusters.short.concentration": ("{verdict}（p {p:.3f}）", "{verdict} (p {p:.3f})"),
    "clusters.short.outlines": ("{beyond} 个轮廓超出整体分布", "{beyond} outlines beyond the whole distribution"),
    "clusters.overall": ("全局 Moran's I", "Global Moran's I"),
    "clusters.overall.help": (
        "各单元经验贝叶斯指数的空间自相关；0 附近为无格局，正值为相似者相邻",
        "Spatial autocorrelation of the areas' empirical Bayes index; about 0 without a pattern, positive where like lies by like",
    ),
    "clusters.p": ("p 值", "p-value"),
    "clusters.areas": ("检验的单元", "Areas tested"),
    "clusters.hot": ("热点单元", "Hot areas"),
    "clusters.cold": ("冷点单元", "Cold areas"),
    "clusters.found": ("集群", "Clusters"),
    "clusters.beyond": ("超出整体分布", "Beyond the whole"),
    "clusters.beyond.help": ("p ≤ 0.05 的轮廓", "Outlines with p ≤ 0.05"),
    "clusters.score": ("平均稳定性", "Mean stability"),
    "clusters.hotspots.how": (
        "占比按经验贝叶斯指数标准化（小单元的偶然高占比不算数），{permutations} 次条件置换，种子 {seed}，"
        "Benjamini–Hochberg 错误发现率 5%。全局检验 999 次置换，z = {z:.1f}。",
        "Rates as empirical Bayes index (a chance high rate of a small area does not count), {permutations} conditional "
        "permutations, seed {seed}, Benjamini–Hochberg false discovery rate 5 %. Global test: 999 permutations, z = {z:.1f}.",
    ),
    "clusters.hotspots.none": (
        "没有一个单元显著：在这一尺度上，看不出{industry}偏离全部企业的分布。",
        "No area is significant: at this scale {industry} does not depart from the distribution of all firms.",
    ),
    "clusters.hotspots.read": (
        "热点表示本行业**占比**高的单元连成片，不是企业数量多；没上色不等于没有企业。热点不说明原因，也不代表产业链关联或经济规模；"
        "换一种网格，边缘的单元会变，请看稳定性。",
        "A hot spot is a patch of areas with a high **share** of the industry, not with many firms; no colour does not mean no "
        "firms. It tells no cause, no supply links and no economic size. On another grid areas at the edge change: see stability.",
    ),
    "clusters.stability.read": (
        "稳定性：同一批企业换成 0.7 倍与 1.4 倍边长、平移半格、换种子（街镇：4 与 8 个邻居、换种子）后，每个集群与最相近集群的平均 "
        "Jaccard 重合度；0.75 以上稳定，0.5 以下一换就散。",
        "Stability: mean Jaccard overlap of each cluster with the most similar one when the same firms are cut into squares of 0.7 "
        "and 1.4 times the side, a grid moved by half a square, another seed (towns: 4 and 8 neighbours, another seed); above "
        "0.75 stable, below 0.5 dissolving.",
    ),
    "clusters.outlines.stability.read": (
        "稳定性：最小规模取 0.7 与 1.5 倍、随机抽八成企业两次后，每个集群与最相近集群的平均 "
        "Jaccard 重合度；0.75 以上稳定，0.5 以下一换就散。",
        "Stability: mean Jaccard overlap of each group with the most similar one at 0.7 and 1.5 times the least size and among "
        "four fifths of the firms, drawn twice; above 0.75 stable, below 0.5 dissolving.",
    ),
    "clusters.outlines.how": (
        "HDBSCAN，最小规模 {least} 家；p 值与 {simulations} 次随机发放行业标签后最强的轮廓相比（搜索本身也在检验之内），种子 {seed}。",
        "HDBSCAN, least size {least}; p-values against the strongest outline of {simulations} random deals of the label (the search "
        "itself is part of the test), seed {seed}.",
    ),
    "clusters.outlines.sampled": (
        "企业 {firms} 家，随机抽取 {looked} 家（本行业 {looked_cases} 家）计算；表中家数是样本内的数。",
        "Of {firms} firms a random {looked} were looked at ({looked_cases} of the industry); counts in the table are of the sample.",
    ),
    "clusters.outlines.read": (
        "虚线轮廓里本行业虽密，但那里所有企业都密，整体分布已能解释。轮廓由企业点位围成，不是园区边界，也不代表企业之间有往来。",
        "In a dashed outline the industry is dense, but so are all firms: the whole distribution explains it. Outlines are drawn "
        "around points; they are no park borders and tell of no dealings between firms.",
    ),
    "clusters.verdict": ("判断", "Verdict"),
    "clusters.p.localised": ("集聚 p 值", "p, localised"),
    "clusters.p.dispersed": ("分散 p 值", "p, dispersed"),
    "clusters.index": ("超出的距离对", "Distances beyond"),
    "clusters.index.help": (
        "落在全局包络线之外的距离对占全部距离对的比例（Duranton–Overman 的 Γ 或 Ψ）",
        "Share of all distances that lie beyond the global band (Γ or Ψ of Duranton and Overman)",
    ),
    "clusters.bandwidths": ("带宽稳定性", "Stable over bandwidths"),
    "clusters.bandwidths.help": (
        "带宽取一半、原值、两倍，三次中判断相同的比例",
        "Share of three bandwidths (half, once, double) with the same verdict",
    ),
    "clusters.concentration.localised": (
        "{industry}企业之间相距 {low}–{high} km 的对数多于随机抽取：超出整体分布的集聚。",
        "More pairs of {industry} firms are {low}–{high} km apart than among random draws: localised beyond the whole distribution.",
    ),
    "clusters.concentration.dispersed": (
        "{industry}企业之间相距 {low}–{high} km 的对数少于随机抽取，又没有更多的距离：比整体更分散。",
        "Fewer pairs of {industry} firms are {low}–{high} km apart than among random draws, and at no distance more: more dispersed "
        "than the whole.",
    ),
    "clusters.concentration.neither": (
        "看不出{industry}企业之间的距离与从全部企业中随机抽取的有差别。",
        "The distances between {industry} firms cannot be told from those of random draws from all firms.",
    ),
    "clusters.few": (
        "只有 {cases} 家，只看得出很强的集聚；看不出不等于没有。",
        "With {cases} firms only strong concentration shows; not seen does not mean not there.",
    ),
    "clusters.concentration.far": (
        "超出的距离都在 {low} km 以上：这是几个相隔较远的聚集点之间的距离，不是一处扎堆。",
        "All distances beyond are above {low} km: those between centres far from each other, not one dense place.",
    ),
    "clusters.concentration.how": (
        "距离密度（Duranton–Overman）带宽 {bandwidth} km，{used} 家（本行业 {cases} 家）；从 {firms} 家的实际位置"
        "随机抽取 {simulations} 次，种子 {seed}。浅色带：逐点 5%–95%；虚线：整条曲线的 95% 包络线。",
        "Density of distances (Duranton–Overman), bandwidth {bandwidth} km, {used} firms (of {cases}); {simulations} random draws from "
        "the actual locations of {firms} firms, seed {seed}. Light band: 5–95 % at each distance; dashed: 95 % band of the whole curve.",
    ),
    "clusters.concentration.read": (
        "曲线高出虚线才算集聚；在带内的起伏是偶然。集聚不说明原因，也不等于效益。",
        "Only above the dashed line is the industry localised; ups and downs within the band are chance. Concentration tells no "
        "cause and is no measure of success.",
    ),
    "clusters.concentration.error": (
        "位置误差中位数约 {error} km，比它近的距离说明不了什么。",
        "The median location error is about {error} km: nearer distances tell nothing.",
    ),
    "clusters.chart.density": ("企业对的距离密度", "Density of distances between firms"),
    "clusters.chart.neighbours": (
        "附近同行的倍数（Ripley K 比随机）",
        "Neighbours of the industry, times chance (Ripley's K)",
    ),
    "clusters.chart.distance": ("距离（km）", "Distance (km)"),
    "clusters.chart.pairs": ("每 km 占全部距离对（%）", "% of all pairs per km"),
    "clusters.chart.times": ("倍", "times"),
    "clusters.chart.observed": ("本行业", "The industry"),
    "clusters.chart.mean": ("随机抽取平均", "Mean of random draws"),
    "clusters.every": ("各行业对照", "All industries"),
    "clusters.table.cluster": ("编号", "No."),
    "clusters.table.place": ("所在", "Place"),
    "clusters.table.leading": ("代表企业", "Leading firms"),
    "clusters.table.areas": ("单元数", "Areas"),
    "clusters.table.area_km2": ("面积（km²）", "Area (km²)"),
    "clusters.table.members": ("组内企业", "Members"),
    "clusters.table.firms": ("全部企业", "All firms"),
    "clusters.table.cases": ("本行业", "Of the industry"),
    "clusters.table.expected": ("按整体应有", "Expected"),
    "clusters.table.ratio": ("倍数", "Ratio"),
    "clusters.table.q": ("最小 q", "Least q"),
    "clusters.table.p": ("p 值", "p"),
    "clusters.table.stability": ("稳定性", "Stability"),
    "clusters.download": ("下载集群表（csv）", "Download clusters (csv)"),
    "clusters.members": ("下载集群成员（csv）", "Download members (csv)"),
    "clusters.docs": (
        "公式、来源与实测的识别能力见 docs/clusters.md。",
        "Formulas, sources and measured power: docs/clusters.md.",
    ),
}

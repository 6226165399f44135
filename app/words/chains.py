"""Words of the page of the chains, and of scores in general."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "nav.chains": ("产业链", "Chains"),
    "nav.chains.help": (
        "各环节的企业、空白与补链建议",
        "Enterprises on the nodes of the chains, gaps, and whom to ask",
    ),
    "chains.title": ("产业链与补链", "Industry chains and their gaps"),
    "chains.lead": (
        "六大重点行业与智能制造各分上、中、下游共 16 个环节（本项目按公开资料划分）。企业归到环节依据名称、产品描述、国标"
        "代码与经营范围，是建议而非定论，每家注明依据。空白首先是**这份名单**的空白，不等于上海没有；要断言上海没有，须另"
        "有证据。",
        "Six key industries and smart manufacturing, 16 nodes each from upstream to downstream (this project's cut of "
        "published descriptions). Names, product descriptions, industry codes and business scopes suggest the node of an "
        "enterprise; the basis is shown with each. A gap is a gap of **this list** first and does not say that Shanghai "
        "has nobody; that would take other evidence.",
    ),
    "chains.chain": ("产业链", "Chain"),
    "chains.area": ("范围", "Area"),
    "chains.area.selection": ("当前筛选所选", "The selection as it stands"),
    "chains.area.help": (
        "“当前筛选所选”与页首数字一致。选核、带或某区时，侧栏的区与一核一带不起作用，其余筛选照旧。",
        "“The selection” agrees with the figures above. With core, belt or a district chosen here, the sidebar's "
        "district and zone do not count, all other filters do.",
    ),
    "chains.empty": (
        "当前筛选没有企业：下面的空白是筛选造成的。",
        "No enterprise is selected: the gaps below come from the filters.",
    ),
    "chains.summary": (
        "{nodes} 个环节中，本范围有企业的 {there} 个，空白 {empty} 个；其中 {nobody} 个在整份名单中也没有企业。",
        "Enterprises on {there} of {nodes} nodes here; gaps: {empty}, of which without anybody in the whole list: "
        "{nobody}.",
    ),
    "chains.legend": (
        "数字为本范围家数；斜线后为全市（其余筛选不变）家数，两者相同则只写一个。✓ 有企业，○ 本范围空白，? 整份名单空白。"
        "一家企业可在两个环节，各计一次。点击环节看详情与建议。",
        "Numbers: enterprises here / in the city under the other filters, once where equal. ✓ present, ○ gap here, ? "
        "nobody in the whole list. An enterprise on two nodes counts on both. Click a node for details and suggestions.",
    ),
    "chains.node": ("环节", "Node"),
    "chains.products": ("产品举例", "Products"),
    "chains.keywords": ("关键词", "Keywords"),
    "chains.codes": ("国标代码", "GB/T 4754 codes"),
    "chains.source": ("划分来源", "Source of the cut"),
    "chains.suppliers": ("上一段环节", "One stage up"),
    "chains.customers": ("下一段环节", "One stage down"),
    "chains.unplaced": ("无所在区", "No district"),
    "chains.matrix": ("各环节 × 核带与区", "Nodes by zone and district"),
    "chains.zones": ("核带家数", "By zone"),
    "chains.where": ("各区家数", "By district"),
    "chains.nobody": (
        "整份名单中没有企业在这一环节：是名单的空白；上海是否空白需要别的证据。",
        "Nobody in the whole list stands on this node: a gap of the list. Whether it is one of Shanghai takes other "
        "evidence.",
    ),
    "chains.firms": ("本范围在该环节 {n} 家，列出 {shown} 家", "{n} enterprises here on this node, {shown} listed"),
    "chains.name": ("企业", "Enterprise"),
    "chains.park": ("园区", "Park"),
    "chains.basis": ("归环节依据", "Placed by"),
    "chains.keyword": ("所见关键词", "Keyword found"),
    "chains.first": ("主环节", "First node"),
    "chains.set": ("数据", "Data"),
    "chains.filters": ("筛选", "Filters"),
    "gaps.title": ("本范围空白环节的次序", "Order of the gaps here"),
    "gaps.help": (
        "关联度：与本范围已有环节的产品空间接近度（Hidalgo 等 2007，以 16 区代国家）之加权平均；上下游齐全度：相邻段环节"
        "中本范围已有的比例；上下游企业数：ln(1+本范围)/ln(1+全市)；市内可引企业数：该环节在别处的 ln(1+家数)，相对最多的"
        "环节。空格为未知：其权重由已知各项分担，不当作 0。",
        "Relatedness: mean product-space proximity to the nodes present here (Hidalgo et al. 2007, 16 districts for "
        "countries); neighbours: share of the nodes one stage up and down that are here; enterprises up- and downstream: "
        "ln(1+here)/ln(1+city); elsewhere: ln(1+n) on the node in other places over that of the largest node. An empty "
        "cell is unknown: the known terms share its weight, it is no 0.",
    ),
    "gaps.pick": ("点行首选定一个空白，下面即为其详情与建议。", "Pick a row to see the node and whom to ask below."),
    "gaps.none": ("这条链在本范围没有空白环节。", "This chain has no gap here."),
    "shortlist.title": ("补链建议：{node}", "Whom to ask: {node}"),
    "shortlist.more": ("可再引育：{node}", "Who could join: {node}"),
    "shortlist.help": (
        "评分为各项得分之和，逐项可见。链上契合：已在该环节 1、第二环节 0.8、同链且国标类别相同 0.6、同链同段 0.5、相邻段"
        " 0.3；关联度：其环节与该环节的产品空间接近度；距离：1/(1+d/10km)，d 为到本范围最近 3 家上下游企业的平均距离，只"
        "用有自己点位的企业；规模：log₁₀(1+参保人数)/4，缺则按规模词，再缺按注册资本（人民币）；登记状态：存续 1、停业 "
        "0.3、清算 0.1、迁出 0，注销吊销不列；证据：环节依据与所在区证据的平均。未知项不当作 0：其权重由已知各项分担，“可"
        "能区间”给出未知项全为 0 或全为 1 时的分数。",
        "The score is the sum of its terms, all shown. Chain fit: on the node 1, second node 0.8, same chain and "
        "industry class 0.6, same stage 0.5, next stage 0.3. Relatedness: product-space proximity of its node. Distance: "
        "1/(1+d/10 km), d the mean to the nearest three up- or downstream enterprises here; only points of one's own "
        "count. Size: log₁₀(1+insured)/4, else the size word, else capital in CNY. Status: active 1, suspended 0.3, "
        "liquidating 0.1, moved out 0; who is deregistered or revoked is left out. Evidence: mean of that of node and "
        "district. Unknown is not 0: the known terms share its weight; “possible” is the score with all unknown terms at "
        "0 and at 1.",
    ),
    "shortlist.only": ("只在当前筛选所选的企业中找", "Look among the selection only"),
    "shortlist.only.help": (
        "关闭时在整份名单中找，包括侧栏筛掉的企业。",
        "When off, the whole list is looked through, including what the sidebar filters out.",
    ),
    "shortlist.counts": (
        "候选 {n} 家；另有 {gone} 家已注销或吊销，不列；本范围上下游有点位的企业（锚点）{anchors} 家。这份短名单未经回测"
        "：数据没有记录迁入与拓展；回测的是空白次序。",
        "{n} candidates; {gone} more are deregistered or revoked and left out; {anchors} up- or downstream enterprises "
        "here have a point (anchors). This shortlist is not back-tested, since no data records moves or extensions; the "
        "order of the gaps is.",
    ),
    "shortlist.nobody": ("没有可建议的企业。", "Nobody to suggest."),
    "shortlist.fit": ("契合方式", "Fits by"),
    "shortlist.here": ("在本范围", "Here"),
    "shortlist.yes": ("是", "yes"),
    "shortlist.no": ("否", "no"),
    "shortlist.km": ("距锚点 km", "km to anchors"),
    "shortlist.scores": ("评分", "Scores"),
    "shortlist.ranks": ("去掉一项后的名次", "Ranks without a term"),
    "shortlist.ranks.help": (
        "某一项不计分时，各企业在全部候选中的名次。",
        "Rank among all candidates if one term counted nothing.",
    ),
    "shortlist.pick": ("点行首可把企业加入跟进。", "Pick a row to follow the enterprise up."),
    "shortlist.map": (
        "图上为前 {all} 名中有自己点位的 {n} 家；其余只知园区、街镇或区，不画成点。",
        "On the map: {n} of the first {all}, those with a point of their own; the others are known by area only and not "
        "drawn.",
    ),
    "score.weights": ("权重与算法", "Weights and formulas"),
    "score.weights.help": (
        "初始权重是判断，没有按数据拟合；只有比例起作用，0 为不计。",
        "The weights are a judgement, fitted to nothing; only their ratios count, 0 leaves a term out.",
    ),
    "score.reset": ("恢复初始权重", "Weights as they were"),
    "score.nothing": ("所有权重为 0，无从评分。", "All weights are 0; nothing is scored."),
    "score.rank": ("名次", "Rank"),
    "score.total": ("评分", "Score"),
    "score.known": ("已知权重", "Known"),
    "score.range": ("可能区间", "Possible"),
    "score.unknown": ("未知", "unknown"),
    "score.without": ("不计{term}", "without {term}"),
    "score.bars": ("前几名的各项得分", "Points of each term of the first ones"),
    "backtest.title": ("回测：空白次序能否预见后来的进入", "Back-test: does the order of the gaps foretell entries?"),
    "backtest.founded": (
        "{n} 家企业有成立年份。某年及以前成立的企业用来排空白（区 × 环节），之后成立的用来检验；命中率为前 k 个空白中后来"
        "有企业进入的比例。",
        "{n} enterprises have a founding year. Those founded up to a year order the gaps (district × node), those "
        "founded later test the order; precision is the share of the first k gaps that somebody enters later.",
    ),
    "backtest.listed": (
        "名单没有成立年份，以首次上市或获称号的年份代替（{n} 家有年份）：它说明企业何时被看见，不是何时到来。某年及以前的"
        "企业用来排空白（区 × 环节），之后的用来检验；命中率为前 k 个空白中后来有企业出现的比例。样本小且是挑选过的，只看"
        "大致高下。",
        "The list has no founding years; the first year of a listing or recognition stands in ({n} have one): when an "
        "enterprise was noticed, not when it came. Those up to a year order the gaps (district × node), later ones test "
        "the order; precision is the share of the first k gaps where somebody appears later. The sample is small and "
        "selected: read the direction only.",
    ),
    "backtest.nothing": (
        "年份不足，或没有空白后来有企业进入，无从比较。",
        "Too few years, or no gap was entered later: nothing to compare.",
    ),
    "backtest.run": ("计算回测", "Run the back-test"),
    "backtest.running": ("正在回测", "Testing"),
    "backtest.k": ("前 k 个", "First k"),
    "backtest.cut": ("截至年", "Up to"),
    "backtest.known": ("此前企业", "Before"),
    "backtest.later": ("此后企业", "After"),
    "backtest.cases": ("空白数", "Gaps"),
    "backtest.true": ("后来有进入", "Entered"),
    "backtest.note": (
        "每格为命中率、命中数/k 与 95% 区间（Wilson）；随机为期望值。各截止年用的是同一批企业，互相重叠，不是独立的证据；"
        "样本小，区间宽。权重在回测之前定下，没有按结果调整。",
        "Each cell: precision, hits/k and the 95 % interval (Wilson); of chance the expected share. The cuts share the "
        "same enterprises and are not independent evidence; the sample is small and the intervals wide. The weights were "
        "set before the test and not tuned to it.",
    ),
    "backtest.verdict": (
        "比“{method}”：{n} 次比较中领先 {ahead}、持平 {level}、落后 {behind}；平均命中 {own} 对 {other}",
        "Against “{method}”: ahead in {ahead}, level in {level}, behind in {behind} of {n} comparisons; mean precision "
        "{own} against {other}",
    ),
}

"""Words of the pages: Chinese first, English complete."""

from __future__ import annotations

from typing import Final, Literal

Lang = Literal["zh", "en"]
LANGS: Final[dict[str, str]] = {"zh": "中文", "en": "English"}

WORDS: Final[dict[str, tuple[str, str]]] = {
    "app.title": ("一核一带 · 上海智能制造布局", "One core, one belt · Shanghai smart manufacturing"),
    "app.broken": ("数据无法读取，页面停在这里", "The data cannot be read; the pages stop here"),
    "app.sample": (
        "样本 {n} 家，编纂于 {date}；不是全部企业，也不是官方名单全集",
        "A sample of {n} enterprises, compiled {date}; neither all enterprises nor the full official lists",
    ),
    "nav.map": ("地图", "Map"),
    "nav.map.help": ("一核一带的布局、园区与企业", "Core and belt, parks and enterprises"),
    "nav.enterprises": ("企业名录", "Enterprises"),
    "nav.enterprises.help": ("所选企业的表格、卡片与下载", "Table, card and download of the selection"),
    "nav.sources": ("数据来源", "Sources"),
    "nav.sources.help": ("数据目录、许可、未定位与待核实", "Catalogue, licences, what is not placed or unverified"),
    "filter.title": ("筛选", "Filters"),
    "filter.lang": ("语言 / Language", "Language / 语言"),
    "filter.district": ("区", "District"),
    "filter.zone": ("一核一带", "Core and belt"),
    "filter.industry": ("行业", "Industry"),
    "filter.recognition": ("称号与上市", "Recognition and listing"),
    "filter.evidence": ("所在区的证据", "Evidence of the district"),
    "filter.q": ("名称、地址、园区", "Name, address, park"),
    "filter.q.placeholder": ("如：机器人 临港", "e.g. 机器人 临港"),
    "filter.reset": ("清除全部筛选", "Clear all filters"),
    "filter.all": ("不限", "Any"),
    "filter.unknown": (
        "链接中的筛选值无法识别：{values}。它们不匹配任何企业，请从筛选框中移除或改选。",
        "The link holds filter values that are not known: {values}. They match nothing; remove or change them in the filters.",
    ),
    "filter.unknown.param": (
        "链接中的参数无法识别：{values}，已忽略。",
        "Parameters of the link are not known: {values}; they were left out.",
    ),
    "filter.unknown.option": ("{value}（未知）", "{value} (unknown)"),
    "kpi.selected": ("所选企业", "Selected"),
    "kpi.core": ("核：临港", "Core: Lingang"),
    "kpi.belt": ("带：近郊五区", "Belt: five districts"),
    "kpi.recognised": ("有称号", "Recognised"),
    "kpi.recognised.help": (
        "称号指智能工厂、小巨人、单项冠军等，不含上市与重点企业；样本计数，不是官方全集",
        "Recognitions such as smart factory or little giant, without listings and key enterprises; counted in the sample",
    ),
    "kpi.sourced": ("来源可查", "With a source"),
    "kpi.sourced.help": (
        "所在区有公布来源的企业占所选的比例",
        "Share of the selection whose district has a published source",
    ),
    "kpi.accounts": (
        "核 {core} + 带 {belt} + 其他区 {other} + 未定位 {unplaced} = {total} 家；浦东新区 {pudong} 家，其中核内 {pudong_core} 家",
        "Core {core} + belt {belt} + other {other} + unplaced {unplaced} = {total}; Pudong {pudong}, of which {pudong_core} in the core",
    ),
    "kpi.sentence.sourced": ("，其中 {n} 家来源可查", ", {n} of them with a published source"),
    "map.basemap": ("底图", "Base map"),
    "map.basemap.help": (
        "离线底图不访问任何外部网站；选择联网底图后，浏览器会向该图商请求图片",
        "The built-in map asks no outside site; with an online one the browser asks that provider for pictures",
    ),
    "map.basemap.key": (
        "天地图需要密钥：请在服务器设置 EXPLORER_TIANDITU_KEY",
        "Tianditu needs a key: set EXPLORER_TIANDITU_KEY on the server",
    ),
    "map.empty": (
        "没有企业符合这些筛选条件，请放宽其中一项。",
        "No enterprise matches these filters; relax one of them.",
    ),
    "map.undrawn": (
        "{n} 家没有可用的位置，未画在图上，见“数据来源”。",
        "{n} have no usable location and are not drawn; see Sources.",
    ),
    "map.download": ("下载地图（HTML，离线可开）", "Download the map (HTML, opens offline)"),
    "table.pick": ("点选一行查看卡片", "Pick a row to see its card"),
    "table.download": ("下载 {suffix}", "Download {suffix}"),
    "table.columns": ("显示的列", "Columns shown"),
    "card.source": ("来源", "Source"),
    "card.unverified": ("待核实", "Unverified"),
    "card.recognitions": ("称号与上市", "Recognitions and listings"),
    "card.year.unknown": ("年份未知", "year unknown"),
    "nav.plan": ("计划", "Plan"),
    "nav.plan.help": ("行动计划的目标、行动与公布的进展", "Targets, actions and published progress of the action plan"),
    "plan.paragraph": ("第 {n} 段", "paragraph {n}"),
    "plan.targets": ("目标与证据", "Targets and evidence"),
    "plan.rule": (
        "目标、公布的进展、样本所见是三件事，分列三栏。只有**有来源、同口径的累计公布值**达到目标下限才算“已公布达到”；"
        "当年值、推算值不算。样本所见只数所选企业中目标年及以前的称号，是**下限**，不用来判断是否达到。",
        "Target, published progress and what this list shows are three things in three columns. Only a **cumulative published "
        "figure of the same measure, with a source,** that reaches the lower end makes a target met; figures of one year or estimates do not. "
        "The list counts recognitions of the selection up to the target year: a **lower bound**, never a verdict.",
    ),
    "plan.indicator": ("指标", "Indicator"),
    "plan.target": ("目标", "Target"),
    "plan.year": ("目标年", "Target year"),
    "plan.scope": ("范围", "Scope"),
    "plan.published": ("公布的进展（最近）", "Published progress (latest)"),
    "plan.published.indicator": ("公布的指标", "Published indicator"),
    "plan.status": ("状态", "Status"),
    "plan.own": ("样本所见（下限）", "In this list (lower bound)"),
    "plan.target.source": ("目标来源", "Source of the target"),
    "plan.published.source": ("进展来源", "Source of the progress"),
    "plan.name": ("计划", "Plan"),
    "plan.layout": ("一核一带", "One core, one belt"),
    "plan.industries": ("六大重点行业", "Six key industries"),
    "plan.worldclass": ("世界级集群", "world-class cluster"),
    "plan.delta": ("长三角协同", "Yangtze-delta cooperation"),
    "plan.successors": ("后续计划的目标", "Targets of the successor plans"),
    "sources.catalogue": ("数据目录", "Data catalogue"),
    "sources.catalogue.note": (
        "产品读取的每一个文件；校验值在读取时核对。",
        "Every file the product reads; hashes are verified when it is read.",
    ),
    "sources.unplaced": ("没有画在图上的", "What is not on the map"),
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
    "column.park": ("园区", "Park"),
    "column.category": ("类别", "Category"),
    "column.precision": ("精度", "Precision"),
    "column.count": ("家数", "Count"),
    "column.error": ("预期误差中位数（km）", "Median expected error (km)"),
    "column.title": ("数据", "Data"),
    "column.rows": ("行数", "Rows"),
    "column.evidence": ("证据", "Evidence"),
    "column.source": ("来源", "Source"),
    "column.licence": ("许可", "Licence"),
    "column.attribution": ("署名", "Attribution"),
    "column.retrieved": ("取得日期", "Retrieved"),
    "column.url": ("链接", "Link"),
    "column.note": ("说明", "Note"),
    "column.file": ("文件", "File"),
    "column.hash": ("校验值", "Hash"),
    "evidence.source": ("有公布来源", "Published source"),
    "evidence.mixed": ("逐行注明", "Stated row by row"),
    "evidence.derived": ("由其他数据推算", "Derived from other data"),
    "evidence.judgement": ("本项目判断", "The project's judgement"),
}
"""Key → (Chinese, English)."""


def word(key: str, lang: str, **values: object) -> str:
    """The words behind a key in a language.

    Raises
    ------
    KeyError
        When the key is not in `WORDS`.

    Examples
    --------
    >>> word("filter.district", "en")
    'District'
    """
    text = WORDS[key][lang == "en"]
    return text.format(**values) if values else text

"""Words of the pages: Chinese first, English complete."""

from __future__ import annotations

from typing import Final, Literal

Lang = Literal["zh", "en"]
LANGS: Final[dict[str, str]] = {"zh": "中文", "en": "English"}

WORDS: Final[dict[str, tuple[str, str]]] = {
    "app.broken": ("数据无法读取，页面停在这里", "The data cannot be read; the pages stop here"),
    "app.sample": (
        "样本 {n} 家，编纂于 {date}；不是全部企业，也不是官方名单全集",
        "A sample of {n} enterprises, compiled {date}; neither all enterprises nor the full official lists",
    ),
    "app.imported": ("{title}：{n} 家，导入于 {date}", "{title}: {n} enterprises, imported {date}"),
    "app.synthetic": ("合成数据：这些企业是虚构的", "Synthetic data: these enterprises are made up"),
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
    "filter.witnesses": ("位置证据", "Location witnesses"),
    "filter.registration": ("集中登记地", "Crowded registration addresses"),
    "set.choose": ("数据集", "Set of data"),
    "set.built_in": ("内置样本", "Built-in sample"),
    "set.combine": ("与内置样本合并", "Together with the built-in sample"),
    "set.combine.help": (
        "同一企业只算一次：以导入的为准，称号与股票代码由样本补充",
        "An enterprise counts once: the imported row wins, recognitions and stock code come from the sample",
    ),
    "sets.title": ("本机的数据集", "Sets on this machine"),
    "sets.none": (
        "还没有导入过名单；数据集保存在 {folder}。",
        "Nothing has been imported yet; sets are kept in {folder}.",
    ),
    "sets.facts": (
        "{rows} 家 · 导入于 {added} · 源文件与校验值：",
        "{rows} enterprises · imported {added} · source files, hashes:",
    ),
    "sets.use": ("使用", "Use"),
    "sets.delete": ("删除", "Delete"),
    "sets.delete.ask": (
        "删除数据集“{title}”（{rows} 家）？删除后无法恢复。",
        "Delete the set “{title}” ({rows} enterprises)? It cannot be undone.",
    ),
    "sets.delete.yes": ("确认删除", "Delete it"),
    "compare.title": ("两期对比", "Compare two releases"),
    "compare.old": ("前一期", "Earlier"),
    "compare.new": ("后一期", "Later"),
    "compare.same": ("请选择两个不同的数据集。", "Choose two different sets."),
    "compare.nothing": ("两期没有差别。", "The two do not differ."),
    "compare.kind": ("变化", "Change"),
    "compare.name": ("企业名称", "Name"),
    "compare.old_name": ("原名称", "Former name"),
    "compare.district": ("所在区", "District"),
    "compare.old_district": ("原所在区", "Former district"),
    "compare.columns": ("变化的列", "Columns"),
    "compare.detail": ("详情", "Detail"),
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
    "table.sort": ("排序", "Sort by"),
    "table.sort.none": ("原顺序", "As listed"),
    "table.sort.down": ("降序", "Descending"),
    "table.page": ("页（共 {pages} 页，每页 200 家）", "Page of {pages}, 200 rows each"),
    "table.fetch": ("取文件 {suffix}", "Fetch {suffix}"),
    "table.writing": ("正在写出 {n} 家", "Writing {n} enterprises"),
    "table.xlsx.large": (
        "Excel 一张表至多 {n} 家，这一选择放不下；请取 CSV 或 Parquet。",
        "A sheet of Excel holds {n} enterprises at most, fewer than selected; take CSV or Parquet.",
    ),
    "table.xlsx.slow": (
        "选到 5,000 家以内，可以下载 XLSX、GeoJSON 与 GPKG。",
        "With 5,000 enterprises or fewer selected, XLSX, GeoJSON and GPKG are offered too.",
    ),
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
        "figure of the same measure, with a source,** that reaches the lower end makes a target met; figures of one year "
        "or estimates do not. The list counts recognitions of the selection up to the target year: a **lower bound**, never a verdict.",
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
    "nav.import": ("导入", "Import"),
    "nav.import.help": ("导入企查查、天眼查等名单，逐行交代去向", "Bring in vendors' lists, every row accounted for"),
    "import.title": ("导入自己的名单", "Import your own lists"),
    "import.lead": (
        "企查查、天眼查、启信宝导出或自制表格都可以。文件只在本机处理；法定代表人、电话、邮箱默认不保留。",
        "Exports of the usual vendors or your own tables. Files stay on this machine; persons, phones and mailboxes are "
        "left out unless asked for.",
    ),
    "import.files": ("选择或拖入文件", "Choose or drop files"),
    "import.name": ("名称", "Name of the set"),
    "import.datum": ("坐标系", "Datum"),
    "import.datum.help": (
        "自动：按点位与所在区、道路的吻合程度判断，证据不足时不定位而不是猜测",
        "Automatic: judged by how points agree with districts and roads; undecided points place nothing",
    ),
    "import.datum.auto": ("自动判断", "Automatic"),
    "import.datum.wgs84": ("WGS-84", "WGS-84"),
    "import.datum.gcj02": ("GCJ-02（高德、腾讯）", "GCJ-02 (AMap, Tencent)"),
    "import.datum.bd09": ("BD-09（百度）", "BD-09 (Baidu)"),
    "import.datum.undetermined": ("不能确定", "undetermined"),
    "import.datum.none": ("没有坐标", "no coordinates"),
    "import.personal": ("保留法定代表人、电话、邮箱", "Keep persons, phones and mailboxes"),
    "import.personal.help": (
        "只保存在本机工作区；导出与地图永远不含这些列",
        "Kept in the local workspace only; exports and maps never hold these columns",
    ),
    "import.run": ("导入", "Import"),
    "import.recognised": (
        "{vendor} · 表头在第 {header} 行 · 编码 {encoding} · {rows} 行 · 识别 {mapped} 列，原样保留 {unknown} 列，涉及个人 {personal} 列",
        "{vendor} · header in row {header} · encoding {encoding} · {rows} rows · {mapped} columns recognised, {unknown} kept "
        "as they are, {personal} about persons",
    ),
    "import.vendor.qichacha": ("企查查", "Qichacha"),
    "import.vendor.tianyancha": ("天眼查", "Tianyancha"),
    "import.vendor.generic": ("通用表格", "Generic table"),
    "import.columns": ("列的含义（可改）", "What the columns mean (editable)"),
    "import.column.file": ("文件中的列", "Column of the file"),
    "import.column.meaning": ("含义", "Meaning"),
    "import.progress": ("{stage} {done} / {total}", "{stage} {done} / {total}"),
    "import.stage.read": ("读取", "Reading"),
    "import.stage.clean": ("清洗", "Cleaning"),
    "import.stage.duplicates": ("查重", "Merging duplicates"),
    "import.stage.locate": ("定位", "Locating"),
    "import.stage.write": ("写入", "Writing"),
    "report.title": ("导入结果", "What became of the rows"),
    "report.rows_in_file": ("文件行数", "Rows in the files"),
    "report.imported": ("导入", "Imported"),
    "report.rejected": ("未导入", "Not imported"),
    "report.duplicates_merged": ("重复合并", "Duplicates merged"),
    "report.conflicts": ("位置矛盾", "Location conflicts"),
    "report.sum": (
        "{imported} 导入 + {rejected} 未导入 + {duplicates_merged} 合并 = {rows_in_file} 行",
        "{imported} imported + {rejected} not imported + {duplicates_merged} merged = {rows_in_file} rows",
    ),
    "report.datum": ("坐标系：{verdict}（依据 {n} 个点；{scores}）", "Datum: {verdict} ({n} points; {scores})"),
    "report.personal": ("未保留的个人信息列：{columns}", "Columns about persons left out: {columns}"),
    "report.location": ("定位精度", "Precision of the locations"),
    "report.notes": (
        "上海以外 {outside} 行；集中登记地 {shared} 行；登记机关与所在区不同 {registration} 行（弱证据，不算矛盾）",
        "{outside} rows outside Shanghai; {shared} at crowded registration addresses; {registration} whose registration "
        "authority differs from the district (weak evidence, no conflict)",
    ),
    "report.issues": ("逐格问题 {n} 项", "{n} cells with a problem"),
    "report.rejected.download": ("未导入的行（csv）", "Rows not imported (csv)"),
    "report.merged.download": ("合并的行（csv）", "Merged rows (csv)"),
    "report.download": ("完整结果（json）", "The whole account (json)"),
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

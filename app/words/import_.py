"""Words of the import page: files, report, sets, comparison."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
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
}

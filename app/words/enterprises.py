"""Words of the page of enterprises and of the card."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "table.pick": (
        "点选一行查看卡片；用键盘：方向键移动，Shift+空格选行",
        "Pick a row to see its card; by keyboard: arrow keys, then Shift+Space",
    ),
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
}

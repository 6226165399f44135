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
    "card.unverified": ("待核实", "Unverified"),
    "card.recognitions": ("称号与上市", "Recognitions and listings"),
    "correct.title": ("报告错误与更正", "Report an error"),
    "correct.field": ("哪一项有误", "Which fact is wrong"),
    "correct.point": ("坐标（经度, 纬度，WGS-84）", "Coordinates (longitude, latitude, WGS-84)"),
    "correct.now": ("现为：{value}", "Now: {value}"),
    "correct.new": ("应为", "Should be"),
    "correct.choose": ("请选择", "Choose"),
    "correct.reason": ("依据", "How do you know"),
    "correct.reason.help": ("如：官网、公示、电话核实、现场走访", "e.g. its website, a public notice, a call, a visit"),
    "correct.person": (
        "请先点“加入跟进”填写姓名：更正要写明是谁。",
        "Say who you are first, under the button that follows the firm: a correction says who made it.",
    ),
    "correct.keep": ("更正", "Put right"),
    "correct.kept": (
        "已更正：各页、地图与导出都按更正后的显示，原数据不变，可随时撤回。",
        "Put right: pages, map and exports follow it; the data themselves stay, and it can be taken back at any time.",
    ),
    "correct.by": (
        "{who} {when} 更正，原为 {old}；依据：{reason}",
        "put right by {who} on {when}, was {old}; reason: {reason}",
    ),
    "correct.undone": ("{who} {when} 已撤回", "taken back by {who} on {when}"),
    "correct.unread": (
        "更正读不出来，页面显示的是未更正的数据：{reason}",
        "The corrections cannot be read, so the pages show the data without them: {reason}",
    ),
    "correct.undo": ("撤回", "Take back"),
    "card.choose": ("查看一家企业", "Look at an enterprise"),
    "card.choose.placeholder": ("输入名称，打开卡片", "Type a name to open its card"),
    "card.close": ("关闭", "Close"),
    "card.missing": (
        "当前数据集里没有编号为 {id} 的企业；换一个数据集，或清除链接中的编号。",
        "The current set has no enterprise with the ID {id}; choose another set or take the ID out of the link.",
    ),
    "card.outside": ("不在当前筛选之内", "Not within the current filters"),
    "card.registered": ("登记", "Registration"),
    "card.industry": ("行业", "Industry"),
    "card.place": ("位置", "Place"),
    "card.origin": ("其余各项出自：{source}；截至 {date}", "All other facts from: {source}; as of {date}"),
    "card.area": (
        "只知所在区域，图上是区域的标记而不是企业的位置，不计算距离",
        "Known by its area only: the mark stands for the area, not the enterprise, and no distances are given",
    ),
    "card.nowhere": ("位置未知，没有画在图上", "Its place is not known and not drawn"),
    "card.conflict": ("位置证据矛盾：", "Its location witnesses disagree: "),
    "card.set_aside": (
        "搁置的原坐标：{lon}, {lat}",
        "Original coordinates set aside: {lon}, {lat}",
    ),
    "card.parks": ("最近的园区", "Nearest parks"),
    "card.parks.note": ("直线距离，园区为近似点", "Straight lines; parks are approximate points"),
    "card.neighbours": ("同链近邻", "Nearest on the same chain"),
    "card.neighbours.none": (
        "不在产业链节点上，或没有自己的点位，无法列出",
        "On no chain node or without a point of its own, so none can be listed",
    ),
    "card.similar": ("相似企业", "Similar enterprises"),
    "card.similar.help": (
        "逐项相加：同一产业链节点 3 分；国标行业同大类 1、中类 1.5、小类 2 分；同一重点行业、规模、区各 1 分。"
        "同分的近者在前。不知道的不计分。",
        "A sum of terms: same chain node 3; same GB/T 4754 division 1, group 1.5, class 2; same key industry, size and "
        "district 1 each. Of equal ones the nearer first. What is unknown counts nothing.",
    ),
    "card.similar.none": ("行业与节点未知，无法比较", "Industry and node unknown: nothing to compare by"),
    "card.year.unknown": ("年份未知", "year unknown"),
}

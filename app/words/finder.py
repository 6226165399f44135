"""Words of the further conditions, of the dialog to draw areas and of saved searches."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "filter.founded": ("成立年份", "Founded"),
    "filter.capital": ("注册资本", "Registered capital"),
    "filter.status": ("登记状态", "Status"),
    "filter.size": ("企业规模", "Size"),
    "filter.gb4754": ("国标行业 GB/T 4754", "Industry, GB/T 4754"),
    "filter.node": ("产业链节点", "Chain node"),
    "filter.near": ("距离", "Distance"),
    "filter.within": ("范围", "Area"),
    "filter.left_out": (
        "另有 {n} 家符合其余条件，但只知所在园区、街镇或区（或未定位），无法判断距离与范围，未计入。",
        "{n} more meet the other conditions but are known by park, town or district only, or not at all: whether they "
        "lie within the distance or area cannot be told, so they are not counted.",
    ),
    "more.title": ("更多条件", "More conditions"),
    "more.absent": ("当前数据集没有这些资料：{names}", "This set holds no facts of: {names}"),
    "more.founded_from": ("成立年份从", "Founded from"),
    "more.founded_to": ("到", "to"),
    "more.capital_least": ("至少（万）", "At least (10,000)"),
    "more.capital_most": ("至多（万）", "At most (10,000)"),
    "more.near_point": ("一个点（经纬度）", "A point (longitude, latitude)"),
    "more.near_lon": ("经度", "Longitude"),
    "more.near_lat": ("纬度", "Latitude"),
    "more.near_km": ("以内（公里）", "Within (km)"),
    "more.near.help": (
        "直线距离，只计有坐标或门牌点位的企业；园区是近似点",
        "Straight-line distance, enterprises with a point of their own only; parks are approximate points",
    ),
    "more.nodes": (
        "正在比对产业链节点，大数据集首次需要半分钟左右",
        "Reading the chain nodes; the first time takes about half a minute for a large set",
    ),
    "more.lift": ("移除这一条件", "Take this condition away"),
    "more.area.draw": ("画或上传范围…", "Draw or upload an area…"),
    "area.title": ("范围", "Area"),
    "area.hint": (
        "用左侧工具画多边形或矩形，也可修改、删除已有的；放一个中心点则按距离筛选。画好后点“用这一范围”。",
        "Draw polygons or rectangles with the tools on the left, change or delete those there are; a marker sets the "
        "centre of a distance. Then choose “Use this area”.",
    ),
    "area.file": ("或上传 GeoJSON、GPKG、zip（shapefile）", "Or upload GeoJSON, GPKG or a zipped shapefile"),
    "area.name": ("名称（可不填）", "Name (optional)"),
    "area.name.help": (
        "有名称或很复杂的范围存在本机工作区，链接里只放编号；其余直接写在链接里",
        "A named or long area is kept in this machine's workspace and the link holds its number; others stand in the link",
    ),
    "area.take": ("用这一范围", "Use this area"),
    "area.clear": ("去掉范围", "Remove the area"),
    "search.title": ("收藏的搜索", "Saved searches"),
    "search.name": ("给当前筛选起个名称", "Name the present filters"),
    "search.save": ("收藏", "Save"),
    "search.open": ("打开", "Open"),
    "search.look": ("标为已看", "Mark as seen"),
    "search.remove": ("删除", "Delete"),
    "search.seen": (
        "{who} 收藏；上次看：{when}，{release}，{n} 家",
        "Saved by {who}; last look: {when}, {release}, {n} enterprises",
    ),
    "search.same": ("上次看过以后没有变化", "Nothing has changed since the last look"),
    "search.changed": (
        "上次看过以后有变化；结果太大，没有逐家记下",
        "Changed since the last look; the result was too large to keep every enterprise of it",
    ),
    "search.new": (
        "上次看过以后新增 {n} 家，不再符合的 {gone} 家",
        "{n} new since the last look, {gone} no longer there",
    ),
    "search.more": ("另有 {n} 家新增", "{n} more are new"),
}

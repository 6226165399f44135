"""Words of the map page."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
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
}

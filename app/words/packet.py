"""Words of the packet's button."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "packet.download": ("下载资料包（HTML）", "Download the packet (HTML)"),
    "packet.shortlist": ("跟进清单 · {n} 家", "Shortlist · {n} enterprises"),
    "packet.download.help": (
        "一个断网可开的文件：地图、图、名单与卡片（至多 200 家）、园区、来源与校验值；不含个人信息",
        "One file that opens offline: map, charts, list and cards (200 at most), parks, sources, hash; no personal data",
    ),
}

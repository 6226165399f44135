"""The six key industries of the plan, and everything else."""

from typing import Final

from geo.text import Text

INDUSTRIES: Final[dict[str, Text]] = {
    "auto": Text("汽车", "Automotive"),
    "electronics": Text("电子信息", "Electronics and information"),
    "aviation": Text("民用航空", "Civil aviation"),
    "biomedicine": Text("生物医药", "Biomedicine"),
    "equipment": Text("高端装备", "High-end equipment"),
    "materials": Text("绿色化工及新材料", "Green chemicals and new materials"),
    "other": Text("其他", "Other"),
}
"""Code of the URL and the table → names; the first six are the plan's key industries (paragraph 9)."""

CODE_OF: Final[dict[str, str]] = {industry.zh: code for code, industry in INDUSTRIES.items()}

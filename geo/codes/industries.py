"""The six key industries of the plan, and everything else."""

from typing import Final, NamedTuple


class Industry(NamedTuple):
    """An industry of the plan: Chinese name as the plan writes it, English name."""

    zh: str
    en: str


INDUSTRIES: Final[dict[str, Industry]] = {
    "auto": Industry("汽车", "Automotive"),
    "electronics": Industry("电子信息", "Electronics and information"),
    "aviation": Industry("民用航空", "Civil aviation"),
    "biomedicine": Industry("生物医药", "Biomedicine"),
    "equipment": Industry("高端装备", "High-end equipment"),
    "materials": Industry("绿色化工及新材料", "Green chemicals and new materials"),
    "other": Industry("其他", "Other"),
}
"""Code of the URL and the table → names; the first six are the plan's key industries (paragraph 9)."""

CODE_OF: Final[dict[str, str]] = {industry.zh: code for code, industry in INDUSTRIES.items()}

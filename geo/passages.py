"""The whole plan as passages: every sentence, target and published figure, each with where it stands; and a search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pandas as pd

from geo.plan import PLAN, in_english, load_plan, load_progress, load_targets
from geo.text import fold

PARTS: Final[dict[str, tuple[str, str]]] = {
    "vision": ("总体目标", "Vision"),
    "goals": ("目标分组", "Goal groups"),
    "layout": ("一核一带", "One core, one belt"),
    "actions": ("六大重点行动", "Six key actions"),
    "industries": ("重点行业", "Key industries"),
    "delta": ("长三角协同", "Yangtze-delta cooperation"),
    "conference": ("推进大会", "Conference"),
    "closing": ("工作要求", "Closing requirements"),
    "targets": ("本计划的目标", "Targets of the plan"),
    "successors": ("后续计划的目标", "Targets of the successor plans"),
    "progress": ("公布的进展", "Published progress"),
}
"""Part of the plan page → (Chinese, English), in their order."""


class Passage(NamedTuple):
    """A passage: its part, its paragraphs in the report (none for later plans), its words, its source."""

    part: str
    paragraphs: tuple[int, ...]
    zh: str
    en: str
    source: str = ""
    url: str = ""


def load_passages() -> list[Passage]:
    """Every passage of the plan, of its targets and of their progress, in the order of `PARTS`.

    Examples
    --------
    >>> passages = load_passages()
    >>> next(passage.paragraphs for passage in passages if "平台载体提升行动" in passage.zh)
    (10,)
    """
    return [*_structure(load_plan()), *_targets(), *_progress()]


def find_passages(query: str, passages: list[Passage] | None = None) -> list[Passage]:
    """Passages that hold every word of a query, in either language; case, width and spaces do not matter.

    Examples
    --------
    >>> [passage.part for passage in find_passages("标准 互访")]
    ['delta']
    >>> find_passages("")
    []
    """
    words = [fold(word) for word in query.split()]
    if not words:
        return []
    return [
        passage
        for passage in (load_passages() if passages is None else passages)
        if all(word in fold(f"{PARTS[passage.part][0]} {passage.zh} {passage.en} {passage.source}") for word in words)
    ]


def _structure(plan: dict[str, Any]) -> Iterator[Passage]:
    source, url = plan["source"]["title"], plan["source"]["url"]

    def passage(part: str, item: dict[str, Any], zh: str, en: str) -> Passage:
        number = item["para"]
        return Passage(part, tuple(number) if isinstance(number, list) else (number,), zh, en, source, url)

    yield passage("vision", plan["vision"], plan["vision"]["zh"], plan["vision"]["en"])
    for group in plan["goal_groups"]:
        yield passage("goals", group, group["zh"], group["en"])
    layout = plan["layout"]
    core, belt = layout["core"], layout["belt"]
    yield passage("layout", layout, f"一核：{core['zh']}。{core['note']}", f"Core: {core['en']}. {core['note_en']}")
    yield passage(
        "layout",
        layout,
        f"一带：{belt['zh']}（{'、'.join(belt['districts'])}等区域）。{belt['note_zh']}",
        f"Belt: {belt['en']} ({', '.join(belt['districts_en'])} and other areas). {belt['note_en']}",
    )
    for action in plan["actions"]:
        zh = [*action["content_zh"], *filter(None, [action.get("expected_zh")])]
        en = [*action["content_en"], *filter(None, [action.get("expected_en")])]
        yield passage(
            "actions", action, f"{action['name_zh']}：{'；'.join(zh)}", f"{action['name_en']}: {'; '.join(en)}"
        )
    for item in plan["key_industries"]["items"]:
        world = ("（世界级产业集群）", " (world-class cluster)") if item.get("world_class_cluster") else ("", "")
        yield passage("industries", plan["key_industries"], item["zh"] + world[0], item["en"] + world[1])
    delta = plan["yangtze_delta"]
    yield passage(
        "delta",
        delta,
        f"{delta['partners_zh']}：{'、'.join(delta['fields_zh'])}（{delta['project_zh']}）",
        f"{delta['partners_en']}: {', '.join(delta['fields_en'])} ({delta['project_en']})",
    )
    for fact in plan["conference_facts"]:
        yield passage(
            "conference", fact, f"{fact['zh']} {fact['value']} {fact['unit']}", f"{fact['en']}: {fact['value']}"
        )
    for closing in plan["closing"]:
        yield passage("closing", closing, closing["zh"], closing["en"])


def _targets() -> Iterator[Passage]:
    table = load_targets()
    english = {field: in_english(field, table[field]) for field in ("indicator", "unit", "scope", "plan", "industry")}
    for place, row in enumerate(table.itertuples()):
        own = row.plan == PLAN
        high = "" if pd.isna(row.value_max) else f"–{row.value_max:,.12g}"
        year = "" if pd.isna(row.year) else str(row.year)
        en = {field: texts.iloc[place] for field, texts in english.items()}
        industry = f" {row.industry}" if row.industry else ""
        trade = f", {en['industry']}" if row.industry else ""
        yield Passage(
            "targets" if own else "successors",
            (int(row.seed_para),) if own else (),
            f"{row.scope}{industry} {row.indicator} {row.value:,.12g}{high} {row.unit}，{year}（{row.plan}）",
            f"{en['indicator']}{trade}, {en['scope']}: {row.value:,.12g}{high} {en['unit']}".rstrip()
            + f", {year} ({en['plan']})",
            row.source_title,
            row.source_url,
        )


def _progress() -> Iterator[Passage]:
    table = load_progress()
    english = {field: in_english(field, table[field]) for field in ("indicator", "unit", "scope", "kind")}
    for place, row in enumerate(table.itertuples()):
        en = {field: texts.iloc[place] for field, texts in english.items()}
        yield Passage(
            "progress",
            (),
            f"{row.scope} {row.indicator} {row.value:,.12g} {row.unit}，{row.year}（{row.kind}）",
            f"{en['indicator']}, {en['scope']}: {row.value:,.12g} {en['unit']}".rstrip()
            + f", {row.year} ({en['kind']})",
            row.source_title,
            row.source_url,
        )

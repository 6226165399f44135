"""The whole plan as passages: every sentence, target and published figure, each with where it stands; and a search."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.catalog import read_json, read_table
from geo.errors import DataError
from geo.text import Text, fold, qualified

PLAN: Final = "上海市智能制造行动计划(2019—2021年)"

TARGET_STATUS: Final[dict[str, Text]] = {
    "met": Text("已公布达到", "Published as met"),
    "met_later": Text("目标年之后公布达到", "Published as met after the target year"),
    "below": Text("有公布值，未达到", "Published, below the target"),
    "unknown": Text("没有同口径的累计公布值", "No cumulative figure of that measure published"),
}
"""Status of a target → (Chinese, English)."""

FIGURE_WEIGHTS: Final[dict[str, Text]] = {
    "counts": Text("计入", "counts"),
    "measure": Text("不计：指标不同", "does not count: another measure"),
    "kind": Text("不计：不是累计值", "does not count: not cumulative"),
    "unit": Text("不计：单位不同", "does not count: another unit"),
    "source": Text("不计：待核实", "does not count: unverified"),
    "about": Text("不计：约数", "does not count: approximate"),
}
"""Whether a published figure counts towards a target, and why not → (Chinese, English)."""

FINANCE_KINDS: Final[dict[str, Text]] = {
    "quota": Text("额度、授信（不是贷款）", "Credit line, not a loan"),
    "target": Text("目标（不是已做到的）", "Aim, not yet done"),
    "scale": Text("总规模（原文未写已投放）", "Total scale, not said to be lent"),
    "loan": Text("贷款", "Loan"),
    "guarantee": Text("担保", "Guarantee"),
    "subsidy": Text("贴息", "Interest subsidy"),
    "product": Text("金融产品", "Product"),
    "growth": Text("增速", "Growth"),
    "platform": Text("平台", "Platform"),
}
"""What a published fact of finance is → (Chinese, English); only the fourth and fifth say that money was lent or vouched for."""

_CUMULATIVE: Final = "累计"

_APPROXIMATE: Final = ("约", "左右", "近")
"""Qualifiers of a figure that may lie below what it says."""


def load_plan() -> dict[str, Any]:
    """Structure of the plan: vision, goal groups, six actions, key industries, layout, delta, each with its paragraph.

    Examples
    --------
    >>> [action["name_zh"] for action in load_plan()["actions"]][2]
    '平台载体提升行动'
    """
    return read_json("plan_structure")


def load_targets() -> pd.DataFrame:
    """Quantitative targets of the plan and of its successors.

    Returns
    -------
    DataFrame
        Index `id`; `indicator`, `value`, `value_max` (upper end of a range, NaN where single), `qualifier` (what the source
        says beside the figure, one of `geo.text.QUALIFIERS`, ``""`` for nothing), `unit`, `year` (nullable integer), `scope`,
        `industry`, `plan`, `action`, `seed_para` (paragraph of the plan's report),
        `source_title`, `source_url`, `notes`, `evidence`.

    Examples
    --------
    >>> targets = load_targets()
    >>> int((targets["plan"] == PLAN).sum())
    13
    """
    table = read_table("plan_targets", ["id", "indicator", "value", "qualifier", "unit", "year", "plan"]).set_index(
        "id"
    )
    for column in ("value", "value_max"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    return table


def load_progress() -> pd.DataFrame:
    """Published achievements, one row per figure: `indicator`, `value`, `qualifier`, `unit`, `year`, `kind`, `target_ids`, sources."""
    table = read_table("plan_progress", ["indicator", "year", "value", "qualifier", "unit", "kind", "target_ids"])
    table["value"] = pd.to_numeric(table["value"], errors="coerce")
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    return table


def load_finance() -> pd.DataFrame:
    """Published facts of finance for industry, which the plan's sixth action asks for; the latest year first.

    Returns
    -------
    DataFrame
        Index `id`; `fact`, `who` (as published), `fact_en`, `who_en` (ours), `kind` (key of `FINANCE_KINDS`), `amount` (NaN where none
        is published), `qualifier`, `unit`, `year` (integer), `period`, `place` (name of a district or of the core,
        ``""`` for the city), `scope`, `source_title`, `source_url`, `evidence`, `notes`.

    Raises
    ------
    DataError
        When a row has an unknown kind, an amount without unit, or no source.

    Examples
    --------
    >>> facts = load_finance()
    >>> facts.loc["F01", ["kind", "qualifier", "unit"]].tolist()
    ['quota', '不低于', '亿元']
    """
    table = read_table("plan_finance", ["id", "fact", "who", "kind", "amount", "unit", "year", "place"]).set_index("id")
    table["amount"] = pd.to_numeric(table["amount"], errors="coerce")
    table["year"] = pd.to_numeric(table["year"], errors="raise").astype(int)
    for wrong, problem in (
        (~table["kind"].isin(list(FINANCE_KINDS)), "没有这种金融事实"),
        (table["amount"].notna() != (table["unit"] != ""), "金额与单位要么都有，要么都没有"),
        ((table["evidence"] == "source") & (table["source_title"] == ""), "说有来源而没有写明"),
    ):
        if wrong.any():
            raise DataError(problem, file="finance.csv", value=table.index[wrong][0])
    return table.sort_values("year", ascending=False, kind="stable")


def progress_of(target_id: str, progress: pd.DataFrame) -> pd.DataFrame:
    """Published figures that bear on a target, oldest first.

    `same` tells whether they measure the same thing, `why` in words why they do not.
    """
    bears = progress["target_ids"].str.split("|").map(lambda ids: target_id in ids)
    figures = progress[bears].sort_values("year", kind="stable")
    why = pd.Series([_other_measures().get((target_id, name), "") for name in figures["indicator"]], figures.index, str)
    return figures.assign(same=why == "", why=why)


def classify_progress(target: pd.Series, figures: pd.DataFrame) -> pd.Series:
    """Whether each published figure counts towards a target: a key of `FIGURE_WEIGHTS` per row of `figures`.

    Examples
    --------
    >>> target = pd.Series({"value": 100.0, "unit": "家", "year": 2021})
    >>> figures = pd.DataFrame([[100.0, "", "家", 2022, "累计", "source", True], [90.0, "", "家", 2021, "当年", "source", True],
    ...                         [100.0, "近", "家", 2021, "累计", "source", True]],
    ...                        columns=["value", "qualifier", "unit", "year", "kind", "evidence", "same"])
    >>> classify_progress(target, figures).tolist()
    ['counts', 'kind', 'about']
    """
    weight = pd.Series("counts", index=figures.index, dtype=object)
    weight[figures["qualifier"].isin(_APPROXIMATE)] = "about"
    weight[figures["unit"] != target["unit"]] = "unit"
    weight[figures["kind"] != _CUMULATIVE] = "kind"
    weight[~figures["same"].astype(bool)] = "measure"
    weight[figures["evidence"] != "source"] = "source"
    return weight


def status_of(target: pd.Series, figures: pd.DataFrame) -> str:
    """Status of a target by its published figures.

    Only figures with a source, cumulative, not approximate, of the same measure and in the target's unit count.
    ``met`` when one of the target year or
    before reaches the lower end of the target, ``met_later`` when only a later one does, ``below`` when there are
    such figures but none reaches it, ``unknown`` when there are none.

    Examples
    --------
    >>> target = pd.Series({"value": 100.0, "unit": "家", "year": 2021})
    >>> figures = pd.DataFrame([[100.0, "", "家", 2022, "累计", "source", True]],
    ...                        columns=["value", "qualifier", "unit", "year", "kind", "evidence", "same"])
    >>> status_of(target, figures), status_of(target, figures.assign(evidence="unverified"))
    ('met_later', 'unknown')
    """
    counting = figures[classify_progress(target, figures) == "counts"]
    reached = counting[counting["value"] >= target["value"]]
    if len(reached):
        return "met" if (reached["year"] <= target["year"]).any() else "met_later"
    return "below" if len(counting) else "unknown"


def amount(value: float, high: float, qualifier: str, unit: str, lang: str = "zh") -> str:
    """A figure as its source gives it: range, unit and qualifier.

    Parameters
    ----------
    value, high : float
        `high` is the upper end of a range, missing where there is none.
    qualifier : str
        One of `geo.text.QUALIFIERS`, or ``""``.
    unit : str
        In the language of `lang`.

    Examples
    --------
    >>> amount(2, 3, "", "家"), amount(1150, float("nan"), "突破", "亿元"), amount(25, float("nan"), "以上", "%", "en")
    ('2–3 家', '突破 1,150 亿元', '25 % or more')
    """
    end = "" if pd.isna(high) else f"–{high:,.12g}"
    return qualified(f"{value:,.12g}{end} {unit}".strip(), qualifier, lang)


def own_count(target_id: str, year: int, recognitions: pd.DataFrame, names: pd.Series) -> int | None:
    """Enterprises of a list that hold a recognition bearing on a target by its year: a lower bound.

    Parameters
    ----------
    target_id : str
    year : int
        Recognitions of later years, or of an unknown year, do not count.
    recognitions : DataFrame
        As `geo.codes.recognitions.load_recognitions` gives it.
    names : Series of str
        Names of the enterprises of the list.

    Returns
    -------
    int or None
        None where no recognition of the list bears on the target.
    """
    held = own_evidence(target_id, year, recognitions, names)
    return None if held is None else int(held["name"].nunique())


def own_evidence(target_id: str, year: int, recognitions: pd.DataFrame, names: pd.Series) -> pd.DataFrame | None:
    """The recognitions that `own_count` counts, each with its source; arguments and None as there."""
    bearing = own_kinds(target_id)
    if not bearing:
        return None
    return recognitions[
        recognitions["kind"].isin(bearing)
        & (recognitions["year"] <= year).fillna(False)
        & recognitions["name"].isin(names)
    ]


def own_kinds(target_id: str) -> list[str]:
    """Kinds of recognition that bear on a target; none for most.

    Examples
    --------
    >>> own_kinds("T003"), own_kinds("T001")
    (['star-market'], [])
    """
    return _bearing_kinds().get(target_id, [])


def successors_of(target_id: str) -> pd.DataFrame:
    """Targets of later plans that measure the same or nearly so, earliest first.

    Returns
    -------
    DataFrame
        Rows of `load_targets()`, with `measure` (``same`` or ``near``) and `why`.  They stand beside the target and
        decide nothing.

    Examples
    --------
    >>> successors_of("T009")["year"].tolist()[:2]
    [2022, 2022]
    """
    pairs = read_table("plan_target_successors", ["target_id", "successor_id", "measure", "why"])
    pairs = pairs[pairs["target_id"] == target_id].set_index("successor_id")[["measure", "why"]]
    return load_targets().join(pairs, how="inner").sort_values("year", kind="stable")


def in_english(field: str, texts: pd.Series) -> pd.Series:
    """English names of published texts, ours and not official; a text without one stays as published.

    Parameters
    ----------
    field : {"plan", "indicator", "unit", "scope", "industry", "kind"}
    texts : Series of str

    Examples
    --------
    >>> in_english("indicator", pd.Series(["示范性智能工厂", "别的"])).tolist()
    ['Demonstration smart factories', '别的']
    """
    table = read_table("plan_english", ["field", "zh", "en"])
    names = table[table["field"] == field].set_index("zh")["en"].to_dict()
    return texts.map(lambda text: names.get(text, text))


def scoreboard(recognitions: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Every target with its three things: target, latest published figure, own count.

    Returns
    -------
    DataFrame
        `load_targets()` with `status` (key of `TARGET_STATUS`), `published`, `published_year`, `published_kind`,
        `published_qualifier`, `published_indicator`, `published_source`, `published_url` (latest figure, missing without
        one) and `own` (nullable integer).
    """
    targets, progress = load_targets(), load_progress()
    rows = []
    for target_id, target in targets.iterrows():
        figures = progress_of(str(target_id), progress)
        latest = figures.iloc[-1] if len(figures) else None
        year = 9999 if pd.isna(target["year"]) else int(target["year"])
        rows.append(
            {
                "status": status_of(target, figures),
                "published": None if latest is None else latest["value"],
                "published_year": None if latest is None else latest["year"],
                "published_kind": "" if latest is None else latest["kind"],
                "published_qualifier": "" if latest is None else latest["qualifier"],
                "published_indicator": "" if latest is None else latest["indicator"],
                "published_source": "" if latest is None else latest["source_title"],
                "published_url": "" if latest is None else latest["source_url"],
                "own": own_count(str(target_id), year, recognitions, names),
            }
        )
    board = pd.DataFrame(rows, index=targets.index)
    types = {"published": "Float64", "published_year": "Int64", "own": "Int64"}
    return targets.join(board.astype(types))


@cache
def _other_measures() -> dict[tuple[str, str], str]:
    """Target and published indicator that bear on each other but measure different things → in what they differ."""
    table = read_table("plan_progress_related", ["target_id", "indicator", "why"])
    return {(row.target_id, row.indicator): row.why for row in table.itertuples()}


@cache
def _bearing_kinds() -> dict[str, list[str]]:
    table = read_table("plan_target_evidence", ["target_id", "kinds"])
    return {row.target_id: row.kinds.split(";") for row in table.itertuples()}


PARTS: Final[dict[str, Text]] = {
    "vision": Text("总体目标", "Vision"),
    "goals": Text("目标分组", "Goal groups"),
    "layout": Text("一核一带", "One core, one belt"),
    "actions": Text("六大重点行动", "Six key actions"),
    "industries": Text("重点行业", "Key industries"),
    "delta": Text("长三角协同", "Yangtze-delta cooperation"),
    "conference": Text("推进大会", "Conference"),
    "closing": Text("工作要求", "Closing requirements"),
    "targets": Text("本计划的目标", "Targets of the plan"),
    "successors": Text("后续计划的目标", "Targets of the successor plans"),
    "progress": Text("公布的进展", "Published progress"),
    "finance": Text("产融合作", "Finance for industry"),
}
"""Part of the plan page → (Chinese, English), in their order."""


class SearchEntry(NamedTuple):
    """A passage: its part, its paragraphs in the report (none for later plans), its words, its source."""

    part: str
    paragraphs: tuple[int, ...]
    zh: str
    en: str
    source: str = ""
    url: str = ""


def load_search_entries() -> list[SearchEntry]:
    """Every passage of the plan, of its targets and of their progress, in the order of `PARTS`.

    Examples
    --------
    >>> passages = load_search_entries()
    >>> next(passage.paragraphs for passage in passages if "平台载体提升行动" in passage.zh)
    (10,)
    """
    return [*_structure(load_plan()), *_targets(), *_progress(), *_finance()]


def search_plan(query: str, passages: list[SearchEntry] | None = None) -> list[SearchEntry]:
    """Passages that hold every word of a query, in either language; case, width and spaces do not matter.

    Examples
    --------
    >>> [passage.part for passage in search_plan("标准 互访")]
    ['delta']
    >>> search_plan("")
    []
    """
    words = [fold(word) for word in query.split()]
    if not words:
        return []
    return [
        passage
        for passage in (load_search_entries() if passages is None else passages)
        if all(word in fold(f"{PARTS[passage.part][0]} {passage.zh} {passage.en} {passage.source}") for word in words)
    ]


def _structure(plan: dict[str, Any]) -> Iterator[SearchEntry]:
    source, url = plan["source"]["title"], plan["source"]["url"]

    def passage(part: str, item: dict[str, Any], zh: str, en: str) -> SearchEntry:
        number = item["para"]
        return SearchEntry(part, tuple(number) if isinstance(number, list) else (number,), zh, en, source, url)

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


def _targets() -> Iterator[SearchEntry]:
    table = load_targets()
    english = {field: in_english(field, table[field]) for field in ("indicator", "unit", "scope", "plan", "industry")}
    for place, row in enumerate(table.itertuples()):
        own = row.plan == PLAN
        year = "" if pd.isna(row.year) else str(row.year)
        en = {field: texts.iloc[place] for field, texts in english.items()}
        industry = f" {row.industry}" if row.industry else ""
        trade = f", {en['industry']}" if row.industry else ""
        yield SearchEntry(
            "targets" if own else "successors",
            (int(row.seed_para),) if own else (),
            f"{row.scope}{industry} {row.indicator} {amount(row.value, row.value_max, row.qualifier, row.unit)}，{year}（{row.plan}）",
            f"{en['indicator']}{trade}, {en['scope']}: "
            f"{amount(row.value, row.value_max, row.qualifier, en['unit'], 'en')}, {year} ({en['plan']})",
            row.source_title,
            row.source_url,
        )


def _progress() -> Iterator[SearchEntry]:
    table = load_progress()
    english = {field: in_english(field, table[field]) for field in ("indicator", "unit", "scope", "kind")}
    for place, row in enumerate(table.itertuples()):
        en = {field: texts.iloc[place] for field, texts in english.items()}
        yield SearchEntry(
            "progress",
            (),
            f"{row.scope} {row.indicator} {amount(row.value, np.nan, row.qualifier, row.unit)}，{row.year}（{row.kind}）",
            f"{en['indicator']}, {en['scope']}: {amount(row.value, np.nan, row.qualifier, en['unit'], 'en')}, "
            f"{row.year} ({en['kind']})",
            row.source_title,
            row.source_url,
        )


def _finance() -> Iterator[SearchEntry]:
    table = load_finance()
    units = in_english("unit", table["unit"])
    for row, unit in zip(table.itertuples(), units, strict=True):
        kind = FINANCE_KINDS[row.kind]
        sums = [
            "" if pd.isna(row.amount) else f"{amount(row.amount, np.nan, row.qualifier, said, lang)}"
            for lang, said in (("zh", row.unit), ("en", unit))
        ]
        zh = "，".join(filter(None, [f"{row.who}：{row.fact}", sums[0], str(row.year)]))
        en = ", ".join(filter(None, [f"{row.who_en}: {row.fact_en}", sums[1], str(row.year)]))
        yield SearchEntry("finance", (), f"{zh}（{kind.zh}）", f"{en} ({kind.en})", row.source_title, row.source_url)

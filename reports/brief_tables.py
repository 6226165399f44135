"""The tables of a brief: its facts in the user's words, each row with the number of its source, for whatever document."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import Dataset
from geo.filters.filters import Filters, options
from geo.places.zones import BELT, CORE, belt_districts
from geo.plan import FINANCE_KINDS, TARGET_STATUS, amount, in_english, load_plan
from layers.base import View
from reports.brief_facts import Brief

MOST_PARKS: Final = 10
MOST_RECOGNISED: Final = 15
MOST_TARGETS: Final = 11
MOST_STATISTICS: Final = 8
MOST_FINANCE: Final = 6


class BriefTable(NamedTuple):
    """A table of a brief: heads, rows of texts, parts of the width, and how many rows it leaves out."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[float, ...]
    left: int = 0


class Citations:
    """The sources cited in a document, numbered in the order in which they are first cited."""

    def __init__(self, word: Callable[..., str]) -> None:
        plan = load_plan()["source"]
        self._word = word
        self.titles = [plan["title"]]
        self.links = {plan["title"]: plan["url"]}

    def cite(self, title: str, evidence: str = "source", url: str = "") -> str:
        """A number of the list of sources, with a word where the evidence is open; the list shows the address."""
        if url:
            self.links.setdefault(title, url)
        if title and title not in self.titles:
            self.titles.append(title)
        number = f"[{self.titles.index(title) + 1}]" if title else ""
        return number if evidence == "source" else f"{number} {self._word('card.unverified')}".strip()

    def lines(self) -> list[str]:
        """The list of sources, each line with its number."""
        return [
            f"[{number}] {title} {self.links.get(title, '')}".strip() for number, title in enumerate(self.titles, 1)
        ]


def mark_of(data: Dataset, view: View) -> str:
    """What has to be known of a set whatever is shown of it: that it is made up, or a sample; empty for any other.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> mark_of(load_dataset(), View())
    '样本：不是全部企业'
    """
    if data.synthetic:
        return view.word("合成数据：这些企业是虚构的", "Synthetic data: these enterprises are made up")
    return view.word("样本：不是全部企业", "A sample, not all enterprises") if data.built_in else ""


def basis_of(data: Dataset, filters: Filters, lang: str, word: Callable[..., str], day: str) -> str:
    """What list a document is of, its date, what is selected, and the day it is made, as 2026-11-24."""
    title = word("set.built_in") if data.built_in else data.title
    kind = "brief.basis.sample" if data.built_in else "brief.basis.list"
    number, sentence = f"{len(data.enterprises):,}", data.sentence(filters, lang)
    return word(kind, title=title, n=number, date=data.date, sentence=sentence, day=day)


class BriefTables:
    """The tables of one place.

    Parameters
    ----------
    data : Dataset
    brief : Brief
    view : View
    word : callable
        Gives the message of a key in the language of the view.
    citations : Citations, optional
        Those of a document with several places; its own when not given.
    """

    def __init__(
        self,
        data: Dataset,
        brief: Brief,
        view: View,
        word: Callable[..., str],
        citations: Citations | None = None,
    ) -> None:
        self.data, self.brief, self.word = data, brief, word
        self.lang = view.lang
        self.en = view.lang == "en"
        self.name = brief.name.of(view.lang)
        self.citations = citations or Citations(word)
        self.cite = self.citations.cite

    def basis(self) -> str:
        """What list the brief is of, its date, and what is selected."""
        return basis_of(self.data, self.brief.filters, self.lang, self.word, date.today().isoformat())

    def standing(self) -> str:
        """What the plan says of the place, and how it is counted."""
        place, zones = self.brief.place, self.brief.zones
        layout = load_plan()["layout"]
        suffix = self.lang
        if place == CORE:
            return self.word("brief.standing.core", core=layout["core"][suffix], para=layout["para"])
        if place == BELT:
            return self.word("brief.standing.belt", belt=layout["belt"][suffix], para=layout["para"])
        key = "brief.standing.in" if place in belt_districts() else "brief.standing.out"
        text = self.word(key, name=self.name, belt=layout["belt"][suffix], para=layout["para"])
        shared = self.word(
            "brief.standing.shared", core=f"{zones[CORE]:,}", rest=f"{self.brief.enterprises - zones[CORE]:,}"
        )
        return text + (shared if zones[CORE] else "")

    def figures(self) -> BriefTable:
        """The key figures."""
        brief, heads = self.brief, [self.word(f"brief.column.{name}") for name in ("figure", "value", "note")]
        total, own = brief.enterprises, "sample" if self.data.built_in else "list"
        rows = [
            (
                "enterprises",
                f"{total:,}",
                self.word("brief.note.share", share=_percent(total, brief.city), n=f"{brief.city:,}"),
            ),
            ("zones", f"{brief.zones[CORE]:,} / {brief.zones[BELT]:,}", self.word("brief.note.zones")),
            ("recognised", f"{brief.recognised:,}", self.word(f"brief.note.recognised.{own}")),
            ("listed", f"{brief.listed:,}", self.word(f"brief.note.listed.{own}")),
            ("sourced", f"{brief.sourced:,}", self.word("brief.note.sourced", share=_percent(brief.sourced, total))),
            ("pointed", f"{brief.pointed:,}", self.word("brief.note.pointed")),
        ]
        if pd.notna(brief.area_km2):
            density = f"{brief.density_km2:.3f}"
            rows.append(("density", density, self.word("brief.note.density", area=f"{brief.area_km2:,.2f}")))
        return BriefTable(
            heads, [(self.word(f"brief.figure.{key}"), value, note) for key, value, note in rows], (3, 1.4, 7)
        )

    def statistics(self, most: int | None = MOST_STATISTICS) -> BriefTable:
        """What is published of the place, the latest figure of each indicator and period; every one for None."""
        stats = self.brief.statistics
        shown = stats.iloc[:most]
        progress = (self.tell(*pair) for pair in [("indicator", shown["indicator"]), ("unit", shown["unit"])])
        body = []
        for row, name, unit in zip(shown.itertuples(), *progress, strict=True):
            period = self.tell("kind", pd.Series([row.period]))[0]
            year = "" if pd.isna(row.year) or str(row.year) in period else f"{row.year} "
            value = amount(row.value, np.nan, row.basis, unit, self.lang)
            body.append((name, f"{year}{period}", value, self.cite(row.source_title, row.evidence, row.source_url)))
        heads = [self.word(f"brief.column.{name}") for name in ("indicator", "year", "value", "source")]
        return BriefTable(heads, body, (5, 2.4, 3, 1.6), len(stats) - len(shown))

    def industries(self) -> BriefTable:
        """The industries with their location quotients."""
        industries = self.brief.industries
        heads = [
            self.word(f"brief.column.{name}")
            for name in ("industry", "count", "share", "city", "lq", "interval", "verdict")
        ]
        names = options("industry")
        body = [
            (
                names[str(code)].of(self.lang),
                f"{int(row['enterprises']):,}",
                _share(row["share"]),
                _share(row["city_share"]),
                _number(row["lq"]),
                "–" if pd.isna(row["lq_low"]) else f"{row['lq_low']:.2f}–{row['lq_high']:.2f}",
                self.verdict(row),
            )
            for code, row in industries.iterrows()
            if row["enterprises"] or code not in ("none", "other")
        ]
        return BriefTable(heads, body, (3, 1.3, 1.3, 1.8, 1.2, 1.9, 3.4))

    def verdict(self, row: pd.Series) -> str:
        """Whether an industry is more or less common here than in the whole; where neither is seen, what would be."""
        if not row["verdict"]:
            return "–"
        said = self.word(f"clusters.place.verdict.{row['verdict']}")
        if row["verdict"] != "open":
            return said
        known = pd.notna(row["detectable"])
        return said + self.word("brief.power" if known else "brief.power.none", times=f"{row['detectable']:.1f}")

    def parks(self) -> BriefTable:
        """The parks, those with most enterprises of the selection first."""
        parks = self.brief.parks
        heads = [self.word(f"brief.column.{name}") for name in ("park", "category", "area", "count", "source")]
        body = [
            (
                row.name,
                row.category,
                "–" if pd.isna(row.area_km2) else f"{row.area_km2:,.2f}",
                f"{row.enterprises:,}",
                self.cite(row.source_title, row.evidence),
            )
            for row in parks.head(MOST_PARKS).itertuples(index=False)
        ]
        return BriefTable(heads, body, (5.4, 2.6, 1.6, 1.6, 1.6), max(len(parks) - MOST_PARKS, 0))

    def recognised(self) -> BriefTable:
        """The recognised enterprises with year and source of each recognition."""
        held = self.brief.recognitions
        heads = [self.word(f"brief.column.{name}") for name in ("name", "recognition", "year", "source")]
        kinds = load_kinds()[f"name_{self.lang}"]
        body = [
            (
                row.name,
                kinds[row.kind],
                "–" if pd.isna(row.year) else str(row.year),
                self.cite(row.source_title, row.evidence),
            )
            for row in held.head(MOST_RECOGNISED).itertuples(index=False)
        ]
        return BriefTable(heads, body, (5, 4, 1, 1.6), max(len(held) - MOST_RECOGNISED, 0))

    def targets(self) -> BriefTable:
        """The targets that name the place or that its enterprises bear on, with the three things apart."""
        targets = self.brief.targets
        shown = targets.head(MOST_TARGETS)
        names, units, scopes = (self.tell(field, shown[field]) for field in ("indicator", "unit", "scope"))
        body = []
        for row, name, unit, scope in zip(shown.itertuples(), names, units, scopes, strict=True):
            year = "" if pd.isna(row.year) else f"{row.year}：" if not self.en else f"{row.year}: "
            own = "–" if pd.isna(row.own) else str(row.own)
            source = self.cite(row.source_title)
            target = year + amount(row.value, row.value_max, row.qualifier, unit, self.lang)
            body.append((f"{name} ({scope}) {source}", target, self.progress(row), own))
        heads = [self.word(f"brief.column.{key}") for key in ("indicator", "target", "published", "own")]
        return BriefTable(heads, body, (4.4, 2.4, 4.4, 2.3), max(len(targets) - MOST_TARGETS, 0))

    def finance(self) -> BriefTable:
        """The published facts of finance, those that name the place first; a credit line is said to be no loan."""
        facts = self.brief.finance
        shown = facts.head(MOST_FINANCE)
        body = []
        units, scopes = (self.tell(field, shown[field]) for field in ("unit", "scope"))
        for row, unit, scope in zip(shown.itertuples(), units, scopes, strict=True):
            figure = "–" if pd.isna(row.amount) else amount(row.amount, np.nan, row.qualifier, unit, self.lang)
            who, fact = (row.who_en, row.fact_en) if self.en else (row.who, row.fact)
            kind = FINANCE_KINDS[row.kind].of(self.lang)
            source = self.cite(row.source_title, row.evidence, row.source_url)
            body.append((f"{fact} ({who}; {scope}) {source}", kind, figure, str(row.year)))
        heads = [self.word(f"brief.column.{key}") for key in ("fact", "kind", "value", "year")]
        return BriefTable(heads, body, (6.6, 2.6, 2.6, 1.2), max(len(facts) - MOST_FINANCE, 0))

    def progress(self, row: Any) -> str:
        """Evidence status of a target, and the latest published figure whatever it measures."""
        status = TARGET_STATUS[row.status].of(self.lang)
        if pd.isna(row.published):
            return status
        unit, kind = (self.tell(name, pd.Series([getattr(row, f"published_{name}")]))[0] for name in ("unit", "kind"))
        said = amount(row.published, np.nan, row.published_qualifier, unit, self.lang)
        figure = f"{row.published_year}: {said} ({kind})"
        return f"{status}; {figure} {self.cite(row.published_source)}"

    def tell(self, field: str, texts: pd.Series) -> list[str]:
        """Published texts in the user's language, as published where there is no translation."""
        return (in_english(field, texts) if self.en else texts).fillna("").astype(str).tolist()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1%}"


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"

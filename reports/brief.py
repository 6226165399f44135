"""The brief of a district, of the core or of the belt as a Word file: map, figures, industries, parks, targets, finance, sources."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import Dataset
from geo.filters.filters import options
from geo.places.zones import BELT, CORE, belt_districts
from geo.plan import FINANCE_KINDS, TARGET_STATUS, amount, in_english, load_plan
from layers.base import View
from reports.brief_facts import Brief
from reports.docx import WIDTH_CM, as_bytes, heading, list_, new_paper, picture, say, table
from reports.figure import DRAWN_COLUMNS, draw_figure, draw_industry_shares, figure_bytes

MOST_PARKS: Final = 10
MOST_RECOGNISED: Final = 15
MOST_TARGETS: Final = 11
MOST_STATISTICS: Final = 8
MOST_FINANCE: Final = 6
MAP_CM: Final = 15.4
MAP_DPI: Final = 170


def write_brief(data: Dataset, brief: Brief, view: View, word: Callable[..., str]) -> bytes:
    """The brief as the bytes of a docx file; `word` gives the message of a key in the language of the view."""
    return as_bytes(_Writer(data, brief, view, word).paper)


class _Writer:
    """One brief being written, part after part."""

    def __init__(self, data: Dataset, brief: Brief, view: View, word: Callable[..., str]) -> None:
        self.data, self.brief, self.view, self.word = data, brief, view, word
        self.lang = lang = view.lang
        self.en = lang == "en"
        self.name = brief.name.of(lang)
        self.today = date.today().isoformat()
        plan = load_plan()["source"]
        self.cited = [plan["title"]]
        self.links = {plan["title"]: plan["url"]}
        self.made_up = self.word("app.synthetic") if data.synthetic else ""
        title = self.word("brief.title", name=self.name)
        approval = self.view.approval or self.word("brief.approval.none")
        foot = self.word("brief.foot", name=self.name, day=self.today, approval=approval)
        self.paper = new_paper(lang, title=title, head=self.made_up, foot=foot)
        self.paper.add_paragraph(title, style="Title")
        for part in (
            self.lead,
            self.map,
            self.figures,
            self.industries,
            self.parks,
            self.recognised,
            self.targets,
            self.finance,
        ):
            part()
        self.sources()

    def lead(self) -> None:
        """Say what the brief is of, and what the plan says of the place."""
        data, brief = self.data, self.brief
        title = self.word("set.built_in") if data.built_in else data.title
        sentence = data.sentence(brief.filters, self.lang)
        if self.made_up:
            say(self.paper, self.made_up, bold=True)
        kind = "brief.basis.sample" if data.built_in else "brief.basis.list"
        n = f"{len(data.enterprises):,}"
        basis = self.word(kind, title=title, n=n, date=data.date, sentence=sentence, day=self.today)
        say(self.paper, basis, small=True)
        say(self.paper, self.standing())

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

    def map(self) -> None:
        """Draw the enterprises and parks of the place."""
        figure = draw_figure(
            self.data,
            self.view,
            title=self.word("brief.map", name=self.name),
            subtitle=self.data.sentence(self.brief.filters, self.lang),
            enterprises=pd.DataFrame(self.data.enterprises)[DRAWN_COLUMNS][self.data.mask(self.brief.filters)],
            highlight=self.brief.place,
            parks=True,
            day=self.today,
        )
        picture(self.paper, figure_bytes(figure, "png", MAP_DPI), MAP_CM, self.word("brief.map", name=self.name))

    def figures(self) -> None:
        """List the key figures, and below them what is published of the place."""
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
        heading(self.paper, self.word("brief.figures"))
        table(
            self.paper,
            heads,
            [(self.word(f"brief.figure.{key}"), value, note) for key, value, note in rows],
            (3, 1.4, 7),
        )
        self.statistics()

    def statistics(self) -> None:
        """List what is published of the place, the latest figure of each indicator and period."""
        stats = self.brief.statistics
        if stats.empty:
            say(self.paper, self.word("brief.statistics.none"), small=True)
            return
        shown = stats.head(MOST_STATISTICS)
        progress = (self.tell(*pair) for pair in [("indicator", shown["indicator"]), ("unit", shown["unit"])])
        body = []
        for row, name, unit in zip(shown.itertuples(), *progress, strict=True):
            period = self.tell("kind", pd.Series([row.period]))[0]
            year = "" if pd.isna(row.year) or str(row.year) in period else f"{row.year} "
            value = amount(row.value, np.nan, row.basis, unit, self.lang)
            body.append((name, f"{year}{period}", value, self.cite(row.source_title, row.evidence, row.source_url)))
        heads = [self.word(f"brief.column.{name}") for name in ("indicator", "year", "value", "source")]
        say(self.paper, self.word("brief.statistics"), bold=True).paragraph_format.keep_with_next = True
        table(self.paper, heads, body, (5, 2.4, 3, 1.6))
        self.rest(len(stats) - MOST_STATISTICS)

    def industries(self) -> None:
        """Draw and list the industries with their location quotients."""
        industries = self.brief.industries
        heading(self.paper, self.word("brief.industries"))
        if not self.brief.enterprises:
            say(self.paper, self.word("brief.none"))
            return
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
        table(self.paper, heads, body, (3, 1.3, 1.3, 1.8, 1.2, 1.9, 3.4))
        chart = figure_bytes(draw_industry_shares(industries, self.view), "png", MAP_DPI)
        picture(self.paper, chart, WIDTH_CM * 0.86, self.word("brief.industries"))
        say(self.paper, self.word("brief.industries.note"), small=True)

    def verdict(self, row: pd.Series) -> str:
        """Whether an industry is more or less common here than in the whole; where neither is seen, what would be."""
        if not row["verdict"]:
            return "–"
        said = self.word(f"clusters.place.verdict.{row['verdict']}")
        if row["verdict"] != "open":
            return said
        known = pd.notna(row["detectable"])
        return said + self.word("brief.power" if known else "brief.power.none", times=f"{row['detectable']:.1f}")

    def parks(self) -> None:
        """List the parks, those with most enterprises of the selection first."""
        parks = self.brief.parks
        heading(self.paper, self.word("brief.parks", n=len(parks)))
        if parks.empty:
            say(self.paper, self.word("brief.parks.none"))
            return
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
        table(self.paper, heads, body, (5.4, 2.6, 1.6, 1.6, 1.6))
        self.rest(len(parks) - MOST_PARKS)

    def recognised(self) -> None:
        """List the recognised enterprises with year and source of each recognition."""
        held = self.brief.recognitions
        heading(self.paper, self.word("brief.recognised", n=self.brief.recognised))
        if held.empty:
            key = "brief.recognised.unsourced" if self.brief.recognised else "brief.recognised.none"
            say(self.paper, self.word(key))
            return
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
        table(self.paper, heads, body, (5, 4, 1, 1.6))
        self.rest(len(held) - MOST_RECOGNISED)
        say(self.paper, self.word("brief.note.recognised.sample"), small=True)

    def targets(self) -> None:
        """List the targets that name the place or that its enterprises bear on, with the three things apart."""
        targets = self.brief.targets
        heading(self.paper, self.word("brief.targets"))
        say(self.paper, self.word("brief.targets.rule"), small=True)
        if targets.empty:
            say(self.paper, self.word("brief.targets.none"))
            return
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
        table(self.paper, heads, body, (4.4, 2.4, 4.4, 2.3))
        self.rest(len(targets) - MOST_TARGETS)

    def finance(self) -> None:
        """List the published facts of finance, those that name the place first; a credit line is said to be no loan."""
        facts = self.brief.finance
        heading(self.paper, self.word("brief.finance"))
        say(self.paper, self.word("brief.finance.rule"), small=True)
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
        table(self.paper, heads, body, (6.6, 2.6, 2.6, 1.2))
        self.rest(len(facts) - MOST_FINANCE)

    def progress(self, row: Any) -> str:
        """Evidence status of a target, and the latest published figure whatever it measures."""
        status = TARGET_STATUS[row.status].of(self.lang)
        if pd.isna(row.published):
            return status
        unit, kind = (self.tell(name, pd.Series([getattr(row, f"published_{name}")]))[0] for name in ("unit", "kind"))
        said = amount(row.published, np.nan, row.published_qualifier, unit, self.lang)
        figure = f"{row.published_year}: {said} ({kind})"
        return f"{status}; {figure} {self.cite(row.published_source)}"

    def sources(self) -> None:
        """List the sources cited above, and what holds for all of it."""
        heading(self.paper, self.word("brief.sources"))
        list_(
            self.paper,
            [f"[{number}] {title} {self.links.get(title, '')}".strip() for number, title in enumerate(self.cited, 1)],
        )
        for key in ("brief.limits", "brief.borders", *(["brief.english"] if self.en else [])):
            say(self.paper, self.word(key), small=True)
        approval = self.view.approval or self.word("brief.approval.none")
        say(self.paper, f"{self.word('brief.approval')}{approval}", small=True)

    def rest(self, left: int) -> None:
        """Say how many rows a list leaves out."""
        if left > 0:
            say(self.paper, self.word("brief.rest", n=left), small=True)

    def cite(self, title: str, evidence: str = "source", url: str = "") -> str:
        """A number of the list of sources, with a word where the evidence is open; the list shows the address."""
        if url:
            self.links.setdefault(title, url)
        if title and title not in self.cited:
            self.cited.append(title)
        number = f"[{self.cited.index(title) + 1}]" if title else ""
        return number if evidence == "source" else f"{number} {self.word('card.unverified')}".strip()

    def tell(self, field: str, texts: pd.Series) -> list[str]:
        """Published texts in the user's language, as published where there is no translation."""
        return (in_english(field, texts) if self.en else texts).fillna("").astype(str).tolist()


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1%}"


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"

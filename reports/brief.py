"""The brief of a district, of the core or of the belt as a Word file: map, figures, industries, parks, targets, finance, sources."""

from collections.abc import Callable
from datetime import date
from typing import Final

import pandas as pd

from geo.datasets.dataset import Dataset
from layers.base import View
from reports.brief_facts import Brief
from reports.brief_tables import BriefTable, BriefTables
from reports.docx import WIDTH_CM, as_bytes, heading, list_, new_paper, picture, say, table
from reports.figure import DRAWN_COLUMNS, draw_figure, draw_industry_shares, figure_bytes

MAP_CM: Final = 15.4
MAP_DPI: Final = 170


def write_brief(data: Dataset, brief: Brief, view: View, word: Callable[..., str]) -> bytes:
    """The brief as the bytes of a docx file; `word` gives the message of a key in the language of the view."""
    return as_bytes(_Writer(data, brief, view, word).paper)


def draw_place(data: Dataset, brief: Brief, view: View, title: str) -> bytes:
    """The map of the enterprises and parks of a brief's place as the bytes of a png."""
    figure = draw_figure(
        data,
        view,
        title=title,
        subtitle=data.sentence(brief.filters, view.lang),
        enterprises=pd.DataFrame(data.enterprises)[DRAWN_COLUMNS][data.counted_mask(brief.filters)],
        highlight=brief.place,
        parks=True,
        day=date.today().isoformat(),
    )
    return figure_bytes(figure, "png", MAP_DPI)


class _Writer:
    """One brief being written, part after part."""

    def __init__(self, data: Dataset, brief: Brief, view: View, word: Callable[..., str]) -> None:
        self.data, self.brief, self.view, self.word = data, brief, view, word
        self.tables = BriefTables(data, brief, view, word)
        self.en = view.lang == "en"
        self.name = brief.name.of(view.lang)
        self.made_up = word("app.synthetic") if data.synthetic else ""
        title = word("brief.title", name=self.name)
        self.approval = view.approval or word("brief.approval.none")
        foot = word("brief.foot", name=self.name, day=date.today().isoformat(), approval=self.approval)
        self.paper = new_paper(view.lang, title=title, head=self.made_up, foot=foot)
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
        if self.made_up:
            say(self.paper, self.made_up, bold=True)
        say(self.paper, self.tables.basis(), small=True)
        say(self.paper, self.tables.standing())

    def map(self) -> None:
        """Draw the enterprises and parks of the place."""
        title = self.word("brief.map", name=self.name)
        picture(self.paper, draw_place(self.data, self.brief, self.view, title), MAP_CM, title)

    def figures(self) -> None:
        """List the key figures, and below them what is published of the place."""
        heading(self.paper, self.word("brief.figures"))
        self.list_rows(self.tables.figures())
        if self.brief.statistics.empty:
            say(self.paper, self.word("brief.statistics.none"), small=True)
            return
        say(self.paper, self.word("brief.statistics"), bold=True).paragraph_format.keep_with_next = True
        self.list_rows(self.tables.statistics())

    def industries(self) -> None:
        """Draw and list the industries with their location quotients."""
        heading(self.paper, self.word("brief.industries"))
        if not self.brief.enterprises:
            say(self.paper, self.word("brief.none"))
            return
        self.list_rows(self.tables.industries())
        chart = figure_bytes(draw_industry_shares(self.brief.industries, self.view), "png", MAP_DPI)
        picture(self.paper, chart, WIDTH_CM * 0.86, self.word("brief.industries"))
        say(self.paper, self.word("brief.industries.note"), small=True)

    def parks(self) -> None:
        """List the parks."""
        heading(self.paper, self.word("brief.parks", n=len(self.brief.parks)))
        if self.brief.parks.empty:
            say(self.paper, self.word("brief.parks.none"))
            return
        self.list_rows(self.tables.parks())

    def recognised(self) -> None:
        """List the recognised enterprises."""
        heading(self.paper, self.word("brief.recognised", n=self.brief.recognised))
        if self.brief.recognitions.empty:
            key = "brief.recognised.unsourced" if self.brief.recognised else "brief.recognised.none"
            say(self.paper, self.word(key))
            return
        self.list_rows(self.tables.recognised())
        say(self.paper, self.word("brief.note.recognised.sample"), small=True)

    def targets(self) -> None:
        """List the targets."""
        heading(self.paper, self.word("brief.targets"))
        say(self.paper, self.word("brief.targets.rule"), small=True)
        if self.brief.targets.empty:
            say(self.paper, self.word("brief.targets.none"))
            return
        self.list_rows(self.tables.targets())

    def finance(self) -> None:
        """List the published facts of finance."""
        heading(self.paper, self.word("brief.finance"))
        say(self.paper, self.word("brief.finance.rule"), small=True)
        self.list_rows(self.tables.finance())

    def sources(self) -> None:
        """List the sources cited above, and what holds for all of it."""
        heading(self.paper, self.word("brief.sources"))
        list_(self.paper, self.tables.citations.lines())
        for key in ("brief.limits", "brief.borders", *(["brief.english"] if self.en else [])):
            say(self.paper, self.word(key), small=True)
        say(self.paper, f"{self.word('brief.approval')}{self.approval}", small=True)

    def list_rows(self, listed: BriefTable) -> None:
        """Add a table, and say how many rows it leaves out."""
        table(self.paper, listed.heads, listed.rows, listed.widths)
        if listed.left:
            say(self.paper, self.word("brief.rest", n=listed.left), small=True)

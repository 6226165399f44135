"""The atlas: one page per district, zone or park with its map and its figures, set by Typst as one PDF with contents.

All texts reach Typst as one JSON in `sys.inputs` and are set as text: what a name holds is never read as markup.
"""

import html
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd
import typst

from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import Filters, options
from geo.places.districts import attributes
from geo.places.zones import BELT, CORE
from layers.base import View
from layers.escape import plain
from layers.map import attribution
from reports.brief_facts import ATLAS_LEVELS, atlas_filters, make_brief
from reports.brief_tables import BriefTables, Citations, basis_of, mark_of
from reports.figure import DRAWN_COLUMNS, draw_figure, figure_bytes
from reports.figure_frame import FONTS, Paper

_TEMPLATE: Final = Path(__file__).with_name("static") / "atlas.typ"
_MAP_PAPER: Final = Paper(510, 330, margin_pt=1, bare=True)
"""The map of a page [pt]: its title and foot are the page's."""

_PARK_SURROUNDINGS_M: Final = 3000


@cache
def _fonts() -> tuple[typst.Fonts, list[str]]:
    """Fonts of the machine, and the families among them with Chinese characters.

    Raises
    ------
    DataError
        When there is none.
    """
    found = typst.Fonts()
    families: list[str] = [family for family in FONTS if family in found.families()]
    if not families:
        raise DataError(
            "没有中文字体，图集的文字无法显示", expected="、".join(FONTS[:4]), cause="请安装 fonts-noto-cjk"
        )
    return found, families


def write_atlas(
    data: Dataset,
    filters: Filters,
    view: View,
    word: Callable[..., str],
    *,
    level: str,
    day: str,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> bytes:
    """The atlas of a selection as the bytes of a pdf.

    Parameters
    ----------
    data : Dataset
    filters : Filters
        The enterprises that are counted and drawn, as `atlas_filters` has them; of districts and zones only those that
        they name, of parks only those that hold a selected enterprise or lie in a named district.
    view : View
    word : callable
        Gives the message of a key in the language of the view.
    level : str
        One of `ATLAS_LEVELS`.
    day : str
        When it is made, as 2026-11-24.
    progress : callable
        Told how many pages of how many are drawn.

    Raises
    ------
    DataError
        When there is no such level or no place is left, or no Chinese font is installed.
    """
    if level not in ATLAS_LEVELS:
        raise DataError("图集没有这种分页", value=level, expected="、".join(ATLAS_LEVELS))
    fonts, families = _fonts()
    writer = _Writer(data, atlas_filters(filters, level), view, word, day)
    places = writer.places(level)
    if not places:
        raise DataError("没有可排的页：筛选里没有这样的地方（no place to lay out）", value=level)
    with TemporaryDirectory() as folder:
        root, pages = Path(folder), []
        for number, place in enumerate(places):
            progress(number, len(places))
            page, drawn = (writer.park if level == "park" else writer.place)(place)
            if drawn is not None:
                (root / f"{number}.pdf").write_bytes(drawn)
            pages.append(page | {"map": None if drawn is None else f"/{number}.pdf"})
        progress(len(places), len(places))
        content = json.dumps(writer.head(level) | {"fonts": families, "places": pages}, ensure_ascii=False)
        (root / "atlas.typ").write_bytes(_TEMPLATE.read_bytes())
        made = typst.compile(str(root / "atlas.typ"), root=folder, font_paths=fonts, sys_inputs={"data": content})
    return bytes(made)


class _Writer:
    """The pages of an atlas being gathered; every text is plain."""

    def __init__(self, data: Dataset, filters: Filters, view: View, word: Callable[..., str], day: str) -> None:
        self.data, self.filters, self.view, self.word, self.day = data, filters, view, word, day
        self.counted = data.counted_mask(filters)

    def head(self, level: str) -> dict[str, Any]:
        """What stands on every page and before the contents."""
        word, view, data = self.word, self.view, self.data
        foot = " · ".join([*map(html.unescape, attribution(data, view, "")), self.day])
        keys = ("brief.limits", "brief.borders", *(["brief.english"] if view.lang == "en" else []))
        lead = [basis_of(data, self.filters, view.lang, word, self.day), *map(word, keys)]
        return {
            "title": word(f"atlas.title.{level}"),
            "contents": word("atlas.contents"),
            "lang": view.lang,
            "mark": mark_of(data, view),
            "foot": plain(foot),
            "lead": [plain(line) for line in lead if line],
        }

    def places(self, level: str) -> list[Any]:
        """Codes of the districts or zones, or rows of the parks, that have a page."""
        wanted = self.filters.district
        if level == "zone":
            return [zone for zone in (CORE, BELT) if not self.filters.zone or zone in self.filters.zone]
        if level == "district":
            table = attributes().sort_values("belt", ascending=False, kind="stable")
            return [code for code in table.index if not wanted or code in wanted]
        parks = self.data.parks
        inside = self.data.enterprises["park"][self.counted].value_counts()
        held = parks["name"].map(inside).fillna(0).astype(int)
        kept = (
            parks[parks["adcode"].isin(wanted)] if wanted else parks if self.filters == Filters() else parks[held > 0]
        )
        return list(
            kept.assign(n=held[kept.index])
            .sort_values(["adcode", "n"], ascending=[True, False])
            .itertuples(index=False)
        )

    def place(self, code: str) -> tuple[dict[str, Any], bytes]:
        """The page of a district or zone."""
        brief = make_brief(self.data, code, self.filters)
        tables = BriefTables(self.data, brief, self.view, self.word, Citations(self.word))
        rows = self.data.counted_mask(brief.filters)
        parts = [("brief.figures.short", tables.figures())]
        if brief.enterprises:
            parts.append(("brief.industries.short", tables.industries()))
        sections = [self._section(key, *table) for key, table in parts]
        if not brief.enterprises:
            sections[0]["notes"].append(self.word("brief.none"))
        sections[-1]["notes"] += [plain(line) for line in tables.citations.lines()]
        drawn = self._draw(rows, highlight=code)
        return {"name": plain(tables.name), "lead": [plain(tables.standing())], "sections": sections}, drawn

    def park(self, park: Any) -> tuple[dict[str, Any], bytes | None]:
        """The page of a park; without a map where no point of it is known."""
        word, lang = self.word, self.view.lang
        mask = self.counted & (self.data.enterprises["park"] == park.name).to_numpy(bool)
        citations = Citations(word)
        citations.titles.clear()
        source = citations.cite(park.source_title, park.evidence, park.source_url)
        basis = "source" if park.district_basis == "原文" else "unverified"
        district = options("district")[park.adcode].of(lang) if park.adcode else ""
        known = [
            ("atlas.park.district", district, citations.cite(park.source_title, basis, park.source_url)),
            ("brief.column.category", park.category, source),
            ("brief.column.area", "" if pd.isna(park.area_km2) else f"{park.area_km2:,.2f}", source),
            ("atlas.park.year", "" if pd.isna(park.year_listed) else str(park.year_listed), source),
        ]
        facts = [
            *((key, value or "–", note if value else "") for key, value, note in known),
            ("brief.figure.enterprises", f"{mask.sum():,}", word("atlas.park.count")),
        ]
        rows = [(word(key), value, note) for key, value, note in facts]
        heads = [word(f"brief.column.{key}") for key in ("figure", "value", "note")]
        sections = [self._section("brief.figures.short", heads, rows, (3, 3, 6))]
        counts = self.data.enterprises["industry"][mask].value_counts()
        names = options("industry")
        held = [(names[str(code) or "none"].of(lang), f"{number:,}") for code, number in counts.items()]
        if held:
            heads = [word("brief.column.industry"), word("brief.column.count")]
            sections.append(self._section("brief.industries.short", heads, held, (4, 2)))
        sections[-1]["notes"] += [plain(line) for line in citations.lines()]
        page = {"name": plain(park.name), "lead": [], "sections": sections}
        if park.geometry is None or park.geometry.is_empty:
            page["lead"] = [word("atlas.park.unplaced")]
            return page, None
        page["lead"] = [word("atlas.park.point")]
        point = self.data.parks.geometry[self.data.parks["name"] == park.name].iloc[[0]].to_crs(METRIC_CRS)
        return page, self._draw(mask, around=point.buffer(_PARK_SURROUNDINGS_M).to_crs(STORAGE_CRS))

    def _section(
        self, key: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...], left: int = 0
    ) -> dict[str, Any]:
        notes = [self.word("brief.rest", n=left)] if left else []
        cells = [[plain(cell) for cell in row] for row in rows]
        return {"title": self.word(key), "heads": list(heads), "rows": cells, "widths": list(widths), "notes": notes}

    def _draw(self, rows: Any, **where: Any) -> bytes:
        enterprises = pd.DataFrame(self.data.enterprises)[DRAWN_COLUMNS][rows]
        figure = draw_figure(
            self.data, self.view, title="", enterprises=enterprises, parks=True, paper=_MAP_PAPER, **where
        )
        return figure_bytes(figure, "pdf")

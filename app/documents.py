"""Documents of a selection as an installation makes them: with its 审图号, its local scripts, its messages."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.i18n import word
from app.settings import Settings
from app.setup.assets import AssetError, inline, serve_folium_scripts
from geo.clusters.hexagons import Hexagons, count_hexagons
from geo.codes.options import CURRENCY_NAMES
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.files import write_text
from geo.filters.filters import Filters
from geo.indicators.timeline import YEAR_BASES, Until, known_until, undated
from geo.indicators.weights import CAPITAL, COUNT, INSURED
from layers.base import Drawn, View

if TYPE_CHECKING:
    from reports.brief_facts import Brief


@dataclass(frozen=True)
class MapContent:
    """What a map shows of a selection: its enterprises or hexagons of them, all of them or those there by a year.

    Parameters
    ----------
    hexagon_m : int
        Distance between opposite sides of a hexagon [m]; 0 for the enterprises themselves.
    weight : str
        What hexagons add up, as for `geo.indicators.weights.weight_values`.
    until : Until, optional
    """

    hexagon_m: int = 0
    weight: str = COUNT
    until: Until | None = None

    def count(self, data: Dataset, filters: Filters) -> Hexagons:
        """The hexagons of a selection; arguments and errors as of `count_hexagons`."""
        return count_hexagons(data, filters, self.hexagon_m, self.weight, self.until)

    def draw(self, data: Dataset, found: Hexagons, view: View) -> Drawn:
        """Such hexagons as a layer."""
        from layers.hexagons import draw_hexagons

        return draw_hexagons(data, found, weight_name(self.weight, view.lang), view)

    def sentence(self, data: Dataset, filters: Filters, lang: str) -> str:
        """What it shows of a selection, for a title; empty for all the enterprises themselves.

        Of a year it says how many are shown, and how many are left out because no year of theirs is known.
        """
        parts = []
        if self.hexagon_m:
            weight = weight_name(self.weight, lang)
            parts.append(word("map.hexagons.said", lang, size=f"{self.hexagon_m / 1000:g}", weight=weight))
        if self.until:
            shown = int((data.counted_mask(filters) & known_until(data, self.until)).sum())
            values = {
                "year": self.until.year,
                "basis": YEAR_BASES[self.until.basis].of(lang),
                "shown": f"{shown:,}",
                "missing": f"{undated(data, filters, self.until.basis):,}",
            }
            parts.append(word("map.until.said", lang, **values))
        return " · ".join(parts)


def weight_name(weight: str, lang: str) -> str:
    """Name of a weight with its unit.

    Examples
    --------
    >>> weight_name("capital:CNY", "zh"), weight_name("count", "en")
    ('注册资本（元）', 'Enterprises (count)')
    """
    if weight.startswith(CAPITAL):
        currency = weight.removeprefix(CAPITAL)
        return word(
            "weights.capital", lang, currency=currency if lang == "en" else CURRENCY_NAMES.get(currency, currency)
        )
    return word(f"weights.{weight}", lang) if weight in (COUNT, INSURED) else word("weights.kept", lang, name=weight)


def write_html(
    data: Dataset, filters: Filters, out: Path, lang: str = "zh", content: MapContent = MapContent()
) -> None:
    """Write the map of a selection as one self-contained HTML file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, the local scripts have not been set up, or there is no such weight.
    """
    write_text(map_html(data, filters, lang, content), out)


def map_html(data: Dataset, filters: Filters, lang: str = "zh", content: MapContent = MapContent()) -> str:
    """The document itself; arguments as in `write_html`."""
    from reports.html import render_html

    serve_folium_scripts()
    view = _view(lang)
    subject = content.draw(data, content.count(data, filters), view) if content.hexagon_m else None
    note = content.sentence(data, filters, lang)
    return render_html(data, filters, view, _read_script, until=content.until, subject=subject, note=note)


def print_bytes(
    data: Dataset,
    filters: Filters,
    lang: str = "zh",
    content: MapContent = MapContent(),
    *,
    paper: str = "a4",
    suffix: str = "pdf",
    title: str = "",
) -> bytes:
    """The map of a selection to be printed, as the bytes of a pdf or png.

    Parameters
    ----------
    paper : str
        Name in `reports.paper_sizes.PAPER_SIZES_MM`.
    suffix : {"pdf", "png"}
    title : str
        That of the product when not given.

    Raises
    ------
    DataError
        When there is no such paper or weight, or no Chinese font is installed.
    """
    from reports.figure import draw_selection, figure_bytes

    hexagons = None
    if content.hexagon_m:
        hexagons = content.count(data, filters), weight_name(content.weight, lang)
    figure = draw_selection(
        data,
        filters,
        _view(lang),
        title=title or word("map.print.title", lang),
        note=content.sentence(data, filters, lang),
        hexagons=hexagons,
        until=content.until,
        paper=paper,
        day=_today(),
    )
    return figure_bytes(figure, suffix)


def write_packet(data: Dataset, filters: Filters, out: Path, lang: str = "zh") -> None:
    """Write the packet of a selection, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, or the local scripts have not been set up.
    """
    write_text(packet_html(data, filters, lang), out)


def packet_html(data: Dataset, filters: Filters, lang: str = "zh", sentence: str = "") -> str:
    """The packet itself; `sentence` in the place of that of the filters."""
    from reports.packet import render_packet

    serve_folium_scripts()
    return render_packet(data, filters, _view(lang), _read_script, date=_today(), sentence=sentence)


def atlas_bytes(
    data: Dataset,
    filters: Filters,
    level: str,
    lang: str = "zh",
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> bytes:
    """The atlas of a selection as the bytes of a pdf; arguments and errors as of `reports.atlas.write_atlas`."""
    from reports.atlas import write_atlas  # Typst is loaded only for whoever asks for an atlas

    return write_atlas(
        data,
        filters,
        _view(lang),
        partial(word, lang=lang),
        level=level,
        day=_today(),
        progress=progress,
    )


def slides_bytes(data: Dataset, briefs: "Sequence[Brief]", lang: str = "zh") -> bytes:
    """The slides that compare places as the bytes of a pptx file; errors as of `reports.slides.write_slides`."""
    from reports.slides import write_slides  # python-pptx is loaded only for whoever asks for slides

    return write_slides(data, briefs, _view(lang), partial(word, lang=lang))


def brief_bytes(data: Dataset, brief: "Brief", lang: str = "zh") -> bytes:
    """The brief as the bytes of a docx file."""
    from reports.brief import write_brief

    return write_brief(data, brief, _view(lang), partial(word, lang=lang))


def _today() -> str:
    return dt.datetime.now().astimezone().date().isoformat()


def _view(lang: str) -> View:
    return View(lang=lang, approval=Settings.from_environment().approval)


def _read_script(url: str) -> str:
    """Text of a local script or style.

    Raises
    ------
    DataError
        When the local scripts have not been set up.
    """
    try:
        return inline(url)
    except (KeyError, AssetError) as error:
        raise DataError("页面脚本缺失", value=error, cause="尚未安装，请运行 make setup") from error

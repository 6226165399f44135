"""The address of a page: what stands in it, how it is read, and how it follows what the user chooses.

It holds the dataset, the filters, the language and the page's own choices; centre, zoom and layers of a map are written
into it by the map itself, without a run.  Streamlit's ``bind="query-params"`` is not used: it writes the words of an
option, which change with the language and the counts, and replaces the entry of the browser's history, so that the
way back would not undo a choice.
"""

import re
from collections.abc import Callable, Collection, Mapping, MutableMapping
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.i18n import LANGS, as_markdown
from app.ui.session import Session
from geo.chains.candidates import CANDIDATE_TERMS
from geo.chains.gaps import GAP_TERMS
from geo.chains.sites import CRITERIA
from geo.filters.drive import MAX_DRIVE_PLACES
from geo.filters.filters import FILTER_FIELDS, MAX_TEXT_CHARACTERS, MAX_VALUES, Filters
from geo.indicators.per_mu import FIGURES
from layers.map import LAYERS, MAP_LIMITS, MAP_ZOOMS


class Parameter(NamedTuple):
    """A choice in the address: the pages that have it, and the key of its words."""

    pages: tuple[str, ...]
    label: str


def _of(page: str, *more: str, **labels: str) -> dict[str, Parameter]:
    return {name: Parameter((page, *more), label) for name, label in labels.items()}


def _limits(prefix: str) -> dict[str, str]:
    """What is asked of premises, on the two pages that ask it."""
    numbers = ("area_from", "area_to", "height_from", "load_from", "rent_to", "price_to")
    return {f"{prefix}_{name}": f"premises.{name}" for name in ("kind", *numbers, "environment", "by")}


PARAMETERS: Final[dict[str, Parameter]] = {
    **_of("map", basemap="map.basemap", map_content="map.content", map_hexagon="map.hexagon"),
    **_of(
        "map", map_weight="weights.choose", map_basis="map.basis", map_year="plan.replay.year", map_paper="map.paper"
    ),
    **_of("map", note="annotations.none"),
    **_of("enterprises", id="card.choose", table_columns="table.columns", table_sort="table.sort"),
    **_of("enterprises", table_sort_down="table.sort.down", table_page="address.table_page"),
    **_of("enterprises", table_print="table.print"),
    **_of("districts", districts_level="districts.level", districts_indicator="districts.indicator"),
    **_of("districts", districts_scheme="districts.scheme", districts_second="districts.second"),
    **_of("districts", districts_intended="intended.shown"),
    **_of("districts", districts_weight="weights.choose", districts_weighed="filter.industry"),
    **_of("districts", districts_permu="permu.rows"),
    **_of("districts", **{f"permu_weight_{figure}": "permu.weight" for figure in FIGURES}),
    **_of("districts", **{f"permu_cut_{grade}": f"permu.cut.{grade}" for grade in ("a", "b", "c")}),
    **_of("districts", districts_places="districts.compare.choose", brief_place="brief.place"),
    **_of("districts", slides_places="slides.places", atlas_level="atlas.level"),
    **_of("clusters", clusters_industry="clusters.industry", clusters_question="clusters.question"),
    **_of("clusters", clusters_unit="clusters.unit", clusters_method="clusters.method"),
    **_of("clusters", clusters_size="clusters.size", clusters_simulations="clusters.simulations"),
    **_of("clusters", clusters_seed="clusters.seed", clusters_place="clusters.place"),
    **_of("plan", plan_section="plan.section", plan_q="plan.search", plan_names="plan.name"),
    **_of("plan", plan_basis="plan.replay.basis", plan_year="plan.replay.year"),
    **_of("whatif", whatif_steps="whatif.step", whatif_level="whatif.level", whatif_industry="whatif.industry"),
    **_of("whatif", whatif_node="whatif.node", whatif_kind="whatif.kind", whatif_district="whatif.district"),
    **_of("whatif", whatif_town="whatif.town", whatif_park="whatif.park", whatif_lon="whatif.lon"),
    **_of(
        "whatif",
        whatif_lat="whatif.lat",
        whatif_number="whatif.number",
        whatif_staff="whatif.staff",
        whatif_tick="whatif.tick",
    ),
    **_of("chains", "fit", chain="chains.chain"),
    **_of("chains", chain_area="chains.area", chain_node="chains.node", backtest_k="backtest.k"),
    **_of("chains", related_level="related.level"),
    **_of("chains", suggestion_only="shortlist.only"),
    **_of("chains", **{f"suggestion_weight_{term}": "score.weights" for term in CANDIDATE_TERMS}),
    **_of("chains", **{f"gap_weight_{term}": "score.weights" for term in GAP_TERMS}),
    **_of("fit", fit_node="fit.node", fit_district="fit.districts", fit_zone="fit.zones", fit_kinds="fit.kinds"),
    **_of("fit", fit_radius="fit.radius", fit_top="fit.top", fit_firm="fit.firm", fit_firm_id="fit.firm.choose"),
    **_of("fit", fit_by="by.choose"),
    **_of("shortlist", visit_by="by.choose"),
    **_of("fit", **{f"fit_weight_{term}": "score.weights" for term in CRITERIA}),
    **_of("fit", fit_failing="match.failing", **_limits("fit")),
    **_of("premises", premises_district="filter.district", premises_zone="filter.zone", **_limits("premises")),
    **_of("premises", premises_id="premises.choose", premises_radius="fit.radius"),
    **_of("shortlist", shortlist_stage="shortlist.stage", shortlist_owner="shortlist.owner"),
    **_of("shortlist", shortlist_overdue="shortlist.overdue.only", shortlist_within="shortlist.within"),
    **_of("shortlist", entry_id="shortlist.entry", project_id="pipeline.project", shortlist_view="pipeline.view"),
    **_of("shortlist", pipeline_by="pipeline.by", pipeline_overdue="pipeline.overdue.only"),
    **_of("import", compare_old="compare.old", compare_new="compare.new"),
}
"""Parameter of the address → the choice behind it; a key of a widget with dots has underscores here."""

OF_THE_MAP: Final = {"map": "address.map", "layers": "address.layers"}
"""Parameters that the map on a page reads and writes itself → their words."""

OF_EVERY_PAGE: Final = {"set": "set.choose", "combine": "set.combine", "lang": "filter.lang"}
"""Parameters beside the filters that every page has → their words."""

_NOT_OURS: Final = {"embed", "embed_options"}
_ASKED_ONCE: Final = "add"
"""An enterprise that a link asks to follow."""

MAX_ID_CHARACTERS: Final = 100
"""Of a parameter that is no filter and no choice."""

MAX_CHOICE_CHARACTERS: Final = 2000
"""Of a choice; what is longer is not written into the address, and not read from it."""

MAX_NAMED_PARAMETERS: Final = 10
"""Unknown parameters and values that are named; they are told to be more."""

_VIEW: Final = re.compile(r"(\d{1,2}(?:\.\d{1,6})?),(\d{1,3}(?:\.\d{1,6})?),(\d{1,2}(?:\.5)?)")


def is_known(parameter: str) -> bool:
    """Whether an address may have such a parameter beside the filters.

    Examples
    --------
    >>> is_known("clusters_question"), is_known("colour")
    (True, False)
    """
    return parameter in {*PARAMETERS, *OF_THE_MAP, *OF_EVERY_PAGE, *_NOT_OURS, _ASKED_ONCE}


class Binding(NamedTuple):
    """A choice as a page has drawn it: where its value is held, the value that needs no saying, how it is written."""

    key: str
    default: Any
    write: Callable[[Any], str]


@dataclass
class Address:
    """What a session knows of the address.

    `asked` what it says and no choice has taken yet; `bound` the choices of this run, `before` those of each page when it
    was drawn last; `reset` those that go back to their default when they are drawn; `unknown` and `beyond` what is to be
    said of it; `page` and `shared` the page and what all pages have in their addresses; `fresh` until the dataset is taken from it,
    `missing_set` the one that is not there; `written` page and parameters as they were written last.
    """

    asked: dict[str, str] = field(default_factory=dict)
    bound: dict[str, Binding] = field(default_factory=dict)
    before: dict[str, dict[str, Binding]] = field(default_factory=dict)
    reset: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    page: str = ""
    shared: dict[str, str] = field(default_factory=dict)
    fresh: bool = True
    missing_set: str = ""
    written: tuple[str, dict[str, str]] | None = None

    def name_unknown(self, text: str) -> None:
        """Keep an unknown parameter or value to be named; of many the first."""
        if len(self.unknown) <= MAX_NAMED_PARAMETERS and text not in self.unknown:
            self.unknown.append(text[:60] if len(self.unknown) < MAX_NAMED_PARAMETERS else "…")


def address_now() -> Address:
    """The address of this session."""
    address: Address = st.session_state.setdefault("address", Address())
    return address


def has_moved() -> bool:
    """Whether the user came to this run by the browser's way back or forward."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def read_address(page: str) -> Filters | None:
    """Take what the address says, when a session starts and when the user goes back or forward.

    Parameters
    ----------
    page : str
        Path of the page.

    Returns
    -------
    Filters or None
        The filters that it holds; None when it is no news.
    """
    state = st.session_state
    if "address" in state and not has_moved():
        return None
    before = address_now()
    params = st.query_params.to_dict()
    filters, ignored = Filters.from_query(params)
    address = state["address"] = Address(before=before.before, page=page)
    filter_names = (*FILTER_FIELDS, "q")
    address.beyond = [name for name in ignored if name in filter_names]
    for name, text in sorted(params.items()):
        most = MAX_CHOICE_CHARACTERS if name in PARAMETERS and name != "id" else MAX_ID_CHARACTERS
        if name in filter_names or name in _NOT_OURS:
            continue
        if name not in {*PARAMETERS, *OF_THE_MAP, *OF_EVERY_PAGE, _ASKED_ONCE}:
            address.name_unknown(name[:40])
        elif len(text) > most:
            address.beyond.append(name)
        elif name in OF_THE_MAP:
            if not _is_view(name, text):
                address.name_unknown(f"{name}={text}")
        elif name == "lang":
            if text not in LANGS:
                address.name_unknown(f"lang={text}")
        else:
            address.asked[name] = text
    address.reset = {name for name in address.before.get(page, ()) if name not in address.asked}
    state["card"] = address.asked.pop("id", "")
    if _ASKED_ONCE in address.asked:
        state["wanted"] = (address.asked.pop(_ASKED_ONCE), address.asked.get("set", ""))
    return filters


def _is_view(name: str, text: str) -> bool:
    """Whether the map can be shown so.

    Examples
    --------
    >>> _is_view("map", "31.2304,121.4737,11.5"), _is_view("map", "0,0,11"), _is_view("layers", "core,belt")
    (True, False, True)
    """
    if name == "layers":
        return set(text.split(",")) <= {*LAYERS, ""}
    found = _VIEW.fullmatch(text)
    if not found:
        return False
    lat, lon, zoom = map(float, found.groups())
    (south, west), (north, east) = MAP_LIMITS
    return south <= lat <= north and west <= lon <= east and MAP_ZOOMS[0] <= zoom <= MAP_ZOOMS[1]


def bind(
    key: str, default: Any, read: Callable[[str], Any], write: Callable[[Any], str] = str, *, name: str = ""
) -> None:
    """Let a value of the session stand in the address; before the widget that holds it is drawn.

    Parameters
    ----------
    key : str
        Key of the widget, or of the value in the session.
    default : object
        What it is when the address does not say; that is then not written either.
    read : callable
        Text of the address → value; raises `ValueError` or `KeyError` for a text that it does not know, which is then named.
    write : callable
        Value → text.
    name : str
        Name of the parameter; the key with underscores when not given.
    """
    state, address = st.session_state, address_now()
    name = name or key.replace(".", "_")
    if name not in PARAMETERS:
        raise KeyError(f"{name} is missing in PARAMETERS")
    address.bound[name] = Binding(key, default, write)
    if name in address.asked:
        text = address.asked.pop(name)
        try:
            state[key] = read(text)
        except (KeyError, ValueError):
            address.name_unknown(f"{name}={text}")
            state[key] = copy(default)
    elif name in address.reset or key not in state:
        state[key] = copy(default)
    address.reset.discard(name)


def number(least: float, most: float, kind: type[int] | type[float] = float) -> Callable[[str], Any]:
    """How a number within limits is read.

    Examples
    --------
    >>> number(1, 20)("5"), number(0, 9, int)("7")
    (5.0, 7)
    >>> number(1, 20)("21")
    Traceback (most recent call last):
    ValueError: 21
    """

    def read(text: str) -> Any:
        value = kind(text)
        if not least <= value <= most:  # nan too
            raise ValueError(text)
        return value

    return read


def written_number(value: float) -> str:
    """A number without zeros that say nothing.

    Examples
    --------
    >>> written_number(5.0), written_number(121.50001), written_number(7)
    ('5', '121.50001', '7')
    """
    return f"{value:.10g}"


def written_list(values: Collection[Any]) -> str:
    """Values with commas between them.

    Examples
    --------
    >>> written_list(["a", "b,c"]), read_list("a,b%2Cc")
    ('a,b%2Cc', ['a', 'b,c'])
    """
    return ",".join(str(value).replace("%", "%25").replace(",", "%2C") for value in values)


def read_list(text: str) -> list[str]:
    """The values of such a text."""
    return [value.replace("%2C", ",").replace("%25", "%") for value in text.split(",") if value]


def option_of(options: Collection[Any]) -> Callable[[str], Any]:
    """How one of some options is read.

    Examples
    --------
    >>> option_of([500, 1000])("1000")
    1000
    """
    known = {str(option): option for option in options}

    def read(text: str) -> Any:
        if text not in known:
            raise ValueError(text)
        return known[text]

    return read


def read_options(name: str, text: str, options: Collection[Any]) -> list[Any]:
    """The options that a text names; the others are kept to be named to the user."""
    known = {str(option): option for option in options}
    chosen = list(dict.fromkeys(read_list(text)))
    for value in chosen:
        if value not in known:
            address_now().name_unknown(f"{name}={value}")
    return [known[value] for value in chosen if value in known][:MAX_VALUES]


def share(session: Session, dataset: Mapping[str, str]) -> None:
    """Keep what every page has in its address: dataset, filters, language."""
    lang = {"lang": session.lang} if session.lang != "zh" else {}
    address_now().shared = {**dataset, **session.filters.as_params(), **lang}


def links() -> str:
    """Query of the addresses of the other pages."""
    return urlencode(address_now().shared)


def start_page(page: str) -> None:
    """Forget the choices of the run before."""
    address = address_now()
    if address.page != page:
        address.unknown.clear()
    address.page = page
    address.bound = {}


def write_address(*, drawn: bool = True) -> None:
    """Let the address say what is chosen now.

    Parameters
    ----------
    drawn : bool
        Whether the page has been drawn; before that, what it will choose is known from the last time only, and of a
        session that has just come to it by its address nothing.
    """
    state, address = st.session_state, address_now()
    if not drawn and address.written is None:
        return
    params = dict(address.shared)
    if drawn:
        address.before[address.page] = dict(address.bound)
    else:
        params |= {name: text for name, text in address.asked.items() if address.page in PARAMETERS[name].pages}
    for name, bound in address.before.get(address.page, {}).items():
        value = state.get(bound.key, bound.default)
        if value is None or value == bound.default:
            continue
        text = bound.write(value)
        if len(text) <= MAX_CHOICE_CHARACTERS:
            params[name] = text
        elif name not in address.beyond:
            address.beyond.append(name)
    if address.written != (address.page, params):
        held = st.query_params.to_dict()
        own = {name: held.pop(name) for name in OF_THE_MAP if name in held}
        if held != params or own != _views(own):
            st.query_params.from_dict(params | (_views(own) if address.written is None else {}))
    address.written = (address.page, params)


def _views(own: MutableMapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in own.items() if len(text) <= MAX_ID_CHARACTERS and _is_view(name, text)}


def warn(session: Session, place: DeltaGenerator) -> None:
    """Name what the address holds that is not known, and what exceeds the limits.

    Parameters
    ----------
    session : Session
    place : DeltaGenerator
        Where it is said; what was said there before goes.
    """
    address = address_now()
    unknown = session.filters.unknown().items()
    unknown_values = [f"{session.word(f'filter.{name}')} {session.listing(values)}" for name, values in unknown]
    with place.container():
        if address.missing_set:
            shown = session.word("set.built_in") if session.data.built_in else session.data.title
            text = session.word("set.missing", name=as_markdown(address.missing_set), shown=as_markdown(shown))
            st.warning(text, icon=":material/help:")
        for key, parts in (
            ("filter.unknown", unknown_values),
            ("filter.unknown.param", address.unknown),
            ("filter.limits", address.beyond),
        ):
            if parts:
                limits = {"n": MAX_VALUES, "places": MAX_DRIVE_PLACES, "letters": MAX_TEXT_CHARACTERS}
                said = session.pick(("；", "; ")).join(parts)
                st.warning(session.word(key, values=as_markdown(said), **limits), icon=":material/help:")


_KEEPER: Final = st.components.v2.component(
    "explorer_address", js=Path(__file__).with_name("address.js").read_text(encoding="utf-8")
)


def keep_history(links: str) -> None:
    """Have the browser keep one entry for each change, and `links`, a query, in the addresses of the other pages.

    It asks before it loses what somebody has written and not saved: of follow-ups, corrections and projects.
    """
    unsaved = any(st.session_state.get(drafts) for drafts in ("drafts", "correct_drafts", "project_bases"))
    _KEEPER(key="address_keeper", data={"links": links, "unsaved": unsaved}, height=1)

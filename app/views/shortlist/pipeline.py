"""The pipeline on a page: a funnel, a board by district or owner, what is overdue, and one project as a form."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from app.i18n import as_markdown
from app.records import projects, shortlist
from app.records.permissions import Person
from app.records.projects import (
    DAYS,
    MAX_AMOUNT,
    MAX_PROJECT_CHARACTERS,
    MILESTONES,
    PROJECT_CURRENCIES,
    PROJECT_FIELDS,
    REACHED,
    UNITS,
    Project,
    is_link,
)
from app.ui.address import bind, option_of
from app.ui.choice import choose, distinct, switch
from app.ui.download import offer_file
from app.ui.follow import say
from app.ui.person import person_now
from app.ui.session import Session, current
from app.ui.undo import can_be_undone, draw_undo
from geo.errors import DataError
from geo.export.spreadsheet import Sheet, write_csv, write_xlsx
from geo.filters.filters import options


def draw_pipeline(db: Engine, person: Person) -> None:
    """Draw all that there is of projects."""
    session = current()
    today = date.today()
    held = projects.projects(db, person_now())
    late = sum(bool(one.overdue(today)) for one in held)
    st.write(session.word("pipeline.lead", n=f"{len(held):,}", overdue=f"{late:,}"))
    draw_undo("project", "pipeline.undo")
    _draw_new(db, held, person)
    if not held:
        st.info(session.word("pipeline.empty"), icon=":material/factory:")
        return
    st.subheader(session.word("pipeline.funnel"), anchor=False)
    st.caption(session.word("pipeline.funnel.note"))
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    table = funnel(held, session)
    st.dataframe(
        table,
        hide_index=True,
        key="pipeline_funnel",
        column_config={session.word("pipeline.share"): share},
        placeholder="",
    )
    st.subheader(session.word("pipeline.board"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="pipeline_choice"):
        ways = {name: session.word(f"pipeline.by.{name}") for name in ("district", "owner")}
        by = choose(st.segmented_control, "pipeline_by", ways, "pipeline.by", required=True)
        only = switch("pipeline_overdue", "pipeline.overdue.only")
    shown = sorted((one for one in held if not only or one.overdue(today)), key=lambda one: not one.overdue(today))
    if not shown:
        st.info(session.word("pipeline.none"), icon=":material/event_available:")
        return
    st.dataframe(board(shown, str(by), today, session), hide_index=True, key="pipeline_board", placeholder="")
    st.subheader(session.word("pipeline.list"), anchor=False)
    chosen = _draw_list(shown, today)
    with st.container(horizontal=True, key="pipeline_downloads"):
        for suffix in ("xlsx", "csv"):
            label = session.word("pipeline.download", suffix=suffix.upper())
            make = partial(_file, session, db, [one.id for one in shown], suffix)
            offer_file(label, make, f"projects-{today}.{suffix}", f"pipeline_{suffix}")
    if chosen is not None:
        _draw_project(db, chosen, person)


def funnel(held: Sequence[Project], session: Session) -> pd.DataFrame:
    """How many projects got to each step, their share of all, and their investment."""
    order = list(REACHED)
    rows = []
    for step in order:
        there = [one for one in held if order.index(one.reached) >= order.index(step)]
        rows.append(
            {
                "step": session.pick(REACHED[step]) if step else session.word("pipeline.total"),
                "count": len(there),
                "share": round(len(there) / len(held), 2) if held else 0.0,
                "investment": investment_of(there, session),
            }
        )
    return pd.DataFrame(rows).rename(columns=lambda name: session.word(f"pipeline.{name}"))


def board(held: Sequence[Project], by: str, today: date, session: Session) -> pd.DataFrame:
    """Projects of each district or owner by how far they are, the largest first, with what is overdue of them."""
    groups: dict[str, list[Project]] = {}
    for one in held:
        groups.setdefault(_district(one, session) if by == "district" else one.owner, []).append(one)
    rows = []
    for name, members in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        reached = [one.reached for one in members]
        rows.append(
            {session.word(f"pipeline.by.{by}"): name, session.word("pipeline.count"): len(members)}
            | {session.pick(words): reached.count(step) for step, words in REACHED.items()}
            | {session.word("pipeline.late"): sum(bool(one.overdue(today)) for one in members)}
            | {session.word("pipeline.investment"): investment_of(members, session)}
        )
    return pd.DataFrame(rows)


def investment_of(held: Sequence[Project], session: Session) -> str:
    """Sum of each currency in words, and of how many projects it is known; empty where of none."""
    sums: dict[str, float] = {}
    for one in held:
        if one.investment is not None:
            sums[one.currency] = sums.get(one.currency, 0.0) + one.investment
    if not sums:
        return ""
    en = session.lang == "en"
    texts = [
        f"{currency} {_figure(total / 1e6)} million" if en else f"{_in_chinese(total)}{PROJECT_CURRENCIES[currency][0]}"
        for currency, total in sorted(sums.items())
    ]
    known = sum(one.investment is not None for one in held)
    told = session.word("pipeline.known", n=known)
    return session.listing(texts) + (f" ({told})" if en else f"（{told}）")


def _figure(value: float) -> str:
    """A sum as it was written, to a ten-thousandth.

    Examples
    --------
    >>> _figure(12345.6), _figure(0.005), _figure(200.0)
    ('12,345.6', '0.005', '200')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _in_chinese(total: float) -> str:
    return f"{_figure(total / 1e8)} 亿" if total >= 1e8 else f"{_figure(total / 1e4)} 万"


def table_of_projects(held: Sequence[Project], today: date, session: Session) -> pd.DataFrame:
    """The projects with the user's headers, a row each; days as dates, amounts as numbers."""
    columns: dict[str, Any] = {
        session.word("pipeline.title"): [one.title for one in held],
        session.word("pipeline.firm"): [one.firm.name for one in held],
        session.word("pipeline.adcode"): [_district(one, session) for one in held],
        session.word("pipeline.reached"): [session.pick(REACHED[one.reached]) for one in held],
        session.word("pipeline.overdue"): [overdue_in_words(one, today, session) for one in held],
        session.word("pipeline.amount"): pd.Series([one.amount for one in held], dtype="float64"),
        session.word("pipeline.unit"): [
            "" if one.amount is None else project_value(session, "unit", one.unit) for one in held
        ],
        session.word("pipeline.currency"): [
            "" if one.amount is None else project_value(session, "currency", one.currency) for one in held
        ],
        session.word("pipeline.land_mu"): pd.Series([one.land_mu for one in held], dtype="float64"),
    }
    for name in DAYS:
        columns[field_label(session, name)] = pd.Series([getattr(one, name) for one in held], dtype="datetime64[ns]")
    columns |= {
        session.word(f"pipeline.{name}"): [getattr(one, name) for one in held] for name in ("department", "owner")
    }
    columns[session.word("pipeline.files")] = [one.files for one in held]
    columns[session.word("pipeline.changed")] = [
        f"{one.changed.replace('T', ' ')[:16]} {one.changed_by}" for one in held
    ]
    return pd.DataFrame(columns)


def overdue_in_words(one: Project, today: date, session: Session) -> str:
    """Its overdue steps, each with the days since it was planned."""
    return session.listing(
        session.word(
            "pipeline.days", step=session.pick(MILESTONES[step]), n=(today - getattr(one, f"{step}_planned")).days
        )
        for step in one.overdue(today)
    )


def field_label(session: Session, name: str) -> str:
    """What a field is called."""
    if name in DAYS:
        step, _, kind = name.rpartition("_")
        return session.word(f"pipeline.{kind}", step=session.pick(MILESTONES[step]))
    return session.word(f"pipeline.{name}")


def project_value(session: Session, name: str, value: str) -> str:
    """A code as a user calls it, other values as they are."""
    if name == "unit" and value in UNITS:
        return session.pick(UNITS[value][1])
    if name == "currency" and value in PROJECT_CURRENCIES:
        return session.pick(PROJECT_CURRENCIES[value])
    if name == "adcode":
        named = options("district").get(value)
        return session.pick(named) if named else value or session.word("pipeline.nowhere")
    return value


def _district(one: Project, session: Session) -> str:
    return project_value(session, "adcode", one.adcode)


def _draw_new(db: Engine, held: Sequence[Project], person: Person) -> None:
    """Offer to begin a project of an enterprise that landed and has none."""
    session = current()
    begun = {one.firm.key for one in held}
    landed = [one for one in shortlist.entries(db, person_now()) if one.stage == "landed" and one.firm.key not in begun]
    if not landed or not person.may("follow"):
        return
    firms = {one.id: one.firm for one in landed}
    names = distinct({one.id: f"{one.firm.name} · {one.owner}" for one in landed})
    with st.container(horizontal=True, vertical_alignment="bottom", key="pipeline_new"):
        chosen = st.selectbox(
            session.word("pipeline.new"),
            list(firms),
            index=None,
            format_func=names.__getitem__,
            key="project_of",
            placeholder=session.word("pipeline.new.placeholder"),
        )
        if (
            st.button(
                session.word("pipeline.add"),
                key="project_add",
                disabled=chosen is None or not person.name,
                type="primary",
            )
            and chosen is not None
        ):
            try:
                made = projects.add(db, firms[chosen], "", person)
                st.session_state["project_id"] = made.id
                say("pipeline.added", name=as_markdown(made.title))
            except DataError as error:
                say("pipeline.failed", reason=as_markdown(str(error)))
            st.rerun()


def _draw_list(shown: Sequence[Project], today: date) -> int | None:
    """Draw the table, and let the person choose a project by its name or by a row."""
    session = current()
    ids = [one.id for one in shown]

    def take_row() -> None:
        rows = st.session_state["pipeline_table"]["selection"]["rows"]
        if rows and rows[0] < len(ids):
            st.session_state["project_id"] = ids[rows[0]]

    day = st.column_config.DateColumn(format="YYYY-MM-DD")
    st.dataframe(
        table_of_projects(shown, today, session),
        hide_index=True,
        key="pipeline_table",
        on_select=take_row,
        selection_mode="single-row",
        placeholder="",
        height="auto" if len(shown) < 10 else 380,
        column_config={field_label(session, name): day for name in DAYS},
    )
    names = distinct({one.id: one.title for one in shown}, {one.id: f"{one.firm.name} · {one.owner}" for one in shown})
    bind("project_id", None, option_of(ids))
    if st.session_state.get("project_id") not in names:
        st.session_state["project_id"] = None
    return st.selectbox(
        session.word("pipeline.project"),
        ids,
        format_func=lambda project_id: names.get(project_id, ""),
        key="project_id",
        persist_state="session",
        placeholder=session.word("pipeline.project.placeholder"),
    )


def _draw_project(db: Engine, project_id: int, person: Person) -> None:
    """Draw a project as a form; what is written stays until it is saved or discarded."""
    session = current()
    held = projects.current_project(db, project_id, person_now())
    if held is None:
        return
    base, drafts = _base(held)
    with st.container(border=True, key="project"):
        st.subheader(as_markdown(held.title), anchor=False)
        st.caption(as_markdown(f"{held.firm.name} · {session.pick(REACHED[held.reached])}"))
        if held.version != base.version:
            when = held.changed.replace("T", " ")[:16]
            st.info(
                session.word("pipeline.newer", who=as_markdown(held.changed_by), when=when), icon=":material/group:"
            )
        wanted = _draw_fields(base, drafts)
        _draw_files(wanted["files"])
        mine = {name: value for name, value in wanted.items() if value != getattr(base, name)}
        bases = st.session_state["project_bases"]
        if mine:
            bases[base.id] = base
            st.caption(
                session.word("pipeline.draft", fields=session.listing(field_label(session, name) for name in mine))
            )
        else:
            bases.pop(base.id, None)
            if held.version != base.version:
                st.rerun()
        may = bool(person.name and person.may("follow"))
        with st.container(horizontal=True):
            if st.button(session.word("pipeline.save"), type="primary", disabled=not may, key="project_save"):
                _save(db, base, mine, person)
                st.rerun()
            if mine:
                st.button(session.word("pipeline.discard"), key="project_drop", on_click=_drop, args=[base])
            with st.popover(session.word("pipeline.remove"), icon=":material/delete:", disabled=not may):
                st.write(session.word("pipeline.remove.ask", name=as_markdown(held.title)))
                if st.button(session.word("pipeline.remove"), type="primary", key="project_remove"):
                    _remove(db, held, person)
                    st.rerun()


def _base(held: Project) -> tuple[Project, Mapping[str, Any]]:
    """The project as the person saw it when they began to write, and what was written of it before it changed."""
    base = st.session_state.setdefault("project_bases", {}).get(held.id, held)
    return base, st.session_state.setdefault("project_drafts", {}).get(held.id, {})


def _key(base: Project, name: str) -> str:
    return f"project_{name}_{base.id}_{base.version}"


def _draw_fields(base: Project, drafts: Mapping[str, Any]) -> dict[str, Any]:
    session = current()
    wanted: dict[str, Any] = {}

    def field(widget: Callable[..., Any], name: str, **more: Any) -> None:
        value = drafts.get(name, getattr(base, name))
        if name in MAX_PROJECT_CHARACTERS:
            more["max_chars"] = MAX_PROJECT_CHARACTERS[name]
        label, key = field_label(session, name), _key(base, name)
        wanted[name] = widget(label, value=value, key=key, persist_state="session", **more)

    def one_of(name: str, names: Mapping[str, str]) -> None:
        codes, value = list(names), drafts.get(name, getattr(base, name))
        place = codes.index(value) if value in codes else 0
        label, key = field_label(session, name), _key(base, name)
        wanted[name] = st.selectbox(
            label, codes, place, format_func=lambda code: names.get(code, code), key=key, persist_state="session"
        )

    def number(name: str) -> None:
        field(st.number_input, name, min_value=0.0, max_value=MAX_AMOUNT, step=1.0, format="%.10g")

    with st.container(key="project_fields"):
        with st.container(horizontal=True):
            field(st.text_input, "title")
            one_of("adcode", {"": session.word("pipeline.nowhere")} | session.names(options("district")))
        with st.container(horizontal=True):
            number("amount")
            one_of("unit", {code: session.pick(words) for code, (_, words) in UNITS.items()})
            one_of("currency", session.names(PROJECT_CURRENCIES))
            number("land_mu")
        for kind in ("planned", "actual"):
            with st.container(horizontal=True):
                for step in MILESTONES:
                    field(st.date_input, f"{step}_{kind}", format="YYYY-MM-DD", max_value=date(2099, 12, 31))
        with st.container(horizontal=True):
            field(st.text_input, "department")
            field(st.text_input, "owner")
        field(st.text_area, "files")
    return wanted


def _draw_files(text: str) -> None:
    """Show the files: what is an address can be opened, all else is text."""
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if is_link(line):
            st.link_button(as_markdown(line), line, icon=":material/open_in_new:")
        else:
            st.text(line)


def _save(db: Engine, base: Project, mine: Mapping[str, Any], person: Person) -> None:
    """Save what the person changed; what could not be saved stays in the form, beside what others changed."""
    bases, drafts = st.session_state["project_bases"], st.session_state["project_drafts"]
    try:
        saved = projects.change(db, base, mine, person)
    except DataError as error:
        say("pipeline.failed", reason=as_markdown(str(error)))
        with suppress(DataError):  # the database may have gone
            held = projects.current_project(db, base.id, person_now())
            if held is not None and held.version != base.version:
                drafts[base.id], bases[base.id] = dict(mine), held
        return
    say("pipeline.saved", name=as_markdown(saved.title))
    bases.pop(base.id, None)
    drafts.pop(base.id, None)


def _drop(base: Project) -> None:
    """Take back what was written and not saved."""
    for name in PROJECT_FIELDS:
        st.session_state[_key(base, name)] = getattr(base, name)
    st.session_state["project_bases"].pop(base.id, None)
    st.session_state["project_drafts"].pop(base.id, None)


def _remove(db: Engine, held: Project, person: Person) -> None:
    try:
        projects.remove(db, held, person)
        say("pipeline.removed", name=as_markdown(held.title))
        can_be_undone("project", held.title, partial(_put_back, db, held))
    except DataError as error:
        say("pipeline.failed", reason=as_markdown(str(error)))


def _put_back(db: Engine, held: Project) -> None:
    projects.restore(db, held, person_now())
    say("pipeline.restored", name=as_markdown(held.title))


def _file(session: Session, db: Engine, ids: Sequence[int], suffix: str) -> bytes:
    """The projects shown as a file, as far as whoever takes it may see them then."""
    held = [one for one in projects.projects(db, person_now()) if one.id in set(ids)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"projects.{suffix}"
        table = table_of_projects(held, date.today(), session)
        if suffix == "csv":
            write_csv(table, file)
        else:
            days = {field_label(session, name) for name in DAYS}
            table = table.assign(**{name: [day.date() for day in table[name]] for name in days})
            kinds = ["date" if name in days else "" for name in table]
            notes = {session.word("pipeline.view.projects"): f"{len(held):,}"}
            write_xlsx(file, [Sheet(session.word("pipeline.view.projects"), table, kinds, {0: 32, 1: 32})], notes)  # type: ignore[arg-type]
        return file.read_bytes()

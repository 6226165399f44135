"""Nodes of a chain on a page: the area, who stands on each node there, the graph of the chain, one node."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from app.i18n import as_markdown
from app.ui.chains import district_positions, node_name, positions
from app.ui.choice import choose
from app.ui.session import BY_SELECTION, Session, current
from geo.chains.assignment import CHAIN_STAGES, NODE_BASES, customers_of, load_chains, on_node, suppliers_of
from geo.chains.gaps import count_by, count_nodes, proximity
from geo.filters.filters import Filters, options
from geo.places.districts import attributes
from geo.places.zones import ZONES

SELECTION = "selection"
MAX_LISTED_ENTERPRISES = 200


def wider(filters: Filters) -> Filters:
    """The filters without district and zone: what an area is compared with."""
    return filters.without("district").without("zone")


def _area_names() -> dict[str, str]:
    session = current()
    places = {zone: options("zone")[zone] for zone in ("core", "belt")}
    places |= {code: pair for code, pair in options("district").items() if code in attributes().index}
    return {SELECTION: session.word("chains.area.selection")} | session.names(places)


def area_name(area: str) -> str:
    """Name of an area as `choose_area` gives it."""
    return _area_names().get(area, area)


def choose_area() -> str:
    """Let the user choose the area: the selection as it stands, core, belt, or a district."""
    note = current().word("chains.area.help")
    return str(choose(st.selectbox, "chain_area", _area_names(), "chains.area", width=260, help=note))


def area_mask(session: Session, area: str) -> NDArray[np.bool_]:
    """Which enterprises lie in an area, of those that the filters (without district and zone) let through."""
    if area == SELECTION:
        return session.mask
    facet = "zone" if area in ("core", "belt") else "district"
    return session.data.mask(wider(session.filters)) & session.data.facet_index.mask({facet: [area]})


class Counts(NamedTuple):
    """Enterprises on each node: in the area; in each district, the last column without one; in each zone; in the list."""

    own: pd.Series
    districts: pd.DataFrame
    zones: pd.DataFrame
    listed: pd.Series

    @property
    def city(self) -> pd.Series:
        """Enterprises on each node anywhere."""
        return self.districts.sum(axis=1)

    @property
    def near(self) -> pd.DataFrame:
        """Proximity of the nodes over the districts."""
        return proximity(self.districts[self.districts.columns[:-1]])


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs=BY_SELECTION)
def counted(session: Session, area: str) -> Counts:
    """Count the enterprises that the filters (but for district and zone) let through, and those of the whole list."""
    data, nodes = session.data, session.data.nodes
    everywhere = data.counted_mask(wider(session.filters))
    districts = district_positions(data)
    size = len(attributes())
    by_district = count_by(nodes, np.where(districts < 0, size, districts), size + 1, everywhere)
    by_zone = count_by(nodes, positions(data, "zone", ZONES), len(ZONES), everywhere)
    own = area_mask(session, area) & data.counted_mask(Filters())
    return Counts(count_nodes(nodes, own), by_district, by_zone, count_nodes(nodes, data.companies))


def draw_matrix(chain: str, counts: Counts) -> None:
    """Draw the enterprises on every node of a chain by zone and district."""
    session = current()
    names = [*attributes()[f"name_{session.lang}"], session.word("chains.unplaced")]
    table = pd.concat(
        [
            counts.zones.set_axis([session.pick(options("zone")[zone]) for zone in ZONES], axis=1),
            counts.districts.set_axis(names, axis=1),
        ],
        axis=1,
    )
    members = load_chains().index[load_chains()["chain"] == chain]
    table = table.loc[members].rename(index=node_name).rename_axis(session.word("chains.node"))
    st.dataframe(table, key="node_matrix", height="auto")


def draw_graph(chain: str, counts: Counts, chosen: str) -> None:
    """Draw the chain from upstream to downstream: a button per node with its count, gaps marked."""
    session = current()
    table, own, city = load_chains(), counts.own, counts.city
    nodes = table[table["chain"] == chain]
    for column, (stage, names) in zip(st.columns(3, gap="medium"), CHAIN_STAGES.items(), strict=True):
        with column, st.container(border=True, key=f"stage_{stage}", gap="xsmall"):
            st.markdown(f"**{session.pick(names)}**{'' if stage == 'down' else ' →'}")
            for node in nodes.index[nodes["stage"] == stage]:
                count = f"{own[node]:,}" if own[node] == city[node] else f"{own[node]:,} / {city[node]:,}"
                empty = own[node] == 0
                icon = "check_circle" if not empty else "radio_button_unchecked" if counts.listed[node] else "help"
                st.button(
                    f"{as_markdown(node_name(node))}　**{count}**",
                    icon=f":material/{icon}:",
                    type="primary" if node == chosen else "secondary",
                    on_click=choose_node,
                    args=[node],
                    key=f"node_{node}",
                    width="stretch",
                    wrap=True,
                )


def choose_node(node: str) -> None:
    """Let a node be the one that the page is about."""
    st.session_state["chain_node"] = node


def draw_node(node: str, counts: Counts, area: str) -> None:
    """Draw what a node is, where its enterprises are, and which of them are in the area."""
    session = current()
    about = load_chains().loc[node]
    st.subheader(f"{as_markdown(node_name(node))} · {session.pick(CHAIN_STAGES[about['stage']])}", anchor=False)
    facts = [
        (session.word("chains.products"), about["products"]),
        (session.word("chains.keywords"), session.listing(about["keywords"])),
    ]
    facts += [
        (session.word("chains.codes"), session.listing(about["codes"])),
        (session.word("chains.source"), about["source_title"]),
    ]
    for key, others in (("chains.suppliers", suppliers_of(node)), ("chains.customers", customers_of(node))):
        facts.append((session.word(key), session.listing(node_name(other) for other in others)))
    st.markdown("  \n".join(f":gray[{label}]　{as_markdown(text)}" for label, text in facts if text))
    if not counts.listed[node]:
        st.info(session.word("chains.nobody"), icon=":material/help:")
    names = [*attributes()[f"name_{session.lang}"], session.word("chains.unplaced")]
    zones = [session.pick(options("zone")[zone]) for zone in ZONES]
    for key, labels, by in (("chains.zones", zones, counts.zones), ("chains.where", names, counts.districts)):
        found = sorted(zip(by.loc[node], labels, strict=True), key=lambda pair: -pair[0])
        text = " · ".join(f"{label} {count:,}" for count, label in found if count)
        if text:
            st.markdown(f":gray[{session.word(key)}]　{as_markdown(text)}")
    rows = np.flatnonzero(on_node(session.data.nodes, node) & area_mask(session, area))
    if len(rows):
        st.caption(
            session.word("chains.firms", n=f"{len(rows):,}", shown=f"{min(len(rows), MAX_LISTED_ENTERPRISES):,}")
        )
        _draw_enterprises(rows[:MAX_LISTED_ENTERPRISES])


def _draw_enterprises(rows: NDArray[np.int64]) -> None:
    session = current()
    enterprises, on = session.data.enterprises.iloc[rows], session.data.nodes.iloc[rows]
    districts, bases = session.names(options("district")), session.names(NODE_BASES)
    columns: dict[str, Any] = {
        session.word("chains.name"): enterprises["name"],
        session.word("filter.district"): enterprises["adcode"].map(districts).fillna(""),
        session.word("chains.park"): enterprises["park"],
        session.word("chains.basis"): on["basis"].astype(object).map(bases),
        session.word("chains.keyword"): on["keyword"].astype(object),
        session.word("chains.first"): [node_name(node) if isinstance(node, str) else "" for node in on["node"]],
    }
    st.dataframe(pd.DataFrame(columns), hide_index=True, key="node_firms", placeholder="–")

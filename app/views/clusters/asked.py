"""What the user asks of the clusters page, and what the answers to every question share."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import pandas as pd
import streamlit as st

from app.i18n import as_markdown
from app.ui.download import file_name, offer_file
from app.ui.progress import ProgressCallback, computed
from app.ui.session import current
from geo.clusters.eligibility import NotEstimable
from geo.codes.industries import INDUSTRIES
from geo.export.spreadsheet import table_bytes
from geo.filters.filters import Filters

Answer = TypeVar("Answer")

MAX_UNASKED_ENTERPRISES: Final = 20_000
"""Selected enterprises up to which answers are computed without being asked for."""

MEMBER_COLUMNS: Final = ("enterprise_id", "name", "district", "town", "park", "address", "lon", "lat")


@dataclass(frozen=True)
class ClusterQuestion:
    """A question of the page: the dataset, the filters but the industry, the industry, the seed."""

    dataset_id: str
    filters: Filters
    industry: str
    seed: int

    def key(self, question: str, *parameters: Hashable) -> Hashable:
        """What tells the answer from all others."""
        return ("clusters", question, self.dataset_id, self.filters, self.industry, self.seed, *parameters)

    @property
    def name(self) -> str:
        """The industry in the user's language."""
        return current().pick(INDUSTRIES[self.industry])

    @property
    def at_once(self) -> bool:
        """Whether the selection is small enough not to wait to be asked."""
        return current().data.count(self.filters) <= MAX_UNASKED_ENTERPRISES


def source_line() -> str:
    """Name and date of the dataset; says so where it is made up."""
    data = current().data
    made_up = current().word("app.synthetic") + " · " if data.synthetic else ""
    return f"{made_up}{data.title} {data.date}"


def refuse(refusal: NotEstimable) -> None:
    """Say why there is no answer, in the place of it."""
    session = current()
    with st.container(key="clusters_refusal"):
        st.info(
            f"**{session.word('clusters.cannot')}** {as_markdown(refusal.of(session.lang))}", icon=":material/block:"
        )


def answered(
    asked: ClusterQuestion,
    question: str,
    parameters: tuple[Hashable, ...],
    work: Callable[[ProgressCallback], Answer | NotEstimable],
) -> Answer | NotEstimable | None:
    """The answer to a question, computed now or before; None while there is none; a refusal is said in its place."""
    found = computed(f"clusters_{question}", asked.key(question, *parameters), work, at_once=asked.at_once)
    if isinstance(found, NotEstimable):
        refuse(found)
    return found


def figures(values: Mapping[str, tuple[str, str | None]]) -> None:
    """Draw key figures in a row: key of their word → text and help."""
    with st.container(horizontal=True, gap="medium", key="clusters_figures"):
        for key, (text, note) in values.items():
            st.metric(current().word(key), text, help=note, width="content")


def say_power(firms: int, times: float, key: str) -> None:
    """Say how strong a concentration has to be for the method to see it among so many firms."""
    known = key if times == times else f"{key}.none"
    st.markdown(current().word(known, firms=f"{firms:,}", times=f"{times:.1f}"))


def draw_clusters(table: pd.DataFrame, members: pd.DataFrame, stem: str) -> None:
    """Draw the table of clusters with its downloads: the table, and who is in them.

    Parameters
    ----------
    table : DataFrame
        Index `cluster`; columns named as their words.
    members : DataFrame
        `row` of the table of enterprises, `cluster`.
    stem : str
        Start of the files' names.
    """
    session = current()
    shown = table.reset_index()
    labels = {name: session.word(f"clusters.table.{name}") for name in shown.columns}
    formats = {
        "expected": "%.1f", "ratio": "%.2f", "area_km2": "%.1f", "q": "%.4f", "p": "%.3f", "stability": "%.2f",
    }  # fmt: skip
    configured = {
        labels[name]: st.column_config.NumberColumn(format=form) for name, form in formats.items() if name in labels
    }
    configured[labels["stability"]] = st.column_config.ProgressColumn(format="%.2f", min_value=0.0, max_value=1.0)
    with st.container(key="clusters_table"):
        st.dataframe(
            shown.rename(columns=labels), hide_index=True, height="auto", column_config=configured, placeholder="–"
        )
    note = session.word("app.synthetic") if session.data.synthetic else ""

    def taken() -> bytes:
        rows = session.data.enterprises[[*MEMBER_COLUMNS]].iloc[members["row"].to_numpy()]
        rows = pd.DataFrame(rows).reset_index(drop=True)
        rows.insert(0, "cluster", members["cluster"].to_numpy())
        return table_bytes(rows.assign(note=note).sort_values("cluster", kind="stable"), "csv")

    with st.container(horizontal=True):
        offer_file(
            session.word("clusters.download"),
            lambda: table_bytes(shown.assign(note=note), "csv"),
            file_name(stem, "csv"),
            "clusters_download",
        )
        offer_file(session.word("clusters.members"), taken, file_name(f"{stem}-members", "csv"), "clusters_members")

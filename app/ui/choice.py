"""A choice that stays: while another page is open, and when the language changes the words of its options."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from itertools import chain, repeat
from typing import Any

import pandas as pd
import streamlit as st

from app.ui.session import current
from geo.text import fold, visible
from layers.escape import plain


def choose(
    widget: Callable[..., Any], key: str, options: Collection[Any], label: str, *, default: Any = None, **more: Any
) -> Any:
    """Let the user choose.

    Parameters
    ----------
    widget : callable
        A Streamlit widget with options: `st.selectbox`, `st.segmented_control`, `st.multiselect`, `st.pills`.
    key : str
        Key of the widget.
    options : collection, or mapping of option to its words
    label : str
        Key of the message that names the choice.
    default : optional
        What is chosen first; a list where several may be chosen; the first option when not given.
    **more
        Handed on to the widget.
    """
    remember(key, options, next(iter(options)) if default is None else default)
    if isinstance(options, Mapping):
        labels = distinct(options)
        more["format_func"] = lambda option: labels.get(option, option)
    return widget(current().word(label), list(options), key=key, persist_state="session", **more)


def distinct(labels: Mapping[Any, str], *facts: Mapping[Any, str]) -> dict[Any, str]:
    """Labels that nobody, and no browser, takes for one another.

    The browser sends the label of what is chosen, so options of one label would be one option.  Where labels are equal
    but for width, case, spaces and what nobody sees, facts are added, in the end the option itself.

    Parameters
    ----------
    labels : mapping of option to label
    *facts : mapping of option to text
        What to tell equal labels apart by, the first one first.

    Examples
    --------
    >>> distinct({"a1": "样例甲", "b2": "样例甲", "c3": "样例\u200b乙"}, {"a1": "样例路1号", "b2": ""})
    {'a1': '样例甲 · 样例路1号', 'b2': '样例甲', 'c3': '样例乙'}
    >>> distinct({"a1": "样例甲", "b2": "样例甲"})
    {'a1': '样例甲 · a1', 'b2': '样例甲 · b2'}
    """
    shown = {option: visible(label) for option, label in labels.items()}
    for more in chain(facts, repeat({option: str(option) for option in labels})):
        count = Counter(map(fold, shown.values()))
        equal = {option for option, label in shown.items() if count[fold(label)] > 1}
        if not equal:
            break
        shown |= {option: f"{shown[option]} · {visible(more[option])}" for option in equal if more.get(option)}
    return shown


def distinct_names(enterprises: pd.DataFrame) -> dict[str, str]:
    """Id of each enterprise → its name, with address or code where several have one name."""
    facts = ({str(id_): plain(text) for id_, text in enterprises[name].items()} for name in ("name", "address", "uscc"))
    return distinct(*facts)


def remember(key: str, options: Collection[Any], default: Any) -> None:
    """Let a widget hold what it held, as far as it is still an option.

    Streamlit keeps the value while the widget is not drawn.  It is said at every run, because the browser sends the
    words of an option: those of another language would count as no option at all.
    """
    held = st.session_state.get(key, default)
    if isinstance(default, list):
        st.session_state[key] = [option for option in held or () if option in options]
    else:
        st.session_state[key] = next((one for one in (held, default) if one in options), next(iter(options)))

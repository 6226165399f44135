"""A choice that stays: while another page is open, and when the language changes the words of its options."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from itertools import chain, repeat
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from app.ui.address import bind, number, option_of, read_options, written_list, written_number
from app.ui.session import current
from geo.filters.filters import MAX_TEXT_CHARACTERS
from geo.index.pinyin import sound_keys
from geo.text import fold, visible
from layers.escape import plain


def choose(
    widget: Callable[..., Any],
    key: str,
    options: Collection[Any],
    label: str,
    *,
    default: Any = None,
    name: str = "",
    in_address: bool = True,
    **more: Any,
) -> Any:
    """Let the user choose; the choice stands in the address.

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
    name : str
        Name of the parameter in `app.ui.address.PARAMETERS`; the key with underscores when not given.
    in_address : bool
        Whether it may: not what a link should never decide, such as what is replaced.
    **more
        Handed on to the widget.
    """
    default = next(iter(options)) if default is None else default
    known = name or key.replace(".", "_")
    if not in_address:
        pass
    elif isinstance(default, list):
        bind(key, default, lambda text: read_options(known, text, options), written_list, name=known)
    else:
        bind(key, default, option_of(options), name=known)
    remember(key, options, default)
    if isinstance(options, Mapping):
        labels = distinct(options)
        more["format_func"] = lambda option: labels.get(option, option)
    return widget(current().word(label), list(options), key=key, persist_state="session", **more)


def enter(
    widget: Callable[..., Any], key: str, label: str, least: float, most: float, default: float, **more: Any
) -> Any:
    """Let the user enter a number within limits; it stands in the address.

    Parameters
    ----------
    widget : callable
        `st.number_input` or `st.slider`.
    key : str
        Key of the widget.
    label : str
        Key of the message that names it.
    least, most, default : int or float
        All of one kind.
    **more
        Handed on to the widget.
    """
    bind(key, default, number(least, most, type(default)), written_number)
    st.session_state[key] = min(max(type(default)(st.session_state[key] or least), least), most)
    return widget(current().word(label), least, most, key=key, persist_state="session", **more)


def switch(key: str, label: str, widget: Callable[..., Any] = st.toggle, **more: Any) -> bool:
    """Let the user switch something on, which is off at first; it stands in the address.

    Parameters
    ----------
    key : str
        Key of the widget.
    label : str
        Key of the message that names it.
    widget : callable
        `st.toggle` or `st.checkbox`.
    **more
        Handed on to the widget.
    """
    bind(key, False, {"1": True, "0": False}.__getitem__, lambda on: str(int(on)))
    return bool(widget(current().word(label), key=key, persist_state="session", **more))


def write_text(key: str, label: str, **more: Any) -> str:
    """Let the user write a short text; it stands in the address.

    Parameters
    ----------
    key : str
        Key of the widget.
    label : str
        Key of the message that names it.
    **more
        Handed on to `st.text_input`.
    """
    bind(key, "", lambda text: text[:MAX_TEXT_CHARACTERS])
    text = st.text_input(current().word(label), key=key, max_chars=MAX_TEXT_CHARACTERS, persist_state="session", **more)
    return (text or "")[:MAX_TEXT_CHARACTERS]


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
    """Id of each enterprise → its name, with address or code where several have one name; in the order of pinyin."""
    order = pc.sort_indices(sound_keys(map(fold, enterprises["name"])))
    enterprises = enterprises.iloc[order.to_numpy()]
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

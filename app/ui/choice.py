"""A choice that stays: while another page is open, and when the language changes the words of its options."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from app.ui.session import current


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
        more["format_func"] = lambda option: options.get(option, option)
    return widget(current().word(label), list(options), key=key, persist_state="session", **more)


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

"""Text of data or of a user within Streamlit's Markdown."""

_MARKS = frozenset("\\`*_{}[]()<>#+-!|~$:&")


def as_markdown(text: str) -> str:
    r"""Escape text so that Markdown shows it as the characters it is made of, on one line.

    Examples
    --------
    >>> print(as_markdown("<b>*a*</b> $x$ :red[y]"))
    \<b\>\*a\*\</b\> \$x\$ \:red\[y\]
    """
    return "".join(f"\\{character}" if character in _MARKS else character for character in " ".join(text.split()))

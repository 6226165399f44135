"""Where the product stands: in a checkout, or installed from a wheel; which version it is, and where it may write.

A wheel holds the committed data in `geo/data`; what is built and what people keep goes to a folder of the user's own,
since an installed package may be read-only and shared.
"""

import os
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

NAME: Final = "yihe-yidai"
"""Name of the distribution, of its command, and of the user's folder."""

ROOT: Final = Path(__file__).resolve().parents[1]
"""Folder that holds the packages: the checkout, the unpacked bundle, or `site-packages`."""

PACKED_DATA: Final = ROOT / "geo" / "data"
"""The committed data within an installed wheel."""

INSTALLED: Final = PACKED_DATA.is_dir()
"""Whether this is an installed wheel; a checkout and the offline bundle have their data beside the packages."""

VARIABLES: Final = (
    *(
        "EXPLORER_API",
        "EXPLORER_BASEMAPS",
        "EXPLORER_DATA",
        "EXPLORER_DATABASE",
        "EXPLORER_DEFAULT_ROLE",
        "EXPLORER_GROUP_CLAIM",
    ),
    *("EXPLORER_HOSTS", "EXPLORER_MAP_APPROVAL", "EXPLORER_NOTIFY", "EXPLORER_OPEN", "EXPLORER_PROXIES"),
    *(
        "EXPLORER_ROLE_CLAIM",
        "EXPLORER_SET",
        "EXPLORER_SIGN_IN",
        "EXPLORER_TIANDITU_KEY",
        "EXPLORER_USER_HEADER",
        "EXPLORER_WORKSPACE",
    ),
)
"""Environment variables with which an installation is set up; no others are read, and nowhere but here."""


def variable(name: str) -> str:
    """What the environment says under one of `VARIABLES`; empty when nothing.

    Examples
    --------
    >>> variable("SETS")
    Traceback (most recent call last):
    KeyError: 'SETS'
    """
    if name not in VARIABLES:
        raise KeyError(name)
    return os.environ.get(name, "").strip()


@cache
def version() -> str:
    """Version of the product, as `pyproject.toml` says it.

    Returns
    -------
    str
        Of the `pyproject.toml` beside the packages, else of the installed distribution; ``"0"`` where neither is.

    Examples
    --------
    >>> version().count(".")
    2
    """
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    except (OSError, tomllib.TOMLDecodeError, KeyError):
        pass
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "0"


def user_dir() -> Path:
    """Folder of this user for the product's files, as each system wants it; nothing is made here.

    Examples
    --------
    >>> user_dir().name
    'yihe-yidai'
    """
    home = Path.home()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / NAME


def workspace_dir() -> Path:
    """Folder of what people keep; it is made by what first keeps something in it.

    The environment variable `EXPLORER_WORKSPACE` names another one than `workspace/` in the checkout, or in the
    user's folder when the product is installed.
    """
    named = variable("EXPLORER_WORKSPACE")
    return Path(named) if named else (user_dir() if INSTALLED else ROOT) / "workspace"


def built_dir() -> Path:
    """Folder of what set-up builds and fetches: the checkout itself, or one of this version within the workspace."""
    return workspace_dir() / ".built" / version() if INSTALLED else ROOT

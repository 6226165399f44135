"""The folder of the workspace: what is imported or drawn here stays on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from geo.catalog import ROOT


def workspace_dir() -> Path:
    """Folder of the workspace; it is made by what first keeps something in it."""
    return Path(os.environ.get("EXPLORER_WORKSPACE") or ROOT / "workspace")

"""The conditions of the filters beside the facets; a new one is one entry in the table of its kind.

The facets are counted by the store; a condition is a mask over all rows, and any of its values will do.
"""

from __future__ import annotations

from typing import Final

from geo.condition import Condition
from geo.nearby import NEARBY
from geo.registered import REGISTERED

CONDITIONS: Final[dict[str, Condition]] = REGISTERED | NEARBY
"""Name, which is also the parameter of the link and the field of `Filters` → condition."""

BY_PLACE: Final = tuple(NEARBY)
"""Conditions that an enterprise known by town or district only cannot meet."""

"""An enterprise as records know it: by its code, else by its name, so that it is found again in any later set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table, and_, or_

from app.records.database import clean
from geo.datasets.dataset import Dataset
from geo.enterprises.schema import NUMERIC
from geo.enterprises.table import enterprise_ids
from geo.text import name_key, name_spelling

FACTS: Final = (
    *("adcode", "district", "town", "park", "zone", "industry", "industry_detail", "address", "lon", "lat"),
    *("location_precision", "location_error_m", "evidence"),
)
"""What is kept of an enterprise beside its name, for the day when no open set holds it."""


@dataclass(frozen=True)
class EnterpriseKey:
    """An enterprise: `name`, `uscc` (valid or empty), `facts` of the set called `set_title`, whose key is `dataset`."""

    name: str
    uscc: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    set_title: str = ""
    dataset: str = ""

    @property
    def name_key(self) -> str:
        """The name as it is kept."""
        return name_spelling(self.name)[:400]

    @property
    def key(self) -> str:
        """The code, else the name as it is compared.

        Examples
        --------
        >>> EnterpriseKey("样例甲（上海）有限公司").key, EnterpriseKey("样例甲", "91310000MAX000001M").key
        ('样例甲(上海)有限公司', '91310000MAX000001M')
        """
        return self.uscc or self.name_key

    def columns(self) -> dict[str, str]:
        """Values of the columns by which tables know an enterprise, and of which dataset it was told."""
        known = {"key": self.key, "uscc": self.uscc, "name_key": self.name_key, "name": self.name}
        return known | {"dataset": self.dataset}


def enterprise_key(row: pd.Series, set_title: str = "", *, synthetic: bool = False, dataset: str = "") -> EnterpriseKey:
    """The enterprise of a row of the table (canonical columns) of a set."""
    valid = not pd.isna(row["uscc_valid"]) and bool(row["uscc_valid"])
    facts = {name: _fact(name, row[name]) for name in FACTS} | {"synthetic": synthetic}
    return EnterpriseKey(
        clean(str(row["name"]), 400), str(row["uscc"]) if valid else "", facts, clean(set_title, 200), dataset
    )


def same_key(table: Table, firm: EnterpriseKey) -> ColumnElement[bool]:
    """Which rows of a table are about an enterprise: the same code, or the same name unless two codes differ."""
    if not firm.uscc:
        return table.c.name_key == firm.name_key
    return or_(table.c.uscc == firm.uscc, and_(table.c.name_key == firm.name_key, table.c.uscc == ""))


def positions_in(data: Dataset, firms: Sequence[EnterpriseKey]) -> NDArray[np.int64]:
    """Where enterprises stand in a set, by code, then by name, then by a former name.

    Returns
    -------
    ndarray of int, shape (n,)
        Position in `data.enterprises`; −1 for one that the set does not hold.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> data = load_dataset()
    >>> positions_in(data, [enterprise_key(data.enterprises.iloc[7]), EnterpriseKey("没有这一家")]).tolist()
    [7, -1]
    """
    table = data.enterprises
    found = np.full(len(firms), -1, dtype=np.int64)
    codes = np.array([firm.uscc for firm in firms], dtype=object)
    if any(codes):
        for row in np.flatnonzero(table["uscc"].isin(set(codes) - {""}).to_numpy(bool)):
            found[codes == str(table["uscc"].iloc[row])] = row
    rows = data.positions(list(enterprise_ids(pd.Series([firm.name for firm in firms], dtype=object))))
    for place, firm in enumerate(firms):
        if found[place] < 0:
            by_name = [int(rows[place])] if rows[place] >= 0 else np.flatnonzero(data.search(firm.name)).tolist()
            found[place] = next((row for row in by_name if _named(table, row, firm)), -1)
    return found


def _named(table: pd.DataFrame, row: int, firm: EnterpriseKey) -> bool:
    """Whether a row bears or bore the name, and no other valid code."""
    names = [str(table["name"].iloc[row]), *str(table["aliases"].iloc[row]).split(";")]
    other = enterprise_key(table.iloc[row]).uscc
    return name_key(firm.name) in {name_key(name) for name in names} and (not firm.uscc or other in ("", firm.uscc))


def _fact(name: str, value: Any) -> Any:
    if name in NUMERIC:
        return None if pd.isna(value) else float(value)
    return "" if pd.isna(value) else clean(str(value), 1000)

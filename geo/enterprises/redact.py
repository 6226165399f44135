"""What of an enterprise may be taken out of the house: canonical columns alone, nobody's telephone or mailbox in them."""

import re
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.enterprises.schema import COLUMNS

PUBLIC: Final = tuple(name for name, column in COLUMNS.items() if column.public)
"""The only columns that leave; whatever else an import kept is left behind."""

LEFT_OUT: Final = "（已略去）"

_PERSONAL: Final = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile telephone
    r"|(?<![\d-])(?:\(0\d{2,3}\)|0\d{2,3})[- ]?\d{7,8}(?!\d)"  # telephone with its area code
    r"|[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+"  # mailbox
    r"|(?<!\d)[1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"  # identity card
)


def public_rows(enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Enterprises as they may leave.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns and any others.

    Returns
    -------
    GeoDataFrame
        Same rows, index and geometry; the columns of `PUBLIC` that are there.  Mobile and land-line numbers,
        mailboxes and identity-card numbers within texts are replaced by `LEFT_OUT`.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"name": ["甲公司"], "address": ["新桥镇1号 张三 138-0000-0000"], "法定代表人": ["张三"]})
    >>> public_rows(frame).to_dict("records")
    [{'name': '甲公司', 'address': '新桥镇1号 张三 （已略去）'}]
    """
    columns = [column for column in PUBLIC if column in enterprises.columns]
    shape = ["geometry"] if "geometry" in enterprises.columns else []
    rows = enterprises[[*columns, *shape]].copy()
    for column in columns:
        if COLUMNS[column].kind in ("text", "date"):
            rows[column] = rows[column].map(_without_personal)
    return rows


def _without_personal(value: object) -> object:
    return value if pd.isna(value) else _PERSONAL.sub(LEFT_OUT, str(value))

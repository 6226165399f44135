"""Enterprises as records of JSON: the public columns alone, each of one kind, for programs that read them one page after another."""

import json
from typing import Any

import geopandas as gpd

from geo.codes.options import options
from geo.enterprises.redact import PUBLIC, public_rows
from geo.enterprises.schema import COLUMNS
from geo.export.selection import canonical_columns


def public_records(enterprises: gpd.GeoDataFrame, lang: str = "") -> list[dict[str, Any]]:
    """Rows as records of what may leave the house.

    Parameters
    ----------
    enterprises : GeoDataFrame
        Canonical columns and any others.
    lang : {"", "zh", "en"}
        Whose words stand in the place of codes; the codes themselves when not given.

    Returns
    -------
    list of dict
        Column → value: text (empty where nothing is known), number or whether (None where nothing is known).

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> record = public_records(load_enterprises().head(1), "en")[0]
    >>> record["zone"], record["uscc_valid"] in (True, False, None), "business_scope" in record
    ('Belt: five districts', True, False)
    """
    frame = canonical_columns(public_rows(enterprises))[list(PUBLIC)]
    if lang:
        for name in PUBLIC:
            column = COLUMNS[name]
            if column.codes and column.kind == "text":
                words = {value: column.say(value, lang) for value in frame[name].unique()}
                frame[name] = frame[name].map(words)
        if lang == "en":
            english = {code: name.en for code, name in options("district").items()}
            frame["district"] = frame["adcode"].map(english).fillna(frame["district"])
    text = frame.to_json(orient="records", force_ascii=False, double_precision=15)
    records: list[dict[str, Any]] = json.loads(text)
    return records

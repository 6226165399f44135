"""The read API: datasets, enterprises, facets, districts, indicators, parks and sources, as JSON.

All answers hold the public columns alone and are bounded in length; the filters are those of a page's link.
"""

import json
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import pandas as pd

from app.server.datasets import list_readable
from app.server.resource import (
    API_ROOT,
    DATASET,
    LANGUAGE,
    OFFSET,
    OGC_ROOT,
    PAGE_LIMIT,
    Question,
    Resource,
    page_of,
    position_of,
)
from app.server.sign_in import person_of_request
from geo.catalog import catalogue
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.export.rows import public_records
from geo.indicators.counts import count_places
from geo.indicators.definitions import indicator_table
from geo.installation import version
from geo.places.districts import attributes
from geo.text import Text


def _datasets(question: Question) -> Any:
    datasets = [
        {
            "set": one.name,
            "title": one.title,
            "date": one.date,
            "enterprises": one.rows,
            "synthetic": one.synthetic,
            "collection": quote(f"{OGC_ROOT}/collections/{one.name}"),
        }
        for one in list_readable(person_of_request(question.request))
    ]
    return {"version": version(), "datasets": datasets}


def _enterprises(question: Question) -> Any:
    data, lang = question.dataset(), question.values["lang"]
    rows = np.flatnonzero(data.mask(question.filters))
    page, beside = page_of(rows, question)
    return {
        **_head(data, question),
        "matched": len(rows),
        "counted": data.count(question.filters),
        "returned": len(page),
        "next": beside.get("next"),
        "prev": beside.get("prev"),
        "enterprises": public_records(data.enterprises.iloc[page], lang or ""),
    }


def _enterprise(question: Question) -> Any:
    data = question.dataset()
    return public_records(
        data.enterprises.iloc[[position_of(data, question.parts["id"])]], question.values["lang"] or ""
    )[0]


def _facets(question: Question) -> Any:
    data, lang = question.dataset(), question.values["lang"] or "zh"
    facets = {
        name: [{"code": code, "label": options(name)[code].of(lang), "count": int(n)} for code, n in counts.items()]
        for name, counts in data.facet_counts(question.filters).items()
    }
    return {**_head(data, question), "matched": data.count(question.filters), "facets": facets}


def _districts(_question: Question) -> Any:
    return {"districts": _records(attributes().reset_index())}


def _indicators(question: Question) -> Any:
    data = question.dataset()
    table = indicator_table(count_places(data, question.filters)).rename_axis("adcode").reset_index()
    return {**_head(data, question), "matched": data.count(question.filters), "districts": _records(table)}


def _parks(question: Question) -> Any:
    parks = question.dataset().parks
    table = pd.DataFrame(parks.drop(columns="geometry")).assign(lon=parks.geometry.x, lat=parks.geometry.y)
    return {"parks": _records(table.reset_index())}


def _sources(question: Question) -> Any:
    lang = question.values["lang"] or "zh"
    sources = [
        {
            "name": entry.name,
            "title": entry.title_en if lang == "en" else entry.title_zh,
            **{name: getattr(entry, name) for name in ("source", "url", "licence", "attribution", "evidence")},
            **{name: getattr(entry, name) for name in ("retrieved", "rows", "sha256", "note")},
        }
        for entry in catalogue().values()
    ]
    return {"version": version(), "sources": sources}


def _head(data: Dataset, question: Question) -> dict[str, Any]:
    sentence = data.sentence(question.filters, question.values["lang"] or "zh")
    return {"dataset": data.title, "date": data.date, "synthetic": data.synthetic, "sentence": sentence}


def _records(table: pd.DataFrame) -> Any:
    return json.loads(table.to_json(orient="records", force_ascii=False, double_precision=15))


API_RESOURCES: Final = (
    Resource(f"{API_ROOT}/datasets", Text("可读的数据集", "datasets that can be read"), _datasets, "Datasets"),
    Resource(
        f"{API_ROOT}/enterprises", Text("所选企业，一页一页", "enterprises of a selection, page by page"), _enterprises,
        "Enterprises", (DATASET, LANGUAGE, PAGE_LIMIT, OFFSET), filtered=True,
    ),
    Resource(
        f"{API_ROOT}/enterprises/{{id}}", Text("一家企业", "one enterprise"), _enterprise, "Enterprise", (DATASET, LANGUAGE),
    ),
    Resource(
        f"{API_ROOT}/facets", Text("每个选项有几家", "enterprises behind every option"), _facets, "Facets",
        (DATASET, LANGUAGE), filtered=True,
    ),
    Resource(f"{API_ROOT}/districts", Text("各区：代码、名称、公布面积", "districts: code, names, official area"), _districts, "Districts"),
    Resource(
        f"{API_ROOT}/indicators", Text("所选企业的各区指标", "indicators by district of a selection"), _indicators, "Indicators",
        (DATASET, LANGUAGE), filtered=True,
    ),
    Resource(f"{API_ROOT}/parks", Text("园区，点位是约略的", "parks, with approximate points"), _parks, "Parks", (DATASET,)),
    Resource(f"{API_ROOT}/sources", Text("数据来源与许可", "sources and licences of the data"), _sources, "Sources", (LANGUAGE,)),
)  # fmt: skip
"""Addresses of the read API, one entry each."""

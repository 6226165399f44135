"""The read API: what it answers, what it refuses, and that nothing leaves by it that an export does not carry."""

import csv
import io
import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.records import corrections
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.server.asgi import MIDDLEWARE, ROUTES
from app.server.openapi import RESOURCES, SCHEMAS, describe
from app.server.resource import MAX_PAGE_ROWS
from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.enterprises.redact import PUBLIC
from geo.export.selection import to_bytes
from geo.filters.filters import FILTER_FIELDS, Filters
from geo.index.morton import BITS
from geo.indicators.counts import count_places
from geo.indicators.definitions import indicator_table
from geo.ingest.pipeline import import_files

DATA = load_dataset()
ROWS = """企业名称,所属区县,经度,纬度,法定代表人,联系电话,经营范围,内部备注
样例甲有限公司,松江区,121.23,31.03,王小明,13800001111,精密减速器传动,不外传
样例乙有限公司,嘉定区,,,李小红,,地址 13900002222,不外传
"""


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), base_url="http://127.0.0.1")


@pytest.fixture
def imported(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(ROWS, encoding="utf-8")
    import_files([file], tmp_path / "imported", keep_personal=True)
    return workspace.add(tmp_path / "imported", "松江 2026")


def get(client, path, **params):
    answer = client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client, path):
    """Status and sentence of what is refused, in the form of RFC 9457."""
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert len(problem["detail"].splitlines()) == 1
    return answer.status_code, problem["detail"]


def test_the_enterprises_are_those_of_the_filters_page_by_page(client):
    query = {"industry": "auto,equipment", "zone": "belt"}
    filters, _ = Filters.from_query(query)
    wanted = [*DATA.select(filters).index]
    assert len(wanted) > 20
    first = get(client, "/enterprises", **query, limit=20)
    assert (first["matched"], first["returned"], first["prev"]) == (len(wanted), 20, None)
    assert first["sentence"] == DATA.sentence(filters)
    found, page = [], first
    while True:
        found += [one["enterprise_id"] for one in page["enterprises"]]
        if page["next"] is None:
            break
        before, page = page, client.get(page["next"]).json()
        assert client.get(page["prev"]).json()["enterprises"] == before["enterprises"]
    assert found == wanted


def test_a_page_beyond_the_last_is_empty(client):
    page = get(client, "/enterprises", offset=5000)
    assert (page["matched"], page["returned"], page["enterprises"], page["next"]) == (900, 0, [], None)


def test_the_values_are_those_of_the_export(client):
    filters, _ = Filters.from_query("district=310117")
    exported = list(csv.DictReader(io.StringIO(to_bytes(DATA.select(filters), "csv").decode("utf-8-sig"))))
    records = get(client, "/enterprises", district="310117", limit=1000)["enterprises"]
    assert len(records) == len(exported) == 85
    for record, row in zip(records, exported, strict=True):
        assert tuple(record) == PUBLIC
        for name in ("enterprise_id", "name", "zone", "recognitions", "evidence", "location_precision", "adcode"):
            assert record[name] == row[name]
        assert (record["lon"] is None) == (row["lon"] == "")
        assert record["lon"] is None or record["lon"] == float(row["lon"])


def test_words_stand_in_the_place_of_codes_where_a_language_is_named(client):
    codes, zh, en = (get(client, "/enterprises/E97fb1f8ea81e", **more) for more in ({}, {"lang": "zh"}, {"lang": "en"}))
    assert [one["industry"] for one in (codes, zh, en)] == ["aviation", "民用航空", "Civil aviation"]
    assert [one["district"] for one in (codes, zh, en)] == ["松江区", "松江区", "Songjiang"]
    assert codes["adcode"] == en["adcode"] == "310117"


def test_facets_indicators_districts_parks_and_sources(client):
    facets = get(client, "/facets", industry="auto", lang="en")
    assert facets["matched"] == DATA.count(Filters(industry=("auto",)))
    wanted = DATA.facet_counts(Filters(industry=("auto",)))
    assert {name: [one["count"] for one in options] for name, options in facets["facets"].items()} == {
        name: counts.tolist() for name, counts in wanted.items()
    }
    assert facets["facets"]["zone"][0]["label"] == "Core: Lingang"
    table = indicator_table(count_places(DATA, Filters(zone=("core", "belt"))))
    districts = get(client, "/indicators", zone="core,belt")["districts"]
    assert [one["adcode"] for one in districts] == [*table.index]
    assert [one["enterprises"] for one in districts] == table["enterprises"].tolist()
    quotients = [float("nan") if one["lq_auto"] is None else one["lq_auto"] for one in districts]
    assert quotients == pytest.approx(table["lq_auto"].tolist(), nan_ok=True, rel=1e-12)
    assert sum(one["area_km2"] for one in get(client, "/districts")["districts"]) == pytest.approx(6340.5)
    assert {one["park_id"] for one in get(client, "/parks")["parks"]} == set(DATA.parks.index)
    assert all(one["licence"] and len(one["sha256"]) == 64 for one in get(client, "/sources")["sources"])


def test_a_dataset_of_the_workspace_is_read_by_its_key_or_title_and_without_what_was_kept_of_persons(client, imported):
    listed = get(client, "/datasets")["datasets"]
    assert [(one["set"], one["title"], one["enterprises"]) for one in listed] == [
        ("builtin", "内置样本", 900),
        (imported.key, "松江 2026", 2),
    ]
    for name in (imported.key, "松江 2026"):
        page = get(client, "/enterprises", set=name)
        assert (page["dataset"], page["matched"]) == ("松江 2026", 2)
    told = (
        "".join(
            client.get(f"{path}?set={imported.key}").text
            for path in ("/api/v1/enterprises", "/api/v1/facets", "/api/v1/indicators", "/api/v1/parks")
        )
        + client.get(f"/ogc/collections/{imported.key}/items").text
    )
    assert "样例甲" in told
    assert not any(
        word in told for word in ("王小明", "李小红", "13800001111", "13900002222", "精密减速器传动", "不外传")
    )
    assert {tuple(one) for one in get(client, "/enterprises", set=imported.key)["enterprises"]} == {PUBLIC}


def test_a_deleted_dataset_is_no_longer_read(client, imported):
    assert get(client, "/enterprises", set=imported.key)["matched"] == 2
    workspace.delete(imported.key)
    assert refused(client, f"/api/v1/enterprises?set={imported.key}")[0] == 404
    assert [one["set"] for one in get(client, "/datasets")["datasets"]] == ["builtin"]


def test_a_damaged_dataset_is_one_sentence_without_a_path(client, imported, tmp_path):
    imported = workspace.add(tmp_path / "imported", "损坏的")
    (tmp_path / "workspace" / imported.key / "enterprises.parquet").write_bytes(b"damaged")
    status, sentence = refused(client, f"/api/v1/enterprises?set={imported.key}")
    assert status == 503
    assert str(tmp_path) not in sentence
    assert client.get(f"/tiles/{imported.key}/9/428/209.png").status_code == 503


def test_the_tiles_take_the_name_of_a_dataset_too(client, imported):
    assert client.get(f"/tiles/{imported.key}/9/428/209.png").status_code == 200
    assert client.get("/tiles/nothing/9/428/209.png").status_code == 404


def test_corrections_show_at_once(client):
    row = DATA.enterprises.iloc[0]
    assert get(client, f"/enterprises/{row.name}")["town"] == row["town"] != "样例镇"
    corrections.correct(open_database(), enterprise_key(row, DATA.title), "town", row["town"], "样例镇", "官网", "张三")
    corrected = get(client, f"/enterprises/{row.name}")
    assert (corrected["town"], corrected["corrected"]) == ("样例镇", "town")
    assert "张三" not in json.dumps(
        {name: corrected[name] for name in corrected if "source" not in name}, ensure_ascii=False
    )


def test_a_vector_tile_shows_corrections_and_takes_a_parameter_once(client):
    row = DATA.enterprises.query("industry == 'electronics' and location_precision == 'road'").iloc[0]
    place = int(np.flatnonzero(DATA.enterprises.index == row.name)[0])
    at = int(np.flatnonzero(DATA.facet_index.rows == place)[0])
    x, y = (int(side[at] >> np.uint32(BITS - 20)) for side in (DATA.facet_index.x, DATA.facet_index.y))
    address = f"/tiles/builtin/20/{x}/{y}.mvt"
    assert b"biomedicine" not in client.get(address).content
    key = enterprise_key(row, DATA.title)
    corrections.correct(open_database(), key, "industry", row["industry"], "biomedicine", "官网", "张三")
    assert b"biomedicine" in client.get(address).content
    assert client.get(f"{address}?zone=core&zone=belt").status_code == 400


REFUSED = {
    "/api/v1/enterprises?distrct=310117": (400, "unknown parameter"),
    "/api/v1/enterprises?district=310117&district=310114": (400, "repeated"),
    "/api/v1/enterprises?district=999999": (400, "unknown value"),
    "/api/v1/enterprises?near=nowhere": (400, "unknown value"),
    f"/api/v1/enterprises?q={'x' * 201}": (400, "too long"),
    f"/api/v1/enterprises?limit={MAX_PAGE_ROWS + 1}": (400, "out of range"),
    "/api/v1/enterprises?limit=0": (400, "out of range"),
    "/api/v1/enterprises?limit=-1": (400, "whole number"),
    "/api/v1/enterprises?offset=1e9": (400, "whole number"),
    "/api/v1/enterprises?lang=fr": (400, "one of these"),
    "/api/v1/enterprises?set=../../etc": (404, "no such dataset"),
    "/api/v1/enterprises/E0": (404, "no such enterprise"),
    "/api/v1/enterprises/E0?district=310117": (400, "unknown parameter"),
    "/api/v1/districts?zone=core": (400, "unknown parameter"),
    "/api/v1/": (404, "no such address"),
    "/api/v1/nothing": (404, "no such address"),
    "/api/v2/enterprises": (404, "no such address"),
    "/api": (404, "no such address"),
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_wrong_is_one_sentence(client, path):
    status, words = REFUSED[path]
    found = refused(client, path if not path.endswith("/v1/") else "/api/v1")
    assert (found[0], words in found[1]) == (status, True), found


def test_a_long_wrong_value_is_quoted_in_part_only(client):
    assert len(refused(client, f"/api/v1/enterprises?set={'长' * 3000}")[1]) < 120
    assert len(refused(client, f"/api/v1/enterprises?{'p' * 3000}=1")[1]) < 120


def test_reading_is_all_it_does(client):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.request(method, "/api/v1/enterprises").status_code == 405


def test_another_host_is_refused_as_on_every_page(client):
    assert client.get("/api/v1/enterprises", headers={"Host": "evil.example"}).status_code == 400


def test_the_description_has_every_address_parameter_and_schema(client):
    described = get(client, "/openapi.json")
    assert described == json.loads(json.dumps(describe()))
    assert set(described["paths"]) == {one.path for one in RESOURCES}
    assert {one.schema for one in RESOURCES} <= set(SCHEMAS)
    operation = described["paths"]["/ogc/collections/{collection}/items"]["get"]
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert names == ["collection", "lang", "bbox", "datetime", "limit", "offset", *FILTER_FIELDS, "q"]
    identifiers = [path["get"]["operationId"] for path in described["paths"].values()]
    assert len(set(identifiers)) == len(identifiers)
    references = set(json.dumps(described).split("#/components/schemas/")[1:])
    assert {one.split('"')[0] for one in references} <= set(described["components"]["schemas"])

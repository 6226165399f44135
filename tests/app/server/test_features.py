"""OGC API – Features, as GDAL's own driver reads it from the running server: page by page, by box, with its columns."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
import pytest

from app.server.api import API_RESOURCES
from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.enterprises.redact import PUBLIC
from geo.filters.filters import Filters
from geo.ingest.pipeline import import_files
from tests.browser.conftest import ROOT, running_app

DATA = load_dataset()
BOX = (121.2, 30.9, 121.5, 31.2)
READER = """
import json, sys
import pyogrio

url, layer, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
bbox = options.pop("bbox", None)
frame = pyogrio.read_dataframe(f"OAPIF:{url}/ogc", layer=layer, bbox=tuple(bbox) if bbox else None, **options)
info = pyogrio.read_info(f"OAPIF:{url}/ogc", layer=layer)
points = [None if point is None else [point.x, point.y] for point in frame.geometry]
json.dump(
    {
        "layers": pyogrio.list_layers(f"OAPIF:{url}/ogc").tolist(), "crs": str(frame.crs), "features": info["features"],
        "types": dict(zip(info["fields"].tolist(), info["ogr_types"])), "ids": frame["enterprise_id"].tolist(),
        "points": points, "precision": frame["location_precision"].tolist(),
    },
    sys.stdout,
)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The running app, with a second dataset in its workspace."""
    folder = tmp_path_factory.mktemp("features")
    file = folder / "list.csv"
    file.write_text("企业名称,所属区县\n样例甲有限公司,松江区\n样例乙有限公司,\n", encoding="utf-8")
    import_files([file], folder / "imported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_WORKSPACE", str(folder / "workspace"))
        workspace.add(folder / "imported", "松江 2026")
        with running_app(folder) as running:
            yield running


def read(server, layer="builtin", **options):
    """What GDAL reads, in a process of its own: the product leaves it a few drivers only."""
    command = [sys.executable, "-c", READER, server.url, layer, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def get(server, path):
    with urllib.request.urlopen(f"{server.url}{path}", timeout=60) as answer:
        return answer.headers["content-type"], json.load(answer)


def test_gdal_reads_every_page_with_the_columns_of_their_kinds(server):
    found = read(server, PAGE_SIZE="130")
    assert found["ids"] == [*DATA.enterprises.index]
    assert found["features"] == 900
    assert found["crs"] == "EPSG:4326"
    assert [name for name, _ in found["layers"]] == ["builtin", workspace.key_of("松江 2026")]
    assert set(found["types"]) == {"id", *PUBLIC}
    kinds = {name: found["types"][name] for name in ("capital_amount", "insured", "adcode", "lon", "uscc_valid")}
    assert kinds == {
        "capital_amount": "OFTReal", "insured": "OFTInteger", "adcode": "OFTString", "lon": "OFTReal",
        "uscc_valid": "OFTInteger",
    }  # fmt: skip


def test_who_has_no_place_has_no_geometry_and_how_precise_a_place_is_stands_beside_it(server):
    found = read(server, PAGE_SIZE="1000")
    table = DATA.enterprises
    assert [point is None for point in found["points"]] == table["lon"].isna().tolist()
    assert sum(point is None for point in found["points"]) > 0
    assert found["precision"] == table["location_precision"].tolist()
    placed = [point for point in found["points"] if point]
    assert np.allclose(placed, table.loc[table["lon"].notna(), ["lon", "lat"]].to_numpy(float), atol=1e-9)


def test_gdal_reads_a_box(server):
    west, south, east, north = BOX
    table = DATA.enterprises
    inside = table["lon"].between(west, east) & table["lat"].between(south, north)
    assert 0 < inside.sum() < 900
    found = read(server, bbox=BOX, PAGE_SIZE="50")
    assert found["ids"] == [*table.index[inside]]


def test_gdal_reads_a_dataset_of_the_workspace(server):
    found = read(server, workspace.key_of("松江 2026"))
    assert len(found["ids"]) == 2
    assert [point is None for point in found["points"]] == [False, True]


def test_the_filters_of_a_link_select_features(server):
    kind, found = get(server, "/ogc/collections/builtin/items?industry=auto&zone=belt&limit=5&offset=5")
    assert kind == "application/geo+json"
    wanted = [*DATA.select(Filters(industry=("auto",), zone=("belt",))).index]
    assert (found["numberMatched"], found["numberReturned"]) == (len(wanted), 5)
    assert [feature["id"] for feature in found["features"]] == wanted[5:10]
    links = {link["rel"]: link["href"] for link in found["links"]}
    assert {"self", "next", "prev", "collection"} <= set(links)
    following = get(server, links["next"].removeprefix(server.url))[1]
    assert [feature["id"] for feature in following["features"]] == wanted[10:15]


def test_more_than_the_most_is_the_most_and_a_box_over_the_date_line_is_one(server):
    assert get(server, "/ogc/collections/builtin/items?limit=99999")[1]["numberReturned"] == 900
    assert get(server, "/ogc/collections/builtin/items?bbox=170,-10,-170,10")[1]["numberMatched"] == 0
    west, south, east, north = BOX
    around = get(server, f"/ogc/collections/builtin/items?bbox={east},{south},{west},{north}&limit=1")[1]
    table = DATA.enterprises
    rest = (
        ~table["lon"].between(west, east, inclusive="neither")
        & table["lon"].notna()
        & table["lat"].between(south, north)
    )
    assert around["numberMatched"] == rest.sum()


def test_from_the_landing_page_everything_is_reached_by_links(server):
    landing = get(server, "/ogc")[1]
    links = {link["rel"]: link["href"].removeprefix(server.url) for link in landing["links"]}
    assert get(server, links["service-desc"])[1]["openapi"].startswith("3.1")
    assert any(name.endswith("/core") for name in get(server, links["conformance"])[1]["conformsTo"])
    for collection in get(server, links["data"])[1]["collections"]:
        own = {link["rel"]: link["href"].removeprefix(server.url) for link in collection["links"]}
        described = get(server, own["self"])[1]
        assert described["id"] == collection["id"]
        features = get(server, own["items"])[1]["features"]
        one = get(server, f"{own['items']}/{features[0]['id']}")[1]
        assert (one["id"], one["geometry"]) == (features[0]["id"], features[0]["geometry"])
        assert set(get(server, own["describedby"])[1]["properties"]["properties"]["properties"]) == set(PUBLIC)
    box = get(server, "/ogc/collections/builtin")[1]["extent"]["spatial"]["bbox"][0]
    assert box == pytest.approx(DATA.enterprises.total_bounds.tolist())


def test_no_outline_of_a_district_is_a_layer(server):
    for collection in get(server, "/ogc/collections")[1]["collections"]:
        features = get(server, f"/ogc/collections/{urllib.parse.quote(collection['id'])}/items?limit=1000")[1][
            "features"
        ]
        assert {feature["geometry"]["type"] for feature in features if feature["geometry"]} == {"Point"}


@pytest.mark.parametrize(
    "query",
    ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,50,10,40", "bbox=nan,0,1,1", "datetime=yesterday", "limit=x", "crs=x"],
)
def test_what_is_wrong_is_a_problem_in_one_sentence(server, query):
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, f"/ogc/collections/builtin/items?{query}")
    assert caught.value.code == 400
    assert caught.value.headers["content-type"] == "application/problem+json"
    assert "\n" not in json.load(caught.value)["detail"]


@pytest.mark.parametrize(
    "when", ["2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01/..", "/2024-01-01", "../2024-01-01"]
)
def test_a_time_holds_nobody_off(server, when):
    assert get(server, f"/ogc/collections/builtin/items?datetime={when}&limit=1")[1]["numberMatched"] == 900


EXAMPLES = re.findall(r"^curl -s 'http://127\.0\.0\.1:8501(.+)'$", (ROOT / "docs" / "api.md").read_text("utf-8"), re.M)


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_example_of_the_documentation_is_answered(server, path):
    kind, found = get(server, path)
    assert "json" in kind
    assert found


def test_the_documentation_shows_every_part_of_the_api():
    assert {path.partition("?")[0].split("/")[3] for path in EXAMPLES if path.startswith("/api")} == {
        resource.path.split("/")[3] for resource in API_RESOURCES
    } | {"openapi.json"}


def test_whatever_the_description_allows_is_answered_as_it_says(server):
    """Requests made from the description: no answer of 5xx, none of another status, kind or shape than it says."""
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"]
    options = ["--checks", checks, "--phases", "fuzzing", "--max-examples", "20", "--seed", "1", "--no-color"]
    done = subprocess.run(
        [*command, f"{server.url}/api/v1/openapi.json", *options],
        capture_output=True, text=True, timeout=300, check=False, cwd=server.log.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert re.search(r"(\d{3,}) generated, \1 passed", done.stdout), done.stdout[-1000:]

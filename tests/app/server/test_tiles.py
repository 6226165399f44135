"""Tiles, badges and clicks over HTTP: what is validated, what the browser may keep, what lies where."""

import io
import struct
from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest
from shapely import box
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.records.permissions import ANYBODY
from app.server import datasets as served
from app.server.asgi import ROUTES
from geo.datasets.dataset import Indexes
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from geo.index.morton import project
from geo.index.tiles import empty_tile
from geo.places.drawn_areas import encode
from layers.remote import MARKS_LIMIT

ROWS = 6000


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(ROWS, folder)
    return open_dataset(folder)


@pytest.fixture(scope="module")
def key(data):
    return served.serve(data)


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=ROUTES))


def tile_of(lon, lat, zoom):
    (x,), (y,) = project([lon], [lat])
    return int(x) >> (26 - zoom), int(y) >> (26 - zoom)


@pytest.fixture(scope="module")
def one(data):
    """An enterprise with a point of its own that has no neighbour nearby."""
    fine = data.enterprises[data.enterprises["location_precision"] == "site"]
    for _, row in fine.iterrows():
        if len(data.facet_index.near(row["lon"], row["lat"], 20, 16, {})) == 1:
            return row
    raise AssertionError


def test_a_tile_is_an_image_that_the_browser_keeps(client, key, one):
    x, y = tile_of(one["lon"], one["lat"], 14)
    answer = client.get(f"/tiles/{key}/14/{x}/{y}.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert struct.unpack(">II", io.BytesIO(answer.content[16:24]).read()) == (256, 256)
    assert "max-age" in answer.headers["cache-control"]
    tag = answer.headers["etag"]
    for held in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(f"/tiles/{key}/14/{x}/{y}.png", headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"/tiles/{key}/14/{x}/{y}.png", headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_tag_tells_tiles_filters_datums_and_sets_apart(client, key, one):
    x, y = tile_of(one["lon"], one["lat"], 14)
    asked = [
        f"/tiles/{key}/14/{x}/{y}.png",
        f"/tiles/{key}/14/{x + 1}/{y}.png",
        f"/tiles/{key}/13/{x // 2}/{y // 2}.png",
        f"/tiles/{key}/14/{x}/{y}.png?industry=auto",
        f"/tiles/{key}/14/{x}/{y}.png?q=1",
        f"/tiles/{key}/14/{x}/{y}.png?datum=gcj02",
        f"/tiles/builtin/14/{x}/{y}.png",
    ]
    tags = [client.get(address).headers["etag"] for address in asked]
    assert len(set(tags)) == len(tags)
    one_way = client.get(f"/tiles/{key}/14/{x}/{y}.png?industry=auto,materials&zone=core").headers["etag"]
    other = client.get(f"/tiles/{key}/14/{x}/{y}.png?zone=core&industry=materials,auto").headers["etag"]
    assert one_way == other


def test_filters_decide_what_is_drawn(client, key, one):
    x, y = tile_of(one["lon"], one["lat"], 18)
    drawn = client.get(f"/tiles/{key}/18/{x}/{y}.png").content
    assert drawn != empty_tile()
    assert client.get(f"/tiles/{key}/18/{x}/{y}.png?industry={one['industry']}").content == drawn
    other = "auto" if one["industry"] != "auto" else "materials"
    assert client.get(f"/tiles/{key}/18/{x}/{y}.png?industry={other}").content == empty_tile()
    assert client.get(f"/tiles/{key}/18/{x}/{y}.png", params={"q": one["name"]}).content == drawn
    assert client.get(f"/tiles/{key}/18/{x}/{y}.png", params={"q": "没有的词"}).content == empty_tile()


CONDITIONS = [
    "founded=2010-2015",
    "capital=CNY:1000000-5000000&status=active",
    f"near=121.4:31.1:12&within={quote(encode(box(121.3, 31.0, 121.5, 31.3)))}&zone=belt",
]


@pytest.mark.parametrize("query", CONDITIONS)
def test_tiles_badges_and_clicks_hold_the_conditions(client, data, key, query):
    filters, _ = Filters.from_query(query)
    chosen = data.select(filters)
    fine = chosen["location_precision"].isin(["site", "road"])
    assert 0 < fine.sum() < 3000
    first = chosen[fine].iloc[0]
    where = f"lon={first['lon']}&lat={first['lat']}&zoom=18"
    cards = client.get(f"/at?set={key}&{where}&{query}").json()["cards"]
    assert first["enterprise_id"] in [card["id"] for card in cards]
    assert {card["id"] for card in cards} <= set(chosen.index)
    badges = client.get(f"/places?set={key}&{query}").json()["marks"]
    assert sum(badge["n"] for badge in badges) == chosen["location_precision"].isin(["park", "town", "district"]).sum()
    other = data.enterprises[data.enterprises["location_precision"].eq("site") & ~data.mask(filters)].iloc[0]
    x, y = tile_of(other["lon"], other["lat"], 20)
    alone = client.get(f"/tiles/{key}/20/{x}/{y}.png?{query}").content
    assert alone != client.get(f"/tiles/{key}/20/{x}/{y}.png").content


def test_an_empty_tile_is_the_shared_one(client, key):
    answer = client.get(f"/tiles/{key}/10/0/0.png")
    assert (answer.status_code, answer.content) == (200, empty_tile())
    assert len(empty_tile()) < 1000


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/{}/23/0/0.png", 404),
        ("/tiles/{}/3/8/0.png", 404),
        ("/tiles/{}/3/0/8.png", 404),
        ("/tiles/nothing/3/0/0.png", 404),
        ("/tiles/{}/-1/0/0.png", 400),
        ("/tiles/{}/a/0/0.png", 400),
        ("/tiles/{}/1.5/0/0.png", 400),
        ("/tiles/{}/1/٣/0.png", 400),
        ("/tiles/{}/1/99999999999999999999/0.png", 400),
        ("/tiles/{}/3/0/0.png?industry=nothing", 400),
        ("/tiles/{}/3/0/0.png?unknown=1", 400),
        ("/tiles/{}/3/0/0.png?near=121:31", 400),
        ("/tiles/{}/3/0/0.png?within=<b>", 400),
        ("/tiles/{}/3/0/0.png?founded=" + ",".join(map(str, range(1900, 1970))), 400),
        ("/tiles/{}/3/0/0.png?datum=mars", 400),
        ("/tiles/{}/3/0/0.png?lang=fr", 400),
        ("/tiles/{}/3/0/0.png?set=x", 400),
        ("/tiles/{}/3/0/0.png?district=310115,' OR 1=1", 400),
        ("/tiles/{}/3/0/0.png?q=" + "长" * 201, 400),
        ("/places?set=", 404),
        ("/places?set={}&lon=1", 400),
        ("/at?set={}", 400),
        ("/at?set={}&lon=121&lat=31", 400),
        ("/at?set={}&lon=nan&lat=31&zoom=10", 400),
        ("/at?set={}&lon=inf&lat=31&zoom=10", 400),
        ("/at?set={}&lon=181&lat=31&zoom=10", 400),
        ("/at?set={}&lon=121&lat=86&zoom=10", 400),
        ("/at?set={}&lon=121&lat=31&zoom=23", 400),
        ("/at?set={}&lon=121&lat=31&zoom=1e", 400),
        ("/at?set={}&place=-1", 400),
        ("/at?set={}&place=999999", 404),
        ("/at?set=../../etc/passwd&lon=121&lat=31&zoom=10", 404),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(client, key, path, status):
    answer = client.get(path.format(key))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert 5 < len(answer.text) < 120
    assert "\n" not in answer.text
    assert "（" in answer.text
    assert answer.text.isprintable()


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", "%00", "\x00", "'; DROP TABLE", "\ud7ff￿", "(((", "  "])
def test_a_hostile_text_is_only_a_text(client, key, one, q):
    x, y = tile_of(one["lon"], one["lat"], 14)
    assert client.get(f"/tiles/{key}/14/{x}/{y}.png", params={"q": q}).status_code == 200
    found = client.get("/at", params={"set": key, "lon": 121.5, "lat": 31.2, "zoom": 0, "q": q})
    assert found.status_code == 200
    if q.strip(" \0"):
        assert found.json() == {"count": 0, "title": "", "cards": []}


def test_a_click_gives_the_card_of_the_enterprise(client, key, one):
    params = {"set": key, "lon": one["lon"], "lat": one["lat"], "zoom": 16}
    found = client.get("/at", params=params).json()
    assert found["count"] == 1
    card = found["cards"][0]
    assert card["name"] == one["name"]
    assert card["id"] == one["enterprise_id"]
    assert ["所在区", f"{one['district']} · 待核实"] in card["rows"]
    english = client.get("/at", params=params | {"lang": "en"}).json()["cards"][0]
    assert "District" in [label for label, _ in english["rows"]]
    other = "auto" if one["industry"] != "auto" else "materials"
    assert client.get("/at", params=params | {"industry": other}).json()["count"] == 0


def test_many_under_a_click_are_counted_and_the_nearest_listed(client, data, key):
    found = client.get("/at", params={"set": key, "lon": 121.4, "lat": 31.2, "zoom": 6}).json()
    assert found["count"] > len(found["cards"]) == 20
    rows = data.facet_index.near(121.4, 31.2, 8, 6, {})
    assert [card["id"] for card in found["cards"]] == list(data.enterprises["enterprise_id"].iloc[rows[:20]])


def test_what_is_known_by_area_is_gathered_in_badges(client, data, key):
    badges = client.get("/places", params={"set": key}).json()["marks"]
    table = data.enterprises
    by_area = table["location_precision"].isin(["park", "town", "district"])
    assert sum(badge["n"] for badge in badges) == by_area.sum()
    badge = max(badges, key=lambda badge: badge["n"])
    found = client.get("/at", params={"set": key, "place": badge["place"]}).json()
    assert found["count"] == badge["n"]
    there = by_area & np.isclose(table["lon"], badge["lon"]) & np.isclose(table["lat"], badge["lat"])
    assert {card["id"] for card in found["cards"]} <= set(table.index[there])
    filters = Filters(industry=("auto",))
    some = client.get("/places", params={"set": key, "industry": "auto"}).json()["marks"]
    assert sum(badge["n"] for badge in some) == (filters.mask(table) & by_area).sum()


def test_the_number_of_an_area_says_what_it_counts_and_of_how_many(client, data, key):
    filters = Filters(recognition=("none",))
    answer = client.get("/places", params={"set": key, "recognition": "none"}).json()
    chosen = data.select(filters)
    for total in answer["totals"]:
        there = (
            chosen[chosen["zone"] == "core"] if total["code"] == "core" else chosen[chosen["adcode"] == total["code"]]
        )
        assert total["n"] == len(there) == sum(total["by"].values())
        assert total["by"] == {name: n for name, n in there["location_precision"].value_counts().items() if n}
    jiading = next(mark for mark in answer["marks"] if (mark["precision"], mark["code"]) == ("district", "310114"))
    whole = data.count(filters, district=["310114"])
    rest = data.count(filters, district=["310114"], precision=["district"])
    told = f"只知在嘉定区 {rest:,}（全区 {whole:,}）"
    assert 0 < rest == jiading["n"] < whole
    assert jiading["tip"] == told
    clicked = {"set": key, "recognition": "none", "place": jiading["place"]}
    assert client.get("/at", params=clicked).json()["title"] == told
    assert client.get("/at", params=clicked | {"lang": "en"}).json()["title"] == (
        f"known only to be in Jiading {rest:,} ({whole:,} in the whole district)"
    )
    town = next(mark for mark in answer["marks"] if mark["precision"] == "town" and mark["n"] > 1)
    row = data.areas.places.iloc[town["place"]]
    whole = int(((chosen["adcode"] == row["adcode"]) & (chosen["town"] == row["town"])).sum())
    assert client.get("/at", params=clicked | {"place": town["place"]}).json()["title"] == (
        f"只知在{row['town']} {town['n']:,}（{'全街道' if row['town'].endswith('街道') else '全镇'} {whole:,}）"
    )


@pytest.mark.parametrize("query", ["", "zone=core,belt", "industry=auto&q=号", "zone=unplaced", "until=founded-1999"])
def test_the_account_adds_up_to_the_selection(client, data, key, query):
    told = client.get(f"/places?set={key}&{query}").json()["account"]
    chosen = data.select(Filters.from_query(query)[0])
    if "until" in query:
        chosen = chosen[chosen["founded"].str[:4] <= "1999"]
    assert told["n"] == len(chosen) == sum(told["zones"].values()) == sum(told["precisions"].values())
    assert told["precisions"]["none"] == (chosen["location_precision"] == "none").sum()
    assert told["zones"]["core"] == (chosen["zone"] == "core").sum()


def test_marks_of_a_few_come_with_their_cards(client, data, key):
    table = data.enterprises
    asked = {"set": key, "industry": "auto", "zone": "core"}
    chosen = table[(table["industry"] == "auto") & (table["zone"] == "core") & (table["location_precision"] != "none")]
    answer = client.get("/marks", params=asked)
    marks = answer.json()["marks"]
    assert {card["id"] for mark in marks for card in mark["firms"]} == set(chosen.index)
    assert sum(mark["n"] for mark in marks) == len(chosen) > 0
    single = next(mark for mark in marks if mark["n"] == 1)
    row = table.loc[single["firms"][0]["id"]]
    assert (single["lon"], single["lat"]) == pytest.approx((row["lon"], row["lat"]), abs=1e-6)
    again = client.get("/marks", params=asked, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in answer.headers["cache-control"]
    english = client.get("/marks", params=asked | {"lang": "en"})
    assert english.headers["etag"] != answer.headers["etag"]
    shifted = client.get("/marks", params=asked | {"datum": "gcj02"}).json()["marks"]
    assert 0.003 < abs(shifted[0]["lon"] - marks[0]["lon"]) < 0.01


def test_more_than_marks_are_for_are_refused_in_one_sentence(client, data, key):
    assert len(data.enterprises) > MARKS_LIMIT
    answer = client.get("/marks", params={"set": key})
    assert answer.status_code == 400
    assert str(MARKS_LIMIT) in answer.text
    assert client.get("/marks", params={"set": key, "industry": "nothing"}).status_code == 400
    assert client.get("/marks", params={"set": "nothing"}).status_code == 404


def test_badges_are_kept_by_the_browser_too(client, key):
    answer = client.get("/places", params={"set": key})
    again = client.get("/places", params={"set": key}, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    english = client.get("/places", params={"set": key, "lang": "en"}).headers["etag"]
    assert english != answer.headers["etag"]


def test_a_base_map_in_another_datum_has_its_own_points(client, key, one):
    from geo.crs import from_wgs84

    lon, lat = (float(value) for value in from_wgs84(one["lon"], one["lat"], "gcj02"))
    params = {"set": key, "zoom": 16, "datum": "gcj02"}
    assert client.get("/at", params=params | {"lon": lon, "lat": lat}).json()["cards"][0]["id"] == one["enterprise_id"]


def test_the_sets_that_are_served_do_not_pile_up(data, key):
    for number in range(served.MAX_CACHED_DATASETS + 2):
        served.serve(replace(data, indexes=Indexes(f"2-{number:012d}")))
    assert len(served._sets) == served.MAX_CACHED_DATASETS
    with pytest.raises(KeyError):
        served.served(key, ANYBODY)
    served.serve(data)
    assert served.served(key, ANYBODY) is data


def test_the_set_that_the_app_opens_with(tmp_path, monkeypatch):
    write_demo(20, tmp_path / "set")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "set"))
    opened = served.starting_set()
    assert (opened.synthetic, len(opened.enterprises)) == (True, 20)
    assert served.served(served.serve(opened), ANYBODY) is opened
    assert len(served.built_in_set().enterprises) == 900


def test_a_year_shows_what_was_there_by_then(client, key, data, one):
    year = int(one["founded"][:4])
    x, y = tile_of(one["lon"], one["lat"], 20)
    ask = f"/at?set={key}&lon={one['lon']}&lat={one['lat']}&zoom=16&until=founded-"
    assert client.get(f"{ask}{year - 1}").json()["count"] == 0
    assert client.get(f"{ask}{year}").json()["cards"][0]["id"] == one["enterprise_id"]
    tile = f"/tiles/{key}/20/{x}/{y}.png"
    before, after = (client.get(f"{tile}?until=founded-{when}") for when in (year - 1, year))
    assert after.content == client.get(tile).content != before.content
    assert before.headers["etag"] != after.headers["etag"]
    badges = client.get(f"/places?set={key}&until=founded-1999").json()["marks"]
    known = data.enterprises[data.enterprises["location_precision"].isin(["park", "town", "district"])]
    assert sum(badge["n"] for badge in badges) == (known["founded"].str[:4] <= "1999").sum()


@pytest.mark.parametrize("until", ["2010", "founded-", "founded-99", "colour-2010", "founded-2010'"])
def test_a_year_written_in_another_way_is_refused(client, key, until):
    answer = client.get("/places", params={"set": key, "until": until})
    assert answer.status_code == 400
    assert "年份写法不对" in answer.text

"""JSON: answers of the map services and arrays of records in the shapes that programs write."""

import json
from typing import Any

import pandas as pd
import pytest

from geo.errors import DataError
from geo.ingest.readers.read import is_layer, read_file
from geo.ingest.readers.sheet import Limits

JIA, YI = "样例甲有限公司", "样例乙有限公司"
RECORDS: list[dict[str, Any]] = [
    {"企业名称": JIA, "所属区": "松江区", "注册资本": 500.0},
    {"企业名称": YI, "所属区": "嘉定区", "注册资本": None},
]


def read(tmp_path, text, name="a.json", **limits):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_file(path, Limits(**limits) if limits else None)


def shapes():
    frame = pd.DataFrame(RECORDS)
    lines = frame.to_json(orient="records", lines=True, force_ascii=False)
    yield from ((orient, frame.to_json(orient=orient)) for orient in ("records", "columns", "index", "split", "table"))
    yield "lines", lines
    yield "lines in an array", "[" + ",\n".join(lines.split("\n")[:2]) + "]"
    yield "in data.items", json.dumps({"code": 0, "data": {"total": 2, "items": RECORDS, "tags": [{"a": 1}] * 9}})
    yield "with a name of its own", json.dumps({"name": "导出", "rows": RECORDS}, ensure_ascii=False)
    yield "rows below a row of titles", json.dumps([list(RECORDS[0]), *(list(record.values()) for record in RECORDS)])
    yield (
        "objects within",
        "".join(
            json.dumps(
                {"基本": {"企业名称": one["企业名称"]}, "位置": {"所属区": one["所属区"]}, "注册资本": one["注册资本"]}
            )
            for one in RECORDS
        ),
    )


@pytest.mark.parametrize(("shape", "text"), [pytest.param(shape, text, id=shape) for shape, text in shapes()])
def test_records_in_every_shape(tmp_path, shape, text):
    sheet = read(tmp_path, text)
    assert sheet.table["企业名称"].tolist() == [JIA, YI]
    assert sheet.table["所属区"].tolist() == ["松江区", "嘉定区"]
    assert sheet.table["注册资本"].fillna("").tolist() == ["500", ""]
    assert sheet.rows.tolist() == ([2, 3] if shape in ("split", "rows below a row of titles") else [1, 2])


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_records_in_every_encoding(tmp_path, codec):
    sheet = read(tmp_path, json.dumps(RECORDS, ensure_ascii=False).encode(codec))
    assert sheet.table["企业名称"].tolist() == [JIA, YI]
    assert sheet.encoding == codec


def amap(*places):
    pois = [
        {
            "name": name,
            "address": "文诚路1号",
            "location": f"{lon},{lat}",
            "pname": "上海市",
            "cityname": "上海市",
            "adname": area,
            "tel": [],
        }
        for name, area, lon, lat in places
    ]
    return {"status": "1", "count": "2", "info": "OK", "infocode": "10000", "pois": pois}


def baidu(*places):
    results = [
        {
            "name": name,
            "location": {"lat": lat, "lng": lon},
            "address": [],
            "province": "上海市",
            "city": "上海市",
            "area": area,
        }
        for name, area, lon, lat in places
    ]
    return {"status": 0, "message": "ok", "results": results}


def tencent(*places):
    data = [
        {
            "title": name, "address": "文诚路1号", "tel": "021-00000000", "location": {"lat": lat, "lng": lon},
            "ad_info": {"province": "上海市", "city": "上海市", "district": area},
        }
        for name, area, lon, lat in places
    ]  # fmt: skip
    return {"status": 0, "message": "query ok", "count": 2, "data": data}


PLACES = [(JIA, "松江区", 121.2312, 31.0301), (YI, "松江区", 121.2413, 31.0402)]


@pytest.mark.parametrize(("answer", "datum"), [(amap, "gcj02"), (baidu, "bd09"), (tencent, "gcj02")])
@pytest.mark.parametrize("joined", ["one", "array", "concatenated", "lines"])
def test_answers_of_map_services(tmp_path, take, answer, datum, joined):
    pages = [answer(place) for place in PLACES]
    text = {
        "one": json.dumps(answer(*PLACES), ensure_ascii=False), "array": json.dumps(pages),
        "concatenated": "".join(json.dumps(page, indent=1) for page in pages), "lines": "\n".join(map(json.dumps, pages)),
    }[joined]  # fmt: skip
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    result = take(path)
    assert result.report["datum"]["verdict"] == datum
    assert result.row(JIA)["adcode"] == "310117"
    shift = 0.004 if datum == "gcj02" else 0.0105  # in Songjiang both are east of WGS-84, by about 0.4 and 1.0 km
    assert PLACES[0][2] - result.row(JIA)["lon"] == pytest.approx(shift, abs=0.001)
    assert result.table["source_row"].tolist() == [1, 2]


def test_an_answer_is_evidence_and_no_more(tmp_path, take):
    """Records that look like an answer without being one say nothing of the datum."""
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"pois": [{"企业名称": JIA, "location": "121.2312,31.0301", "所属区": "松江区"}]}), encoding="utf-8"
    )
    assert take(path).report["datum"]["verdict"] == "undetermined"


def test_empty_arrays_are_nothing_and_lists_are_joined(tmp_path):
    sheet = read(
        tmp_path, json.dumps([{"name": JIA, "tags": ["甲", "乙"], "tel": [], "point": [121.5, 31.2], "on": True}])
    )
    assert sheet.table.iloc[0].to_dict() == {"name": JIA, "tags": "甲;乙", "point": "121.5,31.2", "on": "是"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"企业名称": "样例"', "打不开"), ("[]", "没有记录"), ('{"a": 1}', "没有记录"), ("[" * 100_000, "打不开|没有记录"),
        ('{"a":' * 100_000, "打不开"), ("[1, 2, 3]", "没有记录"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_one_sentence(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, text)


def test_limits_hold_for_records(tmp_path):
    text = json.dumps([{f"列{number}": "x" for number in range(20)}] * 20)
    with pytest.raises(DataError, match="格"):
        read(tmp_path, text, cells=100)
    with pytest.raises(DataError, match="行"):
        read(tmp_path, text, rows=10)
    assert read(tmp_path, text, columns=3).table.shape == (20, 3)


def test_layers_are_told_from_records():
    feature = '{"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}'
    layers = [feature, f'{{"features": [{feature}]}}', '{"name": "x", "type": "FeatureCollection", "features": []}']
    records = [
        f"[{feature}]",
        f'{{"code": 0, "data": {{"type": "FeatureCollection", "features": [{feature}]}}}}',
        '{"type": "list"}',
    ]
    assert [is_layer(text.encode()) for text in (*layers, *records)] == [True] * 3 + [False] * 3


def test_an_answer_of_tianditu_is_in_the_national_datum(tmp_path, take):
    poi = {"name": JIA, "lonlat": "121.23125,31.03015", "county": "松江区", "phone": "021-00000000", "ename": "Sample"}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"resultType": 1, "count": 1, "pois": [poi], "status": {"infocode": 1000}}), "utf-8")
    got = take(path)
    assert (got.report["datum"]["verdict"], got.row(JIA)["adcode"]) == ("wgs84", "310117")
    assert got.row(JIA)["lon"] == 121.23125


def test_feather_says_how_to_get_there(tmp_path, take):
    path = tmp_path / "a.feather"
    pd.DataFrame({"企业名称": [JIA]}).to_feather(path)
    with pytest.raises(DataError, match="parquet"):
        take(path)


def test_a_page_that_found_nothing_is_no_hindrance(tmp_path, take):
    place = {"name": JIA, "lonlat": "121.2312,31.0301", "address": "松江区荣乐东路301号"}
    pages = [{"resultType": 1, "pois": []}, {"resultType": 1, "pois": [place]}]
    path = tmp_path / "a.json"
    path.write_text("\n".join(map(json.dumps, pages)), encoding="utf-8")
    assert take(path).table["name"].tolist() == [JIA]


def test_of_several_keys_of_one_meaning_the_first_counts(tmp_path, take):
    place = {"name": JIA, "location": "121.2312,31.0301", "adname": "松江区", "county": "嘉定区", "area": "甲"}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"infocode": "10000", "pois": [place]}), encoding="utf-8")
    assert take(path).row(JIA)["adcode"] == "310117"

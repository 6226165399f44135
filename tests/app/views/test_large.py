"""Tables and files of large selections: pages in order, files that only their link gives."""

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.server import downloads as exports
from app.server.asgi import ROUTES
from app.ui.paging import sorted_rows
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.index.pinyin import sound_keys


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(3000, folder)
    return open_dataset(folder)


@pytest.mark.parametrize("column", ["name", "district", "capital_amount", "insured", "lon"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_are_in_the_order_of_the_column(data, column, descending):
    mask = data.mask(Filters(zone=("belt",)))
    rows = sorted_rows(data, column, mask, descending=descending)
    assert sorted(rows) == list(np.flatnonzero(mask))
    values = data.enterprises[column].iloc[rows].to_list()
    order = dict(zip(values, sound_keys(values).to_pylist() if isinstance(values[0], str) else values, strict=True))
    assert values == sorted(values, key=order.__getitem__, reverse=descending)
    if column == "district" and not descending:
        assert list(dict.fromkeys(values)) == ["宝山区", "嘉定区", "闵行区", "浦东新区", "松江区"]
    same = [k for k in range(1, len(rows)) if values[k] == values[k - 1]]
    assert all(rows[k] > rows[k - 1] for k in same)


def test_without_a_column_rows_stay_as_they_are(data):
    mask = data.mask(Filters(q="机器人"))
    assert list(sorted_rows(data, "", mask)) == list(np.flatnonzero(mask))


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Keep a file for a session; its token and itself."""
    monkeypatch.setattr(exports, "_exports", {})

    def keep(session: str, number: int = 0):
        file = tmp_path / f"{session}{number}-enterprises.csv"
        file.write_text(f"{session}{number}", encoding="utf-8")
        return exports.register_file(file, session), file

    return keep


def test_a_file_is_sent_to_who_has_its_address(kept):
    client = TestClient(Starlette(routes=ROUTES))
    token, _ = kept("a")
    answer = client.get(f"/exports/{token}")
    assert answer.text == "a0"
    assert "enterprises.csv" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    for wrong in ("nothing", "..%2F..%2Fetc%2Fpasswd"):
        assert client.get(f"/exports/{wrong}").status_code == 404


def test_files_push_out_those_of_their_own_session_only(kept):
    other, _ = kept("b")
    files = [kept("a", number) for number in range(exports.MAX_SESSION_EXPORTS + 2)]
    assert [exports.is_kept(token) for token, _ in files] == [False] * 2 + [True] * exports.MAX_SESSION_EXPORTS
    assert [file.exists() for _, file in files] == [False] * 2 + [True] * exports.MAX_SESSION_EXPORTS
    assert exports.is_kept(other)


def test_files_are_kept_for_a_time_and_up_to_a_sum(kept, monkeypatch):
    token, file = kept("a")
    monkeypatch.setattr(exports, "MAX_TOTAL_BYTES", 3)
    with pytest.raises(DataError, match="太多"):
        kept("b")
    assert exports.is_kept(token)
    monkeypatch.setattr(exports, "MAX_AGE_SECONDS", -1)
    later, _ = kept("c")
    assert (exports.is_kept(token), file.exists(), exports.is_kept(later)) == (False, False, True)

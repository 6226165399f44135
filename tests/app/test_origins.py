"""The pages say from which kinds of lists a selection comes, and what hangs on one of them."""

import pytest
from scipy.stats import binomtest

from geo.codes.options import ORIGIN_LABELS
from geo.places.districts import attributes
from tests.app.views.test_pages import DATA, open_app


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def test_the_map_says_where_its_rows_come_from():
    rows = DATA.enterprises[DATA.enterprises["adcode"] == "310117"]
    counts = rows["origin"].value_counts()
    assert len(counts) > 1
    app = open_app({"district": "310117"})
    said = [caption.value for caption in app.caption if "名单来源" in caption.value]
    assert len(said) == 1
    assert all(f"{ORIGIN_LABELS[str(code)].zh} {number}" in said[0] for code, number in counts.items())
    absent = set(ORIGIN_LABELS) - set(counts.index)
    assert not any(ORIGIN_LABELS[code].zh in said[0] for code in absent)


def claims_of_electronics(rows):
    """Places above (1) or below (−1) the whole, by the exact interval of their share in the industry."""
    placed = rows[rows["adcode"].astype(str).str.startswith("31")]
    own = placed[placed["industry"] == "electronics"]["adcode"].value_counts()
    found = {}
    for place, number in placed["adcode"].value_counts().items():
        interval = binomtest(int(own.get(place, 0)), int(own.sum())).proportion_ci(0.95, method="exact")
        share = number / len(placed)
        found[place] = int(interval.low > share) - int(interval.high < share)
    return found


def test_a_claim_that_hangs_on_one_list_is_said():
    rows = DATA.enterprises
    together = claims_of_electronics(rows)
    hanging = {}
    for origin in rows["origin"].unique():
        without = claims_of_electronics(rows[rows["origin"] != origin])
        lost = {place for place, claim in together.items() if claim and without.get(place) != claim}
        if lost:
            hanging[origin] = lost
    assert hanging, "the sample has a district whose claim hangs on one list"
    app = open_app({}, "districts")
    app.selectbox(key="districts.indicator").set_value("lq_electronics").run()
    assert not app.exception
    said = [warning.value for warning in app.warning if "只靠一种名单" in warning.value]
    assert len(said) == len(hanging)
    names = attributes()["name_zh"]
    for origin, lost in hanging.items():
        text = next(text for text in said if ORIGIN_LABELS[origin].zh in text)
        assert {place for place, name in names.items() if name in text} == lost

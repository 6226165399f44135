"""The pages say from which kinds of lists a selection comes, and what hangs on one of them."""

from streamlit.testing.v1 import AppTest

from geo.codes.options import ORIGIN_LABELS
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.indicators.origins import hangs_on_one, origins_of


def opened(page: str, **parameters: str) -> AppTest:
    app = AppTest.from_file("app/main.py", default_timeout=120)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(f"views/{page}.py").run()


def test_the_map_says_where_its_rows_come_from():
    counts = origins_of(load_dataset(), Filters(district=("310117",)))
    app = opened("map", district="310117")
    said = [caption.value for caption in app.caption if "名单来源" in caption.value]
    assert len(said) == 1
    assert all(f"{ORIGIN_LABELS[str(code)].zh} {number}" in said[0] for code, number in counts.items())


def test_a_claim_that_hangs_on_one_list_is_said():
    found = hangs_on_one(load_dataset(), Filters(), "lq_electronics")
    assert len(found), "the sample has a district whose claim hangs on one list"
    app = opened("districts/page", indicator="lq_electronics")
    said = [warning.value for warning in app.warning if "只靠一种名单" in warning.value]
    assert len(said) == found["origin"].nunique()

"""What hangs on one kind of list, on counts small enough to check by hand."""

import pandas as pd
import pytest

from geo.datasets.dataset import load_dataset
from geo.enterprises.table import as_enterprises
from geo.filters.filters import Filters
from geo.indicators.origins import hangs_on_one, origins_of


@pytest.fixture(scope="module")
def data():
    """Songjiang has 20 electronics firms, all from one register; elsewhere 60 of other industries from two lists."""
    songjiang = [("310117", "electronics", "mac-registry")] * 20 + [("310117", "auto", "published")] * 4
    others = [("310114", "auto", "published")] * 30 + [("310115", "equipment", "exchange")] * 30
    few = [("310115", "electronics", "published")] * 4
    rows = pd.DataFrame([*songjiang, *others, *few], columns=["adcode", "industry", "origin"])
    rows = rows.assign(
        enterprise_id=[f"E{row}" for row in range(len(rows))], name=[f"样例{row}" for row in range(len(rows))]
    )
    return load_dataset().with_enterprises(as_enterprises(rows.assign(zone="belt", location_precision="none")))


def test_lists_are_counted(data):
    assert origins_of(data, Filters()).to_dict() == {"published": 38, "exchange": 30, "mac-registry": 20}
    assert origins_of(data, Filters(industry=("electronics",))).to_dict() == {"mac-registry": 20, "published": 4}
    assert origins_of(data, Filters(origin=("exchange",))).to_dict() == {"exchange": 30}


def test_a_claim_that_one_register_makes_is_named(data):
    """Songjiang: 20 of 24 against 24 of 88; without the register 0 of 4 against 4 of 68."""
    found = hangs_on_one(data, Filters(), "lq_electronics")
    assert ("310117", "mac-registry", 1) in found.itertuples(index=False, name=None)
    assert ("310117", "exchange", 1) not in found.itertuples(index=False, name=None)


def test_one_list_alone_hangs_on_nothing(data):
    assert hangs_on_one(data, Filters(origin=("published",)), "lq_auto").empty
    assert hangs_on_one(data, Filters(), "density_km2").empty


def test_an_imported_list_has_no_kinds():
    sample = load_dataset().enterprises.head(40).assign(origin="")
    assert hangs_on_one(load_dataset().with_enterprises(sample), Filters(), "lq_auto").empty

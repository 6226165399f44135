"""A name, and what a list writes beside it."""

import pytest

from geo.ingest.values.names import BESIDE_NAME, MARK_BEFORE_NAME, read_name

FIRM = "样例甲有限公司"


@pytest.mark.parametrize(
    ("cell", "name", "former", "status", "problem"),
    [
        ("1." + FIRM, FIRM, "", "", BESIDE_NAME),
        ("12、" + FIRM, FIRM, "", "", BESIDE_NAME),
        ("（3）" + FIRM, FIRM, "", "", BESIDE_NAME),
        ("①" + FIRM, FIRM, "", "", BESIDE_NAME),
        ("★" + FIRM, FIRM, "", "", MARK_BEFORE_NAME),
        (FIRM + "*", FIRM, "", "", BESIDE_NAME),
        (FIRM + "②", FIRM, "", "", BESIDE_NAME),
        (FIRM + "[注1]", FIRM, "", "", BESIDE_NAME),
        (FIRM + "（已注销）", FIRM, "", "deregistered", BESIDE_NAME),
        (FIRM + " (吊销，未注销)", FIRM, "", "revoked", BESIDE_NAME),
        (FIRM + "（已迁出）", FIRM, "", "moved_out", BESIDE_NAME),
        (FIRM + "（原样例乙厂）", FIRM, "样例乙厂", "", BESIDE_NAME),
        (FIRM + "(曾用名：样例乙（上海）有限公司)", FIRM, "样例乙（上海）有限公司", "", BESIDE_NAME),
        (FIRM + "（原：样例乙有限公司）（已注销）", FIRM, "样例乙有限公司", "deregistered", BESIDE_NAME),
        ("样例甲\n有限公司", FIRM, "", "", ""),
        ("样例(上海)有限公司", "样例(上海)有限公司", "", "", ""),
        ("样例企业管理合伙企业（有限合伙）", "样例企业管理合伙企业（有限合伙）", "", "", ""),
        ("21世纪样例有限公司", "21世纪样例有限公司", "", "", ""),
        ("3.14样例有限公司", "3.14样例有限公司", "", "", ""),
        ("样例甲有限公司（临港工厂）", "样例甲有限公司（临港工厂）", "", "", ""),
        ("样例原子能研究所", "样例原子能研究所", "", "", ""),
    ],
)
def test_what_stands_beside_a_name_is_told_apart(cell, name, former, status, problem):
    assert read_name(cell)[:4] == (name, former, status, problem)


@pytest.mark.parametrize("cell", [f"{FIRM}/样例乙有限公司", f"{FIRM}\n样例乙厂", f"{FIRM}、样例乙有限公司"])
def test_several_enterprises_in_one_cell_are_told(cell):
    assert read_name(cell).several


@pytest.mark.parametrize("cell", [FIRM, f"{FIRM}\n松江分公司", "样例（甲、乙）有限公司"])
def test_one_enterprise_is_not_several(cell):
    assert not read_name(cell).several

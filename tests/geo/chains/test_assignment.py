"""Enterprises on nodes: by hand first, then by words and codes, with what each rests on."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.chains.assignment import (
    CHAIN_STAGES,
    CHAINS,
    FACTORY_NODE,
    NODE_BASES,
    customers_of,
    load_chains,
    nodes_of,
    on_node,
    suppliers_of,
)
from geo.enterprises.table import load_enterprises
from geo.index.keywords import Keywords

NODES = load_chains()
SAMPLE = load_enterprises()
COLUMNS = ["enterprise_id", "name", "industry", "industry_detail", "gb4754", "business_scope", "recognitions"]


def firms(*rows):
    """Enterprises of given name, industry, description, code, scope and recognitions."""
    return pd.DataFrame([(f"E{k}", *row, *[""] * (6 - len(row))) for k, row in enumerate(rows)], columns=COLUMNS)


def placed(*row):
    return nodes_of(firms(row)).iloc[0]


def test_every_chain_has_sixteen_nodes_in_three_stages():
    assert NODES.groupby("chain").size().to_dict() == dict.fromkeys(CHAINS, 16)
    assert set(zip(NODES["chain"], NODES["stage"], strict=True)) == {(c, s) for c in CHAINS for s in CHAIN_STAGES}


def test_suppliers_and_customers_mirror_each_other():
    for node in NODES.index:
        assert all(node in customers_of(other) for other in suppliers_of(node))
        assert all(node in suppliers_of(other) for other in customers_of(node))


def test_the_sample_stands_where_it_was_placed_by_hand():
    nodes = nodes_of(SAMPLE)
    assert nodes["node"].notna().sum() == 417
    assert nodes["basis"].value_counts().to_dict() == {
        **dict.fromkeys(NODE_BASES, 0), "detail": 207, "unverified": 166, "name": 44
    }  # fmt: skip
    kuka = nodes.loc[SAMPLE.index[SAMPLE["name"] == "库卡机器人(上海)有限公司"][0]]
    assert kuka[["node", "node_2", "basis", "keyword"]].tolist() == ["EQP-M1", "SMART-M1", "detail", "工业机器人"]


def test_rows_do_not_disturb_each_other():
    rows = [
        ("甲", "auto", "", "3670"),
        ("乙", "equipment", "", "3411"),
        ("丙", "equipment", "", "9999"),
        ("丁", "equipment", "电梯"),
    ]
    found = nodes_of(firms(*rows))
    assert found["node"].astype(object).where(found["node"].notna(), "").tolist() == ["", "EQP-M4", "", "EQP-M11"]


def test_a_blank_by_hand_is_not_filled_by_a_keyword():
    nodes = nodes_of(SAMPLE)
    row = SAMPLE.index[SAMPLE["name"] == "上海雅创电子集团股份有限公司"][0]  # its description holds a keyword
    assert pd.isna(nodes.at[row, "node"])


@pytest.mark.parametrize(
    ("row", "node", "basis"),
    [
        (("甲工业机器人公司", "equipment"), "EQP-M1", "name"),
        (("甲公司", "equipment", "工业机器人"), "EQP-M1", "detail"),
        (("甲公司", "equipment", "", "3411"), "EQP-M4", "code"),
        (("甲公司", "auto", "", "3670"), None, None),  # six nodes have this code
        (("甲公司", "equipment", "", "", "一般项目：销售；工业机器人制造"), "EQP-M1", "scope"),
        (("甲公司", "biomedicine", "", "", "一般项目：工业机器人制造"), "SMART-M1", "scope"),
        (("甲公司", "biomedicine", "", "", "一般项目：汽车座椅制造"), None, None),  # a scope lists foreign things
        (("甲公司", "other", "", "", "工业机器人销售"), None, None),
        (("甲公司", "", "", "", "汽车座椅制造"), "AUTO-M5", "scope"),
        (("James 公司", "equipment"), None, None),
        (("Ｍｅｓ软件公司", "equipment"), "SMART-M6", "name"),
    ],
)
def test_what_places_an_enterprise(row, node, basis):
    found = placed(*row)
    assert (found["node"] if node else None) == node
    assert (found["basis"] if basis else None) == basis
    assert pd.isna(found["node"]) == (node is None)


def test_the_second_node_and_a_smart_factory():
    found = placed("甲公司", "equipment", "工业机器人", "", "", "lighthouse;little-giant")
    assert found[["node", "node_2", "node_3"]].tolist() == ["EQP-M1", "SMART-M1", FACTORY_NODE]
    assert pd.isna(placed("甲公司", "equipment", "工业机器人", "", "", "little-giant")["node_3"])


def test_progress_reaches_the_end_and_may_stop_the_work(monkeypatch):
    monkeypatch.setattr("geo.chains.assignment.READ_ROWS", 100)
    told = []
    whole = nodes_of(SAMPLE, lambda done, rows: told.append((done, rows)))
    assert told == [(min(done, len(SAMPLE)), len(SAMPLE)) for done in range(100, len(SAMPLE) + 100, 100)]
    monkeypatch.undo()
    pd.testing.assert_frame_equal(whole, nodes_of(SAMPLE))

    def stop(_done, _rows):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        nodes_of(SAMPLE, stop)


def test_an_empty_table_has_the_same_columns():
    empty = nodes_of(SAMPLE.iloc[:0])
    assert list(empty.columns) == list(nodes_of(SAMPLE).columns)
    assert on_node(empty, "EQP-M1").shape == (0,)
    assert not on_node(nodes_of(SAMPLE), "no such node").any()


WORDS = ["机器人", "工业机器人", "人工", "MES", "erp", "器", "机器"]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.text("工业机器人 mesrpMESＭ;", max_size=14), max_size=4),
    st.lists(st.integers(0, 2), min_size=len(WORDS), max_size=len(WORDS)),
)
def test_the_automaton_finds_what_a_plain_search_finds(texts, weights):
    groups = list(range(len(WORDS)))
    best, _ = Keywords.build(WORDS, groups, groups).find(texts, [0] * len(texts), [weights])
    assert [int(k) for k in best] == [plain_search(text, weights) for text in texts]


def plain_search(text, weights):
    """Highest weight, then longest in UTF-8, then first to end; Latin words alone."""
    from geo.text import plain

    text = plain(text)
    hits = []
    for k, word in enumerate(map(plain, WORDS)):
        for at in range(len(text) - len(word) + 1):
            near = [text[at - 1 : at] if at else "", text[at + len(word) : at + len(word) + 1]]
            alone = not any(c and c.isascii() and c.isalnum() for c in near)
            if text.startswith(word, at) and (alone or not word.isascii()) and weights[k]:
                hits.append((-weights[k], -len(word.encode()), at + len(word), k))
    return min(hits)[-1] if hits else -1


def test_keywords_and_codes_say_which_rule_agrees_with_the_hand():
    """The figure in the reference: how often the words alone give the node that a hand gave."""
    strangers = nodes_of(SAMPLE.assign(enterprise_id=""))
    hand = nodes_of(SAMPLE)
    both = (hand["node"].notna() & strangers["node"].notna()).to_numpy()
    same = (hand["node"].astype(str) == strangers["node"].astype(str)).to_numpy() & both
    assert (int(np.sum(same)), int(np.sum(both))) == (243, 289)

"""Suggestions and ranked places on the map: what is drawn has a point, in the colours of the legend, text inert."""

import numpy as np
import pandas as pd

from geo.chains.assignment import nodes_of
from geo.chains.candidates import FITS
from geo.chains.scoring import score
from geo.chains.sites import Needs, fit_places
from layers.base import View
from layers.scored import FIT_COLOURS, draw_sites, draw_suggestions
from layers.scored import PLACE_COLOURS as PLACE_COLOURS
from tests.geo.chains.test_candidates import at, suggest, table
from tests.geo.chains.test_sites import FIRMS, PLACES

HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"


def properties(drawn):
    return [f["properties"] for layer in drawn.layer._children.values() for f in layer.data["features"]]


def test_suggestions_with_a_point_carry_rank_terms_and_colour():
    enterprises = table(
        {"industry_detail": "阀门"} | at(0),
        {"industry_detail": "工业机器人", "name": HOSTILE} | at(10),
        {"industry_detail": "工业机器人"},
        {"industry_detail": "电梯"} | at(5),
    )
    found = suggest(enterprises, "EQP-M1", [1, 0, 0, 0])
    marks = properties(draw_suggestions(enterprises, found, np.array([0]), View()))
    badges = [mark for mark in marks if mark["kind"] == "badge"]
    assert len(marks) == len(badges) + 1
    drawn = {mark["n"]: mark for mark in badges}
    ranks = found.scores.rank
    assert set(drawn) == {ranks["X1"], ranks["X3"], ranks["X0"]}  # X2 has no point
    first = drawn[ranks["X1"]]
    assert first["title"] == HOSTILE
    assert first["colour"] == FIT_COLOURS["node"]
    assert dict(first["rows"])["评分"] == f"{found.scores.total['X1']:.1f}"
    assert dict(first["rows"])["规模"] == "未知"


def test_the_legend_names_every_way_to_fit_in_its_colour():
    enterprises = table({"industry_detail": "阀门"})
    legend = draw_suggestions(enterprises, suggest(enterprises, "EQP-M1", [1]), np.array([], int), View()).legend
    assert [FIT_COLOURS[fit] in entry.swatch for fit, entry in zip(FITS, legend.entries, strict=False)] == [True] * 5
    assert len(legend.entries) == 6


def test_places_carry_their_rank_and_what_is_missing():
    terms, _, _ = fit_places(PLACES, Needs("EQP-M1"), FIRMS, nodes_of(FIRMS))
    scores = score(terms, dict.fromkeys(terms.columns, 1))
    drawn = draw_sites(PLACES.assign(name=HOSTILE), scores, View("en"), firm=(121.4, 31.0, HOSTILE))
    badges = [mark for mark in properties(drawn) if mark["kind"] == "badge"]
    assert {mark["n"] for mark in badges} == set(scores.rank[["P1", "P2", "T1"]])
    town = next(mark for mark in badges if mark["precision"] == "town")
    assert dict(town["rows"])["Published industries"] == "missing"
    assert town["colour"] == PLACE_COLOURS["town"]
    assert [PLACE_COLOURS[k] in e.swatch for k, e in zip(PLACE_COLOURS, drawn.legend.entries, strict=False)] == [
        True
    ] * 2


def test_nobody_and_nowhere_draw_nothing():
    nobody = table({"industry_detail": "整车", "industry": "auto"})
    assert properties(draw_suggestions(nobody, suggest(nobody, "EQP-M1", [0]), np.array([], int), View())) == []
    nowhere = PLACES.iloc[:0]
    assert properties(draw_sites(nowhere, score(pd.DataFrame({"type": []}), {"type": 1}), View())) == []

"""The reference names everything that a reader can name: columns, filters, codes, indicators, commands, layers."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

import geo
import geo.chains.candidates
import geo.chains.sites
from app.cli import COMMANDS
from app.records.shortlist import FOLLOW_UP_STAGES
from app.records.tables import METADATA
from app.server.asgi import ROUTES
from app.server.openapi import RESOURCES
from app.ui.address import OF_EVERY_PAGE, OF_THE_MAP, PARAMETERS
from app.ui.page import PAGES
from app.views.shortlist.visit import MAX_STOPS
from docs.build import built, main
from geo.chains.gaps import BACKTEST_METHODS
from geo.clusters.autocorrelation import AREA_KINDS
from geo.clusters.concentration import VERDICTS
from geo.clusters.eligibility import MIN_AREAS, MIN_CASES, MIN_FIRMS
from geo.clusters.lattice import LEAST_FIRMS
from geo.codes.options import STATUS_LABELS
from geo.enterprises.schema import BASIS_LABELS, COLUMNS, KIND_LABELS, PRECISION_LABELS, Column
from geo.export.selection import EXPORTERS
from geo.filters.filters import FACETS, Filters, options
from geo.indicators.definitions import INDICATORS
from geo.indicators.timeline import YEAR_BASES
from geo.plan import FIGURE_WEIGHTS, TARGET_STATUS
from geo.text import Text
from layers.classes import SCHEMES
from layers.map import LAYERS

DOCS = Path(__file__).resolve().parents[1] / "docs"
REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL))


def in_backticks(section):
    return set(re.findall(r"`([^`\n]+)`", SECTIONS[section]))


def rows_of(section):
    """First cells in backticks of the tables of a section."""
    return re.findall(r"^\| `([^`]+)` \|", SECTIONS[section], re.MULTILINE)


def test_the_tables_of_the_reference_are_those_of_the_code(capsys):
    stale = main(["--check"])
    assert not stale, f"run  .venv/bin/python -m docs.build  and look at the change:\n{capsys.readouterr().out}"


def test_a_change_of_the_code_makes_the_reference_stale(monkeypatch):
    monkeypatch.setitem(COLUMNS, "website", Column("website", Text("官网", "Website"), "网站"))
    assert "| `website` | 官网 | Website | 网站 |" in built(REFERENCE)
    assert built(REFERENCE) != REFERENCE
    assert built(built(REFERENCE)) == built(REFERENCE)


def test_a_block_that_is_missing_or_unknown_is_told():
    with pytest.raises(SystemExit, match="stages"):
        built(REFERENCE.replace("<!-- stages -->", "<!-- steps -->"))


def test_every_page_route_and_table_of_records():
    served = {*(route.path for route in ROUTES), *(resource.path for resource in RESOURCES)}
    assert {"/", *(f"/{page.name}" for page in PAGES[1:]), *served} == set(rows_of("页面与地址"))
    assert set(METADATA.tables) <= set(rows_of("跟进与记录"))
    assert rows_of("程序用的名称") == [f"geo.{name}" for name in geo.__all__]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_with_its_headers_and_meaning(column):
    zh, en = COLUMNS[column].label
    assert f"| `{column}` | {zh} | {en} | {COLUMNS[column].meaning} |" in SECTIONS["列"]


@pytest.mark.parametrize("name", [field.name for field in fields(Filters)] + ["lang"])
def test_every_parameter(name):
    assert name in rows_of("网址参数")


@pytest.mark.parametrize("facet", [*FACETS, "size"])
def test_every_option_with_its_names(facet):
    assert facet in in_backticks("筛选的代码")
    for code, (zh, en) in options(facet).items():
        assert f"| `{code}` | {zh} | {en} |" in SECTIONS["筛选的代码"]


@pytest.mark.parametrize("codes", [STATUS_LABELS, BASIS_LABELS, PRECISION_LABELS, KIND_LABELS])
def test_every_code_of_a_column(codes):
    for code, (zh, en) in codes.items():
        assert f"| `{code}` | {zh} | {en} |" in SECTIONS["列"]


@pytest.mark.parametrize("codes", [TARGET_STATUS, FIGURE_WEIGHTS, YEAR_BASES])
def test_every_word_of_the_plan(codes):
    for code, (zh, en) in codes.items():
        assert f"| `{code}` | {zh} | {en} |" in SECTIONS["计划"]
    assert set(rows_of("计划")) == {*TARGET_STATUS, *FIGURE_WEIGHTS, *YEAR_BASES}


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_in_its_order(name):
    assert name in rows_of("图层")
    assert rows_of("图层") == list(LAYERS)


@pytest.mark.parametrize("code", INDICATORS)
def test_every_indicator_with_unit_formula_caveat_and_source(code):
    known = INDICATORS[code]
    cells = [f"`{code}`", " / ".join(known.name), known.unit[0], known.formula[0], known.caveat[0], known.source[0]]
    assert all(cells)
    assert all([*known.unit, *known.formula, *known.caveat, *known.source])
    assert f"| {' | '.join(cells)} |" in SECTIONS["指标"]


@pytest.mark.parametrize("stage", FOLLOW_UP_STAGES)
def test_every_stage_with_its_names(stage):
    zh, en = FOLLOW_UP_STAGES[stage]
    assert f"| `{stage}` | {zh} | {en} |" in SECTIONS["跟进与记录"]
    assert f"至多 {MAX_STOPS} 条" in SECTIONS["跟进与记录"]


@pytest.mark.parametrize("code", SCHEMES)
def test_every_class_scheme_with_its_names(code):
    assert f"| `{code}` | {SCHEMES[code].zh} | {SCHEMES[code].en} |" in SECTIONS["指标"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command(name):
    assert name in rows_of("命令")
    assert f"python -m app {name}" in SECTIONS["命令"]


def test_nothing_is_named_that_does_not_exist():
    known = {code for facet in (*FACETS, "size") for code in options(facet)}
    assert set(rows_of("筛选的代码")) == known
    assert set(rows_of("命令")) == set(COMMANDS)
    assert rows_of("指标") == [*INDICATORS, *SCHEMES]
    assert set(rows_of("网址参数")) == {field.name for field in fields(Filters)} | {
        *PARAMETERS,
        *OF_THE_MAP,
        *OF_EVERY_PAGE,
    }
    assert in_backticks("列") >= {suffix.removeprefix(".") for suffix in EXPORTERS}


@pytest.mark.parametrize("codes", [AREA_KINDS, VERDICTS])
def test_every_answer_about_clusters(codes):
    text = (DOCS / "clusters.md").read_text(encoding="utf-8")
    for code, (zh, en) in codes.items():
        assert f"| `{code}` | {zh} | {en} |" in text


def test_every_bound_below_which_clusters_are_refused():
    text = (DOCS / "clusters.md").read_text(encoding="utf-8")
    assert f"本行业可用企业少于 {MIN_CASES} 家" in text
    assert f"全部可用企业少于 {MIN_FIRMS} 家" in text
    assert f"可检验的单元少于 {MIN_AREAS} 个" in text
    assert f"少于 {LEAST_FIRMS} 家企业的单元" in text


@pytest.mark.parametrize("file", sorted((DOCS / "adr").glob("*.md")), ids=lambda file: file.stem)
def test_every_decision_says_why_and_what_follows(file):
    text = file.read_text(encoding="utf-8")
    assert re.match(r"\d{4}-[a-z0-9-]+\.md", file.name)
    assert text.startswith(f"# {file.name[:4]} ")
    for heading in ("## Context|\\*\\*背景\\*\\*", "## Decision|\\*\\*决定\\*\\*", "## Consequences|\\*\\*后果\\*\\*"):
        assert len(re.findall(heading, text)) == 1


def test_decisions_are_numbered_without_gaps():
    numbers = [int(file.name[:4]) for file in sorted((DOCS / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "names",
    [
        geo.chains.gaps.GAP_TERMS,
        geo.chains.candidates.CANDIDATE_TERMS,
        geo.chains.sites.CRITERIA,
        BACKTEST_METHODS,
    ],
    ids=["gaps", "firms", "sites", "test"],
)
def test_every_term_of_a_score_is_explained(names):
    text = (DOCS / "chains.md").read_text(encoding="utf-8")
    assert [zh for zh, _ in names.values() if zh not in text and not zh.startswith("周边")] == []

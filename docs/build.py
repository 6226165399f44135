"""Write the tables of `docs/reference.md` anew from the tables of the code: `python -m docs.build [--check]`.

The page is prose written by hand; between ``<!-- NAME -->`` and ``<!-- /NAME -->`` stands what follows from the code,
one function here for each name.
"""

import argparse
import difflib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

import geo
from app.cli import COMMANDS, _parser
from app.i18n import word
from app.records.permissions import PERMISSIONS, ROLES
from app.records.shortlist import FOLLOW_UP_STAGES
from app.records.tables import METADATA
from app.server.asgi import ROUTES
from app.server.openapi import RESOURCES
from app.server.resource import Resource
from app.ui.address import OF_EVERY_PAGE, OF_THE_MAP, PARAMETERS
from app.ui.page import PAGES
from geo.enterprises.schema import COLUMNS, DISTANCES, Column
from geo.export.selection import EXPORTERS
from geo.filters.filters import CONDITIONS, FACETS, Filters, options
from geo.indicators.definitions import INDICATORS
from geo.indicators.timeline import YEAR_BASES
from geo.installation import VARIABLES
from geo.plan import FIGURE_WEIGHTS, TARGET_STATUS
from geo.text import Text
from layers.classes import SCHEMES
from layers.map import LAYERS

ROOT: Final = Path(__file__).resolve().parents[1]
REFERENCE: Final = ROOT / "docs" / "reference.md"
LANGUAGES: Final = ("zh", "en")


def table(headers: str, rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; `headers` are joined by ``|``."""
    lines = [headers.split("|"), ["---"] * (headers.count("|") + 1)]
    lines += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" if line[0] != "---" else f"|{'|'.join(line)}|" for line in lines)


def code(text: object) -> str:
    """Text as code."""
    return f"`{text}`"


def codes(names: Mapping[str, tuple[str, str]]) -> str:
    """A table of codes with their names."""
    return table("代码|中文|English", ((code(name), *pair) for name, pair in names.items()))


def summary(thing: object) -> str:
    """First sentence of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def parameters() -> str:
    """Parameters of a link: the fields of the filters."""

    def what(name: str) -> str:
        if name in FACETS:
            return f"列 `{FACETS[name]}` 的代码"
        return "条件" if name in CONDITIONS else "文字"

    names = [field.name for field in fields(Filters)]
    rows = ((code(name), *(word(f"filter.{name}", lang) for lang in LANGUAGES), what(name)) for name in names)
    return table("参数|中文|English|取值", [*rows, (code("lang"), "语言", "Language", "`zh`、`en`，不参与筛选")])


def choices() -> str:
    """Parameters of a link that are no filters: dataset, the map's view, choices of the pages."""
    everywhere = ((code(name), "各页", *_words(label)) for name, label in OF_EVERY_PAGE.items())
    maps = ((code(name), "有企业地图的页", *_words(label)) for name, label in OF_THE_MAP.items())
    own = (
        (code(name), "、".join(word(f"nav.{page}", "zh") for page in parameter.pages), *_words(parameter.label))
        for name, parameter in PARAMETERS.items()
    )
    return table("参数|页面|中文|English", [*everywhere, *maps, *own])


def _words(label: str) -> tuple[str, ...]:
    return tuple(word(label, lang) for lang in LANGUAGES)


def facets() -> str:
    """Options of every facet."""
    said = {**FACETS, "size": "size"}
    return "\n\n".join(
        f"### `{name}`：{word(f'filter.{name}', 'zh')}（列 `{column}`）\n\n{codes(options(name))}"
        for name, column in said.items()
    )


def columns() -> str:
    """Columns of the table of enterprises."""
    rows = (
        (code(column.name), *column.label, column.meaning, *("是" if yes else "" for yes in _uses(column)))
        for column in (COLUMNS | DISTANCES).values()
    )
    return table("列|中文表头|English header|内容|导入|导出|检索|对比|更正", rows)


def _uses(column: Column) -> tuple[bool, ...]:
    return bool(column.spellings), column.public, column.searched, column.compared, column.correctable


def column_codes() -> str:
    """Codes of the columns that are no facet."""
    own = {name: column.codes() for name, column in COLUMNS.items() if column.codes and name not in FACETS.values()}
    return "\n\n".join(f"#### `{name}`\n\n{codes(names)}" for name, names in own.items() if len(names) < 20)


def spellings() -> str:
    """Headers under which an import knows a column."""
    known = ((code(column.name), column.spellings) for column in COLUMNS.values() if column.spellings)
    return table("列|认得的表头", known)


def layers() -> str:
    """Layers of the map, bottom to top."""
    return table(
        "图层|初始|画的是什么",
        ((code(name), "开" if layer.on else "关", summary(layer.draw)) for name, layer in LAYERS.items()),
    )


def indicators() -> str:
    """Indicators with unit, formula, caveat and source."""
    rows = (
        (code(name), " / ".join(one.name), one.unit[0], one.formula[0], one.caveat[0], one.source[0])
        for name, one in INDICATORS.items()
    )
    return table("代码|名称|单位|公式|局限|出处", rows)


def commands() -> str:
    """Commands with their options."""
    return table("命令|作用|选项", ((code(name), entry.help, _usage(name)) for name, entry in COMMANDS.items()))


def _usage(name: str) -> str:
    whole = next(a for a in _parser([name])._actions if isinstance(a, argparse._SubParsersAction))
    actions = [action for action in whole.choices[name]._actions if action.dest != "help"]
    said = (
        f"`{action.option_strings[0] if action.option_strings else action.metavar or action.dest}` {action.help}"
        for action in actions
    )
    return "；".join(said).replace("`out` None", "`out`")


def pages() -> str:
    """Pages and their addresses."""
    rows = (
        (code("/" if page is PAGES[0] else f"/{page.name}"), *(word(f"nav.{page.name}", lang) for lang in LANGUAGES))
        for page in PAGES
    )
    helped = [
        (*row, word(f"nav.{page.name}.help", "zh"), code(f"app/views/{page.script}"))
        for row, page in zip(rows, PAGES, strict=True)
    ]
    return table("地址|中文|English|用途|文件", helped)


def routes() -> str:
    """Addresses beside the pages."""
    return table("地址|方法", ((code(route.path), "、".join(sorted(route.methods or []))) for route in ROUTES))


def resources() -> str:
    """Addresses for other programs."""

    def taken(one: Resource) -> str:
        names = [code(parameter.name) for parameter in one.parameters]
        return "、".join([*names, *(["筛选（[网址参数](#网址参数)）"] if one.filtered else [])])

    return table("地址|中文|English|参数", ((code(one.path), *one.summary, taken(one)) for one in RESOURCES))


def formats() -> str:
    """Formats of an export."""
    return "、".join(code(suffix.removeprefix(".")) for suffix in EXPORTERS)


def records() -> str:
    """Tables of what people keep."""
    rows = (
        (code(one.name), one.info.get("title", ""), "、".join(code(column.name) for column in one.columns))
        for one in METADATA.sorted_tables
    )
    return table("表|中文|列", rows)


def roles() -> str:
    """Roles of who signs in, and the lowest that may do something."""
    may = {one.role: one.label for one in PERMISSIONS.values()}
    rows = ((code(role), *name, *may.get(role, Text("–", "–"))) for role, name in ROLES.items())
    return table("角色|中文|English|可以|May", rows)


def settings() -> str:
    """Environment variables that an installation may set, with what the README says of them."""
    told = dict(re.findall(r"^\| `(EXPLORER_\w+)` \| (.+) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    return table("变量|作用", ((code(name), told[name].replace("](docs/", "](")) for name in VARIABLES))


def public_names() -> str:
    """Names of `geo` that other programs use."""
    rows = ((code(f"geo.{name}"), code(geo._MODULE_OF[name]), summary(getattr(geo, name))) for name in geo.__all__)
    return table("名称|在哪里|是什么", rows)


def schemes() -> str:
    """Class schemes of a choropleth."""
    return codes({name: (scheme.zh, scheme.en) for name, scheme in SCHEMES.items()})


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "parameters": parameters,
    "choices": choices,
    "facets": facets,
    "columns": columns,
    "column-codes": column_codes,
    "spellings": spellings,
    "formats": formats,
    "layers": layers,
    "indicators": indicators,
    "schemes": schemes,
    "pages": pages,
    "routes": routes,
    "resources": resources,
    "commands": commands,
    "plan-status": lambda: codes(TARGET_STATUS),
    "plan-weights": lambda: codes(FIGURE_WEIGHTS),
    "plan-bases": lambda: codes(YEAR_BASES),
    "stages": lambda: codes(FOLLOW_UP_STAGES),
    "roles": roles,
    "records": records,
    "settings": settings,
    "public-names": public_names,
}
"""Name of a block in the page → what stands in it."""


def built(text: str) -> str:
    """The page with every block as the code has it now."""
    found = re.findall(r"^<!-- ([a-z-]+) -->$", text, re.MULTILINE)
    if found != list(dict.fromkeys(found)) or set(found) != set(BLOCKS):
        raise SystemExit(f"docs/reference.md: blocks {sorted(set(found) ^ set(BLOCKS))} are missing, unknown or double")
    for name in found:
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        _, _, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}<!-- {name} -->\n\n{BLOCKS[name]()}\n\n<!-- /{name} -->{after}"
    return text


def main(arguments: list[str] | None = None) -> int:
    """Command line; with ``--check`` nothing is written, and the exit code is 1 when something would change."""
    text = REFERENCE.read_text(encoding="utf-8")
    now = built(text)
    if "--check" not in (sys.argv[1:] if arguments is None else arguments):
        REFERENCE.write_text(now, encoding="utf-8", newline="\n")
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(text.splitlines(True), now.splitlines(True), "as it is", "as it would be", n=0)
    )
    return int(text != now)


if __name__ == "__main__":
    sys.exit(main())

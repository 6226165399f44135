"""The pipeline: projects of enterprises that landed, from signing to the first tax, each step planned and done.

A project tells of the dataset that its enterprise was picked from, and is shown with that.  Every change is a line in the
log; two people who change different things of one project both keep what they wrote.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.enterprises import EnterpriseKey, same_key
from app.records.people import MAX_NAME_CHARACTERS, writer
from app.records.permissions import ANYBODY, Person
from app.records.tables import MILESTONE_NAMES, PROJECTS
from app.records.visibility import may_see, visible
from geo.errors import DataError
from geo.filters.filters import options

MILESTONES: Final[dict[str, tuple[str, str]]] = {
    "signing": ("签约", "Signing"),
    "start": ("开工", "Start of building"),
    "production": ("投产", "Production"),
    "tax": ("纳税", "First tax"),
}
"""Steps of a project, in their order."""

REACHED: Final[dict[str, tuple[str, str]]] = {
    "": ("待签约", "Not signed"),
    "signing": ("已签约", "Signed"),
    "start": ("已开工", "Being built"),
    "production": ("已投产", "In production"),
    "tax": ("已纳税", "Pays tax"),
}
"""The last step that was done → how far that is."""

UNITS: Final[dict[str, tuple[float, tuple[str, str]]]] = {
    "wan": (1e4, ("万", "10 thousand")),
    "yi": (1e8, ("亿", "100 million")),
}
"""Unit of an amount → its size, and its name before that of the currency."""

PROJECT_CURRENCIES: Final[dict[str, tuple[str, str]]] = {
    "CNY": ("人民币", "CNY"),
    "USD": ("美元", "USD"),
    "EUR": ("欧元", "EUR"),
    "HKD": ("港元", "HKD"),
    "JPY": ("日元", "JPY"),
}
"""Currency, ISO 4217 → its name."""

_AMOUNT: Final = ("amount", "unit", "currency")
"""One figure: who changes a part of it has seen the others."""

DAYS: Final = tuple(f"{step}_{kind}" for step in MILESTONE_NAMES for kind in ("planned", "actual"))
PROJECT_FIELDS: Final = (
    "title",
    "adcode",
    "amount",
    "unit",
    "currency",
    "land_mu",
    *DAYS,
    "department",
    "owner",
    "files",
)
"""What a person writes of a project."""

MAX_PROJECT_CHARACTERS: Final = {"title": 200, "department": 100, "owner": MAX_NAME_CHARACTERS, "files": 4000}
MAX_AMOUNT: Final = 1e7
"""Of the amount, in its unit, and of the land [mu]: more is a slip of the pen."""


@dataclass(frozen=True)
class Project:
    """What an enterprise builds; `amount` in `unit` of `currency`, `land_mu` in mu, `files` a link or path a line."""

    id: int
    firm: EnterpriseKey
    title: str
    adcode: str
    amount: float | None
    unit: str
    currency: str
    land_mu: float | None
    signing_planned: date | None
    signing_actual: date | None
    start_planned: date | None
    start_actual: date | None
    production_planned: date | None
    production_actual: date | None
    tax_planned: date | None
    tax_actual: date | None
    department: str
    owner: str
    files: str
    added: str
    added_by: str
    changed: str
    changed_by: str
    version: int

    @property
    def reached(self) -> str:
        """The last step that was done; empty before the first."""
        return next((step for step in reversed(MILESTONE_NAMES) if getattr(self, f"{step}_actual")), "")

    @property
    def investment(self) -> float | None:
        """Amount in the unit of its currency."""
        return None if self.amount is None else self.amount * UNITS[self.unit][0]

    def overdue(self, today: date) -> list[str]:
        """Steps whose planned day has passed, after the last one that was done: what follows a step has taken it along."""
        left = MILESTONE_NAMES[MILESTONE_NAMES.index(self.reached) + 1 :] if self.reached else MILESTONE_NAMES
        days = {step: getattr(self, f"{step}_planned") for step in left}
        return [step for step, day in days.items() if day is not None and day < today]


def is_link(text: str) -> bool:
    r"""Whether a line of `files` may be opened by a click; all others are shown as text.

    Examples
    --------
    >>> is_link("https://files.example.cn/a.pdf"), is_link("javascript:alert(1)"), is_link(r"\\server\a.pdf")
    (True, False, False)
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def projects(db: Engine, person: Person = ANYBODY) -> list[Project]:
    """All projects that a person may see, the latest change first."""
    with reading(db) as connection:
        rows = connection.execute(select(PROJECTS).order_by(PROJECTS.c.changed.desc(), PROJECTS.c.id.desc())).all()
    return visible([_project(row) for row in rows], person, _dataset)


def add(db: Engine, firm: EnterpriseKey, title: str, who: Person | str) -> Project:
    """Begin a project of an enterprise, in the district where it was when it was picked.

    Raises
    ------
    DataError
        When the person may not write, or may not know of the dataset of the enterprise, or this has such a project.
    """
    name, asking = writer(who), _asking(who)
    _check_seen(asking, firm.dataset)
    adcode = str(firm.facts.get("adcode") or "")
    wanted = dict.fromkeys(("amount", "land_mu", *DAYS)) | {"currency": "CNY", "unit": "wan", "department": ""}
    title = str(_value("title", title or firm.name))
    wanted |= {"title": title, "owner": name, "files": ""}
    wanted |= {"adcode": adcode if adcode in options("district") else ""}
    with writing(db) as connection:
        _check_seen(asking, firm.dataset)
        _check_new(connection, firm, title, asking)
        return _insert(connection, firm, wanted, name, 1)


def change(db: Engine, base: Project, wanted: Mapping[str, Any], who: Person | str) -> Project:
    """Change a project as a person saw it; what others changed meanwhile stays.

    Parameters
    ----------
    base : Project
        As the person saw it.
    wanted : mapping
        Fields of `PROJECT_FIELDS` → value; those that are as in `base` count as not changed.
    who : Person or str

    Raises
    ------
    DataError
        When a value cannot be, both changed the same field, the project was removed, or it is not the person's to see:
        nothing is written then.
    """
    name, asking = writer(who), _asking(who)
    _check_seen(asking, base.firm.dataset)
    mine = {field: _value(field, value) for field, value in wanted.items()}
    mine = {field: value for field, value in mine.items() if value != getattr(base, field)}
    with writing(db) as connection:
        held = _by_id(connection, base.id)
        if held is None or not may_see(asking, held.firm.dataset):
            raise DataError("这个项目已被移除，没有保存", value=base.title, cause="见操作记录")
        if mine.keys() & set(_AMOUNT) and any(
            getattr(held, field) not in (getattr(base, field), mine.get(field, getattr(base, field)))
            for field in _AMOUNT
        ):
            said = " ".join(str(getattr(held, field)) for field in _AMOUNT)
            raise DataError(f"{held.changed_by} 刚改了同一项，没有保存；再按一次保存即以你写的为准", value=said)
        for field, value in mine.items():
            theirs = getattr(held, field)
            if theirs not in (getattr(base, field), value):
                raise DataError(
                    f"{held.changed_by} 刚改了同一项，没有保存；再按一次保存即以你写的为准", value=str(theirs)
                )
        mine = {field: value for field, value in mine.items() if value != getattr(held, field)}
        if not mine:
            return held
        changed = replace(held, **mine, changed=now(), changed_by=name, version=held.version + 1)
        stamped = {field: getattr(changed, field) for field in (*mine, "changed", "changed_by", "version")}
        connection.execute(update(PROJECTS).where(PROJECTS.c.id == held.id).values(stamped))
        fields = {field: (getattr(held, field), value) for field, value in mine.items()}
        log.write(connection, name, "change", "project", held.id, held.title, fields, held.firm.dataset)
        return changed


def remove(db: Engine, base: Project, who: Person | str) -> None:
    """Take a project away; what it held stays in the log.

    Raises
    ------
    DataError
        When it was changed since the person saw it, or the person may not.
    """
    name, asking = writer(who), _asking(who)
    _check_seen(asking, base.firm.dataset)
    with writing(db) as connection:
        held = _by_id(connection, base.id)
        if held is None or not may_see(asking, held.firm.dataset):
            return
        if held.version != base.version:
            raise DataError("这个项目刚被修改，没有移除；请看过再移除", value=f"{held.changed_by} {held.changed[:16]}")
        connection.execute(delete(PROJECTS).where(PROJECTS.c.id == held.id))
        fields = {field: (getattr(held, field), "") for field in PROJECT_FIELDS}
        log.write(connection, name, "remove", "project", held.id, held.title, fields, held.firm.dataset)


def restore(db: Engine, held: Project, who: Person | str) -> Project:
    """Put a project back as it was when it was taken away, under its id; errors as for `add`."""
    name, asking = writer(who), _asking(who)
    _check_seen(asking, held.firm.dataset)
    with writing(db) as connection:
        _check_seen(asking, held.firm.dataset)
        _check_new(connection, held.firm, held.title, asking)
        fields = {field: getattr(held, field) for field in PROJECT_FIELDS}
        return _insert(connection, held.firm, fields, name, held.version + 1, held.id)


def current_project(db: Engine, project_id: int, person: Person) -> Project | None:
    """A project as the database has it now; None where it was removed or is not the person's to see."""
    with reading(db) as connection:
        held = _by_id(connection, project_id)
    return held if held is not None and may_see(person, held.firm.dataset) else None


def _check_new(connection: Connection, firm: EnterpriseKey, title: str, asking: Person) -> None:
    """An enterprise may have several projects, but none twice; asked within the transaction that writes."""
    rows = connection.execute(select(PROJECTS).where(same_key(PROJECTS, firm) & (PROJECTS.c.title == title))).all()
    if visible([_project(row) for row in rows], asking, _dataset):
        raise DataError("这家企业已有同名的项目，没有再建", value=title)


def _insert(
    connection: Connection,
    firm: EnterpriseKey,
    wanted: dict[str, Any],
    who: str,
    version: int,
    given: int | None = None,
) -> Project:
    stamp: dict[str, Any] = {"added": now(), "added_by": who, "changed": now(), "changed_by": who, "version": version}
    row = firm.columns() | wanted | stamp | ({} if given is None else {"id": given})
    made = connection.execute(insert(PROJECTS).values(row).returning(PROJECTS.c.id)).scalar_one()
    fields = {field: ("", value) for field, value in wanted.items() if value not in (None, "")}
    log.write(connection, who, "add", "project", made, wanted["title"], fields, firm.dataset)
    return Project(id=made, firm=EnterpriseKey(firm.name, firm.uscc, dataset=firm.dataset), **wanted, **stamp)


def _asking(who: Person | str) -> Person:
    return who if isinstance(who, Person) else ANYBODY


def _check_seen(asking: Person, dataset: str) -> None:
    if not may_see(asking, dataset):
        raise DataError("没有这个数据集", value=dataset)


def _by_id(connection: Connection, project_id: int) -> Project | None:
    row = connection.execute(select(PROJECTS).where(PROJECTS.c.id == project_id)).one_or_none()
    return None if row is None else _project(row)


def _project(row: Row[Any]) -> Project:
    values = dict(row._mapping)
    firm = EnterpriseKey(values["name"], values["uscc"], dataset=values["dataset"])
    return Project(firm=firm, **{name: values[name] for name in Project.__annotations__ if name != "firm"})


def _value(name: str, value: Any) -> Any:
    """A value as it is kept."""
    if name in DAYS:
        if value is not None and name.endswith("_actual") and value > date.today():
            step = MILESTONES[name.removesuffix("_actual")][0]
            raise DataError(f"{step}的实际日期还没有到", value=value.isoformat(), expected="今天或以前的日期")
        return value
    if name in ("amount", "land_mu"):
        if value is None:
            return None
        number = float(value)
        if not (math.isfinite(number) and 0 <= number <= MAX_AMOUNT):
            what = "投资额" if name == "amount" else "用地"
            raise DataError(f"{what}不是可信的数", value=value, expected=f"0 到 {MAX_AMOUNT:,.0f}")
        return number
    known: Mapping[str, Any] | None = {
        "adcode": options("district"),
        "unit": UNITS,
        "currency": PROJECT_CURRENCIES,
    }.get(name)
    if known is not None:
        if value not in known and (value or name != "adcode"):
            raise DataError("项目没有这个选项", value=value, expected="、".join(known))
        return value
    if name not in MAX_PROJECT_CHARACTERS:
        raise DataError("项目没有这一项", value=name, expected="、".join(PROJECT_FIELDS))
    text = clean(str(value), MAX_PROJECT_CHARACTERS[name], lines=name == "files")
    if name in ("title", "owner") and not text:
        raise DataError("项目要有名称" if name == "title" else "项目要有负责人")
    return "\n".join(filter(None, (line.strip() for line in text.split("\n")))) if name == "files" else text


def _dataset(one: Project) -> str:
    return one.firm.dataset

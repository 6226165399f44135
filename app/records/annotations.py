"""Annotations: a point, line or polygon that a person drew on the map of a dataset, with a text, author and moment.

An annotation is shown with its dataset, to whoever may know of that.  None is changed: one is taken away and put back.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shapely import Point, is_valid
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select

from app.records import log
from app.records.database import clean, now, reading, writing
from app.records.people import writer
from app.records.permissions import ANYBODY, Person
from app.records.tables import ANNOTATIONS
from app.records.visibility import may_see
from geo.errors import DataError

MAX_ANNOTATION_CHARACTERS: Final = 600
"""As much as a popup of the map shows."""

MAX_ANNOTATION_VERTICES: Final = 200
MAX_ANNOTATIONS: Final = 300
"""Of one dataset: all of them go to the browser with its map."""

_KINDS: Final = ("Point", "LineString", "Polygon")
_MAP_SIDES: Final = (119.0, 29.6, 124.0, 32.8)
"""West, south, east, north of what may be drawn on [degrees, WGS-84]."""


@dataclass(frozen=True)
class Annotation:
    """What somebody drew and wrote; `drawn` is in degrees, WGS-84, `dataset` the key of the set, empty for the sample."""

    id: int
    dataset: str
    text: str
    drawn: BaseGeometry
    author: str
    added: str

    @property
    def middle(self) -> Point:
        """A point on it [degrees, WGS-84]."""
        return self.drawn.representative_point()


def annotations(db: Engine, dataset: str, person: Person = ANYBODY) -> list[Annotation]:
    """Those of a dataset, the latest first; none where the person may not know of the dataset."""
    if not may_see(person, dataset):
        return []
    chosen = select(ANNOTATIONS).where(ANNOTATIONS.c.dataset == dataset).order_by(ANNOTATIONS.c.id.desc())
    with reading(db) as connection:
        return [_annotation(row) for row in connection.execute(chosen)]


def add(db: Engine, dataset: str, text: str, drawn: Mapping[str, Any], who: Person | str) -> Annotation:
    """Keep an annotation.

    Parameters
    ----------
    db : Engine
    dataset : str
        Key of the dataset whose map it is drawn on.
    text : str
    drawn : mapping
        A geometry of GeoJSON, in degrees, WGS-84: a point, a line or a polygon.
    who : Person or str

    Raises
    ------
    DataError
        When the person may not write or know of the dataset, there is no text, the shape cannot be, or there are too many.
    """
    author = writer(who)
    text = clean(text, MAX_ANNOTATION_CHARACTERS, lines=True)
    if not text:
        raise DataError("标注要写一句话")
    values = {"text": text, "geometry": mapping(drawn_shape(drawn)), "author": author, "added": now()}
    with writing(db) as connection:
        return _insert(connection, dataset, values, "add", who)


def remove(db: Engine, held: Annotation, who: Person | str) -> bool:
    """Take an annotation away, unless somebody else did; whether it was there.  What it said stays in the log.

    Raises
    ------
    DataError
        When the person may not write.
    """
    name = writer(who)
    with writing(db) as connection:
        row = connection.execute(select(ANNOTATIONS).where(ANNOTATIONS.c.id == held.id)).one_or_none()
        if row is None or not may_see(_asking(who), row.dataset):
            return False
        connection.execute(delete(ANNOTATIONS).where(ANNOTATIONS.c.id == held.id))
        fields = {"text": (row.text, ""), "geometry": (held.drawn.wkt, ""), "author": (row.author, "")}
        log.write(connection, name, "remove", "annotation", row.id, row.text[:60], fields, row.dataset)
    return True


def restore(db: Engine, held: Annotation, who: Person | str) -> Annotation:
    """Put an annotation back under its id, with its author and moment, unless it is there; errors as for `add`."""
    writer(who)
    values = {"id": held.id, "text": held.text, "geometry": mapping(held.drawn), "author": held.author}
    with writing(db) as connection:
        row = connection.execute(select(ANNOTATIONS).where(ANNOTATIONS.c.id == held.id)).one_or_none()
        if row is not None and may_see(_asking(who), row.dataset):
            return _annotation(row)
        return _insert(connection, held.dataset, values | {"added": held.added}, "undo", who)


def _insert(
    connection: Connection, dataset: str, values: Mapping[str, Any], action: str, who: Person | str
) -> Annotation:
    if not may_see(_asking(who), dataset):
        raise DataError("没有这个数据集，或不能看")
    there = select(func.count()).select_from(ANNOTATIONS).where(ANNOTATIONS.c.dataset == dataset)
    if connection.execute(there).scalar_one() >= MAX_ANNOTATIONS:
        raise DataError("这个数据集的标注太多", expected=f"至多 {MAX_ANNOTATIONS} 条")
    made = insert(ANNOTATIONS).values(dataset=dataset, **values).returning(ANNOTATIONS)
    kept = _annotation(connection.execute(made).one())
    fields = {"text": ("", kept.text), "geometry": ("", kept.drawn.wkt)}
    log.write(connection, writer(who), action, "annotation", kept.id, kept.text[:60], fields, dataset)
    return kept


def _asking(who: Person | str) -> Person:
    return who if isinstance(who, Person) else ANYBODY


def drawn_shape(drawn: Mapping[str, Any]) -> BaseGeometry:
    """A geometry of GeoJSON as it may be kept [degrees, WGS-84].

    Raises
    ------
    DataError
        When it cannot be read, is no point, line or simple polygon, leaves the map, or has too many vertices.

    Examples
    --------
    >>> drawn_shape({"type": "Point", "coordinates": [121.5, 31.2]}).wkt
    'POINT (121.5 31.2)'
    """
    try:
        made = shape(drawn)
        sides = made.bounds
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, GEOSException) as error:
        raise DataError("画的读不出来", cause="请重画") from error
    if made.geom_type not in _KINDS or made.is_empty or made.has_z or not is_valid(made):
        raise DataError("画的不是一个点、一条线或一个不自相交的多边形", value=made.geom_type, cause="请重画")
    inside = (
        sides[0] >= _MAP_SIDES[0]
        and sides[1] >= _MAP_SIDES[1]
        and sides[2] <= _MAP_SIDES[2]
        and sides[3] <= _MAP_SIDES[3]
    )
    if not all(map(math.isfinite, sides)) or not inside:
        raise DataError("画的在地图以外", expected="东经 119 到 124 度、北纬 29.6 到 32.8 度")
    if sum(len(part.coords) for part in _lines(made)) > MAX_ANNOTATION_VERTICES:
        raise DataError("画的顶点太多", expected=f"至多 {MAX_ANNOTATION_VERTICES} 个")
    return made


def _lines(made: BaseGeometry) -> list[Any]:
    return [made.exterior, *made.interiors] if made.geom_type == "Polygon" else [made]


def _annotation(row: Row[Any]) -> Annotation:
    return Annotation(row.id, row.dataset, row.text, shape(row.geometry), row.author, row.added)

"""The enterprises of a selection: marks while they are few, map tiles and counted badges when they are many.

Colours, shapes, legend and cards are those of `layers.enterprises`; which of the two ways is taken shows in nothing
but the number of marks.  In the app both come from the server that the pages come from, and a page carries their
addresses only; a file that is taken along holds the marks, or the images of the far zooms.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.options import DOUBTFUL_EVIDENCE
from geo.crs import Datum, from_wgs84, to_wgs84
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import PRECISION as PRECISION_DIMENSION
from geo.datasets.encoding import as_selection, build_facet_index
from geo.enterprises.table import with_points
from geo.filters.filters import FILTER_FIELDS, Filters
from geo.index.facets import FacetIndex
from geo.index.morton import BITS
from geo.index.tiles import BLUES, MAX_ZOOM, Style, empty_tile, encode_tile, log_breaks, mark_zoom
from geo.indicators.timeline import Until, known_until
from geo.places.geocoding import POINT_PRECISIONS, PRECISIONS
from geo.places.zones import CORE
from layers.base import INDUSTRY_COLOURS, Drawn, Legend, View
from layers.enterprises import BADGE, AreaTotal, area_code, area_codes, enterprise_legend, gather, known_only
from layers.escape import plain
from layers.filter_areas import draw_limits
from layers.tile_group import tile_group
from layers.totals import account, area_totals

MARKS_LIMIT: Final = 4000
"""Located enterprises of a selection up to which each is a mark of its own."""

MAX_NAMED_ENTERPRISES: Final = 5
"""Enterprises of one place that its mark names; of more it says how many."""

MOST_CARDS: Final = 20
FAR_ZOOMS: Final = range(8, 12)
MOST_IMAGES: Final = 240
TILE_STYLE: Final = Style(
    "industry",
    {code: colour for code, colour in INDUSTRY_COLOURS.items() if code},
    other=INDUSTRY_COLOURS["other"],
    faint_by=PRECISION_DIMENSION,
    faint=("road",),
    dotted_by="evidence",
    dotted=DOUBTFUL_EVIDENCE,
    ramp=BLUES,
)
"""How the tiles look: the colours of the industries, a road's mark half transparent, a dotted rim where unverified."""


def draw_selection(
    data: Dataset,
    filters: Filters,
    view: View,
    set_id: str = "",
    until: Until | None = None,
    followed: Sequence[int] = (),
) -> Drawn:
    """Draw what the filters select of `data.enterprises`.

    Parameters
    ----------
    data : Dataset
        The whole set.
    filters : Filters
    view : View
    set_id : str
        Id under which the server serves the set, and the map asks for its marks or tiles; without one the document
        holds them, of a large selection the images of the far zooms.
    until : Until, optional
        Draw only what was there by that year; which of the two ways is taken does not change with it.
    followed : sequence of int
        Rows of `data.enterprises` that somebody follows; where the filters select them, they have a star.
    """
    settings: dict[str, Any]
    if set_id:
        settings = addresses(data, filters, view, set_id, until)
    elif is_large(data, filters):
        settings = {
            "images": far_images(data, filters, view, until),
            "content": area_badges(data, filters, view, until),
        }
        settings["near"] = max((int(name.split("/")[0]) for name in settings["images"]), default=FAR_ZOOMS[0])
    else:
        settings = {"content": marks(data, filters, view, until)}
    stars = followed_marks(data, filters, followed, view, until) if len(followed) else []
    if stars:
        settings["followed"] = stars
    group = tile_group(settings)
    draw_limits(filters, view, group)
    return Drawn(group, selection_legend(data, view, served=bool(set_id)))


def addresses(data: Dataset, filters: Filters, view: View, set_id: str, until: Until | None = None) -> dict[str, Any]:
    """Where the map of a page asks for what the filters select: for its marks, or for tiles, badges and cards."""
    query = served_query(filters, view, set_id, until)
    asked = {} if until else {"extent": f"/extent?{query}", "whole": filters == Filters()}
    if not is_large(data, filters):
        return {"places": f"/marks?{query}", **asked}
    return asked | {
        "tiles": f"/tiles/{set_id}/{{z}}/{{x}}/{{y}}.png?{served_query(filters, view, until=until)}",
        "places": f"/places?{query}",
        "at": f"/at?{query}",
        "near": MAX_ZOOM,
    }


def is_large(data: Dataset, filters: Filters | None = None) -> bool:
    """Whether a selection has more located enterprises than there may be marks."""
    located = [name for name in PRECISIONS if name != "none"]
    return data.count(filters or Filters(), **{PRECISION_DIMENSION: located}) > MARKS_LIMIT


def selection_legend(data: Dataset, view: View, *, served: bool = True) -> Legend:
    """Legend of the enterprises; a large set's says in which way it is drawn."""
    legend = enterprise_legend(view)
    if not is_large(data):
        return legend
    note = view.word(
        "企业多时，远处按密度分级，放大后逐个显示", "Many enterprises: density far out, single marks close up"
    )
    if not served:
        note = view.word(
            "企业很多：本文件只含远处的图像，逐个的卡片请在应用中查看",
            "Many enterprises: this file holds the far view only; the cards are in the app",
        )
    return Legend(legend.title, legend.entries, note)


def density(data: Dataset, view: View) -> dict[str, Any] | None:
    """Classes of the density for the panel: colours, and the least count of each at every zoom; None for a small set."""
    if not is_large(data):
        return None
    first = mark_zoom(data.facet_index)
    return {
        "title": view.word("密度（每格家数）", "Density (per square)"),
        "colours": TILE_STYLE.ramp,
        "breaks": {zoom: log_breaks(data.facet_index, zoom, TILE_STYLE.square) for zoom in range(first)},
    }


def served_query(filters: Filters, view: View, set_id: str = "", until: Until | None = None) -> str:
    """Filters as the routes take them: values that no facet has match nothing and are left out, a fixed order."""
    unknown = filters.unknown()
    chosen = {
        name: ",".join(sorted(set(getattr(filters, name)) - set(unknown.get(name, ())))) for name in FILTER_FIELDS
    } | {"q": filters.q}
    datum = view.datum
    more = {"set": set_id, "lang": view.lang if set_id else "", "datum": datum if datum != "wgs84" else ""}
    more["until"] = str(until) if until else ""
    return urlencode({name: text for name, text in (chosen | more).items() if text}, safe=",")


def shifted_store(data: Dataset, datum: Datum) -> FacetIndex:
    """The store of a set in the datum of a base map."""
    if datum == "wgs84":
        return data.facet_index
    table = data.enterprises
    lon, lat = from_wgs84(table["lon"].to_numpy(float), table["lat"].to_numpy(float), datum)
    return build_facet_index(table.assign(lon=lon, lat=lat), data.fingerprint)


def area_badges(data: Dataset, filters: Filters, view: View, until: Until | None = None) -> dict[str, Any]:
    """One badge per place that stands for an area, with the count of the selected enterprises known by it only.

    Returns
    -------
    dict
        `marks`: list of `lon`, `lat` [degrees in the datum of the base map], `place` (its position in `data.areas`)
        and the properties of a mark; `totals` and `account` as `layers.totals` gives them.  The total of a town or
        park is told where its badge is opened (`area_title`): to count all of them takes too long among millions.
    """
    chosen = _there(data, filters, until)
    totals = area_totals(data, chosen)
    of_district = {total["code"]: total["n"] + total["sites"] for total in totals}  # as marks, sites have one too
    places = data.areas.places
    counts = data.areas.counts(chosen)
    lon, lat = from_wgs84(places["lon"].to_numpy(float), places["lat"].to_numpy(float), view.datum)
    badges = []
    for place in np.flatnonzero(counts):
        row = places.iloc[place]
        precision, code = row["precision"], area_code(row, row["precision"])
        title = known_only(
            row, precision, int(counts[place]), of_district.get(code) if precision == "district" else None, view
        )
        badges.append(
            {
                "lon": round(float(lon[place]), 6),
                "lat": round(float(lat[place]), 6),
                "place": int(place),
                "kind": "badge",
                "precision": precision,
                **area_codes(row, precision),
                "n": int(counts[place]),
                "colour": BADGE,
                "tip": title,
            }
        )
    return {"marks": badges, "totals": totals, "account": account(data, chosen)}


def area_title(data: Dataset, place: int, chosen: NDArray[np.bool_], view: View) -> str:
    """What the number of a place of `data.areas` counts, and the total of its area, in a selection.

    Parameters
    ----------
    data : Dataset
    place : int
    chosen : ndarray of bool, shape (n,)
    view : View

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> data = load_dataset()
    >>> place = int(np.flatnonzero(data.areas.places["town"] == "张江镇")[0])
    >>> area_title(data, place, np.ones(900, dtype=bool), View())
    '只知在张江镇 29（全镇 31）'
    """
    row = data.areas.places.iloc[place]
    precision = row["precision"]
    if area_code(row, precision) == CORE:
        there = data.enterprises["zone"] == CORE
    else:
        there = data.enterprises["adcode"] == row["adcode"]
        if precision != "district":
            there &= data.enterprises[precision] == row[precision]
    return known_only(
        row, precision, len(data.areas.at(place, chosen)), int((there.to_numpy(bool) & chosen).sum()), view
    )


def marks(data: Dataset, filters: Filters, view: View, until: Until | None = None) -> dict[str, Any]:
    """The marks of a selection that is not large, each with the cards of the enterprises there.

    Returns
    -------
    dict
        `marks`: list of `lon`, `lat` [degrees in the datum of the base map] and the properties of a mark; `totals` and
        `account` as `layers.totals` gives them.

    Raises
    ------
    ValueError
        When the selection is large.
    """
    if is_large(data, filters):
        raise ValueError(f"more than {MARKS_LIMIT} enterprises are drawn as tiles")
    there = _there(data, filters, until)
    chosen = with_points(data.enterprises[there])
    totals = area_totals(data, there)
    gathered = gather(_points_first(chosen[chosen["location_precision"] != "none"]), view, _area_total(chosen, totals))
    lon, lat = from_wgs84(gathered.geometry.x.to_numpy(), gathered.geometry.y.to_numpy(), view.datum)
    drawn = [
        {"lon": round(float(x), 6), "lat": round(float(y), 6), **mark}
        for x, y, mark in zip(lon, lat, gathered["mark"], strict=True)
    ]
    return {"marks": drawn, "totals": totals, "account": account(data, there)}


def _points_first(located: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What has a point of its own first, so that the keyboard reaches what is seen from far before what is not."""
    return located.iloc[np.argsort(~located["location_precision"].isin(POINT_PRECISIONS).to_numpy(), kind="stable")]


def _area_total(chosen: pd.DataFrame, totals: list[dict[str, Any]]) -> AreaTotal:
    """Total of the area of an enterprise in a selection, by the tables of the selection's own rows."""
    of_district = {total["code"]: total["n"] + total["sites"] for total in totals}  # as marks, sites have one too
    within = {name: chosen.groupby(["adcode", name]).size().to_dict() for name in ("town", "park")}

    def total(row: Mapping[str, Any], precision: str) -> int:
        if precision == "district":
            return int(of_district[area_code(row, precision)])
        return int(within[precision][row["adcode"], row[precision]])

    return total


def extent(
    data: Dataset, filters: Filters, view: View, box: tuple[float, float, float, float], until: Until | None = None
) -> dict[str, Any]:
    """Where a selection lies, and how much of it lies outside what a map shows.

    Parameters
    ----------
    data : Dataset
    filters : Filters
    view : View
    box : tuple of float
        West, south, east, north of what is shown [degrees in the datum of the base map].
    until : Until, optional

    Returns
    -------
    dict
        `count` of the selection, `located` those of them with a place, `outside` those of them not in the box, `bounds`
        south-west and north-east [lat, lon in the datum of the base map], None when nothing is located.
    """
    chosen = _there(data, filters, until)
    rows = np.flatnonzero(chosen)
    lon, lat = (data.enterprises[name].to_numpy(float)[rows] for name in ("lon", "lat"))
    located = np.isfinite(lon)
    lon, lat = lon[located], lat[located]
    datum = view.datum
    (west, east), (south, north) = to_wgs84(np.array(box[::2]), np.array(box[1::2]), datum)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    bounds = None
    if len(lon):
        x, y = from_wgs84(np.array([lon.min(), lon.max()]), np.array([lat.min(), lat.max()]), datum)
        bounds = [[float(y[0]), float(x[0])], [float(y[1]), float(x[1])]]
    return {"count": len(rows), "located": len(lon), "outside": int((~inside).sum()), "bounds": bounds}


def followed_marks(
    data: Dataset, filters: Filters, rows: Sequence[int], view: View, until: Until | None = None
) -> list[dict[str, Any]]:
    """One mark per place at which enterprises are followed that the filters select.

    Parameters
    ----------
    data : Dataset
    filters : Filters
    rows : sequence of int
        Rows of `data.enterprises` that are followed.
    view : View
    until : Until, optional

    Returns
    -------
    list of dict
        `lon`, `lat` [degrees in the datum of the base map], `n` enterprises, `precise` (whether the place is their own
        point and not that of an area), `codes` of the signs that count them, and `tip`, their names.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> [mark["n"] for mark in followed_marks(load_dataset(), Filters(), [0, 1], View())]
    [1, 1]
    """
    chosen = np.unique(np.asarray(rows, dtype=np.int64))
    chosen = chosen[_there(data, filters, until)[chosen]]
    table = data.enterprises.iloc[chosen]
    table = table[table["location_precision"] != "none"]
    marks = []
    for (lon, lat, precision), firms in table.groupby(["lon", "lat", "location_precision"]):
        names = [plain(name) for name in firms["name"].head(MAX_NAMED_ENTERPRISES)]
        more = len(firms) - len(names)
        said = view.word("、", ", ").join(names) + (
            view.word(f" 等 {len(firms)} 家", f" and {more} more") if more else ""
        )
        x, y = from_wgs84(np.array([lon]), np.array([lat]), view.datum)
        marks.append(
            {
                "lon": round(float(x[0]), 6),
                "lat": round(float(y[0]), 6),
                "n": len(firms),
                "precise": precision in POINT_PRECISIONS,
                "codes": [firms["adcode"].iloc[0], *([CORE] if firms["zone"].iloc[0] == CORE else [])],
                "tip": view.word(f"跟进中：{said}", f"Followed: {said}"),
            }
        )
    return marks


def far_images(data: Dataset, filters: Filters, view: View, until: Until | None = None) -> dict[str, str]:
    """Tiles of the far zooms as data URIs, ``z/x/y`` → image; whole zooms only, at most `MOST_IMAGES`."""
    store = shifted_store(data, view.datum)
    lut = store.lookup(as_selection(filters))
    keep = data.keep(filters)
    if until:
        keep = known_until(data, until) if keep is None else keep & known_until(data, until)
    images: dict[str, str] = {}
    for zoom in FAR_ZOOMS:
        shift = np.uint32(BITS - zoom)
        occupied = np.unique((store.x >> shift).astype(np.uint64) << np.uint64(32) | (store.y >> shift))
        if len(images) + len(occupied) > MOST_IMAGES:
            break
        for x, y in ((int(key) >> 32, int(key) & 0xFFFFFFFF) for key in occupied):
            image = encode_tile(store, zoom, x, y, lut, TILE_STYLE, keep)
            if image is not empty_tile():
                images[f"{zoom}/{x}/{y}"] = "data:image/png;base64," + base64.b64encode(image).decode("ascii")
    return images


def _there(data: Dataset, filters: Filters, until: Until | None) -> NDArray[np.bool_]:
    chosen = data.mask(filters)
    return chosen & known_until(data, until) if until else chosen

"""The base map of a set, the same for every page that draws on it."""

from typing import Final

from app.cache import LruCache
from app.server.datasets import serve, starting_set
from app.server.prerender import PrerenderedMap, write
from app.settings import Settings
from app.setup.assets import serve_folium_scripts
from geo.datasets.dataset import Dataset
from layers.base import Legend, View
from layers.map import base_map

MAX_CACHED_MAPS: Final = 32

_maps: Final[LruCache[tuple[str, View, Legend | None, bool], PrerenderedMap]] = LruCache(MAX_CACHED_MAPS)


def write_first() -> None:
    """Have the base map that a user sees who opens the app."""
    serve_folium_scripts()
    data = starting_set()
    written_base(serve(data), first_view("zh"), data)


def first_view(lang: str) -> View:
    """How a user sees the map who has not chosen a base map."""
    settings = Settings.from_environment()
    return View(lang, key=settings.tianditu_key, approval=settings.approval)


def written_base(
    set_id: str, view: View, data: Dataset, subject: Legend | None = None, *, small: bool = False, first: bool = False
) -> PrerenderedMap:
    """The base map of a set and view, drawn and written once for all users.

    Parameters
    ----------
    set_id : str
        Tells the sets apart, in the place of their tables.
    view : View
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.
    small : bool
        A map beside a text: it neither remembers where the user was nor offers to follow an enterprise.
    first : bool
        The map of the map page, which does both whatever it shows.
    """
    of_enterprises = first or (subject is None and not small)
    follow = set_id if of_enterprises else ""
    return _maps.get_or_make(
        (set_id, view, subject, of_enterprises),
        lambda: write(base_map(data, view, remember=of_enterprises, follow=follow, subject=subject), data.key),
    )

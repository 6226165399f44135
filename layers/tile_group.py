"""The enterprises' layer of a map that a server stands behind: the map's own script asks for what lies where."""

from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template


class Tiles(MacroElement):
    """The layer in the map's own script, which loads marks, tiles, badges and cards by the addresses in `settings`."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = explorer.tiles({{ this.settings|tojson }});
        {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Tiles"
        self.settings = settings


def tile_group(settings: dict[str, Any]) -> folium.FeatureGroup:
    """The group of enterprises with such a layer in it.

    Examples
    --------
    >>> [child._name for child in tile_group({"places": "/marks?set=builtin"})._children.values()]
    ['Tiles']
    """
    group = folium.FeatureGroup(name="enterprises", control=False)
    Tiles(settings).add_to(group)
    return group

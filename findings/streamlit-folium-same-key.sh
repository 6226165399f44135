#!/bin/sh
# streamlit-folium 0.27.4 with folium 0.20.0: `generate_js_hash`, which gives a map without a key its identity.
#
# The hash is there to forget the random ids that folium puts into the names of its objects (map_5f9d46...).  It forgets
# every `_` followed by small letters and digits, wherever it stands: in the address of tiles, a tooltip, a property of
# a GeoJSON.  Two maps that differ in such a place alone are one map; one that differs elsewhere is not.
#
# Seen:
#   tiles of year_2019 and of year_2024   same key: True
#   tooltip "zone_core" and "zone_belt"   same key: True
#   tooltip "zone core" and "zone belt"   same key: False
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check streamlit-folium==0.27.4 folium==0.20.0
"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import folium
from streamlit_folium import generate_js_hash


def key(tooltip="", tiles="/tiles/{z}/{x}/{y}.png"):
    shown = folium.Map([31.2, 121.5], tiles=tiles, attr="x")
    folium.Marker([31.2, 121.5], tooltip=tooltip).add_to(shown)
    root = shown.get_root()
    root.render()
    return generate_js_hash(root.script.render())


def say(what, one, two, expected):
    print(f"{what}   same key: {one == two}")
    assert (one == two) is expected, "the key has changed its rule"


assert key("a") == key("a"), "the same map drawn twice has two keys"
years = [key(tiles=f"/tiles/year_{year}/{{z}}/{{x}}/{{y}}.png") for year in (2019, 2024)]
say("tiles of year_2019 and of year_2024", *years, True)
say('tooltip "zone_core" and "zone_belt"', key("zone_core"), key("zone_belt"), True)
say('tooltip "zone core" and "zone belt"', key("zone core"), key("zone belt"), False)
PYTHON
echo "still so"

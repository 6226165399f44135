#!/bin/sh
# pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), driver LIBKML.
#
# Untyped data of a placemark, as Google My Maps and many others write them, with Chinese names.  One would expect a
# field of that name for each.  GDAL replaces every byte of a name that is not ASCII by "_": names of the same length
# become one field, and the last value stands for all of them.  Names of a Schema are kept.  Nothing is said.
#
# Seen:
#   fields ['____________']
#   value of both: 乙
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

import pyogrio

Path("a.kml").write_text(
    """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name><ExtendedData>
<Data name="注册地址"><value>甲</value></Data><Data name="经营状态"><value>乙</value></Data>
</ExtendedData><Point><coordinates>121.5,31.2</coordinates></Point></Placemark></Document></kml>""",
    encoding="utf-8",
)
meta, _, _, values = pyogrio.raw.read("a.kml")
own = {name: value[0] for name, value in zip(meta["fields"], values) if name.startswith("_") or not name.isascii()}
print("fields", list(own))
print("value of both:", *own.values())
assert list(own) == ["_" * 12], "names are kept now"
PYTHON
echo "still so"

// The tiles of a base map, and the built-in map in their place where none come.
(function () {
  const explorer = window.explorer;
  const patience = 10000;  // milliseconds until a base map that has sent nothing is taken for lost

  // A grid of degrees (EPSG:4490, 4326) on a map of web Mercator: its tiles are as wide as the map's and higher in latitude.
  // A square of the map shows the parts of the one or two that it covers; over so few degrees latitude runs straight to
  // within half a pixel.
  const latitude = (y, n) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI;
  const mercator = (lat, n) => (n * (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI)) / 2;
  explorer.partsOf = (y, zoom) => {
    const n = 2 ** zoom;
    const high = 360 / n;
    const first = Math.floor((90 - latitude(y, n)) / high);
    const last = Math.ceil((90 - latitude(y + 1, n)) / high) - 1;
    const parts = [];
    for (let row = first; row <= last; row++) {
      const [top, bottom] = [90 - row * high, 90 - (row + 1) * high].map((lat) => mercator(lat, n) - y);
      parts.push({ row, top, height: bottom - top });
    }
    return parts;
  };
  const inDegrees = (url, { options }) => {
    const layer = L.gridLayer(options);
    layer.createTile = ({ x, y, z }, done) => {
      const square = explorer.element("div", "", "x-square");
      const parts = explorer.partsOf(y, z);
      let [left, came] = [parts.length, 0];
      for (const { row, top, height } of parts) {
        const image = explorer.element("img");
        image.alt = "";
        Object.assign(image.style, { top: `${top * 100}%`, height: `${height * 100}%`, width: "100%" });
        image.onload = image.onerror = (event) => {
          came += event.type === "load";
          if (!--left) done(came ? null : new Error(url), square);
        };
        const letter = options.subdomains[Math.abs(x + row) % options.subdomains.length];
        image.src = L.Util.template(url, { x, y: row, z: z + options.zoomOffset, s: letter });
        square.append(image);
      }
      return square;
    };
    return layer;
  };

  // Vectors are painted by their kind, in the colours of the built-in map; layers are called as Protomaps, OpenMapTiles or
  // Shortbread call them, and what is called otherwise is drawn as plain lines.
  const kinds = {
    land: ["earth", "land"], green: ["landcover", "landuse", "park", "sites"], water: ["water", "water_polygons", "ocean"],
    stream: ["waterway", "water_lines"], building: ["buildings", "building"], border: ["boundaries", "boundary"],
    road: ["roads", "transportation", "streets"], place: ["places", "place", "place_labels"],
    roadName: ["roads", "transportation_name", "street_labels"],
  };
  const silent = ["pois", "poi", "housenumber", "addresses", "water_name", "mountain_peak", "aerodrome_label"];
  const kindOf = ({ props }) => `${props.kind || props.class || ""} ${props.kind_detail || props.subclass || props.pmap_kind || ""}`;
  const has = (words, shape) => (zoom, feature) => (!shape || feature.geomType === shape) && (!words || words.test(kindOf(feature)));
  const green = /park|wood|forest|grass|garden|meadow|scrub|cemetery|nature|reserve|golf|pitch/;
  const main = /motorway|highway|trunk|primary|major/;
  const inVectors = (url, own) => {
    const P = protomapsL;
    const fill = (colour) => new P.PolygonSymbolizer({ fill: colour });
    const line = (color, width, more) => new P.LineSymbolizer({ color, width, lineCap: "round", lineJoin: "round", ...more });
    const wide = (least, most) => (zoom) => Math.max(least, Math.min(most, least * 1.5 ** (zoom - 10)));
    const rules = (names, symbolizer, filter, minzoom) => names.map((dataLayer) => ({ dataLayer, symbolizer, filter, minzoom }));
    const known = [...Object.values(kinds).flat(), ...silent];
    const others = own.vector.filter((name) => !known.includes(name));
    const names = own.lang === "en" ? ["name:en", "name_en", "name:latin", "name"] : ["name:zh-Hans", "name:zh", "name_zh", "name"];
    const text = { labelProps: names, fill: "#4B5563", stroke: "#FFFFFF", width: 2 };
    return P.leafletLayer({
      ...own.options, url, lang: own.lang, attribution: "", noWrap: true,
      backgroundColor: own.vector.some((name) => kinds.land.includes(name)) ? "#DCE8F0" : "#F7F5F0",
      paintRules: [
        ...rules(kinds.land, fill("#F7F5F0"), has(null, 3)),
        ...rules([...kinds.green, "land"], fill("#E3ECDB"), has(green, 3)),
        ...rules(kinds.water, fill("#DCE8F0"), has(null, 3)),
        ...rules([...kinds.stream, "water"], line("#C3D8E6", 1), has(null, 2)),
        ...rules(kinds.building, fill("#E6E1D8"), has(null, 3), 13),
        ...rules(kinds.road, line("#C9CED6", wide(0.6, 6)), has(null, 2), 11),
        ...rules(kinds.road, line("#B4BCC7", wide(1.6, 9)), has(main, 2)),
        ...rules(kinds.border, line("#9AA3AF", 1, { dash: [4, 3] }), has(null, 2)),
        ...rules(others, line("#9AA3AF", 1), (zoom, feature) => feature.geomType > 1),
      ],
      labelRules: [
        ...rules(kinds.place, new P.CenteredTextSymbolizer({ ...text, font: "600 12px sans-serif" }), has(null, 1)),
        ...rules(kinds.roadName, new P.LineLabelSymbolizer({ ...text, font: "11px sans-serif" }), has(null, 2), 13),
      ],
    });
  };

  explorer.tiled = false;
  explorer.basemap = (map, own) => {
    const corner = map.getContainer();
    const draw = own.vector ? inVectors : own.degrees ? inDegrees : (url, { options }) => L.tileLayer(url, options);
    const layers = own.urls.map((url) => draw(url, own));
    let [came, gone] = [false, false];
    // The built-in map stands where there are no tiles: from afar, where a base map begins closer, and where none came.
    const settle = () => {
      if (explorer.map !== map) return;
      const built = gone || Math.round(map.getZoom()) < own.options.minZoom;
      corner.classList.toggle("x-tiled", !built);
      if (explorer.named === built) return;
      explorer.named = built;
      explorer.due("land");
      explorer.layNames();
    };
    const lost = () => {
      if (came || gone || explorer.map !== map) return;
      gone = true;
      layers.forEach((layer) => layer.remove());
      const notice = explorer.element("div", own.lost, "x-lost");
      notice.setAttribute("role", "status");
      corner.append(notice);
      map.attributionControl.removeAttribution(own.attribution);
      settle();
    };
    explorer.tiled = true;
    corner.classList.add("x-tiled");
    map.on("zoomend", settle);
    layers[0].on("tileload", () => { came = true; });
    layers[0].on("load", () => explorer.painted.then(() => setTimeout(lost)));
    layers[0].once("tileloadstart", () => setTimeout(lost, patience));
    layers.forEach((layer) => layer.addTo(map));
    explorer.painted.then(settle);
  };
})();

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
  const inDegrees = (url, options) => {
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

  explorer.tiled = false;
  explorer.basemap = (map, own) => {
    const corner = map.getContainer();
    const layers = own.urls.map((url) => (own.degrees ? inDegrees(url, own.options) : L.tileLayer(url, own.options)));
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

// Two tools of the map: looking for a place, and measuring between points.  Nothing is asked of the server.
(function () {
  const explorer = window.explorer;
  const { element, fill, number } = explorer;
  const most = 8;  // places that are listed
  const narrow = 640;  // width of a map [pixels] on which a box beside the tools covers the middle
  const close = { town: 14, park: 15, road: 15, lane: 16, coordinates: 16 };  // zoom at which each kind is looked at

  // A button of the bar at the left that opens and closes a box beside it.
  const tool = (bar, sign, words, box, { opened, closed }) => {
    const button = element("a", sign, "x-tool");
    Object.assign(button, { href: "#", title: words, role: "button" });
    button.setAttribute("aria-label", words);
    button.setAttribute("aria-expanded", "false");
    box.hidden = true;
    const turn = (open) => {
      if (box.hidden !== open) return;
      box.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      open ? opened() : closed();
      if (!open && box.contains(document.activeElement)) button.focus({ preventScroll: true });
    };
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); turn(box.hidden); });
    bar.append(button);
    return turn;
  };

  // Coordinates as people copy them: two decimals, in either order; the larger one is the longitude here.
  const coordinates = (text) => {
    const found = /^\s*(\d{1,3}\.\d+)\s*°?\s*[,，;；\s]\s*(\d{1,3}\.\d+)\s*°?\s*$/.exec(text);
    if (!found) return null;
    const [lat, lng] = found.slice(1).map(Number).sort((one, other) => one - other);
    return L.latLngBounds(explorer.map.options.maxBounds).contains([lat, lng]) ? { lat, lng } : null;
  };
  const named = (text) => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const held = explorer.names.filter(([, name]) => name.toLowerCase().includes(wanted));
    const begins = ([, name]) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
    return held.sort((one, other) => begins(one) - begins(other) || one[1].length - other[1].length).slice(0, most);
  };

  const findBox = (end) => {
    const { map, words } = explorer;
    const box = element("div", "", "x-tools x-find");
    const field = element("input");
    Object.assign(field, { type: "search", placeholder: words.find, maxLength: 60 });
    field.setAttribute("aria-label", words.find);
    const list = element("div", "", "x-found");
    list.setAttribute("role", "status");
    let [pin, leaving] = [null, false];
    const unpin = () => { if (pin) pin.remove(); pin = null; };
    const go = (kind, lat, lng, name, note) => {
      unpin();
      map.setView([lat, lng], Math.max(map.getZoom(), close[kind]), { animate: false });
      const style = { radius: 9, color: "var(--x-core)", weight: 3, fill: false, interactive: false, pane: "enterprises" };
      pin = L.circleMarker([lat, lng], style).addTo(map);
      pin.bindTooltip(element("span", note ? `${name} · ${note}` : name), { permanent: true, direction: "top", opacity: 1 });
      if (map.getSize().x >= narrow) return;
      leaving = true;  // the box would hide what was looked for, which stays marked without it
      end();
      leaving = false;
    };
    const option = (kind, lat, lng, name, note, area) => {
      const made = element("button", name);
      made.type = "button";
      if (area) made.append(element("small", area));
      made.addEventListener("click", () => go(kind, lat, lng, name, note));
      return made;
    };
    const look = () => {
      const at = coordinates(field.value);
      const spot = at && fill(words.typed.replace("{x}", at.lng).replace("{y}", at.lat), { d: words.datum });
      const options = at ? [option("coordinates", at.lat, at.lng, spot, "", "")] : named(field.value)
        .map(([kind, name, lat, lng, code]) => option(kind, lat, lng, name, words.found, (explorer.districts[code] || {}).name));
      list.replaceChildren(...options);
      if (!options.length && field.value.trim()) list.append(element("p", words.unfound));
    };
    field.addEventListener("input", look);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !list.querySelector("button")) return;
      event.preventDefault();
      list.querySelector("button").click();
    });
    box.append(field, list);
    return { box, opened: () => field.focus({ preventScroll: true }), closed: () => { if (!leaving) unpin(); } };
  };

  // Metres of a degree on WGS-84 at a latitude: along the meridian, and along the parallel (radii of curvature M and N cos φ).
  const degree = (lat) => {
    const [axis, square, angle] = [6378137, 0.00669437999014, lat * Math.PI / 180];
    const bent = 1 - square * Math.sin(angle) ** 2;
    const turn = Math.PI / 180;
    return { north: turn * axis * (1 - square) / bent ** 1.5, east: turn * axis * Math.cos(angle) / Math.sqrt(bent) };
  };
  explorer.lengthOf = (spots) => spots.slice(1).reduce((length, spot, i) => {
    const { north, east } = degree((spot.lat + spots[i].lat) / 2);
    return length + Math.hypot((spot.lat - spots[i].lat) * north, (spot.lng - spots[i].lng) * east);
  }, 0);
  // Shoelace in metres, each point laid along its own parallel.
  explorer.surfaceOf = (spots) => {
    const [first] = spots;
    const { north } = degree(spots.reduce((sum, spot) => sum + spot.lat, 0) / spots.length);
    const flat = spots.map(({ lat, lng }) => [(lng - first.lng) * degree(lat).east, (lat - first.lat) * north]);
    const twice = flat.reduce((sum, [x, y], i) => {
      const [next, above] = flat[(i + 1) % flat.length];
      return sum + x * above - next * y;
    }, 0);
    return Math.abs(twice) / 2;
  };
  const rounded = (value) => number(value < 100 ? Number(value.toPrecision(3)) : Math.round(Number(value.toPrecision(4))));
  const length = (metres) => (metres < 1000 ? `${Math.round(metres)} m` : `${rounded(metres / 1000)} km`);
  const surface = (square) => (square < 1e5 ? `${number(Math.round(square))} m²` : `${rounded(square / 1e6)} km²`);
  const MU = 10000 / 15;  // square metres

  const measureBox = (end) => {
    const { map, words } = explorer;
    const box = element("div", "", "x-tools x-measure");
    const said = element("p", words.measuring);
    const results = element("p");
    results.setAttribute("role", "status");
    box.append(said, results);
    let spots = [];
    const style = { color: "var(--x-core)", weight: 3, interactive: false, pane: "enterprises" };
    const drawn = L.featureGroup();
    const draw = () => {
      drawn.clearLayers();
      if (spots.length > 2) drawn.addLayer(L.polygon(spots, { ...style, weight: 1, dashArray: "4", fillOpacity: 0.08 }));
      drawn.addLayer(L.polyline(spots, style));
      for (const spot of spots) drawn.addLayer(L.circleMarker(spot, { ...style, radius: 4, fillOpacity: 1 }));
      const lines = [];
      if (spots.length > 1) lines.push(words.length.replace("{l}", length(explorer.lengthOf(spots))));
      const square = spots.length > 2 && explorer.surfaceOf(spots);
      if (square) lines.push(words.surface.replace("{a}", surface(square)).replace("{m}", rounded(square / MU)));
      results.replaceChildren(...lines.map((line) => element("span", line)));
    };
    const add = (spot) => { spots.push(spot); draw(); };
    const clicked = (event) => add(event.latlng);
    const keys = (event) => {
      if (event.target.closest("button, a, input, summary")) return;
      if (event.key === "Enter") add(map.getCenter());
      else if (event.key === "Backspace") { spots.pop(); draw(); }
      else if (event.key === "Escape") end();
      else return;
      event.preventDefault();
    };
    const corner = map.getContainer();
    const opened = () => {
      spots = [];
      draw();
      drawn.addTo(map);
      map.closePopup();
      map.doubleClickZoom.disable();
      corner.classList.add("x-measuring");
      corner.focus({ preventScroll: true });
      map.on("click", clicked);
      corner.addEventListener("keydown", keys);
    };
    const closed = () => {
      drawn.remove();
      map.doubleClickZoom.enable();
      corner.classList.remove("x-measuring");
      map.off("click", clicked);
      corner.removeEventListener("keydown", keys);
    };
    return { box, opened, closed };
  };

  explorer.addTools = () => {
    const { map, words } = explorer;
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const around = element("div", "", "x-beside");
      const bar = element("div", "", "leaflet-bar");
      around.append(bar);
      const found = findBox(() => find(false));
      const measured = measureBox(() => measure(false));
      const find = tool(bar, "⌕", words.find, found.box, { ...found, opened: () => { measure(false); found.opened(); } });
      const measure = tool(bar, "↔", words.measure, measured.box, { ...measured, opened: () => { find(false); measured.opened(); } });
      around.append(found.box, measured.box);
      around.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { find(false); measure(false); }
      });
      L.DomEvent.disableClickPropagation(around);
      L.DomEvent.disableScrollPropagation(around);
      return around;
    };
    control.addTo(map);
  };
})();

// Panel, controls and remembered view of the explorer's map, and what is drawn when.
(function () {
  const explorer = window.explorer;
  const { element, stored } = explorer;

  const legendRows = (legend) => legend.entries.map((entry) => {
    const line = element("div", "", "x-entry");
    const swatch = element("i", "", "x-swatch");
    swatch.style.cssText = entry.swatch;
    if (swatch.style.borderStyle === "dashed") swatch.className += " x-wide";
    line.append(swatch, element("span", entry.label));
    return line;
  });
  explorer.legendRows = legendRows;

  // What a page draws in the place of the enterprises says its legend itself, and may come before the panel or after it.
  let brought = null;
  let sayLegend = () => {};
  explorer.legend = (legend) => {
    brought = legend;
    sayLegend();
  };

  // The first paint is that of an empty map.  Then come panel, other controls and tiles, and in the next task the layers;
  // one that is switched off is made when it is switched on.
  explorer.hidden = new Set();
  explorer.painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const settled = explorer.painted.then(() => new Promise((done) => setTimeout(done)));
  const waiting = {};
  explorer.later = (pane, make) => {
    waiting[pane] = make;
    settled.then(() => due(pane));
  };
  const due = (pane) => {
    const make = waiting[pane];
    if (!make || explorer.hidden.has(pane) || (pane === "land" && !explorer.named)) return;
    delete waiting[pane];
    make().addTo(explorer.map);
  };
  explorer.due = due;
  const show = (name) => {
    const pane = explorer.map.getPane(name);
    if (pane) pane.style.display = explorer.hidden.has(name) ? "none" : "";
    for (const label of explorer.map.getPane("labels").querySelectorAll(`[data-of="${name}"]`)) {
      label.hidden = explorer.hidden.has(name);
    }
  };

  const tellLayers = (settings) => {
    if (!settings.remember || explorer.name) return;
    explorer.address.tellLayers(settings.layers.map((layer) => layer.pane).filter((pane) => !explorer.hidden.has(pane)));
  };

  // The layers that the address names; null when it names none.
  const named = (settings) => {
    const panes = settings.layers.map((layer) => layer.pane);
    const on = settings.remember && !explorer.name ? explorer.address.shown(panes) : null;
    return on && panes.filter((pane) => !on.includes(pane));
  };

  const panel = (settings, side) => {
    const box = element("details", "", "x-panel");
    box.open = side.open;
    box.style.setProperty("--width", `${side.width}px`);
    box.addEventListener("toggle", () => stored("panel", side.open = box.open));
    box.append(element("summary", explorer.words.panel));
    const { hidden } = explorer;
    const switches = {};
    explorer.switchLayers = (off) => {
      for (const [pane, check] of Object.entries(switches)) if (check.checked === off.includes(pane)) check.click();
    };
    for (const { pane, legend } of [...settings.layers].reverse()) {  // what lies on top is named first
      const row = element("div", "", "x-layer");
      const label = element("label");
      const check = element("input");
      switches[pane] = check;
      Object.assign(check, { type: "checkbox", checked: !hidden.has(pane), name: pane });
      check.addEventListener("change", () => {
        check.checked ? hidden.delete(pane) : hidden.add(pane);
        stored("hidden", [...hidden]);
        tellLayers(settings);
        show(pane);
        due(pane);
        explorer.arrange();
      });
      label.append(check, element("b"));
      const say = (said) => {
        label.lastChild.textContent = said.title;
        row.replaceChildren(label, ...legendRows(said));
        if (pane === "enterprises" && settings.density) row.append(explorer.density(settings.density));
        if (said.note) row.append(element("small", said.note));
      };
      say(legend);
      if (pane === "enterprises") (sayLegend = () => say(brought ?? legend))();
      box.append(row);
    }
    const control = L.control({ position: "topright" });
    control.onAdd = () => { L.DomEvent.disableClickPropagation(box); L.DomEvent.disableScrollPropagation(box); return box; };
    control.addTo(explorer.map);
  };

  const furnish = (settings, side, fit) => {
    const { map } = explorer;
    for (const line of settings.attribution) map.attributionControl.addAttribution(line);
    panel(settings, side);
    const narrow = map.getContainer().clientWidth < 640;
    L.control.scale({ imperial: false, position: narrow ? "bottomright" : "bottomleft" }).addTo(map);
    const home = L.control({ position: "topleft" });
    home.onAdd = () => {
      const bar = element("div", "", "leaflet-bar");
      const button = element("a", "⌂", "x-home");
      Object.assign(button, { href: "#", title: settings.words.home, role: "button" });
      button.setAttribute("aria-label", settings.words.home);
      L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); fit(); });
      bar.append(button);
      return bar;
    };
    home.addTo(map);
    if (settings.words.measure) explorer.addTools();
  };

  // Before the layers: each is then drawn once, in the view that the reader sees.
  explorer.start = (map, settings) => {
    explorer.map = map;
    explorer.words = settings.words;
    explorer.districts = settings.districts;
    explorer.names = settings.names;
    explorer.named = settings.named;
    explorer.followed = settings.follow;
    explorer.name = settings.name;  // what is remembered of one map is not taken for another
    const corner = map.getContainer();
    document.documentElement.lang = settings.lang;
    document.title ||= settings.words.map;
    corner.setAttribute("aria-label", settings.words.map);
    if (!explorer.tiled) corner.classList.remove("x-tiled");
    corner.querySelectorAll(".x-lost").forEach((old) => old.remove());
    map.attributionControl.setPrefix(false);
    const addressed = settings.remember && !explorer.name;
    explorer.hidden = new Set(named(settings) || stored("hidden") || settings.layers.filter((layer) => !layer.on).map((layer) => layer.pane));
    explorer.hidden.forEach(show);
    // The panel's width is known before it stands: its place is free from the first view on.
    const side = { open: stored("panel") ?? window.innerWidth > 700, width: settings.lang === "en" ? 272 : 232 };
    const fit = (how) => {
      map.fitBounds(settings.bounds, { paddingTopLeft: [10, 10], paddingBottomRight: [side.open ? side.width + 20 : 10, 10], ...how });
    };
    const view = (addressed && explorer.address.view()) || stored("view");
    if (view && settings.remember) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    else fit({ animate: false });
    // A frame that opens with a dialog has no size yet: the view is chosen when it has one.
    const chosen = map.getZoom();
    if (corner.clientWidth < 60 || corner.clientHeight < 60) map.once("resize", () => { if (map.getZoom() === chosen) fit({ animate: false }); });
    explorer.fitTo = (bounds) => {
      const right = side.open && map.getContainer().clientWidth > 640 ? side.width + 40 : 40;
      map.fitBounds(bounds, { paddingTopLeft: [60, 60], paddingBottomRight: [right, 40], maxZoom: 14 });
    };
    explorer.linked = Boolean(addressed && explorer.address.view());  // a link's own view stays as it was sent
    const told = () => {
      const { lat, lng } = map.getCenter();
      stored("view", { lat, lng, zoom: map.getZoom() });
      if (addressed) explorer.address.tell({ lat, lng }, map.getZoom());
    };
    map.on("moveend", told);
    if (addressed) {
      if (view) told();
      explorer.address.follow(() => {
        const back = explorer.address.view();
        if (back) map.setView([back.lat, back.lng], back.zoom, { animate: false });
        else fit({ animate: false });
        const off = named(settings);
        if (off) explorer.switchLayers(off);
      });
    }
    explorer.watchPopups(map);
    explorer.keepArranged();
    explorer.keepNames();
    explorer.painted.then(() => furnish(settings, side, fit));
  };
})();

// Choropleths: one map or two with the same view, each with the legend of its own colours.
(function () {
  const explorer = window.explorer;
  const { element, legendRows, thin } = explorer;
  const NAME = "explorer.choropleth";
  const maps = (explorer.maps = []);

  const remembered = () => {
    try { return JSON.parse(sessionStorage.getItem(NAME)); } catch (error) { return null; }
  };
  const remember = (map) => {
    const { lat, lng } = map.getCenter();
    try { sessionStorage.setItem(NAME, JSON.stringify([lat, lng, map.getZoom()])); } catch (error) { /* no storage */ }
  };

  // The legend stands under its map, where it covers nothing; the maps give it the room it takes.
  const strip = (map, own) => {
    const made = element("section", "", "x-strip");
    const rows = element("div", "", "x-rows");
    rows.append(...legendRows(own));
    made.append(element("strong", own.title), rows);
    if (own.note) made.append(element("small", own.note));
    document.body.append(made);
    return made;
  };
  const strips = [];
  const arrange = () => {
    const stacked = maps.length === 2 && matchMedia("(max-width: 640px)").matches;
    maps.forEach((map, number) => {
      const { offsetLeft, offsetWidth } = map.getContainer();
      Object.assign(strips[number].style, { left: `${offsetLeft}px`, width: `${offsetWidth}px`, height: "auto" });
    });
    const room = Math.max(...strips.map((made) => made.offsetHeight));
    maps.forEach((map, number) => {
      const corner = map.getContainer();
      const part = stacked ? innerHeight / 2 : innerHeight;
      corner.style.setProperty("height", `${part - room}px`, "important");
      corner.style.setProperty("top", `${stacked ? number * part : 0}px`, "important");
      Object.assign(strips[number].style, { top: `${corner.offsetTop + part - room}px`, height: `${room}px` });
      map.invalidateSize({ animate: false });
    });
  };
  addEventListener("resize", arrange);

  explorer.circle = (feature, latlng) => L.circleMarker(latlng, { pane: "choropleth" });

  explorer.choropleth = (map, settings) => {
    maps.push(map);
    const corner = map.getContainer();
    corner.setAttribute("aria-label", settings.legend.title);
    map.attributionControl.setPrefix(false);
    for (const line of settings.attribution) map.attributionControl.addAttribution(line);
    strips.push(strip(map, settings.legend));
    arrange();
    const fit = () => map.fitBounds(settings.bounds, { padding: [8, 8], animate: false });
    const view = remembered();
    if (view) map.setView([view[0], view[1]], view[2], { animate: false });
    else fit();
    if (maps.length === 1) L.control.scale({ imperial: false }).addTo(map);
    const home = L.control({ position: "topleft" });
    home.onAdd = () => {
      const bar = element("div", "", "leaflet-bar");
      const button = element("a", "⌂", "x-home");
      Object.assign(button, { href: "#", title: settings.home, role: "button" });
      button.setAttribute("aria-label", settings.home);
      L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); fit(); });
      bar.append(button);
      return bar;
    };
    home.addTo(map);
    map.on("moveend", () => remember(map));
    map.on("zoomend", () => thin(map));
    map.whenReady(() => thin(map));
  };
})();

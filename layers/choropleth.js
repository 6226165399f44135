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

  const legend = (map, own) => {
    const box = element("details", "", "x-panel x-legend");
    box.open = map.getContainer().clientWidth > 420;
    box.append(element("summary", own.title), ...legendRows(own));
    if (own.note) box.append(element("small", own.note));
    const control = L.control({ position: "topright" });
    control.onAdd = () => { L.DomEvent.disableClickPropagation(box); L.DomEvent.disableScrollPropagation(box); return box; };
    control.addTo(map);
  };

  explorer.circle = (feature, latlng) => L.circleMarker(latlng, { pane: "choropleth" });

  explorer.choropleth = (map, settings) => {
    maps.push(map);
    const corner = map.getContainer();
    corner.setAttribute("aria-label", settings.legend.title);
    map.attributionControl.setPrefix(false);
    for (const line of settings.attribution) map.attributionControl.addAttribution(line);
    const side = corner.clientWidth > 640 ? 230 : 10;
    const fit = () => map.fitBounds(settings.bounds, { paddingTopLeft: [10, 10], paddingBottomRight: [side, 24], animate: false });
    const view = remembered();
    if (view) map.setView([view[0], view[1]], view[2], { animate: false });
    else fit();
    legend(map, settings.legend);
    L.control.scale({ imperial: false }).addTo(map);
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

// Where the map looks, and whether what is selected lies there.  Centre, zoom and layers stand in the address of the page
// around the map: written there without asking the page to run, and without an entry of their own in its history.
(function () {
  const explorer = window.explorer;
  const { element, fill } = explorer;

  const held = (name) => {
    try {
      return new URLSearchParams(window.parent.location.search).get(name);
    } catch (error) { return null; /* a page that may not be asked */ }
  };
  const write = (name, value) => {
    try {
      const { history, location } = window.parent;
      const parts = location.search.slice(1).split("&").filter((part) => part && !part.startsWith(`${name}=`));
      const search = `?${[...parts, `${name}=${value}`].join("&")}`;
      if (search !== location.search) history.replaceState(history.state, "", location.pathname + search + location.hash);
    } catch (error) { /* nor be told */ }
  };

  const view = () => {
    const found = /^(\d{1,2}(?:\.\d{1,6})?),(\d{1,3}(?:\.\d{1,6})?),(\d{1,2}(?:\.5)?)$/.exec(held("map") || "");
    if (!found) return null;
    const [lat, lng, zoom] = found.slice(1).map(Number);
    const { map } = explorer;
    const inside = L.latLngBounds(map.options.maxBounds).contains([lat, lng]);
    return inside && zoom >= map.getMinZoom() && zoom <= map.getMaxZoom() ? { lat, lng, zoom } : null;
  };
  const shown = (names) => {
    const layers = held("layers");
    if (layers === null || layers.split(",").some((name) => name && !names.includes(name))) return null;
    return layers.split(",");
  };

  explorer.address = {
    view,
    shown,
    tell: ({ lat, lng }, zoom) => write("map", `${lat.toFixed(5)},${lng.toFixed(5)},${zoom}`),
    tellLayers: (names) => write("layers", names.join(",")),
    // The browser's way back leads to where the map looked then.
    follow: (turn) => {
      try {
        const { parent } = window;
        parent.addEventListener("popstate", turn);
        window.addEventListener("pagehide", () => parent.removeEventListener("popstate", turn));
      } catch (error) { /* a file opened from disk has no page around it */ }
    },
  };
})();

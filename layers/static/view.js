// Where the map looks, and whether what is selected lies there.  Centre, zoom and layers stand in the address of the page
// around the map: written there without asking the page to run, and without an entry of their own in its history.
(function () {
  const explorer = window.explorer;
  const { element, fill } = explorer;

  const around = () => {
    try {
      return window.parent.location.pathname;
    } catch (error) { return ""; }
  };
  const page = around();  // while another one is opened, this map stands for a moment yet
  const held = (name) => {
    try {
      return new URLSearchParams(window.parent.location.search).get(name);
    } catch (error) { return null; /* a page that may not be asked */ }
  };
  const write = (name, value) => {
    try {
      const { history, location } = window.parent;
      if (location.pathname !== page) return;
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

  // What is selected and lies outside the view is said, with the way there; where nothing of it is in view, the map goes.
  const notice = (text, go) => {
    const corner = explorer.map.getContainer();
    const old = corner.querySelector(".x-notice");
    if (old) old.remove();
    if (!text) return;
    const box = element("div", "", "x-notice");
    box.setAttribute("role", "status");
    box.append(element("span", text));
    if (go) {
      const button = element("button", explorer.words.go);
      button.type = "button";
      button.addEventListener("click", go);
      box.append(button);
    }
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    corner.append(box);
    explorer.map.once("movestart", () => box.remove());
  };
  explorer.find = (address, whole) => {
    const { map, words } = explorer;
    notice("");
    if (!address || (whole && !explorer.linked)) return;  // who looks at a part of the whole knows that there is more
    const bounds = map.getBounds();
    const side = ([name, value]) => `&${name}=${value.toFixed(6)}`;
    const sides = { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
    const asked = (explorer.finding = Symbol("finding"));
    fetch(address + Object.entries(sides).map(side).join("")).then((answer) => (answer.ok ? answer.json() : null)).then((found) => {
      if (!found || explorer.finding !== asked) return;
      const go = () => explorer.fitTo(found.bounds);
      if (!found.count) notice(words.none);
      else if (!found.located) notice(fill(words.nowhere, { n: found.count }));
      else if (found.outside === found.located && !explorer.linked) go();
      else if (found.outside && (!whole || found.outside === found.located)) notice(fill(words.outside, { n: found.outside }), go);
      explorer.linked = false;
    }).catch(() => { /* the marks say what could not be fetched */ });
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
        const here = () => { if (around() === page) turn(); };
        parent.addEventListener("popstate", here);
        window.addEventListener("pagehide", () => parent.removeEventListener("popstate", here));
      } catch (error) { /* a file opened from disk has no page around it */ }
    },
  };
})();

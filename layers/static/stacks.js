// Counts of areas that would still lie on each other after making way are stacked: one badge shows their sum and lists
// its places; each is a button that leads there.
(function () {
  const explorer = window.explorer;
  const { element } = explorer;
  const closest = 14;  // zoom at which areas lie side by side

  const own = (layer) => layer.feature.properties;
  const badgeOf = (layer) => layer.getElement().querySelector(".x-badge");
  const sum = (layer) => layer.stack.reduce((n, place) => n + own(place).n, 0);
  const titleOf = (layer) => explorer.fill(explorer.words.stack, { k: layer.stack.length, n: sum(layer) });
  // Colour and rim of what all places of a badge have in common.
  const dress = (layer, places) => {
    const { colour } = own(layer);
    const badge = badgeOf(layer);
    if (places.every((place) => own(place).colour === colour)) badge.style.setProperty("--colour", colour);
    else badge.style.removeProperty("--colour");
    badge.classList.toggle("x-unverified", places.every((place) => own(place).unverified));
  };
  const nameOf = (layer, name) => layer.getElement().setAttribute("aria-label", name);

  // The badges of areas, each by itself again; what the last selection left for a moment is not among them.
  explorer.unstacked = () => {
    const areas = [];
    explorer.map.eachLayer((layer) => {
      const { kind, precision, n } = (layer.feature && layer.feature.properties) || {};
      if (kind !== "badge" || precision === "site" || precision === "road" || layer.leaving || !layer.getElement()) return;
      const badge = badgeOf(layer);
      badge.style.margin = "";
      layer.getElement().style.visibility = "";
      if (layer.stack) {
        badge.textContent = String(n);
        badge.classList.remove("x-stack");
        dress(layer, [layer]);
        nameOf(layer, layer.alone);
      }
      layer.stack = null;
      areas.push([layer, badge]);
    });
    return areas;
  };

  // Lay a place onto another, whose badge then stands for both.
  explorer.stack = (below, above) => {
    if (!below.stack) {
      below.stack = [below];
      below.alone = below.getElement().getAttribute("aria-label");
    }
    below.stack.push(above);
    above.getElement().style.visibility = "hidden";
    badgeOf(below).textContent = String(sum(below));
    badgeOf(below).classList.add("x-stack");
    dress(below, below.stack);
    nameOf(below, titleOf(below));
  };

  const goTo = (place) => {
    const { map } = explorer;
    map.closePopup();
    const arrived = () => requestAnimationFrame(() => { if (map.hasLayer(place)) place.show(); });
    map.once("moveend", arrived);
    map.setView(place.getLatLng(), Math.max(map.getZoom(), closest), { animate: false });
  };

  const list = (layer) => {
    const body = element("div", "", "x-card");
    body.tabIndex = -1;
    body.append(element("strong", titleOf(layer)));
    const places = [...layer.stack].sort((one, other) => own(other).n - own(one).n);
    for (const place of places) {
      const button = element("button", own(place).tip, "x-place");
      button.type = "button";
      button.addEventListener("click", () => goTo(place));
      body.append(button);
    }
    return body;
  };

  const open = (layer) => {
    const { map } = explorer;
    const shown = L.popup(explorer.room()).setLatLng(layer.getLatLng()).setContent(list(layer));
    shown.stacked = true;
    shown.openOn(map);
    const mark = layer.getElement();
    if (document.activeElement !== mark) return;
    shown.getElement().querySelector("button").focus({ preventScroll: true });
    shown.getElement().onkeydown = (event) => {
      if (event.key !== "Escape") return;
      map.closePopup(shown);
      mark.focus({ preventScroll: true });
    };
  };

  explorer.stackTitle = titleOf;

  // What a click on a mark opens: the list of its stack, or, for a place by itself, what `show` shows.
  explorer.opens = (layer, show) => {
    layer.show = show;
    return (...given) => (layer.stack ? open(layer) : show(...given));
  };

  // A list tells of the marks as they lay when it was opened.
  explorer.closeStack = () => {
    const shown = explorer.map._popup;
    if (shown && shown.stacked && shown.isOpen()) explorer.map.closePopup(shown);
  };
})();

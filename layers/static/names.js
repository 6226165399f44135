// Names of towns, parks and main roads, as one moves closer to the offline map; where they meet, or would lie on a mark or
// another name, the later one is left out.
(function () {
  const explorer = window.explorer;
  const { element } = explorer;
  const from = { town: 11, park: 12, road: 13, lane: 15 };  // zoom from which each kind is named
  const tops = { town: [-8, 14, -30], park: [14, -30], road: [-8], lane: [-8] };  // where its upper edge may be beside its point, where a mark may stand
  const line = 15;  // height of a name in pixels
  const most = 90;

  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const widthOf = (text) => [...text].reduce((wide, letter) => wide + (letter > "\u2e7f" ? 12 : 7), 4);

  explorer.layNames = () => {
    const { map, names } = explorer;
    const pane = map.getPane("names");
    if (!pane) return;  // a map of another place has none
    pane.replaceChildren();
    const zoom = map.getZoom();
    if (!explorer.named || zoom < from.town || explorer.hidden.has("land")) return;
    const corner = map.getContainer().getBoundingClientRect();
    const marks = map.getContainer().querySelectorAll("div.x-label, .x-badge, div.x-firm, .x-diamond, div.x-dot, .leaflet-control");
    const taken = [...marks].map((mark) => mark.getBoundingClientRect()).filter((box) => box.width).map((box) => ({
      left: box.left - corner.left, right: box.right - corner.left, top: box.top - corner.top, bottom: box.bottom - corner.top,
    }));
    const { x: width, y: height } = map.getSize();
    const shown = [];
    for (const [kind, text, lat, lon] of names) {
      if (zoom < from[kind] || shown.length === most) continue;
      const at = map.latLngToContainerPoint([lat, lon]);
      const half = widthOf(text) / 2;
      const boxes = tops[kind].map((top) => ({ left: at.x - half, right: at.x + half, top: at.y + top, bottom: at.y + top + line }));
      const box = boxes.find(({ left, right, top, bottom }) => left >= 0 && top >= 0 && right <= width && bottom <= height
        && !taken.some((other) => meet({ left, right, top, bottom }, other)));
      if (!box) continue;
      taken.push(box);
      const name = element("span", text, `x-name x-of-${kind === "lane" ? "road" : kind}`);
      const spot = map.containerPointToLayerPoint([at.x, box.top]);
      Object.assign(name.style, { left: `${spot.x}px`, top: `${spot.y}px` });
      shown.push(name);
    }
    pane.append(...shown);
  };

  // Names stand where the map came to rest; while it zooms there are none.
  explorer.keepNames = () => {
    const { map } = explorer;
    const pane = map.getPane("names");
    if (!pane) return;
    pane.setAttribute("aria-hidden", "true");
    map.on("moveend", explorer.layNames);
    map.on("zoomstart", () => pane.replaceChildren());
  };
})();

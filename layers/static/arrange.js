// Names and counts that would lie on each other: the name of the core stays, of others the first; a count of an area
// makes way by some pixels within its district, and is stacked on another of its kind there where that is not enough.
(function () {
  const explorer = window.explorer;
  const farthest = 26;
  const most = 600;
  const covered = 0.08;  // share of a badge that may lie on other badges
  const hides = 0.25;  // and on names, where another badge is within reach
  const reach = 45;

  const overlap = (one, other) =>
    Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
    Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));
  const moved = (box, x, y) => ({ left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y });
  const apart = (one, other) => Math.hypot(one.left + one.right - other.left - other.right, one.top + one.bottom - other.top - other.bottom) / 2;
  const around = [[0, 0]];
  for (const far of [farthest / 2, farthest]) {
    for (let turn = 0; turn < 12; turn++) around.push([far * Math.cos((turn * Math.PI) / 6), far * Math.sin((turn * Math.PI) / 6)]);
  }

  // Names make way for the signs with totals, and for one that bears the same name.
  const thin = (map = explorer.map, signs = []) => {
    const taken = [...signs];
    const named = new Set(signs.flatMap((sign) => sign.codes));
    const labels = [...map.getPane("labels").querySelectorAll("div.x-label:not([hidden])")];
    labels.sort((one, other) => (other.dataset.of === "core") - (one.dataset.of === "core"));
    for (const label of labels) {
      label.style.visibility = "";
      const box = label.getBoundingClientRect();
      if (named.has(label.dataset.code) || taken.some((other) => overlap(box, other))) label.style.visibility = "hidden";
      else taken.push(box);
    }
    return taken;
  };

  // Rings of the districts as they are drawn, in degrees as [lat, lng, lat, lng, …], told flat once since each is asked for
  // often; none where the layer has never been shown.
  const outlines = () => {
    const found = {};
    explorer.map.eachLayer((layer) => {
      const { code } = (layer.feature && layer.feature.properties) || {};
      if (!code || !layer.getLatLngs) return;
      const rings = () => layer.getLatLngs().flat(layer.feature.geometry.type === "Polygon" ? 0 : 1);
      layer.rings ||= rings().map((ring) => Float64Array.from(ring.flatMap(({ lat, lng }) => [lat, lng])));
      found[code] = layer.rings;
    });
    return found;
  };
  const holds = (rings, lat, lng) => {
    let inside = false;
    for (const ring of rings) {
      for (let k = 0, before = ring.length - 2; k < ring.length; before = k, k += 2) {
        if (ring[k] > lat !== ring[before] > lat
          && lng < ring[k + 1] + ((lat - ring[k]) / (ring[before] - ring[k])) * (ring[before + 1] - ring[k + 1])) inside = !inside;
      }
    }
    return inside;
  };
  // Whether a badge may be moved so far: only within the district that it belongs to, as far as its place lies there.
  const keeper = (layer, districts) => {
    const rings = districts[layer.feature.properties.code];
    const at = layer.getLatLng();
    let place = null;
    return (x, y) => {
      if (!rings) return false;
      place ??= holds(rings, at.lat, at.lng) && explorer.map.latLngToContainerPoint(at);
      if (!place) return false;
      const { lat, lng } = explorer.map.containerPointToLatLng(place.add([x, y]));
      return holds(rings, lat, lng);
    };
  };

  // What stands for an area may move within reach of its place; what stands for a point may not.
  const spread = (names) => {
    const areas = explorer.unstacked();
    const pane = explorer.map.getPane("enterprises");
    const points = pane ? [...pane.querySelectorAll("div.x-firm, .x-badge.x-site, .x-badge.x-road")] : [];
    if (!areas.length || areas.length + points.length > most) return;
    const fixed = points.map((mark) => mark.getBoundingClientRect());
    const placed = [];
    const districts = outlines();
    const boxes = areas.map(([layer, badge]) => ({ layer, badge, box: badge.getBoundingClientRect() }));
    boxes.sort((one, other) => other.layer.feature.properties.n - one.layer.feature.properties.n);
    for (const { layer, badge, box } of boxes) {
      const near = (others) => others.filter((other) =>
        Math.abs(other.left - box.left) < 70 + other.right - other.left && Math.abs(other.top - box.top) < 70);
      const [badges, marks, words] = [near(placed), near(fixed), near(names)];
      const own = layer.feature.properties;
      const within = keeper(layer, districts);
      let best = null;
      for (const [x, y] of around) {
        const there = moved(box, x, y);
        const sum = (others) => others.reduce((area, other) => area + overlap(there, other), 0);
        const [under, hidden] = [sum(badges), sum(words)];
        const cost = 3 * under + 2 * sum(marks) + 2 * hidden + Math.hypot(x, y) / 4;
        if (!best || (cost < best.cost && within(x, y))) best = { cost, under, hidden, x, y, there };
        if (!cost) break;  // nothing lies where it stands
      }
      const area = (box.right - box.left) * (box.bottom - box.top);
      const akin = badges.filter(({ layer: { feature: { properties } } }) => properties.precision === own.precision && properties.code === own.code);
      const host = akin.length && akin.reduce((one, other) => (apart(box, other) < apart(box, one) ? other : one));
      if (host && (best.under > covered * area || (best.hidden > hides * area && apart(box, host) < reach))) {
        explorer.stack(host.layer, layer);
      } else {
        badge.style.margin = `${best.y}px 0 0 ${best.x}px`;
        placed.push({ ...best.there, layer });
      }
    }
  };

  explorer.thin = thin;
  explorer.arrange = () => {
    const signs = explorer.laySigns();
    const names = thin(explorer.map, signs);
    if (!explorer.map.getContainer().classList.contains("x-far")) spread(names);
    explorer.layNames();
  };

  // Once per frame at most, after the zoom or the marks have changed.
  explorer.keepArranged = () => {
    let waiting = false;
    const soon = ({ layer } = {}) => {
      if (waiting || (layer && !layer.feature)) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        explorer.closeStack();
        explorer.arrange();
      });
    };
    explorer.map.on("zoomend layeradd layerremove", soon);
    explorer.map.whenReady(() => soon());
  };
})();

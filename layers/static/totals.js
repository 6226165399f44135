// From far a sign for each district and for the core: its name and all of the selection there.  What is known by area only
// and the numbers of points show when the map is closer.  Signs that find no room in their own district are joined.
(function () {
  const explorer = window.explorer;
  const { element, fill, number } = explorer;
  const near = 11;  // zoom from which the marks of areas stand for themselves
  const gap = 2;  // pixels between two signs
  let shown = [];  // signs on the map: {group, box, mark}
  let box = null;

  const meet = (one, other) =>
    one.left < other.right + gap && other.left < one.right + gap && one.top < other.bottom + gap && other.top < one.bottom + gap;
  const about = (total) => explorer.districts[total.code];
  const sum = (group) => group.reduce((n, total) => n + total.n, 0);
  const nameOf = (group) => {
    const first = group.reduce((one, other) => (other.n > one.n ? other : one));
    return group.length === 1 ? about(first).name
      : fill(explorer.words.several, { a: about(first).name, k: group.length, m: group.length - 1 });
  };
  const starsOf = (group) => (explorer.stars || []).filter((star) => group.some(({ code }) => star.codes.includes(code)))
    .reduce((n, star) => n + star.n, 0);
  const titleOf = (group) => fill(explorer.words.total, { a: nameOf(group), n: sum(group) });
  const kindOf = (group) => {
    if (group.some(({ code }) => code === "core")) return "core";
    return group.every((total) => about(total).belt) ? "belt" : "other";
  };

  const signOf = (group) => {
    const sign = element("div", "", `x-total x-of-${kindOf(group)}`);
    sign.append(element("span", nameOf(group)), element("b", number(sum(group))));
    const stars = starsOf(group);
    if (stars) sign.append(element("i", `★ ${number(stars)}`));
    return sign;
  };
  // Sizes by the words on a sign, measured once: all signs that are not known yet together, so that the page is laid out once.
  const sizes = new Map();
  const keyOf = (group) => `${nameOf(group)} ${sum(group)} ${starsOf(group)}`;
  const measure = (groups) => {
    const unknown = groups.filter((group) => !sizes.has(keyOf(group)));
    if (!unknown.length) return;
    const aside = element("div", "", "x-aside");
    const signs = unknown.map(signOf);
    aside.append(...signs);
    explorer.map.getContainer().append(aside);
    signs.forEach((sign, place) => sizes.set(keyOf(unknown[place]), [sign.offsetWidth, sign.offsetHeight]));
    aside.remove();
  };

  // Points of its districts at which a sign may stand, nearest to the middle of their names first.
  const spotsOf = (group) => {
    if (group.length === 1) return about(group[0]).spots;
    const middle = [0, 1].map((side) => group.reduce((at, total) => at + about(total).spots[0][side], 0) / group.length);
    const far = (spot) => Math.hypot(spot[0] - middle[0], spot[1] - middle[1]);
    return group.flatMap((total) => about(total).spots).sort((one, other) => far(one) - far(other));
  };
  const boxAt = (group, spot) => {
    const [width, height] = sizes.get(keyOf(group));
    const at = explorer.map.latLngToContainerPoint(spot);
    return { left: at.x - width / 2, right: at.x + width / 2, top: at.y - height / 2, bottom: at.y + height / 2, spot };
  };
  const extent = (group) => {
    const [south, west] = about(group[0]).bounds[0];
    const [north, east] = about(group[0]).bounds[1];
    return group.length > 1 ? 0 : (north - south) * (east - west);
  };
  // What found room, and the first group that found none; what controls cover is taken only where nothing else is free.
  const place = (groups, covered) => {
    const taken = [];
    for (const group of [...groups].sort((one, other) => extent(one) - extent(other))) {
      const boxes = spotsOf(group).map((spot) => boxAt(group, spot)).filter((there) => !taken.some((other) => meet(there, other)));
      if (!boxes.length) return { taken, without: group };
      const there = boxes.find((free) => !covered.some((other) => meet(free, other))) || boxes[0];
      taken.push(Object.assign(there, { group }));
    }
    return { taken };
  };
  const apart = (one, other) => {
    const [here, there] = [one, other].map((group) => explorer.map.latLngToContainerPoint(spotsOf(group)[0]));
    return here.distanceTo(there);
  };
  const join = (groups, without) => {
    const core = ({ code }) => code === "core";
    const others = groups.filter((group) => group !== without && !group.some(core));
    const nearest = (to, among) => among.reduce((one, other) => (apart(other, to) < apart(one, to) ? other : one));
    // What lies in the core is counted in its district too, so the core is joined to none: a district beside it makes way.
    const moved = without.some(core) ? nearest(without, others) : without;
    const host = nearest(moved, others.filter((group) => group !== moved));
    return [...groups.filter((group) => group !== host && group !== moved), [...host, ...moved]];
  };

  const open = (group, mark) => {
    const { map, words } = explorer;
    const body = element("div", "", "x-card");
    body.tabIndex = -1;
    body.append(element("strong", titleOf(group)));
    const button = (text, act) => {
      const made = element("button", text, "x-place");
      made.type = "button";
      made.addEventListener("click", () => { map.closePopup(); act(); });
      body.append(made);
    };
    const closer = (total) => map.fitBounds(about(total).bounds, { maxZoom: 13, animate: false }) && map.getZoom() < near && map.setZoom(near, { animate: false });
    if (group.length > 1) {
      for (const total of [...group].sort((one, other) => other.n - one.n)) button(titleOf([total]), () => closer(total));
    } else {
      const [total] = group;
      const facts = element("div", "", "x-facts");
      for (const [rank, name] of words.by) {
        if (total.by[rank]) facts.append(element("span", name, "x-label"), element("span", number(total.by[rank])));
      }
      if (total.sites) facts.append(element("span", words.sites, "x-label"), element("span", number(total.sites)));
      body.append(facts);
      map.eachLayer((layer) => {
        const own = (layer.feature && layer.feature.properties) || {};
        if (own.precision === "district" && (own.code === total.code || own.adcode === total.code) && !layer.leaving) button(own.tip, () => layer.show());
      });
      button(fill(words.closer, { a: about(total).name }), () => closer(total));
    }
    const popup = L.popup(explorer.room()).setLatLng(mark.getLatLng()).setContent(body);
    popup.stacked = true;
    popup.openOn(map);
    const icon = mark.getElement();
    if (document.activeElement !== icon) return;
    popup.getElement().querySelector("button").focus({ preventScroll: true });
    popup.getElement().onkeydown = (event) => {
      if (event.key !== "Escape") return;
      map.closePopup(popup);
      icon.focus({ preventScroll: true });
    };
  };

  const draw = ({ group, spot, left, top, right, bottom }) => {
    const mark = L.marker(spot, {
      pane: "enterprises", zIndexOffset: 5000, keyboard: true,
      icon: L.divIcon({ html: signOf(group), className: "x-icon", iconSize: [0, 0] }),
    });
    const act = () => open(group, mark);
    mark.on("click", act);
    mark.on("keypress", (event) => { if (event.originalEvent.key === "Enter") act(); });
    const parts = group.length > 1 ? group.map((total) => titleOf([total])) : [];
    const told = [titleOf(group), ...parts].join(" · ");
    mark.bindTooltip(() => element("span", told), { sticky: true, opacity: 1 });
    mark.on("add", () => mark.getElement().setAttribute("aria-label", told));
    mark.total = group;
    mark.addTo(explorer.map);
    return { group, mark, box: { left, top, right, bottom } };
  };

  // Lay the signs anew, where the map is far and a selection has told its totals; what names they bear and where they stand.
  explorer.laySigns = () => {
    const { map, totals } = explorer;
    shown.forEach(({ mark }) => mark.remove());
    shown = [];
    const far = Boolean(totals) && !explorer.hidden.has("enterprises") && map.getZoom() < near;
    map.getContainer().classList.toggle("x-far", far);
    if (!far) return [];
    const corner = map.getContainer().getBoundingClientRect();
    const covered = [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const { left, top, right, bottom } = control.getBoundingClientRect();
      return { left: left - corner.left, right: right - corner.left, top: top - corner.top, bottom: bottom - corner.top };
    });
    let groups = totals.map((total) => [total]);
    for (;;) {
      measure(groups);
      const { taken, without } = place(groups, covered);
      const joinable = groups.filter((group) => !group.some(({ code }) => code === "core"));
      if (!without || joinable.length < 2) {
        shown = taken.map(draw);
        break;
      }
      groups = join(groups, without);
    }
    return shown.map((sign) => ({ ...sign.box, codes: sign.group.map(({ code }) => code) })).map((sign) => ({
      ...sign, left: sign.left + corner.left, right: sign.right + corner.left, top: sign.top + corner.top, bottom: sign.bottom + corner.top,
    }));
  };

  // Core and belt, and how far places are known, as parts that add up to the selection.
  explorer.tellAccount = (account) => {
    const { map, words } = explorer;
    if (!box) {
      const narrow = map.getContainer().clientWidth < 640;
      box = L.control({ position: narrow ? "bottomright" : "bottomleft" });
      box.onAdd = () => {
        const made = element("details", "", "x-account");
        made.open = explorer.stored("account") ?? map.getContainer().clientWidth > 900;  // else it lies on the districts
        made.addEventListener("toggle", () => explorer.stored("account", made.open));
        L.DomEvent.disableClickPropagation(made);
        L.DomEvent.disableScrollPropagation(made);
        return made;
      };
      box.addTo(map);
    }
    const { core = 0, belt = 0 } = account.zones;
    const rows = (title, names, counts) => {
      const table = element("table");
      table.append(element("caption", fill(title, { n: account.n })));
      for (const [code, name] of names) {
        const row = element("tr", "", `x-of-${code}`);
        const head = element("th", name);
        head.scope = "row";
        row.append(head, element("td", number(counts[code] || 0)));
        if (counts[code]) table.append(row);
      }
      return table;
    };
    const more = element("p", account.sites ? `${words.sites} ${number(account.sites)}` : "");
    more.hidden = !account.sites;
    box.getContainer().replaceChildren(
      element("summary", fill(words.short, { c: core, b: belt, n: account.n })),
      rows(words.zone, words.zones, account.zones), rows(words.place, words.by, account.precisions), more,
    );
  };
  explorer.dropAccount = () => {
    if (box) box.remove();
    box = null;
  };
})();

// Marks and cards of the explorer's map.  All text from data becomes text nodes.
(function () {
  const explorer = (window.explorer = window.explorer || {});
  const stored = (name, value) => {
    const key = "explorer." + (explorer.name ? explorer.name + "." : "") + name;
    try {
      if (value === undefined) return JSON.parse(sessionStorage.getItem(key));
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch (error) { /* a file opened from disk may have no storage */ }
    return null;
  };
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };

  // A page of the app about an enterprise, with the filters as the page around the map has them.
  const addressOf = (name, about) => {
    try {
      const page = new URL(name, window.parent.location.href);
      page.search = window.parent.location.search;
      for (const [parameter, value] of Object.entries(about)) page.searchParams.set(parameter, value);
      return page.href;
    } catch (error) { return ""; /* a file opened from disk has no such page */ }
  };

  const facts = (card) => {
    const body = element("div", "", "x-facts");
    const links = element("div", "", "x-links");
    const link = (text, name, address) => {
      if (!card.id || !text || !address) return;
      const made = element("a", text, name);
      Object.assign(made, { href: address, target: "_blank", rel: "noopener" });
      links.append(made);
    };
    if (explorer.followed) link(explorer.words.follow, "x-follow", addressOf("shortlist", { add: card.id }));
    link(explorer.words.card, "x-more", addressOf("enterprises", { id: card.id }));
    if (links.childElementCount) body.append(links);
    for (const [label, value] of card.rows || []) {
      body.append(element("span", label, "x-label"), element("span", value));
    }
    body.append(element("span", explorer.words.source, "x-label"));
    const source = element(card.url ? "a" : "span", card.source || explorer.words.unverified);
    if (card.url) Object.assign(source, { href: card.url, target: "_blank", rel: "noopener noreferrer" });
    body.append(source);
    return body;
  };

  explorer.unfolded = new Set();
  const firm = (card, open) => {
    const details = element("details", "", "x-firm");
    const summary = element("summary");
    const dot = element("i", "", "x-dot");
    dot.style.background = card.colour;
    summary.append(dot, document.createTextNode(card.name));
    if (card.unverified) summary.append(element("em", explorer.words.unverified));
    details.append(summary);
    const unfold = (wide) => {
      if (wide && details.childElementCount === 1) details.append(facts(card));
      wide ? explorer.unfolded.add(card.id) : explorer.unfolded.delete(card.id);
    };
    // What stands unfolded from the start has its full height when the popup makes room for itself: the map moves once.
    let wide = open || explorer.unfolded.has(card.id);
    details.open = wide;
    unfold(wide);
    details.addEventListener("toggle", () => {
      if (details.open === wide) return;
      unfold((wide = details.open));
      const shown = explorer.map._popup;
      if (shown && shown.isOpen() && shown.options.autoPan) shown._adjustPan();
    });
    return details;
  };

  const popup = (properties) => {
    const body = element("div", "", "x-card");
    body.tabIndex = -1;
    if (properties.title) body.append(element("strong", properties.title));
    if (properties.firms) properties.firms.forEach((card) => body.append(firm(card, properties.firms.length === 1)));
    else body.append(facts(properties));
    return body;
  };

  // Black or white, whichever reads on a colour written as #rrggbb (WCAG 2.2, 1.4.3).
  const inkOn = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((place) => {
      const share = parseInt(colour.slice(place, place + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5 ? "#fff" : "#000";
  };

  explorer.mark = (feature, latlng) => {
    const own = feature.properties;
    const mark = element("div", own.kind === "label" ? own.text : { badge: String(own.n), star: "★" }[own.kind] || "");
    mark.className = ["x-" + own.kind, own.precision ? "x-" + own.precision : "", own.unverified ? "x-unverified" : ""].join(" ");
    if (own.colour) mark.style.setProperty("--colour", own.colour);
    if (own.colour) mark.style.setProperty("--ink", inkOn(own.colour));
    if (own.kind === "badge" && own.precision === "district") mark.dataset.lead = explorer.words.only;
    if (own.of) {
      mark.dataset.code = own.code;
      mark.dataset.of = own.of;
      mark.hidden = explorer.hidden.has(own.of);
    }
    const pane = { label: "labels", diamond: "parks", dot: "towns", city: "cities" }[own.kind] || "enterprises";
    const area = own.code !== undefined && own.kind === "badge" || own.precise === false;
    const quiet = own.kind === "label" || own.kind === "dot" || own.kind === "star";
    return L.marker(latlng, {
      pane, keyboard: !quiet, interactive: own.kind !== "label", alt: own.tip || own.text,
      zIndexOffset: { badge: 1000, star: 2000 }[own.kind] || 0,  // a point hides no number
      icon: L.divIcon({ html: mark, className: area ? "x-icon x-area" : "x-icon", iconSize: [0, 0] }),
    });
  };

  // A popup opens beside the buttons, the panel and the account, not under them.
  const room = () => {
    const corner = explorer.map.getContainer();
    const side = corner.querySelector(".x-panel[open]");
    const width = side ? side.offsetWidth + 20 : 10;
    const account = corner.querySelector(".leaflet-left .x-account[open]");
    const wide = account && corner.clientWidth - width - account.offsetWidth > 300 ? account.offsetWidth + 20 : 50;
    const free = corner.clientWidth - width - wide - 40;
    return {
      minWidth: Math.min(240, free), maxWidth: Math.min(340, free),
      autoPanPaddingTopLeft: [wide, side ? 10 : 50], autoPanPaddingBottomRight: [width, 20],
    };
  };

  const thousands = (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const number = (value) => String(value).replace(/^-?\d+(?=(\.\d+)?$)/, thousands);
  const fill = (words, values) => words.replace(/\{(\w)\}/g, (_, name) => number(values[name]));

  Object.assign(explorer, { element, stored, popup, room, number, fill });

  explorer.describe = (feature, layer) => {
    const own = feature.properties;
    if (own.tip) layer.bindTooltip(() => element("span", layer.stack ? explorer.stackTitle(layer) : own.tip), { sticky: true, opacity: 1 });
    if (own.firms || own.rows) {
      layer.bindPopup(() => {
        Object.assign(layer.getPopup().options, room());
        return popup(own);
      });
      layer.openPopup = explorer.opens(layer, layer.openPopup.bind(layer));
      layer.on("keypress", () => explorer.follow(layer));
      layer.on("popupopen", () => layer.closeTooltip());
      layer.on("add", () => explorer.reopen(own, layer));
    }
    if (layer.getElement) {
      layer.on("add", () => {
        const made = layer.getElement();
        const count = own.kind === "badge" && !own.tip.includes(number(own.n)) ? own.n + " · " : "";
        if (made && own.tip && made.getAttribute("tabindex") === "0") made.setAttribute("aria-label", count + own.tip);
      });
    }
  };

  // A popup that was open when the marks were exchanged opens again on the mark that now holds that enterprise,
  // or stays closed when the selection no longer has it.
  const openIds = (own) => (own.firms ? own.firms.map((card) => card.id) : ["title:" + own.title]);
  explorer.reopen = (own, layer) => {
    if (!explorer.open || !explorer.map) return;
    if (openIds(own).some((id) => explorer.open.has(id))) queueMicrotask(() => {
      if (!explorer.map.hasLayer(layer)) return;
      const popupLayer = layer.getPopup();
      popupLayer.options.autoPan = false;
      layer.openPopup();
      popupLayer.options.autoPan = true;
    });
  };

  explorer.watchPopups = (map) => {
    map.on("popupopen", (event) => {
      const own = event.popup._source && event.popup._source.feature.properties;
      explorer.open = own ? new Set(openIds(own)) : null;
    });
    map.on("popupclose", (event) => {
      if (event.popup._source && map.hasLayer(event.popup._source)) explorer.open = null;
      else setTimeout(() => { if (!map._popup || !map._popup.isOpen()) explorer.open = null; });
    });
  };

  // A reader at the keyboard goes from the mark into its popup, and with Escape back to the mark.
  explorer.follow = (layer) => {
    const mark = layer.getElement();
    const shown = layer.isPopupOpen() && layer.getPopup().getElement();
    if (!mark || !shown || document.activeElement !== mark) return;
    (shown.querySelector("summary") || shown.querySelector(".x-card")).focus({ preventScroll: true });
    shown.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      layer.closePopup();
      mark.focus({ preventScroll: true });
    };
  };

  explorer.drawingWords = (words) => {
    const { draw, edit } = L.drawLocal;
    const say = (where, names) => Object.entries(names).forEach(([name, key]) => { where[name] = words[key]; });
    say(draw.toolbar.buttons, { polygon: "polygon", rectangle: "rectangle", marker: "marker", polyline: "line" });
    for (const [group, text] of [[draw.toolbar.finish, "finish"], [draw.toolbar.undo, "undo"], [draw.toolbar.actions, "cancel"],
      [edit.toolbar.actions.save, "save"], [edit.toolbar.actions.cancel, "cancel"], [edit.toolbar.actions.clearAll, "clear"]]) {
      say(group, { title: text, text });
    }
    say(edit.toolbar.buttons, { edit: "edit", editDisabled: "edit", remove: "remove", removeDisabled: "remove" });
    say(draw.handlers.polygon.tooltip, { start: "start", cont: "next", end: "end" });
    say(draw.handlers.polyline, { error: "crossing" });
    say(draw.handlers.polyline.tooltip, { start: "start", cont: "next", end: "last" });
    say(draw.handlers.rectangle.tooltip, { start: "drag" });
    say(draw.handlers.simpleshape.tooltip, { end: "drag" });
    say(draw.handlers.marker.tooltip, { start: "place" });
    say(edit.handlers.edit.tooltip, { text: "move", subtext: "move" });
    say(edit.handlers.remove.tooltip, { text: "pick" });
  };
})();

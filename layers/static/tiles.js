// Enterprises from the server: the marks of a few with their cards; of many tiles, one badge per area, and cards that
// are asked for where the reader clicks.
(function () {
  const explorer = window.explorer;
  const { element, number, fill } = explorer;
  const nothing = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
  const ask = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
  const few = 12;  // marks up to which each is shown from afar too, without totals of districts
  const above = ".leaflet-marker-icon, .leaflet-popup, .leaflet-control";

  explorer.tiles = (settings) => {
    const layer = new L.Layer();
    const badges = L.layerGroup();
    const images = settings.images;
    const tiles = settings.near === undefined ? null : L.tileLayer(settings.tiles || "", {
      pane: "enterprises", className: "x-tile", maxZoom: 22, maxNativeZoom: settings.near, minNativeZoom: images ? 8 : 0,
    });
    if (images) tiles.getTileUrl = (at) => images[[tiles._getZoomForUrl(), at.x, at.y].join("/")] || nothing;
    let asked = 0;
    const tell = (latlng) => {
      const failed = element("span", explorer.words.failed);
      L.popup(explorer.room()).setLatLng(latlng).setContent(failed).openOn(explorer.map);
    };

    // What is open is asked for again under the next selection, so that it never tells of the last one.
    const show = (latlng, found, query) => {
      const { words } = explorer;
      const shown = found.cards.length;
      const all = found.title || shown === 1 ? "" : fill(words.count, { n: shown });
      const count = found.count > shown ? fill(words.first, { n: found.count, m: shown }) : all;
      const heading = [found.title, count].filter(Boolean).join(" · ");
      const own = { title: heading, firms: found.cards };
      const shownAs = L.popup(explorer.room()).setLatLng(latlng).setContent(explorer.popup(own));
      shownAs.asked = [latlng, query];
      shownAs.openOn(explorer.map);
    };
    const open = (latlng, query) => {
      const turn = ++asked;
      const current = () => turn === asked && layer._map;
      ask(settings.at + query).then((found) => {
        if (!current()) return;
        if (found.count) show(latlng, found, query);
        else if (explorer.map._popup && explorer.map._popup.asked) explorer.map.closePopup();
      }).catch(() => {
        if (current()) tell(latlng);
      });
    };
    const click = (event) => {
      if (explorer.map.getContainer().classList.contains("x-measuring")) return;
      if (event.originalEvent.target.closest(above)) return;
      if (explorer.map.getPane("enterprises").style.display === "none") return;
      const at = event.latlng.wrap();
      open(event.latlng, `&lon=${at.lng.toFixed(7)}&lat=${at.lat.toFixed(7)}&zoom=${explorer.map.getZoom()}`);
    };
    const gather = (told) => {
      explorer.totals = tiles || told.marks.length > few ? told.totals : null;
      explorer.stars = settings.followed || [];
      explorer.tellAccount(told.account);
      explorer.stars.forEach((star) => mark({ ...star, kind: "star", precision: star.precise ? "site" : "district" }));
      told.marks.forEach(mark);
      if (!told.marks.length) explorer.arrange();
    };
    const mark = (own) => {
      const feature = { properties: own };
      const made = Object.assign(explorer.mark(feature, [own.lat, own.lon]), { feature });
      if (settings.at && own.place !== undefined) {
        const list = explorer.opens(made, () => open(made.getLatLng(), "&place=" + own.place));
        made.on("click", list);
        made.on("keypress", (event) => { if (event.originalEvent.key === "Enter") list(); });
      }
      explorer.describe(feature, made);
      badges.addLayer(made);
    };

    layer.onAdd = (map) => {
      badges.addTo(map);
      const loaded = tiles && new Promise((done) => tiles.once("load", done));
      if (tiles) explorer.painted.then(() => { if (layer._map) tiles.addTo(map); });
      const found = settings.content ? gather(settings.content) : ask(settings.places).then((told) => { if (layer._map) gather(told); });
      const old = explorer.fading;
      explorer.fading = null;
      if (old) {
        const late = new Promise((done) => setTimeout(done, 1500));
        Promise.race([Promise.allSettled([loaded, found]), late]).then(old);
      }
      Promise.resolve(found).catch(() => { if (layer._map && !tiles) tell(map.getCenter()); });
      if (settings.at) map.on("preclick", click);
      Promise.resolve(found).catch(() => {}).then(() => { if (layer._map) explorer.find(settings.extent, settings.whole); });
      const told = map._popup && map._popup.isOpen() && map._popup.asked;
      if (told) settings.at ? open(...told) : map.closePopup();  // single marks have popups of their own
    };
    // What the last selection showed stays until the next one is there, so nothing goes blank between.
    layer.onRemove = (map) => {
      asked++;
      map.off("preclick", click);
      badges.eachLayer((made) => { made.leaving = true; });
      const remove = () => [badges, tiles].forEach((shown) => shown && shown.remove());
      if (explorer.fading) explorer.fading();
      explorer.fading = remove;
      setTimeout(() => {
        if (explorer.fading !== remove) return;
        explorer.fading = null;
        explorer.totals = null;
        explorer.stars = [];
        explorer.dropAccount();
        remove();
        explorer.arrange();
      });
    };
    return layer;
  };

  // Least and most of each class of the density at the zoom shown; nothing where single marks stand.
  explorer.density = (settings) => {
    const box = element("div", "", "x-density");
    const draw = () => {
      box.replaceChildren();
      const breaks = settings.breaks[Math.round(explorer.map.getZoom())];
      if (!breaks) return;
      box.append(element("div", settings.title, "x-entry"));
      breaks.forEach((least, k) => {
        const line = element("div", "", "x-entry");
        const swatch = element("i", "", "x-swatch");
        swatch.style.background = settings.colours[k];
        const most = breaks[k + 1] - 1;
        const several = most > least ? `${number(least)}–${number(most)}` : number(least);
        line.append(swatch, element("span", k + 1 === breaks.length ? `≥ ${number(least)}` : several));
        box.append(line);
      });
    };
    explorer.map.on("zoomend", draw);
    explorer.map.whenReady(draw);
    return box;
  };
})();

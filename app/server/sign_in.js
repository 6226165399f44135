// Who signs in comes back to `/`, whatever page was asked for.  Its address is kept in the tab, for as long as signing in
// may take, and opened before Streamlit's own scripts read where they are.
(() => {
  const KEPT = "explorer.asked";
  const LASTS_MS = 10 * 60 * 1000;
  try {
    const asked = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    const back = location.pathname === "/" && !location.search;
    // The path stands behind our own origin: one that begins with two slashes is no other host.
    if (asked && back && Date.now() - asked.at < LASTS_MS) history.replaceState(history.state, "", location.origin + asked.path);
  } catch (error) { /* a browser that keeps nothing opens the first page */ }
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".st-key-sign_in_button button")) return;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), path: location.pathname + location.search }));
    } catch (error) { /* nor does it then */ }
  }, true);
})();

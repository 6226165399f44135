// What the browser keeps of the address.  Streamlit enters a page that is opened twice, first its path and then its
// parameters, and knows nothing of what the map writes into the address; and its links to the pages name none.
// It stands before Streamlit's own scripts: a reader may be faster than the first page.
(() => {
  const ofMap = ["map", "layers"];
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  const parts = (search) => search.replace(/^\?/, "").split("&").filter(Boolean);
  const named = (search, name) => parts(search).find((part) => part.startsWith(`${name}=`));
  const same = (one, other) => {
    const sorted = (url) => JSON.stringify([...new URLSearchParams(url.search)].sort());
    return one.pathname === other.pathname && sorted(one) === sorted(other);
  };
  // What the map has written stays while the page stays.
  const kept = (url, fresh) => {
    const next = new URL(url, location.href);
    if (next.pathname !== location.pathname) return next;
    const own = ofMap.filter((name) => !fresh || !named(next.search, name)).map((name) => named(location.search, name)).filter(Boolean);
    const others = parts(next.search).filter((part) => !own.some((kept) => kept.split("=")[0] === part.split("=")[0]));
    if (own.length) next.search = `?${[...others, ...own].join("&")}`;
    return next;
  };
  // One entry for what the user does once, however often the address follows.
  let acted = false;
  // A run of the page that was left by the way back may still write its address; nobody wants to be led there again.
  let here = location.pathname;
  let left = null;
  const act = () => {
    acted = true;
    left = null;
  };
  for (const event of ["pointerdown", "keydown", "click", "change"]) window.addEventListener(event, act, true);
  window.addEventListener("blur", () => { acted = true; });  // into the frame of a map
  window.addEventListener("popstate", () => {
    acted = false;
    if (location.pathname !== here) left = here;
    here = location.pathname;
  });
  // A page is entered by its path alone: what it then says of itself belongs to that entry, whatever happened meanwhile.
  let entered = false;
  history.pushState = (state, title, url) => {
    const next = kept(url ?? location.href, false);
    if (same(next, location) || next.pathname === left) return;
    const leaves = next.pathname !== location.pathname;
    (leaves || (acted && !entered) ? push : replace)(state, title, next.href);
    entered = leaves && !next.search;
    acted = false;
    here = location.pathname;
  };
  history.replaceState = (state, title, url) => {
    const next = kept(url ?? location.href, true);
    if (next.pathname !== left) replace(state, title, next.href);
  };
  // What is written and not saved would go with the session: the browser asks first.
  document.addEventListener("input", (event) => {
    if (event.target.closest?.(".st-key-entry_fields, [class*=st-key-correct_]")) window.explorerUnsaved = true;
  }, true);
  window.addEventListener("beforeunload", (event) => { if (window.explorerUnsaved) event.preventDefault(); });
  // A link to another page that is opened in a new tab keeps dataset, filters and language.
  const carry = (event) => {
    const link = event.target.closest?.('[data-testid="stTopNav"] a, [data-testid="stTopNavPopover"] a, [data-testid="stSidebarNav"] a');
    if (link && window.explorerLinks !== undefined) link.search = window.explorerLinks;
  };
  for (const event of ["pointerdown", "focusin", "contextmenu"]) document.addEventListener(event, carry, true);
})();

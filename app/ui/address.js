// What the browser keeps of the address.  Streamlit enters a page that is opened twice, first its path and then its
// parameters, and knows nothing of what the map writes into the address; and its links to the pages name none.
export default function (component) {
  window.explorerLinks = component.data.links;
  window.explorerUnsaved = component.data.unsaved;
  if (history.explorer) return;
  history.explorer = true;
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
  for (const event of ["pointerdown", "keydown", "click", "change"]) window.addEventListener(event, () => { acted = true; }, true);
  window.addEventListener("blur", () => { acted = true; });  // into the frame of a map
  history.pushState = (state, title, url) => {
    const next = kept(url ?? location.href, false);
    if (same(next, location)) return;
    (acted || next.pathname !== location.pathname ? push : replace)(state, title, next.href);
    acted = false;
  };
  history.replaceState = (state, title, url) => replace(state, title, kept(url ?? location.href, true).href);
  // What is written and not saved would go with the session: the browser asks first.
  document.addEventListener("input", (event) => {
    if (event.target.closest?.(".st-key-entry_fields")) window.explorerUnsaved = true;
  }, true);
  window.addEventListener("beforeunload", (event) => { if (window.explorerUnsaved) event.preventDefault(); });
  // A link to another page that is opened in a new tab keeps dataset, filters and language.
  const carry = (event) => {
    const link = event.target.closest?.('[data-testid="stTopNav"] a, [data-testid="stTopNavPopover"] a, [data-testid="stSidebarNav"] a');
    if (link) link.search = window.explorerLinks;
  };
  for (const event of ["pointerdown", "focusin", "contextmenu"]) document.addEventListener(event, carry, true);
}

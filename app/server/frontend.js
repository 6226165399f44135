// Streamlit says its own words (menus, hints, names for screen readers) in English alone; here they are said in the
// language of the page.  Text of the app and of its data is left alone.  `STREAMLIT_WORDS` stands before this script.
(() => {
  const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-roledescription"];
  const OURS = "[data-testid=stMarkdownContainer], [data-testid=stText], [data-testid=stTable], canvas, svg, style, script";
  const THEIRS = "[data-testid=stTooltipContent], [data-testid=stFileUploader] button, [data-testid=stException]";

  const NUMBERS = new Set(["n", "all", "least", "most"]);

  const exact = new Map();
  const patterns = [];
  for (const [english, chinese] of STREAMLIT_WORDS) {
    if (!english.includes("{")) {
      exact.set(english, chinese);
      continue;
    }
    const names = [...english.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    const parts = english.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const values = names.map((name) => (NUMBERS.has(name) ? "([\\d.,]+)" : "([^]+?)"));
    const pattern = new RegExp(`^${parts.map((part, at) => part + (values[at] ?? "")).join("")}$`);
    patterns.push((said) => {
      const found = pattern.exec(said);
      return found && chinese.replace(/\{(\w+)\}/g, (_, name) => found[1 + names.indexOf(name)]);
    });
  }
  const inChinese = (said) => {
    const bare = said.trim();
    let found = exact.get(bare);
    for (let at = 0; found === undefined && at < patterns.length; at++) found = patterns[at](bare) ?? undefined;
    return found === undefined ? said : said.replace(bare, () => found);
  };

  let english = false;
  const told = new WeakMap(); // node → what is said there: its name → [in English, as it was written]
  const tell = (node, name, now, write) => {
    if (!now || !/[A-Za-z]/.test(now) && !told.has(node)) return;
    const all = told.get(node) ?? {};
    const before = all[name]?.[1] === now ? all[name][0] : now;
    const wanted = english ? before : inChinese(before);
    if (wanted !== before || all[name]) told.set(node, { ...all, [name]: [before, wanted] });
    if (wanted !== now) write(wanted);
  };
  const tellText = (node) => {
    const around = node.parentElement;
    if (!around || around.closest(OURS) && !around.closest(THEIRS)) return;
    tell(node, "", node.data, (wanted) => { node.data = wanted; });
  };
  // A style sheet finds a button by what Streamlit calls it, whatever the language.
  const tellAttribute = (node, name) => tell(node, name, node.getAttribute(name), (wanted) => {
    if (name === "aria-label" && !english) node.dataset.english = node.getAttribute(name);
    node.setAttribute(name, wanted);
  });
  const tellAll = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return tellText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    for (const element of [root, ...root.querySelectorAll("*")]) {
      for (const name of ATTRIBUTES) if (element.hasAttribute(name)) tellAttribute(element, name);
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) tellText(texts.currentNode);
  };

  const followAddress = () => {
    english = new URLSearchParams(location.search).get("lang") === "en";
    document.documentElement.lang = english ? "en" : "zh-CN";
    if (document.body) tellAll(document.body);
  };
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...given) {
      original.apply(this, given);
      followAddress();
    };
  }
  window.addEventListener("popstate", followAddress);
  new MutationObserver((changes) => {
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(tellAll);
      else if (type === "attributes") tellAttribute(target, attributeName);
      else tellText(target);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
  followAddress();
})();

// A page that was dark is printed in dark ink: its style sheet needs to know, for on paper no system is dark.
(() => {
  const { classList } = document.documentElement;
  addEventListener("beforeprint", () => classList.toggle("x-was-dark", matchMedia("(prefers-color-scheme: dark)").matches));
  addEventListener("afterprint", () => classList.remove("x-was-dark"));
})();

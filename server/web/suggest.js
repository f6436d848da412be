// SPDX-License-Identifier: GPL-2.0-or-later
// The list below the box that completes what is typed (the combobox pattern of WAI-ARIA).
// May depend on api.js and dom.js. Without the server's answer the box works as it is.

import { suggest } from "./api.js";
import { byId, h } from "./dom.js";

const PAUSE_MS = 60;
const KIND = { pair: "", word: "", region: "Region", source: "Source", topic: "Topic", speaker: "Speaker" };

let timer = null;
let asked = null;
let shown = [];
let active = -1;

const box = () => byId("q");
const list = () => byId("suggestions");

export function closeSuggestions() {
  clearTimeout(timer);
  asked?.abort();
  shown = [];
  active = -1;
  list().hidden = true;
  list().replaceChildren();
  box().setAttribute("aria-expanded", "false");
  box().removeAttribute("aria-activedescendant");
}

function option(one, i, pick) {
  const kind = KIND[one.kind] ?? one.kind;
  return h("li", {
    id: `suggestion-${i}`, role: "option", "aria-selected": "false",
    onpointerdown: (event) => event.preventDefault(), // The focus stays in the box.
    onclick: () => pick(one),
  }, h("span", { class: "said", dir: "auto" }, one.text),
  kind ? h("span", { class: "field" }, kind) : null,
  h("span", { class: "many", "aria-hidden": "true" },
    one.kind === "pair" ? "" : one.count.toLocaleString()));
}

function show(suggestions, pick) {
  if (document.activeElement !== box()) return;
  closeSuggestions();
  shown = suggestions;
  list().replaceChildren(...shown.map((one, i) => option(one, i, pick)));
  list().hidden = !shown.length;
  box().setAttribute("aria-expanded", String(shown.length > 0));
}

async function ask(pick) {
  const q = box().value;
  asked?.abort();
  asked = new AbortController();
  if (!q.trim()) return closeSuggestions();
  try {
    const reply = await suggest(q, asked.signal);
    const fresh = reply.suggestions.filter((one) => one.query !== q.trim());
    if (box().value === q) show(fresh, pick);
  } catch {
    // What cannot be completed can still be searched for.
  }
}

/* One step beyond either end is the box itself, with nothing chosen. */
function move(step) {
  list().children[active]?.setAttribute("aria-selected", "false");
  active = active + step < -1 ? shown.length - 1 : active + step >= shown.length ? -1 : active + step;
  const node = list().children[active];
  node?.setAttribute("aria-selected", "true");
  node?.scrollIntoView({ block: "nearest" });
  if (node) box().setAttribute("aria-activedescendant", node.id);
  else box().removeAttribute("aria-activedescendant");
}

function onKey(event, pick) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !shown.length) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter" && active >= 0) pick(shown[active]);
  else if (event.key === "Escape") closeSuggestions();
  else return;
  event.preventDefault();
}

/** Complete what is typed into the box; `chosen` is told the query of what was picked. */
export function listenToSuggestions(chosen) {
  const pick = (one) => {
    closeSuggestions();
    box().value = one.query;
    chosen(one.query);
  };
  box().addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => ask(pick), PAUSE_MS);
  });
  box().addEventListener("keydown", (event) => onKey(event, pick));
  box().addEventListener("blur", closeSuggestions);
  byId("search").addEventListener("submit", closeSuggestions);
}

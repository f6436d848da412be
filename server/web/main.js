// SPDX-License-Identifier: GPL-2.0-or-later
// Puts the parts together: the address decides what is shown, every act changes the address.
// May depend on all other modules; none depends on this one.

import { Failure, fetchItem, isAbort } from "./api.js";
import { copy, listCitation } from "./cite.js";
import { byId, markedWords } from "./dom.js";
import { fillHome, openHelp, showNewest } from "./home.js";
import { refreshPager, showItem, showItemFrame } from "./item.js";
import { listenToKeys } from "./keys.js";
import { createList } from "./list.js";
import { clearNotice, showFailure } from "./notice.js";
import { listenToSuggestions } from "./suggest.js";
import { address, effectiveSort, isBlank, parseState, searchKey, withSimilar } from "./state.js";

const PAUSE_MS = 200;
const DATE_PAUSE_MS = 700;

let state = parseState(location.search);
let typing = false; // The newest history entry was made by typing, so typing may replace it.
let itemRequest = null;
let newestRequest = null;
let returnTo = null; // Where the list stood when an item was opened over it.

const on = {
  state: (next) => go(next),
  dates: (from, to) => go({ ...state, from, to, item: "" }),
  link: (event, next) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    go(next);
  },
  step: (id) => id && go({ ...state, item: id }, { replace: true }),
  neighbour: (by) => {
    const around = list.around(state.item);
    on.step(by > 0 ? around.next : around.previous);
  },
  close: closeItem,
  help: openHelp,
  listed: () => state.item && refreshPager(byId("item"), list.around(state.item), on),
};

const list = createList(on);

/** Go to another state: one step of history, or the current step changed. */
function go(next, { replace = false, typed = false } = {}) {
  const opened = next.item && !state.item;
  if (opened) returnTo = { id: next.item, top: window.scrollY };
  const depth = (history.state?.depth ?? 0) + (replace ? 0 : 1);
  const over = replace ? history.state?.over : Boolean(opened);
  history[replace ? "replaceState" : "pushState"]({ depth, over }, "", address(next));
  typing = typed;
  apply(next, typed);
}

/* When the list lies just below in the history, closing is going back: no step is added. */
function closeItem() {
  if (!state.item) return;
  if (history.state?.over) return history.back();
  go({ ...state, item: "" }, { replace: true });
}

function titleOf(next, item) {
  if (item?.title) return `${item.title} · Dragoman`;
  return next.q.trim() ? `${next.q.trim()} · Dragoman` : "Dragoman";
}

function syncControls(typed) {
  if (!typed && byId("q").value.trim() !== state.q.trim()) byId("q").value = state.q;
  for (const name of ["from", "to"]) {
    if (byId(name).value !== state[name]) byId(name).value = state[name];
  }
  byId("match").value = state.match;
  byId("synonyms").checked = state.synonyms === "1";
  for (const radio of document.getElementsByName("group")) radio.checked = radio.value === state.group;
  for (const radio of document.getElementsByName("sort")) {
    radio.checked = radio.value === effectiveSort(state);
    radio.disabled = radio.value === "relevance" && !state.q.trim() && !state.similar;
  }
}

function apply(next, typed = false) {
  const before = state;
  state = next;
  syncControls(typed);
  byId("cite-said").textContent = "";
  document.title = titleOf(state);
  if (isBlank(state)) list.clear();
  else if (searchKey(state) !== list.shownKey()) list.run(state);
  showPanes();
  if (state.item) openItem();
  else if (before.item) leaveItem(before.item);
}

function showPanes() {
  const reading = Boolean(state.item);
  const blank = isBlank(state);
  byId("home").hidden = reading || !blank;
  byId("results").hidden = reading || blank;
  byId("side").hidden = reading || blank;
  byId("item").hidden = !reading;
  if (!reading) byId("item").replaceChildren();
  newestRequest?.abort();
  newestRequest = new AbortController();
  if (blank && !reading) showNewest(on, newestRequest.signal);
  document.body.classList.toggle("reading", reading);
  document.body.classList.toggle("blank", blank && !reading);
}

function wordsFor(id) {
  const words = markedWords(list.find(id));
  for (const word of state.q.match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? []) {
    words.add(word.toLocaleLowerCase());
  }
  return words;
}

async function openItem() {
  const id = state.item;
  itemRequest?.abort();
  itemRequest = new AbortController();
  const around = list.around(id);
  clearNotice(byId("notice"));
  showItemFrame(byId("item"), around, on, list.find(id)?.title ?? "Opening…");
  window.scrollTo(0, 0);
  byId("item-title").focus({ preventScroll: true });
  try {
    const item = await fetchItem(id, itemRequest.signal);
    document.title = titleOf(state, item);
    showItem(byId("item"), item, { words: wordsFor(id), around: list.around(id), state, on });
    byId("item-title").focus({ preventScroll: true });
  } catch (error) {
    if (isAbort(error)) return;
    failItem(error, id);
  }
}

function failItem(error, id) {
  const failure = error instanceof Failure ? error
    : new Failure({ title: "The item could not be shown", detail: String(error?.message ?? error) });
  showItemFrame(byId("item"), list.around(id), on, "This item is not shown");
  showFailure(byId("notice"), failure, "", () => state.item === id && openItem());
}

function leaveItem(id) {
  itemRequest?.abort();
  clearNotice(byId("notice"));
  const hit = [...document.querySelectorAll("#hits .hit")].find((node) => node.dataset.id === id);
  if (returnTo) window.scrollTo(0, returnTo.top);
  const target = hit?.querySelector(".open") ?? byId("q");
  target.focus({ preventScroll: returnTo?.id === id });
  returnTo = null;
}

function listenToBox() {
  let timer = null;
  const search = () => {
    clearTimeout(timer);
    const q = byId("q").value;
    if (q.trim() === state.q.trim() && !state.item) return;
    go({ ...state, q, item: "" }, { replace: typing, typed: true });
  };
  byId("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  });
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const same = byId("q").value.trim() === state.q.trim() && !state.item;
    same && !isBlank(state) ? list.run(state) : search();
    typing = false;
  });
  byId("q").addEventListener("blur", () => { typing = false; });
  listenToSuggestions(() => {
    search();
    typing = false;
  });
}

/* A date field reports each digit of the year; only a pause or leaving it means the date. */
function listenToDates() {
  let timer = null;
  const settle = () => {
    clearTimeout(timer);
    const [from, to] = [byId("from").value, byId("to").value];
    const typedYear = (text) => !text || text >= "1000";
    if (!typedYear(from) || !typedYear(to)) return;
    if (from !== state.from || to !== state.to) on.dates(from, to);
  };
  for (const name of ["from", "to"]) {
    byId(name).addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(settle, DATE_PAUSE_MS);
    });
    byId(name).addEventListener("change", (event) => {
      if (document.activeElement !== event.target) settle();
    });
  }
}

function listenToControls() {
  byId("match").addEventListener("change", (e) => go({ ...state, match: e.target.value, item: "" }));
  byId("synonyms").addEventListener("change", (e) => go({ ...state, synonyms: e.target.checked ? "1" : "", item: "" }));
  byId("sort").addEventListener("change", (e) => go({ ...state, sort: e.target.value, item: "" }));
  byId("group").addEventListener("change", (e) => go({ ...state, group: e.target.value, item: "" }));
  byId("home-link").addEventListener("click", (event) => {
    on.link(event, parseState(""));
    if (event.defaultPrevented) byId("q").focus();
  });
  byId("help-open").addEventListener("click", openHelp);
  byId("hits").addEventListener("click", (event) => {
    const like = event.target.closest("a.similar");
    if (like) on.link(event, withSimilar(state, like.closest(".hit").dataset.id));
    const link = event.target.closest("a.open");
    if (link) on.link(event, { ...state, item: link.closest(".hit").dataset.id });
  });
  byId("more").addEventListener("click", () => list.more());
  byId("cite").addEventListener("click", citeList);
}

/* The address of the page says what it asks now; as of the place it is what it was then. */
async function citeList() {
  byId("cite-said").textContent = "";
  try {
    const { cite } = await list.cite();
    const page = new URL(address({ ...state, as_of: cite.place, item: "" }), location.href);
    const check = new URL(`.${cite.permalink}&cite=1`, page);
    const done = await copy(listCitation(cite, page.href, check.href));
    byId("cite-said").textContent = done ? "Copied" : "The browser refused to copy";
  } catch (error) {
    if (!isAbort(error)) showFailure(byId("notice"), error, state.q, citeList);
  }
}

/* One column has no room for open filters; two columns have no reason to fold them. */
function foldFilters() {
  const wide = window.matchMedia("(min-width: 56rem)");
  const fit = () => { byId("filters").open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
}

history.scrollRestoration = "manual";
window.addEventListener("popstate", () => {
  typing = false;
  apply(parseState(location.search));
});
window.addEventListener("online", () => list.retry());
fillHome(on);
foldFilters();
listenToBox();
listenToDates();
listenToControls();
listenToKeys(on);
apply(state);
if (isBlank(state) && !state.item) byId("q").focus();

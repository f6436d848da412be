// SPDX-License-Identifier: GPL-2.0-or-later
// The page that sets two sides against each other: its address holds the question.
// May depend on api.js, chart.js, dom.js and format.js.

import { compare, isAbort } from "./api.js";
import { chart, percent } from "./chart.js";
import { byId, h } from "./dom.js";
import { shortDate } from "./format.js";

const FIELDS = [["q", "Words"], ["source", "Source"], ["region", "Region"], ["from", "From"], ["to", "To"]];
let request = null;

function addFields() {
  for (const box of document.querySelectorAll("fieldset[data-side]")) {
    for (const [name, label] of FIELDS) {
      const id = `${box.dataset.side}.${name}`;
      const date = name === "from" || name === "to";
      box.append(h("p", null, h("label", { for: id }, label), " ",
        h("input", { id, name: id, type: date ? "date" : "text", dir: "auto", autocomplete: "off" })));
    }
  }
}

/* What the address says and no field shows (a second region, a speaker) is kept. */
function paramsOfForm() {
  const params = new URLSearchParams(location.search);
  for (const input of byId("sides").querySelectorAll("input")) {
    const before = params.getAll(input.name);
    params.delete(input.name);
    if (input.value.trim()) params.append(input.name, input.value.trim());
    for (const other of before.slice(1)) params.append(input.name, other);
  }
  return params;
}

function fillForm(params) {
  for (const input of byId("sides").querySelectorAll("input")) input.value = params.get(input.name) ?? "";
}

/* A search for the word on its side, so that each count can be looked into. */
function wordLink(word, side, params) {
  const search = new URLSearchParams();
  const words = [params.get("q"), params.get(`${side}.q`), word].filter(Boolean);
  search.set("q", words.length > 2 || words[0]?.includes(" ") ? words.map((w) => `(${w})`).join(" ") : words.join(" "));
  for (const [name, value] of params) {
    const own = name.startsWith(`${side}.`) ? name.slice(2) : name.includes(".") ? "" : name;
    if (own && own !== "q") search.append(own, value);
  }
  return `./?${search}`;
}

function words(title, list, side, params) {
  if (!list.length) return null;
  const most = Math.max(...list.map((w) => w[side]));
  return h("section", null, h("h3", null, title), h("ol", { class: "words" }, list.map((w) => {
    const other = side === "a" ? w.b : w.a;
    const bar = h("meter", { min: "0", max: String(most), value: String(w[side]), "aria-hidden": "true" });
    return h("li", null, h("a", { href: wordLink(w.word, side, params), dir: "auto" }, w.word), bar,
      h("span", { title: "items here : items on the other side" }, `${w[side]} : ${other}`));
  })));
}

function lag(seconds) {
  if (!seconds) return "";
  const n = Math.abs(seconds);
  if (n >= 2 * 86400) return `${Math.floor(n / 86400)} days later`;
  return n >= 7200 ? `${Math.floor(n / 3600)} h later` : `${Math.floor(n / 60)} min later`;
}

function voices(side, by) {
  if (!side.voices.length) return null;
  return h("section", null, h("h3", null, `First to speak, by ${by}`), h("ol", { class: "voices" },
    side.voices.map((v) => h("li", null, h("b", { dir: "auto" }, v.value), ` ${v.items} of ${v.of}`,
      v.first ? h("span", null, `, ${shortDate(v.first.published)} `,
        h("a", { href: `./?item=${encodeURIComponent(v.first.id)}`, dir: "auto" }, v.first.title || v.first.id)) : null,
      v.lag_s ? h("span", { class: "why" }, ` ${lag(v.lag_s)}`) : null))));
}

function silent(side) {
  if (!side.silent_values) return null;
  const more = side.silent_values - side.silent.length;
  return h("section", null, h("h3", null, "Silent on it, with other items"),
    h("p", null, side.silent.map((s) => `${s.value} ${s.of}`).join(", "), more > 0 ? `, and ${more} more` : ""));
}

/* What the side is, by its words and filters. */
function title(name, params) {
  const own = [...params].filter(([key]) => key.startsWith(`${name}.`)).map(([key, value]) =>
    (/\.(from|to)$/.test(key) ? `${key.slice(2)} ${value}` : value));
  return own.join(", ") || `Side ${name.toUpperCase()}`;
}

function column(answer, name, params) {
  const side = answer[name];
  const { items, of, share, stories } = side.total;
  return h("section", { class: "column", "aria-label": `Side ${name.toUpperCase()}` },
    h("h2", null, h("span", { class: `dot dot-${name === "a" ? 0 : 1}`, "aria-hidden": "true" }),
      title(name, params)),
    h("p", null, `${items.toLocaleString("en")} of ${of.toLocaleString("en")} items, ${percent(share)}; ` +
      `${stories.toLocaleString("en")} stories`),
    words("Words it over-uses", side.words, name, params), words("Names", side.names, name, params),
    voices(side, answer.by), silent(side));
}

function show(answer, params) {
  const first = answer.lag_s === null || !answer.lag_s ? "" :
    `${answer.lag_s > 0 ? "A" : "B"} spoke first; the other came ${lag(answer.lag_s)}.`;
  byId("said").textContent = `${answer.both.toLocaleString("en")} items are on both sides. ${first}`;
  byId("answer").replaceChildren(
    chart([{ name: "A", points: answer.a.intervals }, { name: "B", points: answer.b.intervals }],
      answer.interval) ?? "",
    h("div", { class: "pair" }, column(answer, "a", params), column(answer, "b", params)));
}

async function ask() {
  const params = new URLSearchParams(location.search);
  fillForm(params);
  byId("answer").replaceChildren();
  byId("said").textContent = "";
  if (![...params.keys()].some((name) => /^[ab]\./.test(name))) return;
  request?.abort();
  const mine = request = new AbortController();
  byId("said").textContent = "Comparing…";
  try {
    show(await compare(params, mine.signal), params);
  } catch (error) {
    if (isAbort(error)) return;
    byId("said").textContent = error?.detail || error?.title || "The comparison could not be had";
  }
}

addFields();
byId("sides").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = paramsOfForm().toString();
  history.pushState(null, "", text ? `?${text}` : location.pathname);
  ask();
});
window.addEventListener("popstate", ask);
ask();

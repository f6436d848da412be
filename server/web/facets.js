// SPDX-License-Identifier: GPL-2.0-or-later
// Filters by facet with their counts, and the active ones as chips that can be taken away.
// May depend on dom.js, format.js, state.js and buckets.js.

import { h, refill } from "./dom.js";
import { count, facetValue } from "./format.js";
import { FIELDS, filterCount, withDates, withFilter, withoutFilters } from "./state.js";
import { rangeName, unitOf, yearRange } from "./buckets.js";

const TITLES = {
  region: "Region", topic: "Topic", speaker: "Speaker", source: "Source", year: "Year",
  country: "Country", language: "Language",
};
const FIRST = 6;
const opened = new Set(["region", "topic", "year"]);
const expanded = new Set();

export const FACETS = [...FIELDS, "year"];

function isChosen(state, field, value) {
  if (field !== "year") return state.filters[field].includes(value);
  const range = yearRange(value);
  return state.from === range.from && state.to === range.to;
}

function toggled(state, field, value, on) {
  if (field !== "year") return withFilter(state, field, value, on);
  const range = on ? yearRange(value) : { from: "", to: "" };
  return withDates(state, range.from, range.to);
}

function choices(state, field, listed) {
  const out = (listed ?? []).map((entry) => ({ value: String(entry.value), count: entry.count }));
  const chosen = field === "year"
    ? (unitOf(state.from, state.to) === "year" ? [state.from.slice(0, 4)] : [])
    : state.filters[field];
  for (const value of chosen) {
    if (!out.some((entry) => entry.value === value)) out.unshift({ value, count: 0 });
  }
  if (field === "year") return out.sort((a, b) => b.value.localeCompare(a.value));
  return out;
}

function choice(state, field, entry, on) {
  return h("li", null, h("label", null,
    h("input", {
      type: "checkbox", name: field, value: entry.value, "data-key": `${field} ${entry.value}`,
      checked: isChosen(state, field, entry.value),
      onchange: (event) => on.state(toggled(state, field, entry.value, event.target.checked)),
    }),
    h("span", { class: "value", dir: "auto" }, facetValue(field, entry.value)),
    h("span", { class: "n" }, count(entry.count), h("span", { class: "unseen" }, " items"))));
}

function group(state, field, listed, on, again) {
  const all = choices(state, field, listed);
  if (!all.length) return null;
  const whole = expanded.has(field);
  const shown = whole ? all
    : all.filter((entry, i) => i < FIRST || isChosen(state, field, entry.value));
  const left = all.length - shown.length;
  const chosen = all.filter((entry) => isChosen(state, field, entry.value)).length;
  const toggle = left > 0 || whole ? h("button", {
    type: "button", class: "plain", "data-key": `${field} more`, "aria-expanded": String(whole),
    onclick: () => { whole ? expanded.delete(field) : expanded.add(field); again(); },
  }, whole ? "Show fewer" : `Show ${left} more`) : null;
  const remember = (event) => {
    event.target.open ? opened.add(field) : opened.delete(field);
  };
  return h("details", { class: "facet", open: opened.has(field) || chosen > 0, ontoggle: remember },
    h("summary", { "data-key": `${field} head` }, TITLES[field],
      chosen ? h("span", { class: "count" }, `${chosen}`) : null),
    h("ul", { role: "group", "aria-label": TITLES[field] },
      shown.map((entry) => choice(state, field, entry, on))),
    all.length > FIRST ? toggle : null);
}

export function showFacets(box, facets, state, on) {
  const again = () => showFacets(box, facets, state, on);
  const groups = Object.keys(TITLES).map((field) => group(state, field, facets?.[field], on, again));
  refill(box, ...groups.filter(Boolean));
}

function chip(label, value, next, on) {
  return h("li", null, h("button", {
    type: "button", "data-key": `${label} ${value}`,
    "aria-label": `Remove filter ${label}: ${value}`, onclick: () => on.state(next),
  }, h("span", { class: "label" }, `${label} `), h("bdi", null, value),
  h("span", { class: "x", "aria-hidden": "true" }, "×")));
}

export function showChips(box, state, on) {
  const chips = FIELDS.flatMap((field) => state.filters[field].map((value) =>
    chip(TITLES[field], facetValue(field, value), withFilter(state, field, value, false), on)));
  if (state.from || state.to) {
    chips.push(chip("Published", rangeName(state.from, state.to), withDates(state, "", ""), on));
  }
  if (state.as_of) {
    chips.push(chip("As of", state.as_of, { ...state, as_of: "" }, on));
  }
  if (chips.length > 1) {
    chips.push(h("li", null, h("button", {
      type: "button", class: "clear", "data-key": "clear",
      onclick: () => on.state(withoutFilters(state)),
    }, "Clear all")));
  }
  box.hidden = !chips.length;
  refill(box, ...chips);
}

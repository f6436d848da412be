// SPDX-License-Identifier: GPL-2.0-or-later
// One item to read: its turns as questions and answers, what was set aside folded at the end.
// May depend on dom.js, format.js, state.js, cite.js and versions.js.

import { h, safeUrl, withWords } from "./dom.js";
import { countryName, languageName, moment } from "./format.js";
import { address, parseState, withFilter } from "./state.js";
import { citation, copy } from "./cite.js";
import { lineage, versions } from "./versions.js";

const ROLES = { question: "Question", answer: "Answer" };
const KINDS = {
  sponsor: "Sponsor line", translation: "Translation notice", source: "Source line",
  disclaimer: "Disclaimer", note: "Editor’s note", signoff: "Sign-off", headline: "Repeated headline",
  other: "Other", learned: "Recurs in this source",
};
const FIELDS = {
  region: "Region", country: "Country", source: "Source", agency: "Agency", provider: "Provider",
  language: "Language", original_language: "Original language", edition: "Edition", translator: "Translator",
};
const RULES = {
  given: "given by the source", detected: "told from the text", script: "told from the script",
  translated: "translations are into English", "region-name": "the name of the region",
  "title-label": "label of the headline", "translation-line": "translation notice",
  "translation-note": "editor’s note", "translation-remark": "remark in the text",
  "source-line": "source line", "issued-line": "line at the foot", "feed-title": "title of the feed",
  "provider-line": "line of the republisher", dateline: "dateline",
  "source-edition": "name of the source", "address-edition": "address of the issuer",
  "address-text": "words of the address",
};

function paragraph(text, words, item) {
  return h("p", { dir: "auto", lang: item.language || null }, withWords(text, words));
}

/* The dash that opened a turn in the source is what the label now says. */
function turnNode(turn, item, words) {
  const lines = item.body.slice(turn.from, turn.to);
  const role = ROLES[turn.role] ?? "Turn";
  const name = turn.speaker ? `${role}, ${turn.speaker}` : role;
  return h("div", { class: `turn ${turn.role}`, role: "group", "aria-label": name },
    h("p", { class: "who" }, role, turn.speaker ? h("bdi", null, turn.speaker) : null),
    lines.map((text, i) =>
      paragraph(i ? text : text.replace(/^\s*[–—-]\s+/, ""), words, item)));
}

/** Body in order: paragraphs outside turns stay plain; a span that overlaps one shown is skipped. */
function bodyNodes(item, words) {
  const out = [];
  let next = 0;
  const plainTo = (end) => {
    for (; next < end; next++) out.push(paragraph(item.body[next], words, item));
  };
  for (const turn of [...(item.turns ?? [])].sort((a, b) => a.from - b.from)) {
    if (turn.from < next || turn.to <= turn.from) continue;
    plainTo(Math.min(turn.from, item.body.length));
    out.push(turnNode(turn, item, words));
    next = Math.min(turn.to, item.body.length);
  }
  plainTo(item.body.length);
  return out;
}

function filterLink(state, field, value, text, on) {
  const fresh = withFilter({ ...parseState(""), match: state.match }, field, value, true);
  return h("a", { href: address(fresh), dir: "auto", onclick: (e) => on.link(e, fresh) }, text);
}

function fact(name, ...value) {
  const full = value.filter((part) => part !== null && part !== undefined && part !== "");
  return full.length ? h("div", null, h("dt", null, name), h("dd", null, ...full)) : null;
}

function facts(item, state, on) {
  const link = (field, value, text = value) =>
    (value ? filterLink(state, field, value, text, on) : null);
  const topics = (item.topics ?? []).map((topic) => h("li", null, link("topic", topic)));
  const country = item.country && countryName(item.country);
  const changed = item.updated && item.updated !== item.published;
  return h("dl", { class: "facts" },
    fact("Region", link("region", item.region)),
    country === item.region ? null : fact("Country", link("country", item.country, country)),
    fact("Source", link("source", item.source)),
    fact("Provider", item.provider),
    fact("Agency", item.agency),
    fact("Updated", changed ? h("time", { datetime: item.updated }, moment(item.updated)) : null),
    fact("Language", item.language ? languageName(item.language) : null,
      item.translated ? " (translation)" : null),
    fact("Topics", topics.length ? h("ul", { class: "topics" }, topics) : null));
}

function setAside(item) {
  const spans = item.boilerplate ?? [];
  if (!spans.length) return null;
  const lines = spans.length === 1 ? "1 line" : `${spans.length} lines`;
  return h("details", { class: "aside" },
    h("summary", null, `${lines} set aside`),
    h("p", { class: "why" }, "Stored with the item, but not searched: they are not part of what was said."),
    spans.map((span) => h("div", { class: "span" },
      span.kind ? h("p", { class: "kind" }, KINDS[span.kind] ?? span.kind) : null,
      h("p", { dir: "auto" }, span.text))));
}

/* Where each field comes from: a table that a check can be made with. */
function provenance(item) {
  const evidence = item.provenance ?? [];
  if (!evidence.length) return null;
  return h("details", { class: "aside provenance" },
    h("summary", null, "Where this comes from"),
    h("dl", null, evidence.map((e) => h("div", { class: "span" },
      h("dt", { class: "kind" }, FIELDS[e.field] ?? e.field),
      h("dd", null, h("bdi", null, e.value), ` – ${RULES[e.rule] ?? e.rule}, ${e.where}: `,
        h("q", { dir: "auto" }, e.text))))));
}

function warnings(item) {
  const list = item.warnings ?? [];
  return list.length ? h("ul", { class: "doubts", "aria-label": "Contradictions" },
    list.map((text) => h("li", { dir: "auto" }, text))) : null;
}

function citeButton(item) {
  const said = h("span", { role: "status", class: "said" });
  const button = h("button", {
    type: "button",
    onclick: async () => {
      const done = await copy(citation(item, location.href));
      said.textContent = done ? "Copied" : "The browser refused to copy";
    },
  }, "Copy citation");
  return [button, said];
}

function tools(item, on) {
  const url = safeUrl(item.url);
  return h("p", { class: "tools" },
    url ? h("a", { class: "original", href: url, rel: "noopener noreferrer external" },
      "Read the original") : null,
    citeButton(item),
    h("button", { type: "button", onclick: () => window.print() }, "Print"));
}

function pager(around, on) {
  const step = (id, text, key) => h("button", {
    type: "button", disabled: !id, "aria-keyshortcuts": key, onclick: () => on.step(id),
  }, text);
  return h("nav", { class: "pager", "aria-label": "Items" },
    h("button", { type: "button", class: "back", onclick: on.close, "aria-keyshortcuts": "Escape" },
      around.known ? "Back to results" : "Back"),
    around.known ? h("span", null, step(around.previous, "Previous", "k"),
      step(around.next, "Next", "j")) : null);
}

function head(item, words) {
  const flags = [];
  if (item.translated) flags.push(h("span", { class: "badge" }, "Translated"));
  if (item.status && item.status !== "usable") {
    flags.push(h("span", { class: "badge strong" }, item.status));
  }
  if (item.turns?.length) flags.push(h("span", { class: "badge" }, "Interview"));
  return h("header", null,
    h("p", { class: "kicker" }, item.region ? h("bdi", null, item.region) : null,
      item.published ? h("time", { datetime: item.published }, moment(item.published)) : null,
      flags),
    h("h1", { id: "item-title", tabindex: "-1", dir: "auto", lang: item.language || null },
      withWords(item.title || "Untitled", words)),
    item.derived_title
      ? h("p", { class: "derived" }, "The source gave no headline; this is its first sentence.") : null);
}

/** Draw the way back and the neighbours again, when the list came later than the item. */
export function refreshPager(box, around, on) {
  box.querySelector(".pager")?.replaceWith(pager(around, on));
}

/** Show an item. `words` are marked; `around` names its neighbours in the list. */
export function showItem(box, item, { words, around, state, on }) {
  const whole = { ...item, body: Array.isArray(item.body) ? item.body : [item.body ?? ""] };
  box.replaceChildren(pager(around, on), head(whole, words), tools(whole, on),
    h("div", { class: "columns" },
      h("div", { class: "text" }, lineage(whole, state, on), warnings(whole), bodyNodes(whole, words),
        setAside(whole), provenance(whole), versions(whole)),
      facts(whole, state, on)));
}

/** Shown while the item travels, so that Escape and the way back work already. */
export function showItemFrame(box, around, on, message) {
  box.replaceChildren(pager(around, on),
    h("h1", { id: "item-title", tabindex: "-1", class: "pending" }, message));
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The list of hits, the line above it, and what to try when nothing is found.
// May depend on dom.js, format.js, related.js, silent.js, state.js and story.js.

import { h, marked } from "./dom.js";
import { languageName, moment, shortDate, took, total } from "./format.js";
import { likeLine, relatedLine, similarLink, standIns } from "./related.js";
import { silentLines } from "./silent.js";
import { address, filterCount, withoutFilters } from "./state.js";
import { copies } from "./story.js";

const ROLES = { question: "Question", answer: "Answer", quotation: "Quotation" };

function badges(hit) {
  const out = [];
  if (hit.source) out.push(h("li", { class: "source", dir: "auto" }, hit.source));
  for (const text of hit.synonyms ?? []) {
    out.push(h("li", { class: "badge", dir: "auto", title: "Found by this synonym" }, text));
  }
  if (hit.translated) out.push(h("li", { class: "badge" }, "Translated"));
  if (hit.language && !hit.language.startsWith("en")) {
    out.push(h("li", { class: "badge" }, languageName(hit.language)));
  }
  return out.length ? h("ul", { class: "badges", "aria-label": "About this item" }, out) : null;
}

function turnLine(turn) {
  const role = ROLES[turn?.role];
  if (!role) return null;
  return h("p", { class: "turn-line" }, h("span", { class: `role ${turn.role}` }, role),
    turn.speaker ? h("bdi", { class: "speaker" }, turn.speaker) : null);
}

function hitNode(hit, state) {
  const lang = hit.language || null;
  return h("li", { class: hit.relaxed ? "hit relaxed" : "hit", "data-id": hit.id },
    h("p", { class: "dateline" },
      hit.published ? h("time", { datetime: hit.published, title: moment(hit.published) },
        shortDate(hit.published)) : h("span", null, "Undated"),
      hit.region ? h("span", { class: "region", dir: "auto" }, hit.region) : null),
    h("div", { class: "story" },
      h("h2", { lang, dir: "auto" }, h("a", {
        href: address({ ...state, item: hit.id }), class: "open",
      }, hit.title_html ? marked(hit.title_html) : hit.title || "Untitled")),
      turnLine(hit.turn),
      hit.snippet ? h("p", { class: "snippet", lang, dir: "auto" }, marked(hit.snippet)) : null,
      badges(hit), similarLink(hit, state), copies(hit, state)));
}

function divider() {
  return h("li", { class: "divider" }, h("h2", null, "Fewer words matched"));
}

/** Append hits; the divider comes once, before the first that lacks some of the words. */
export function appendHits(list, hits, state) {
  let divided = list.querySelector(".divider") !== null;
  const nodes = [];
  for (const hit of hits) {
    if (hit.relaxed && !divided) {
      nodes.push(divider());
      divided = true;
    }
    nodes.push(hitNode(hit, state));
  }
  list.append(...nodes);
  return nodes.find((node) => node.classList.contains("hit")) ?? null;
}

export function showHits(list, reply, state) {
  list.replaceChildren();
  appendHits(list, reply.hits ?? [], state);
}

/** Spoken politely when it changes, so it is one short sentence. */
export function showStatus(box, reply) {
  const relaxed = (reply.hits ?? []).some((hit) => hit.relaxed);
  const none = reply.total.value === 0;
  const text = none ? (relaxed ? "No item has all the words" : "Nothing found") : total(reply.total);
  box.replaceChildren(h("strong", null, text), " ",
    h("span", { class: "took" }, took(reply.took_ms)));
}

const sentence = (warning) => (typeof warning === "string" ? warning
  : warning?.message ?? warning?.detail ?? JSON.stringify(warning));

function suggestion(reply, state, on) {
  const better = reply.query?.suggestion;
  if (!better) return null;
  return h("p", { class: "suggestion" }, "Did you mean ",
    h("a", {
      href: address({ ...state, q: better, item: "" }), dir: "auto",
      onclick: (event) => on.link(event, { ...state, q: better, item: "" }),
    }, better), "?");
}

function wayOut(text, next, on) {
  return h("li", null, h("a", {
    href: address(next), onclick: (event) => on.link(event, next),
  }, text));
}

function nothing(reply, state, on) {
  if ((reply.hits ?? []).length) return null;
  const ways = [];
  if (filterCount(state) && state.q.trim()) {
    ways.push(wayOut("Search without the filters", withoutFilters(state), on));
  }
  if (state.match !== "any" && /\S\s+\S/.test(state.q)) {
    ways.push(wayOut("Match any of the words", { ...state, match: "any" }, on));
  }
  if (/["“”]/.test(state.q)) {
    ways.push(wayOut("Search the words without the quotes",
      { ...state, q: state.q.replace(/["“”]/g, "") }, on));
  }
  return h("div", { class: "nothing" },
    h("p", null, "No item in the archive answers this."),
    ways.length ? h("ul", null, ways)
      : h("p", null, "Check the spelling, or use a wider word: ", h("code", null, "diplom*"),
        " finds every word that begins so."));
}

/** Warnings, a better spelling and, when nothing was found, ways out. */
export function showHints(box, reply, state, on) {
  const warnings = (reply.warnings ?? []).map((w) => h("li", { dir: "auto" }, sentence(w)));
  const parts = [
    likeLine(state, on),
    suggestion(reply, state, on),
    relatedLine(reply, state, on),
    standIns(reply),
    warnings.length ? h("ul", { class: "warnings", "aria-label": "Warnings" }, warnings) : null,
    ...silentLines(reply.completeness),
    nothing(reply, state, on),
  ];
  box.replaceChildren(...parts.filter(Boolean));
}

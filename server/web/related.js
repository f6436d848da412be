// SPDX-License-Identifier: GPL-2.0-or-later
// What lies near a search: words of its best hits, synonyms it was made with, items like one of them.
// May depend on api.js, dom.js and state.js.

import { fetchItem } from "./api.js";
import { h } from "./dom.js";
import { address, withSimilar } from "./state.js";

const link = (next, on, ...inside) => h("a", {
  href: address(next), dir: "auto", onclick: (event) => on.link(event, next),
}, ...inside);

/** Words that can be added to the query, each a link. */
export function relatedLine(reply, state, on) {
  const words = reply.query?.related ?? [];
  if (!words.length) return null;
  return h("div", { class: "related" },
    h("span", { id: "related-label" }, "Add a word"),
    h("ul", { "aria-labelledby": "related-label" }, words.map((word) => h("li", null,
      link({ ...state, q: `${state.q.trim()} ${word}`, item: "" }, on, word)))));
}

/** Which synonyms were searched for, said once. */
export function standIns(reply) {
  const words = [...new Set((reply.query?.synonyms ?? []).map((rule) => rule.synonym))];
  return words.length ? h("p", { class: "stand-ins" }, "Also searched for: ",
    words.flatMap((word, i) => [i ? ", " : "", h("bdi", null, word)])) : null;
}

export const similarLink = (hit, state) => h("p", { class: "likes" },
  h("a", { class: "similar", href: address(withSimilar(state, hit.id)) }, "Similar items"));

/** What a list of similar items is like; the title comes when it is known. */
export function likeLine(state, on) {
  if (!state.similar) return null;
  const name = link({ ...state, item: state.similar }, on, "this item");
  fetchItem(state.similar).then((item) => { name.textContent = item.title || name.textContent; })
    .catch(() => {}); // the list itself tells what is wrong
  return h("p", { class: "like" }, "Items like ", name, ". ",
    link({ ...state, similar: "" }, on, state.q.trim() ? "Search everything" : "Back to the start"));
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The page before a search, and the help dialog.
// May depend on api.js, dom.js, format.js and state.js.

import { Failure, isAbort, search } from "./api.js";
import { byId, h } from "./dom.js";
import { items, shortDate } from "./format.js";
import { address, parseState } from "./state.js";

const EXAMPLES = [
  ["cyber security cooperation", "several words"],
  ['"information security"', "an exact phrase"],
  ["sanctions -oil", "leave a word out"],
  ["(grain OR wheat) export", "either word"],
  ["diplom*", "the beginning of a word"],
];

export function fillHome(on) {
  byId("examples").replaceChildren(...EXAMPLES.map(([q, why]) => {
    const next = { ...parseState(""), q };
    return h("li", null,
      h("a", { href: address(next), onclick: (event) => on.link(event, next) }, q),
      h("span", { class: "why" }, why));
  }));
  byId("help-grammar").append(byId("grammar").firstElementChild.cloneNode(true));
}

function newestRow(hit, on) {
  const next = { ...parseState(""), item: hit.id };
  return h("li", null,
    h("time", { datetime: hit.published }, shortDate(hit.published)),
    h("span", { class: "headline", lang: hit.language || null, dir: "auto" },
      h("a", { href: address(next), onclick: (event) => on.link(event, next) },
        hit.title || "Untitled")),
    h("span", { class: "why", dir: "auto" }, hit.region ?? ""));
}

/** The newest headlines. A page without them is still a page, so a failure leaves them out. */
export async function showNewest(on, signal) {
  const params = new URLSearchParams({ sort: "newest", limit: "6", highlight: "none" });
  let reply;
  try {
    reply = await search(params, signal);
  } catch (error) {
    if (error instanceof Failure || isAbort(error)) return;
    throw error;
  }
  byId("newest-box").hidden = !reply.hits.length;
  byId("newest").replaceChildren(...reply.hits.map((hit) => newestRow(hit, on)));
  byId("newest-count").textContent = `of ${items(reply.total.value)}`;
}

export function openHelp() {
  const dialog = byId("help");
  if (!dialog.open) dialog.showModal();
}

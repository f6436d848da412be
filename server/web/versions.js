// SPDX-License-Identifier: GPL-2.0-or-later
// What became of an item: what it evolved from, what follows it, and its versions with what changed.
// May depend on dom.js, format.js, state.js and api.js.

import { h } from "./dom.js";
import { moment } from "./format.js";
import { address } from "./state.js";
import { fetchVersions } from "./api.js";

const AROUND = 160; // characters of equal text that are shown beside a change

function itemLink(id, text, state, on) {
  const there = { ...state, item: id };
  return h("a", { href: address(there), onclick: (e) => on.link(e, there) }, text);
}

/** Above the text: that a newer item took the place of this one, or what this one evolved from. */
export function lineage(item, state, on) {
  const before = item.ancestors ?? [];
  const lines = [];
  if (item.successor) {
    lines.push(h("p", { class: "superseded", role: "note" }, "A newer item has taken the place of this one: ",
      itemLink(item.successor, "read the newer item", state, on), "."));
  }
  if (before.length) {
    lines.push(h("p", { class: "evolved" }, "This item evolved from ",
      itemLink(before[0], "an earlier one", state, on),
      before.length > 1 ? [", originally from ", itemLink(item.original_id, "this one", state, on)] : null, "."));
  }
  return lines;
}

function words(n) {
  return n === 1 ? "1 word" : `${n} words`;
}

/** Equal text is cut in the middle, so that the changes stand near each other. */
function same(text, first, last) {
  const head = first ? 0 : AROUND;
  const tail = last ? 0 : AROUND;
  const letters = [...text];
  if (letters.length <= head + tail + AROUND) return text;
  const start = letters.slice(0, head).join("");
  const end = tail ? letters.slice(-tail).join("") : "";
  return [start, h("span", { class: "left-out" }, " […] "), end];
}

function diffNode(version, item) {
  const runs = version.diff ?? [];
  if (!runs.some((run) => run.same === undefined)) return null;
  return h("p", { class: "diff", dir: "auto", lang: item.language || null }, runs.flatMap((run, i) => {
    if (run.added !== undefined) return h("ins", null, run.added);
    if (run.removed !== undefined) return h("del", null, run.removed);
    return same(run.same, i === 0, i === runs.length - 1);
  }));
}

function changes(version) {
  const { fields = [], words_added: added = 0, words_removed: removed = 0 } = version.changed ?? {};
  const parts = [];
  if (added) parts.push(`${words(added)} added`);
  if (removed) parts.push(`${words(removed)} removed`);
  if (fields.length) parts.push(`other changes: ${fields.join(", ")}`);
  return parts.join("; ") || "no word of the text changed";
}

function happened(version, first) {
  if (version.status === "canceled") return "Withdrawn";
  if (first) return "First received";
  return version.silent ? "Changed without notice" : "Corrected";
}

function versionNode(version, item, first) {
  const time = version.silent || !version.updated ? version.fetched : version.updated;
  return h("li", null,
    h("h3", null, happened(version, first), time ? [" on ", h("time", { datetime: time }, moment(time))] : null,
      version.current ? h("span", { class: "badge" }, "Shown here") : null),
    version.changed ? h("p", { class: "why" }, changes(version)) : null,
    version.killed ? h("p", { class: "why" }, "Its text was withdrawn.") : null,
    version.diff_left_out ? h("p", { class: "why" }, "The texts are too long to be compared here.") : null,
    diffNode(version, item));
}

function listNode(history, item) {
  const last = history.versions.length - 1;
  if (last === 0) return h("p", { class: "why" }, "Only one version was received.");
  return h("ol", { class: "versions" },
    history.versions.map((version, i) => versionNode(version, item, i === last && !history.cut)));
}

/** Folded; what is inside is fetched when it is opened for the first time. */
export function versions(item) {
  const inside = h("div", { "aria-live": "polite" });
  let asked = false;
  const open = async (event) => {
    if (!event.target.open || asked) return;
    asked = true;
    inside.replaceChildren(h("p", { class: "why" }, "Fetching the versions …"));
    try {
      inside.replaceChildren(listNode(await fetchVersions(item.id), item));
    } catch {
      asked = false;
      inside.replaceChildren(h("p", { class: "why" }, "The versions could not be fetched. Close and open to try again."));
    }
  };
  return h("details", { class: "aside history", ontoggle: open }, h("summary", null, "Versions"), inside);
}

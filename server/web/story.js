// SPDX-License-Identifier: GPL-2.0-or-later
// The copies of a hit: how many there are and, once opened, what each cut or added.
// May depend on api.js, dom.js, format.js and state.js.

import { fetchStory } from "./api.js";
import { h } from "./dom.js";
import { count, shortDate } from "./format.js";
import { address } from "./state.js";

const CHANGES = { same: "the same words", cut: "shortened", added: "lengthened", edited: "edited" };

function changeText(member, first) {
  if (first) return "first";
  const parts = [CHANGES[member.change] ?? "not compared"];
  if (member.words.cut) parts.push(`${count(member.words.cut)} words cut`);
  if (member.words.added) parts.push(`${count(member.words.added)} added`);
  return parts.join(", ");
}

function passages(member) {
  return member.passages.length === 0 ? null : h("ul", { class: "passages" },
    member.passages.slice(0, 6).map((passage) => h("li", null,
      h(passage.kind === "cut" ? "del" : "ins", { dir: "auto" }, passage.text))));
}

function memberNode(member, first, state) {
  return h("li", null,
    h("a", { class: "open", href: address({ ...state, item: member.id }), dir: "auto" },
      member.title || "Untitled"), " ",
    h("span", { class: "about" }, [member.provider ?? member.source,
      member.published && shortDate(member.published), changeText(member, first)]
      .filter(Boolean).join(" · ")),
    passages(member));
}

async function fill(box, id, state) {
  try {
    const story = await fetchStory(id);
    box.replaceChildren(...story.members.map((member, i) => memberNode(member, i === 0, state)));
  } catch (failure) {
    box.replaceChildren(h("li", { role: "alert" }, failure.title ?? "The copies could not be read"));
  }
}

/** "3 copies", which opens the story; null for an item that has none. */
export function copies(hit, state) {
  const others = (hit.story?.items ?? 1) - 1;
  if (others < 1) return null;
  const box = h("ol", null);
  const node = h("details", { class: "copies" },
    h("summary", null, others === 1 ? "1 copy" : `${count(others)} copies`), box);
  node.addEventListener("toggle", () => {
    if (node.open && !box.firstChild) fill(box, hit.story.id, state);
  });
  return node;
}

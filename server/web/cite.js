// SPDX-License-Identifier: GPL-2.0-or-later
// An item, or a list, as text that can be pasted under a story. May depend on format.js.

import { longDate } from "./format.js";

export function citation(item, here) {
  const parts = [];
  if (item.title) parts.push(`“${item.title.replace(/[.\s]+$/, "")}.”`);
  const where = [item.source, item.region].filter(Boolean);
  if (item.published) where.push(longDate(item.published));
  if (where.length) parts.push(`${where.join(", ")}.`);
  if (item.translated) {
    parts.push(item.provider ? `Translation: ${item.provider}.` : "Translated.");
  }
  parts.push(item.url || here);
  return parts.join(" ");
}

/* A list: what was asked, how many were found, and two addresses that answer as it was then: for
   people, and for `dragoman cite`, which checks what the second one gives. */
export function listCitation(cite, page, check) {
  const asked = cite.query ? `“${cite.query}”` : "All items";
  const found = `${cite.total} found`;
  const where = `Dragoman, revision ${cite.revision}, archive to ${cite.place}`;
  return `${asked}: ${found}. ${where}, ${longDate(cite.made)}. ${page}\nTo check: ${check}`;
}

/* Outside a secure context (a desk machine reached by its name) the clipboard is closed to pages. */
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

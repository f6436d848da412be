// SPDX-License-Identifier: GPL-2.0-or-later
// One item as a line that can be pasted under a story. May depend on format.js.

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

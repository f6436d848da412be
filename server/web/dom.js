// SPDX-License-Identifier: GPL-2.0-or-later
// Building elements from data: the one place that turns the server's text into nodes.
// May depend on nothing. No text is ever given to the browser to parse as HTML.

/** Make an element. `props` holds attributes, `on*` listeners and `class`; null is left out. */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text) {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name) return NAMED[name.toLowerCase()];
      const code = decimal ? parseInt(decimal, 10) : parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

/** A snippet's text with its <mark> elements. Any other tag shows as the text that it is. */
export function marked(html) {
  const out = document.createDocumentFragment();
  let mark = null;
  for (const piece of String(html ?? "").split(/(<\/?mark>)/)) {
    if (piece === "<mark>") {
      if (!mark) out.append(mark = document.createElement("mark"));
    } else if (piece === "</mark>") {
      mark = null;
    } else if (piece) {
      (mark ?? out).append(decode(piece));
    }
  }
  return out;
}

/** The words that a hit marks, folded, for marking the same words in its item. */
export function markedWords(hit) {
  const words = new Set();
  for (const html of [hit?.title_html, hit?.snippet]) {
    for (const mark of marked(html).querySelectorAll("mark")) {
      for (const word of mark.textContent.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
        words.add(word.toLocaleLowerCase());
      }
    }
  }
  return words;
}

/** Plain text with each of `words` (folded) put in a <mark>. */
export function withWords(text, words) {
  const out = document.createDocumentFragment();
  if (!words?.size) {
    out.append(text);
    return out;
  }
  for (const piece of text.split(/([\p{L}\p{M}\p{N}]+)/u)) {
    if (!piece) continue;
    out.append(words.has(piece.toLocaleLowerCase()) ? h("mark", null, piece) : piece);
  }
  return out;
}

/** Replace a node's children, and keep the focus on the child with the same data-key. */
export function refill(node, ...children) {
  const active = document.activeElement;
  const key = node.contains(active) ? active.dataset.key : null;
  node.replaceChildren(...children);
  if (!key) return;
  const same = [...node.querySelectorAll("[data-key]")].find((el) => el.dataset.key === key);
  (same ?? node.querySelector("[data-key]"))?.focus({ preventScroll: true });
}

/** Only web addresses become links; a `javascript:` one is shown as text. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return /^https?:$/.test(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

// SPDX-License-Identifier: GPL-2.0-or-later
// What went wrong, in words, and what to do about it. May depend on dom.js.

import { h } from "./dom.js";

/* The server counts bytes of UTF-8; the reader sees characters. */
function characterAt(text, offset) {
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(bytes.slice(0, Math.min(offset, bytes.length))).length;
}

function pointer(query, offset) {
  const at = characterAt(query, offset);
  const here = [...query.slice(at)][0] ?? "";
  return h("p", { class: "pointer", dir: "auto" },
    query.slice(0, at),
    h("mark", { class: "here" }, here || "\u00a0"),
    query.slice(at + here.length),
    h("span", { class: "unseen" }, ` (at character ${at + 1})`));
}

let timer = null;

function countdown(seconds, retry) {
  const left = h("span", null, String(seconds));
  let n = seconds;
  timer = setInterval(() => {
    n -= 1;
    left.textContent = String(Math.max(n, 0));
    if (n <= 0) retry();
  }, 1000);
  return h("p", { "aria-live": "off" }, "Trying again in ", left, " s.");
}

export function clearNotice(box) {
  clearInterval(timer);
  timer = null;
  box.replaceChildren();
}

/** Show a Failure. `retry` runs on the button, and by itself when the server is busy. */
export function showFailure(box, failure, query, retry) {
  clearNotice(box);
  const again = failure.status === 0 || failure.status >= 500;
  const pointed = failure.status === 400 && failure.offset !== null && query;
  box.append(h("div", { class: "notice", role: "alert" },
    h("h2", null, failure.title),
    failure.detail ? h("p", { dir: "auto" }, failure.detail) : null,
    pointed ? pointer(query, failure.offset) : null,
    failure.retryAfter ? countdown(failure.retryAfter, retry) : null,
    again ? h("button", { type: "button", onclick: retry }, "Try now") : null));
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The keyboard: which key does what, and when a key belongs to a field instead.
// May depend on dom.js.

import { byId } from "./dom.js";

const isField = (node) => node?.matches?.("input, select, textarea, [contenteditable]");
const isTyping = (node) => node?.matches?.(
  "textarea, select, input:not([type=checkbox]):not([type=radio])");

const links = () => [...document.querySelectorAll("#hits .open")];

/* From nowhere the first result comes next; above the first lies the box. */
function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  if (here === 0 && step < 0) return byId("q").focus();
  const next = all[here < 0 ? 0 : Math.min(here + step, all.length - 1)];
  next?.focus();
  next?.closest(".hit").scrollIntoView({ block: "nearest" });
}

function forItem(key, on) {
  if (key === "Escape") return on.close;
  if (key === "j") return () => on.neighbour(1);
  if (key === "k") return () => on.neighbour(-1);
  return null;
}

function forList(key, focus) {
  const inList = focus?.matches("#hits .open");
  const field = isField(focus);
  if (key === "j" || (key === "ArrowDown" && (inList || !field && focus === document.body))) {
    return () => move(1);
  }
  if (key === "k" || (key === "ArrowUp" && inList)) return () => move(-1);
  if (key === "Escape" && focus !== document.body) return () => byId("q").focus();
  return null;
}

function actionFor(event, on) {
  const focus = document.activeElement;
  const reading = !byId("item").hidden;
  if (focus === byId("q") && event.key === "ArrowDown" && !reading) return () => move(1);
  if (isTyping(focus)) {
    return event.key === "Escape" && reading ? on.close : null;
  }
  if (event.key === "/") return () => { byId("q").focus(); byId("q").select(); };
  if (event.key === "?") return on.help;
  return reading ? forItem(event.key, on) : forList(event.key, focus);
}

export function listenToKeys(on) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.isComposing || byId("help").open) return;
    const action = actionFor(event, on);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The timeline: one button a bar, so that mouse, keyboard and screen reader all reach it.
// May depend on dom.js, format.js and buckets.js.

import { h, refill } from "./dom.js";
import { items } from "./format.js";
import { rangeName, series, widened } from "./buckets.js";

function caption(state, on) {
  if (!state.from && !state.to) return h("span", { class: "span" }, "All dates");
  const wider = widened(state.from, state.to);
  const name = wider.from ? rangeName(wider.from, wider.to) : "all dates";
  return h("span", { class: "span" }, rangeName(state.from, state.to), " ",
    h("button", {
      type: "button", class: "widen", "data-key": "widen",
      onclick: () => on.dates(wider.from, wider.to),
    }, `Widen to ${name}`));
}

/* Bars have no gap between their buttons: even a thin bar is easy to hit. */
function bar(entry, peak, chosen, tell, on) {
  const text = `${entry.label}: ${items(entry.count)}`;
  const node = h("button", {
    type: "button", class: entry.count ? "tick" : "tick none", tabindex: "-1",
    "aria-pressed": String(chosen), "aria-label": text, "data-key": `bar ${entry.from}`,
    "data-count": entry.count, "data-from": entry.from, "data-to": entry.to,
    onmouseenter: () => tell(text), onfocus: () => tell(text),
    onmouseleave: () => tell(""), onblur: () => tell(""),
    onclick: () => {
      const range = chosen ? widened(entry.from, entry.to) : entry;
      on.dates(range.from, range.to);
    },
  }, h("span", { class: "fill" }));
  const share = entry.count ? Math.max(entry.count / peak, 0.03) : 0;
  node.firstChild.style.setProperty("--share", share.toFixed(4));
  return node;
}

/* One stop in the tab order for all bars; arrows move inside. */
function moveInside(event, row) {
  const bars = [...row.children];
  const here = bars.indexOf(document.activeElement);
  const go = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: bars.length - 1 }[event.key];
  if (go === undefined || here < 0) return;
  event.preventDefault();
  bars[Math.min(Math.max(go, 0), bars.length - 1)].focus();
}

function followFocus(event, row) {
  for (const other of row.children) other.tabIndex = other === event.target ? 0 : -1;
}

export function showTimeline(box, histogram, asked, state, on) {
  const { unit, bars } = series(histogram ?? [], asked);
  box.hidden = !bars.length;
  if (!bars.length) return box.replaceChildren();
  const peak = Math.max(...bars.map((entry) => entry.count), 1);
  const readout = h("span", { class: "readout", "aria-hidden": "true" });
  const rest = `Most in one ${unit}: ${items(peak)}`;
  const tell = (text) => { readout.textContent = text || rest; };
  tell("");
  const row = h("div", { class: "ticks", role: "group", "aria-label": `Items by ${unit}` },
    bars.map((entry) => {
      const chosen = entry.from === state.from && entry.to === state.to;
      return bar(entry, peak, chosen, tell, on);
    }));
  row.addEventListener("keydown", (event) => moveInside(event, row));
  row.addEventListener("focusin", (event) => followFocus(event, row));
  const start = row.querySelector('[aria-pressed="true"]') ?? row.firstElementChild;
  start.tabIndex = 0;
  refill(box,
    h("p", { class: "over" }, caption(state, on), readout),
    row,
    h("p", { class: "under", "aria-hidden": "true" },
      h("span", null, bars[0].label),
      bars.length > 1 ? h("span", null, bars[bars.length - 1].label) : null));
  if (document.activeElement?.classList.contains("tick")) document.activeElement.tabIndex = 0;
}

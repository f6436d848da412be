// SPDX-License-Identifier: GPL-2.0-or-later
// The share of matches over time, for who opens it, and the way to compare.
// May depend on api.js, chart.js, dom.js, format.js and state.js.

import { isAbort, trends } from "./api.js";
import { chart, percent } from "./chart.js";
import { byId, h } from "./dom.js";
import { shortDate } from "./format.js";
import { conditions } from "./state.js";

let shown = null; // The conditions that the panel shows or asks for.
let request = null;

function said(label, item) {
  if (!item) return null;
  return h("p", null, h("b", null, label), ` ${shortDate(item.published)}, `,
    item.source ? h("bdi", null, `${item.source}: `) : null,
    h("a", { href: `?item=${encodeURIComponent(item.id)}`, dir: "auto" }, item.title || item.id));
}

function draw(body, answer, state) {
  const { total } = answer;
  const sides = new URLSearchParams();
  for (const [name, value] of conditions(state)) sides.append(`a.${name}`, value);
  body.replaceChildren(
    h("p", null, `${total.items.toLocaleString("en")} of ${total.of.toLocaleString("en")} items, `,
      h("b", null, percent(total.share))),
    chart([{ name: "share", points: answer.intervals }], answer.interval) ?? "",
    said("First", total.first) ?? "", said("Last", total.last) ?? "",
    h("p", null, h("a", { href: `compare.html?${sides}`, class: "compare-link" },
      "Compare with another source, period or wording")));
}

async function load(state) {
  const body = byId("trend-body");
  const params = conditions(state);
  if (shown === params.toString()) return;
  shown = params.toString();
  request?.abort();
  const mine = request = new AbortController();
  try {
    const answer = await trends(params, mine.signal);
    if (!mine.signal.aborted) draw(body, answer, state);
  } catch (error) {
    if (isAbort(error) || mine.signal.aborted) return;
    shown = null;
    body.replaceChildren(h("p", { role: "alert" }, error?.title || "The trend could not be had"));
  }
}

/** Nothing is asked of the server until the panel is open. */
export function showTrend(box, state) {
  box.hidden = false;
  box.ontoggle = () => box.open && load(state);
  if (box.open) load(state);
}

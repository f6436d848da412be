// SPDX-License-Identifier: GPL-2.0-or-later
// Which sources are silent, so that nobody takes a broken feed for no news.
// May depend on dom.js and format.js.

import { h } from "./dom.js";
import { shortDate } from "./format.js";

const weekday = (text) =>
  new Date(text).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });

/** Lines for the hints; none if all sources keep to their habits. */
export function silentLines(completeness) {
  const list = completeness?.silent ?? [];
  if (!list.length) return [];
  const lines = list.map(({ source, last, per_day: usual }) => h("li", null,
    h("bdi", null, source), ` – nothing since ${weekday(last)}, ${shortDate(last)}; usually ${usual} a day`));
  if (completeness.more) lines.push(h("li", null, `and ${completeness.more} more`));
  return [h("div", { class: "silent" }, h("p", null, "Perhaps incomplete: sources that are silent for longer than usual"),
    h("ul", null, lines))];
}

// SPDX-License-Identifier: GPL-2.0-or-later
// Lines of shares over time, as SVG with a table of the same numbers for who cannot see it.
// May depend on dom.js.

import { h } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 90;
const LENGTHS = { hour: 16, day: 10, week: 10, month: 7, year: 4 };

function svg(name, attributes, ...children) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

export const percent = (share) =>
  share === null ? "–" : `${Number((share * 100).toPrecision(share >= 0.1 ? 3 : 2))} %`;

export const when = (from, interval) => from.slice(0, LENGTHS[interval] ?? 10).replace("T", " ");

/* One path a run of intervals that have items at all: a gap is no zero. A lone one is a dot. */
function path(points, peak) {
  const step = points.length > 1 ? WIDTH / (points.length - 1) : 0;
  let out = "";
  let open = false;
  points.forEach(({ share }, i) => {
    if (share === null) {
      open = false;
      return;
    }
    const x = (i * step).toFixed(1);
    const y = (HEIGHT - (share / peak) * (HEIGHT - 4) - 2).toFixed(1);
    out += open ? `L${x} ${y}` : `M${x} ${y}h0`;
    open = true;
  });
  return out;
}

/** lines: [{ name, points: [{ from, items, of, share }] }], all of the same intervals. */
export function chart(lines, interval) {
  const shares = lines.flatMap((line) => line.points.map((point) => point.share ?? 0));
  const peak = Math.max(...shares, 0);
  const points = lines[0]?.points ?? [];
  if (!points.length || !peak) return null;
  const label = `Share of all items by ${interval}, ${when(points[0].from, interval)} to ` +
    `${when(points[points.length - 1].from, interval)}; at most ${percent(peak)}`;
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label,
    class: "lines",
  }, ...lines.map((line, i) => svg("path", { d: path(line.points, peak), class: `line line-${i}` })));
  const table = h("table", { class: "unseen" },
    h("caption", null, label),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, interval),
      lines.map((line) => h("th", { scope: "col" }, line.name)))),
    h("tbody", null, points.map((point, k) => h("tr", null,
      h("th", { scope: "row" }, when(point.from, interval)),
      lines.map((line) => h("td", null, `${percent(line.points[k].share)}, ` +
        `${line.points[k].items} of ${line.points[k].of}`))))));
  return h("figure", { class: "chart" },
    h("figcaption", null,
      h("span", null, `${when(points[0].from, interval)} – ${when(points[points.length - 1].from, interval)}`),
      h("span", null, `peak ${percent(peak)} a ${interval}`)),
    picture, table);
}

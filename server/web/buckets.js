// SPDX-License-Identifier: GPL-2.0-or-later
// Arithmetic of the timeline: which unit to ask for, and where each bar begins and ends.
// May depend on format.js. Days are "YYYY-MM-DD" in UTC, both ends inclusive.

import { longDate, monthName, shortDate, shortMonth } from "./format.js";

const DAY = 86400000;
const MOST_DAYS = 92;
const MOST_BARS = 60;

const iso = (when) => when.toISOString().slice(0, 10);
const utc = (year, month, day) => new Date(Date.UTC(year, month, day));

/** A day's Date, or null when the text is no day of the calendar. */
export function dayOf(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return null;
  const when = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(when.getTime()) && iso(when) === text ? when : null;
}

/** The year, month or day around a moment. */
export function around(when, unit) {
  const [year, month, day] = [when.getUTCFullYear(), when.getUTCMonth(), when.getUTCDate()];
  if (unit === "year") return { from: iso(utc(year, 0, 1)), to: iso(utc(year, 11, 31)) };
  if (unit === "month") return { from: iso(utc(year, month, 1)), to: iso(utc(year, month + 1, 0)) };
  return { from: iso(utc(year, month, day)), to: iso(utc(year, month, day)) };
}

export const yearRange = (year) => around(utc(Number(year), 0, 1), "year");

/** "year", "month" or "day" when the range is exactly one, else null. */
export function unitOf(from, to) {
  const start = dayOf(from);
  if (!start || !dayOf(to)) return null;
  return ["day", "month", "year"].find((unit) => {
    const range = around(start, unit);
    return range.from === from && range.to === to;
  }) ?? null;
}

/** The next wider range: the day's month, the month's year, else all dates. */
export function widened(from, to) {
  const unit = unitOf(from, to);
  if (unit === "day") return around(dayOf(from), "month");
  if (unit === "month") return around(dayOf(from), "year");
  return { from: "", to: "" };
}

/** How a range reads. */
export function rangeName(from, to) {
  const unit = unitOf(from, to);
  if (unit === "year") return from.slice(0, 4);
  if (unit === "month") return monthName(from);
  if (unit === "day") return longDate(from);
  const name = (text) => shortDate(text) || text;
  if (from && to) return `${name(from)} – ${name(to)}`;
  return from ? `since ${name(from)}` : `until ${name(to)}`;
}

/** What to ask the server for. A single day is shown among the days of its month. */
export function plan(from, to) {
  const start = dayOf(from);
  const end = dayOf(to);
  if (start && from === to) return { unit: "day", ...around(start, "month") };
  const close = start && end && (end - start) / DAY < MOST_DAYS;
  return { unit: close ? "day" : "month", from, to };
}

function tally(histogram, unit) {
  const counts = new Map();
  for (const { from, count } of histogram) {
    const when = new Date(from);
    if (Number.isNaN(when.getTime())) continue;
    const key = around(when, unit).from;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

function steps(first, last, unit) {
  const out = [];
  let range = around(dayOf(first), unit);
  while (range.from <= last && out.length <= 1000) {
    out.push(range);
    range = around(new Date(dayOf(range.to).getTime() + DAY), unit);
  }
  return out;
}

function ends(counts, unit, asked) {
  const keys = [...counts.keys()].sort();
  const whole = dayOf(asked.from) && dayOf(asked.to) && asked.from <= asked.to
    && steps(asked.from, asked.to, unit).length <= MOST_BARS * 2;
  return whole ? [asked.from, asked.to] : [keys[0], keys[keys.length - 1]];
}

const LABEL = { year: (from) => from.slice(0, 4), month: shortMonth, day: shortDate };

/** The bars, gaps filled, cut to the range asked for; years when months would be too many. */
export function series(histogram, asked) {
  for (const unit of asked.unit === "day" ? ["day"] : ["month", "year"]) {
    const counts = tally(histogram, unit);
    if (!counts.size) return { unit, bars: [] };
    const [first, last] = ends(counts, unit, asked);
    const ranges = steps(first, last, unit);
    if (unit === "month" && ranges.length > MOST_BARS) continue;
    const bars = ranges.map((range) => ({
      from: asked.from && range.from < asked.from ? asked.from : range.from,
      to: asked.to && range.to > asked.to ? asked.to : range.to,
      label: LABEL[unit](range.from),
      count: counts.get(range.from) ?? 0,
    }));
    return { unit, bars };
  }
  return { unit: "year", bars: [] };
}

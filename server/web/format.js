// SPDX-License-Identifier: GPL-2.0-or-later
// How dates, counts, countries and languages read. May depend on nothing.
// All dates are shown in UTC, as the server files them.

const NUMBER = new Intl.NumberFormat("en");
const date = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const SHORT = date({ day: "numeric", month: "short", year: "numeric" });
const LONG = date({ day: "numeric", month: "long", year: "numeric" });
const MONTH = date({ month: "long", year: "numeric" });
const BRIEF_MONTH = date({ month: "short", year: "numeric" });
const CLOCK = date({ hour: "2-digit", minute: "2-digit" });

const parsed = (iso) => {
  const when = new Date(iso ?? NaN);
  return Number.isNaN(when.getTime()) ? null : when;
};
const show = (format) => (iso) => {
  const when = parsed(iso);
  return when ? format.format(when) : "";
};

export const count = (n) => NUMBER.format(n);
export const shortDate = show(SHORT);
export const longDate = show(LONG);
export const monthName = show(MONTH);
export const shortMonth = show(BRIEF_MONTH);

/** A date, and the time of day when the source gave one. */
export function moment(iso) {
  const when = parsed(iso);
  if (!when) return "";
  const timed = when.getUTCHours() || when.getUTCMinutes();
  return timed ? `${LONG.format(when)}, ${CLOCK.format(when)} UTC` : LONG.format(when);
}

export const items = (n) => `${count(n)} ${n === 1 ? "item" : "items"}`;

export function total({ value, relation, stories, items: all }) {
  if (stories !== undefined) {
    const found = `${count(stories)}${relation === "gte" ? "+" : ""} ${stories === 1 ? "story" : "stories"}`;
    return `${found} in ${items(all)}`;
  }
  return relation === "gte" ? `${count(value)}+ items` : items(value);
}

export function took(ms) {
  if (!Number.isFinite(ms)) return "";
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${count(Math.round(ms))} ms`;
}

function namer(type) {
  let names = null;
  return (code) => {
    try {
      names ??= new Intl.DisplayNames(["en"], { type, fallback: "code" });
      return names.of(code);
    } catch {
      return code;
    }
  };
}

export const countryName = namer("region");
export const languageName = namer("language");

/** How one value of a facet reads. */
export function facetValue(field, value) {
  if (field === "country") return countryName(value);
  if (field === "language") return languageName(value);
  return value;
}

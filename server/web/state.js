// SPDX-License-Identifier: GPL-2.0-or-later
// What the page shows, as a value: read from the address, written to it, sent to the server.
// May depend on nothing.

export const FIELDS = ["region", "country", "source", "language", "topic", "speaker"];
const MATCHES = ["all", "most", "any"];
const GROUPS = ["none", "story"];
const SORTS = ["relevance", "newest", "oldest"];

const oneOf = (value, allowed) => (allowed.includes(value) ? value : allowed[0]);

export function parseState(search) {
  const params = new URLSearchParams(search);
  const filters = {};
  for (const field of FIELDS) {
    filters[field] = [...new Set(params.getAll(field).filter(Boolean))];
  }
  return {
    q: params.get("q") ?? "",
    match: oneOf(params.get("match"), MATCHES),
    sort: oneOf(params.get("sort"), SORTS),
    group: oneOf(params.get("group"), GROUPS),
    synonyms: params.get("synonyms") === "1" ? "1" : "",
    from: params.get("from") ?? "",
    to: params.get("to") ?? "",
    as_of: params.get("as_of") ?? "",
    filters,
    similar: params.get("similar") ?? "",
    item: params.get("item") ?? "",
  };
}

function put(params, name, value, usual = "") {
  if (value && value !== usual) params.append(name, value);
}

function putConditions(params, state) {
  put(params, "q", state.q.trim());
  put(params, "match", state.match, "all");
  put(params, "synonyms", state.synonyms);
  put(params, "similar", state.similar);
  put(params, "group", state.group, "none");
  put(params, "from", state.from);
  put(params, "to", state.to);
  put(params, "as_of", state.as_of);
  for (const field of FIELDS) {
    for (const value of state.filters[field]) put(params, field, value);
  }
}

/** What says which items are meant, and not how they are shown. */
export function conditions(state) {
  const params = new URLSearchParams();
  putConditions(params, { ...state, group: "none" });
  return params;
}

/** The address of a state, relative to the page. */
export function address(state) {
  const params = new URLSearchParams();
  putConditions(params, state);
  put(params, "sort", state.sort, "relevance");
  put(params, "item", state.item);
  const text = params.toString();
  return text ? `?${text}` : "./";
}

/** Without words nothing can be more relevant than another, so newest comes first. */
export function effectiveSort(state) {
  return !state.q.trim() && !state.similar && state.sort === "relevance" ? "newest" : state.sort;
}

/** The parameters of a search. */
export function searchParams(state, extra) {
  const params = new URLSearchParams();
  putConditions(params, state);
  put(params, "sort", effectiveSort(state), "relevance");
  for (const [name, value] of Object.entries(extra ?? {})) put(params, name, value);
  return params;
}

/** Two states with the same key show the same list. */
export const searchKey = (state) => address({ ...state, item: "" });

export function filterCount(state) {
  const chosen = FIELDS.reduce((sum, field) => sum + state.filters[field].length, 0);
  return chosen + (state.from || state.to ? 1 : 0);
}

export const isBlank = (state) =>
  !state.q.trim() && !state.similar && filterCount(state) === 0;

/** Items like this one, whatever was asked before. */
export const withSimilar = (state, id) =>
  ({ ...withoutFilters(state), q: "", sort: "relevance", similar: id });

export function withFilter(state, field, value, on) {
  const rest = state.filters[field].filter((other) => other !== value);
  const filters = { ...state.filters, [field]: on ? [...rest, value] : rest };
  return { ...state, filters, item: "" };
}

export function withoutField(state, field) {
  return { ...state, filters: { ...state.filters, [field]: [] } };
}

export const withDates = (state, from, to) => ({ ...state, from, to, item: "" });

export function withoutFilters(state) {
  const filters = Object.fromEntries(FIELDS.map((field) => [field, []]));
  return { ...state, filters, from: "", to: "", item: "" };
}

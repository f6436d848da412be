// SPDX-License-Identifier: GPL-2.0-or-later
// The search behind the list: one request at a time, the last good answer kept while it runs.
// May depend on all modules but main.js.

import { Failure, isAbort, search } from "./api.js";
import { plan } from "./buckets.js";
import { byId } from "./dom.js";
import { FACETS, showChips, showFacets } from "./facets.js";
import { showTimeline } from "./histogram.js";
import { clearNotice, showFailure } from "./notice.js";
import { appendHits, showHints, showHits, showStatus } from "./results.js";
import { FIELDS, filterCount, searchKey, searchParams, withoutField } from "./state.js";
import { showTrend } from "./trend.js";

const PAGE = 20;

/* As of an earlier moment the server reads on while nobody asks, so the rest of a partial
   answer is worth asking for, for half a minute. */
const AGAIN_MS = 1500;
const AGAIN_MOST = 20;

/* Counts of a facet that is filtered must not be narrowed by its own filter, or a second
   value could never be chosen. Each such count is one more request, without any hits to cut. */
function sideQuestions(state, asked) {
  const out = [];
  const ask = (changed, extra) => searchParams(changed, { limit: 1, highlight: "none", ...extra });
  for (const field of FIELDS) {
    if (!state.filters[field].length) continue;
    out.push({ field, params: ask(withoutField(state, field), { facets: field }) });
  }
  if (state.from || state.to) {
    out.push({ field: "year", params: ask({ ...state, from: "", to: "" }, { facets: "year" }) });
  }
  if (asked.from !== state.from || asked.to !== state.to) {
    const wider = { ...state, from: asked.from, to: asked.to };
    out.push({ field: null, params: ask(wider, { histogram: asked.unit }) });
  }
  return out;
}

/* A count that cannot be had leaves the narrowed one in its place; the hits are not held up. */
async function answerSides(reply, questions, signal) {
  await Promise.all(questions.map(async ({ field, params }) => {
    try {
      const side = await search(params, signal);
      if (field) reply.facets = { ...reply.facets, [field]: side.facets?.[field] };
      else reply.histogram = side.histogram;
    } catch (error) {
      if (!(error instanceof Failure) && !isAbort(error)) throw error;
    }
  }));
}

function asFailure(error) {
  if (error instanceof Failure) return error;
  return new Failure({ title: "The answer could not be shown", detail: String(error?.message ?? error) });
}

export function createList(on) {
  let request = null;
  let current = null; // The state asked for last.
  let reply = null; // The last good answer.
  let failed = false;
  let hits = [];
  let again = 0; // The timer that asks for the rest.

  function setBusy(busy) {
    byId("busy").hidden = !busy;
    byId("hits").setAttribute("aria-busy", String(busy));
    byId("results").classList.toggle("waiting", busy);
  }

  function showSides(state, asked) {
    showFacets(byId("facets"), reply.facets, state, on);
    showTimeline(byId("timeline"), reply.histogram, asked, state, on);
    showTrend(byId("trend"), state);
  }

  function show(state) {
    showStatus(byId("status"), reply);
    showHints(byId("hints"), reply, state, on);
    showHits(byId("hits"), reply, state);
    byId("more").hidden = !reply.next;
  }

  function fail(error, state) {
    failed = true;
    byId("results").classList.add("stale");
    byId("status").textContent = reply ? "The list below is from the last search that worked" : "";
    showFailure(byId("notice"), asFailure(error), state.q, () => run(current));
  }

  function askAgain(state, turn) {
    if (!reply.partial || !state.as_of || turn >= AGAIN_MOST) return;
    again = setTimeout(() => run(state, turn + 1), AGAIN_MS);
  }

  async function run(state, turn = 0) {
    request?.abort();
    clearTimeout(again);
    const mine = request = new AbortController();
    current = state;
    failed = false;
    clearNotice(byId("notice"));
    const chosen = filterCount(state);
    byId("filter-count").textContent = chosen ? String(chosen) : "";
    showChips(byId("chips"), state, on);
    setBusy(true);
    const asked = plan(state.from, state.to);
    const params = searchParams(state, {
      limit: PAGE, facets: FACETS.join(","), histogram: asked.unit, highlight: "html",
      related: state.q.trim() ? "1" : "",
    });
    try {
      const questions = sideQuestions(state, asked);
      const answer = await search(params, mine.signal);
      const pending = answerSides(answer, questions, mine.signal);
      reply = answer;
      hits = [...answer.hits];
      byId("results").classList.remove("stale");
      show(state);
      on.listed();
      await pending;
      if (mine.signal.aborted) return;
      showSides(state, asked);
      askAgain(state, turn);
    } catch (error) {
      if (isAbort(error) || mine.signal.aborted) return;
      fail(error, state);
    } finally {
      if (request === mine) setBusy(false);
    }
  }

  async function more() {
    if (!reply?.next || !request) return;
    const mine = request;
    byId("more").disabled = true;
    try {
      const params = searchParams(current, { limit: PAGE, highlight: "html", cursor: reply.next });
      const page = await search(params, mine.signal);
      reply.next = page.next;
      hits.push(...page.hits);
      const first = appendHits(byId("hits"), page.hits, current);
      byId("more").hidden = !page.next;
      first?.querySelector(".open").focus();
    } catch (error) {
      if (!isAbort(error)) showFailure(byId("notice"), asFailure(error), current.q, more);
    } finally {
      byId("more").disabled = false;
    }
  }

  return {
    run,
    more,
    cite: () => search(searchParams(current, { limit: PAGE, highlight: "none", cite: "1" })),
    retry: () => failed && run(current),
    shownKey: () => (current ? searchKey(current) : null),
    find: (id) => hits.find((hit) => hit.id === id),
    around: (id) => {
      const at = hits.findIndex((hit) => hit.id === id);
      return { known: at >= 0, previous: hits[at - 1]?.id ?? "", next: at < 0 ? "" : hits[at + 1]?.id ?? "" };
    },
    clear: () => {
      request?.abort();
      request = current = reply = null;
      hits = [];
      setBusy(false);
      clearNotice(byId("notice"));
      byId("hits").replaceChildren();
      byId("timeline").hidden = true;
      byId("trend").hidden = true;
    },
  };
}

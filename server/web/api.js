// SPDX-License-Identifier: GPL-2.0-or-later
// Requests to the server. May depend on nothing.
// Everything that goes wrong arrives as one Failure; only an abort passes through as itself.

export class Failure extends Error {
  constructor({ status = 0, title, detail = "", offset = null, retryAfter = null }) {
    super(title);
    Object.assign(this, { status, title, detail, offset, retryAfter });
  }
}

export const isAbort = (error) => error?.name === "AbortError";

function retrySeconds(response) {
  const seconds = parseInt(response.headers.get("Retry-After") ?? "", 10);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 60) : null;
}

async function problem(response) {
  let body = null;
  try {
    body = await response.json();
  } catch (error) {
    if (isAbort(error)) throw error;
  }
  return new Failure({
    status: response.status,
    title: body?.title || `The server answered ${response.status} ${response.statusText}`.trim(),
    detail: body?.detail ?? "",
    offset: Number.isInteger(body?.offset) ? body.offset : null,
    retryAfter: response.status === 503 ? retrySeconds(response) ?? 3 : null,
  });
}

async function getJson(path, signal) {
  let response;
  try {
    response = await fetch(path, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Failure({
      title: "The server cannot be reached",
      detail: "Your network may be down, or the server has stopped.",
    });
  }
  if (!response.ok) throw await problem(response);
  try {
    return await response.json();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Failure({ status: response.status, title: "The server’s answer could not be read" });
  }
}

export const search = (params, signal) => getJson(`v1/search?${params}`, signal);
export const trends = (params, signal) => getJson(`v1/trends?${params}`, signal);
export const compare = (params, signal) => getJson(`v1/compare?${params}`, signal);
export const suggest = (q, signal) => getJson(`v1/suggest?${new URLSearchParams({ q })}`, signal);
export const fetchVersions = (id, signal) =>
  getJson(`v1/items/${encodeURIComponent(id)}/versions?diff=1`, signal);
export const fetchStory = (id, signal) => getJson(`v1/stories/${encodeURIComponent(id)}`, signal);
export const fetchItem = (id, signal) => getJson(`v1/items/${encodeURIComponent(id)}`, signal);

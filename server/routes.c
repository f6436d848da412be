/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths that the server knows. Depends on server.h. */
#include "routes.h"

#include <stdio.h>
#include <string.h>

/* What POST /v1/items reads, by its Content-Type. */
#define ITEM_TYPES                                                                       \
    "application/json application/x-ndjson application/ndjson application/jsonl "        \
    "application/feed+json application/xml text/xml application/rss+xml "                \
    "application/atom+xml application/rdf+xml application/nitf+xml "                     \
    "application/vnd.iptc.g2.newsitem+xml application/vnd.iptc.g2.newsmessage+xml "      \
    "application/vnd.iptc.g2.packageitem+xml text/html application/xhtml+xml "           \
    "text/plain message/rfc822 application/zip application/x-tar application/gzip "      \
    "application/zstd application/octet-stream"

#define WATCH_CODES "304 400 404 503 504"
#define WATCH_NAME "The name of the watchlist."

static const dgms_route table[] = {
    { .path = "/v1/search",
      .id = "search",
      .searches = true,
      .takes = DGMS_SEARCH,
      .type = DGMS_JSON,
      .schema = "Page",
      .codes = "304 400 503 504",
      .run = dgms_run_search,
      .summary =
          "Search the archive: a page of ranked hits, with facets and a histogram." },
    { .path = "/v1/export",
      .id = "export",
      .searches = true,
      .takes = DGMS_EXPORT,
      .type = "application/x-ndjson",
      .schema = "Item",
      .codes = "400 503 504",
      .run = dgms_run_export,
      .summary = "Every hit of a search, in its order, as NDJSON or CSV, for as long as "
                 "the client reads." },
    { .path = "/v1/trends",
      .id = "trends",
      .searches = true,
      .takes = DGMS_TRENDS,
      .type = DGMS_JSON,
      .schema = "Trends",
      .codes = "304 400 503 504",
      .run = dgms_run_trends,
      .summary = "How many items match per interval, of how many, and by whom; as JSON "
                 "or CSV." },
    { .path = "/v1/sources",
      .id = "sources",
      .searches = true,
      .type = DGMS_JSON,
      .schema = "Sources",
      .codes = "400 503 504",
      .run = dgms_run_sources,
      .summary = "All sources with their habits, and whether they are silent." },
    { .path = "/v1/compare",
      .id = "compare",
      .searches = true,
      .takes = DGMS_COMPARE,
      .type = DGMS_JSON,
      .schema = "Comparison",
      .codes = "304 400 503 504",
      .run = dgms_run_compare,
      .summary = "Two sides against each other: counts over time, words that each "
                 "over-uses, who spoke first, who was silent." },
    { .path = "/v1/items/{id}",
      .id = "getItem",
      .searches = true,
      .type = DGMS_JSON,
      .schema = "Item",
      .codes = "304 400 404 410 503",
      .run = dgms_run_item,
      .summary = "One item, whole.",
      .value_help = "The id of the item, percent-encoded as one part of the path." },
    { .path = "/v1/items/{id}/versions",
      .id = "getVersions",
      .searches = true,
      .takes = DGMS_DIFF,
      .type = DGMS_JSON,
      .schema = "History",
      .codes = "304 400 404 410 503",
      .run = dgms_run_versions,
      .summary = "The versions of an item, newest first, and what changed in each.",
      .value_help = "The id of the item, percent-encoded as one part of the path." },
    { .path = "/v1/items/{id}/similar",
      .id = "getSimilar",
      .searches = true,
      .takes = DGMS_SEARCH,
      .type = DGMS_JSON,
      .schema = "Page",
      .codes = "304 400 404 503 504",
      .run = dgms_run_search,
      .summary = "Items like this one, by the rarest of its words, without copies of it.",
      .value_help = "The id of the item, percent-encoded as one part of the path." },
    { .path = "/v1/items/{id}",
      .method = DGMS_DELETE,
      .id = "deleteItem",
      .searches = true,
      .takes = DGMS_WAIT,
      .door = DGMS_KEY,
      .type = DGMS_JSON,
      .schema = "Result",
      .more_good = "202",
      .codes = "400 401 403 404 503 507",
      .start = dgms_start_delete,
      .summary = "Withdraw an item: it stays in the archive as a tombstone, and versions "
                 "that are not newer do not bring it back.",
      .value_help = "The id of the item, percent-encoded as one part of the path." },
    { .path = "/v1/items",
      .method = DGMS_POST,
      .id = "postItems",
      .searches = true,
      .takes = DGMS_WAIT,
      .door = DGMS_KEY,
      .payload = DGMS_ITEMS,
      .body_types = ITEM_TYPES,
      .body_help = "One item as JSON, many as NDJSON, or a document of any format that "
                   "\"dragoman index\" reads.",
      .good = 201,
      .type = DGMS_JSON,
      .schema = "Result",
      .more_good = "200 202",
      .list = 207,
      .codes = "400 401 403 411 413 415 503 507",
      .start = dgms_start_items,
      .summary = "Take items; the answer comes once they are on the disk." },
    { .path = "/v1/items/delete",
      .method = DGMS_POST,
      .id = "deleteItems",
      .searches = true,
      .takes = DGMS_ERASE,
      .door = DGMS_KEY,
      .type = DGMS_JSON,
      .schema = "Erasure",
      .list = 207,
      .codes = "400 401 403 409 503 504 507",
      .start = dgms_start_erase,
      .summary = "Withdraw all items that a search finds. Without confirm it only tells "
                 "how many, and gives the word to confirm with." },
    { .path = "/push",
      .method = DGMS_POST,
      .id = "push",
      .searches = true,
      .door = DGMS_SIGNED,
      .unsigned_status = 403,
      .payload = DGMS_DOCUMENT,
      .body_types = "application/json",
      .body_help = "One item as ninjs, signed, as Superdesk sends it.",
      .type = DGMS_JSON,
      .codes = "400 403 411 413 415 503 507",
      .start = dgms_start_push,
      .summary = "Take an item from Superdesk. What is not text is skipped." },
    { .path = "/api/v2/content/push",
      .method = DGMS_POST,
      .id = "pushContent",
      .searches = true,
      .door = DGMS_SIGNED,
      .unsigned_status = 401,
      .payload = DGMS_DOCUMENT,
      .body_types = "application/json",
      .body_help = "One item as ninjs, signed, as Superdesk sends it.",
      .good = 201,
      .type = DGMS_JSON,
      .codes = "400 401 403 411 413 415 503 507",
      .start = dgms_start_push,
      .summary = "The same under the path of Superdesk Publisher." },
    { .path = "/v1/stories/{id}",
      .id = "getStory",
      .searches = true,
      .type = DGMS_JSON,
      .schema = "Story",
      .codes = "304 400 404 503",
      .run = dgms_run_story,
      .summary = "The items of a story, the earliest first, with what each cut or added "
                 "against that one.",
      .value_help = "The id of the story, as hits have it." },
    { .path = "/push_binary",
      .method = DGMS_POST,
      .id = "pushBinary",
      .searches = true,
      .door = DGMS_SIGNED,
      .unsigned_status = 403,
      .payload = DGMS_MEDIA,
      .body_help = "A picture or film with its id, as Superdesk sends it.",
      .good = 201,
      .type = DGMS_JSON,
      .codes = "400 403 411 413 503",
      .run = dgms_run_media,
      .summary = "Take a binary that belongs to an item, and drop it: text alone is "
                 "kept here." },
    { .path = "/push_binary/{id}",
      .id = "getPushBinary",
      .door = DGMS_PUSH,
      .type = DGMS_JSON,
      .codes = "403",
      .run = dgms_run_media_known,
      .summary = "Whether a binary is wanted: never, so the answer is that it is here.",
      .value_help = "The id of the binary." },
    { .path = "/websub/{token}",
      .id = "verifyWebsub",
      .searches = true,
      .takes = DGMS_ANY,
      .type = "text/plain; charset=utf-8",
      .codes = "404",
      .run = dgms_run_websub,
      .summary = "Confirm to a hub of WebSub what was subscribed to: the answer is its "
                 "hub.challenge.",
      .value_help = "The token of the subscription." },
    { .path = "/websub/{token}",
      .method = DGMS_POST,
      .id = "deliverWebsub",
      .searches = true,
      .payload = DGMS_DOCUMENT,
      .body_help = "A feed, as the hub delivers it, signed by X-Hub-Signature.",
      .good = 202,
      .type = DGMS_JSON,
      .codes = "410 411 413 503 507",
      .start = dgms_start_websub,
      .summary = "Take a delivery of a hub. One that is not signed with the "
                 "subscription's secret is answered alike, and thrown away.",
      .value_help = "The token of the subscription." },
    { .path = "/v1/suggest",
      .id = "suggest",
      .searches = true,
      .takes = DGMS_TYPED,
      .type = DGMS_JSON,
      .schema = "Suggestions",
      .codes = "304 400 503",
      .run = dgms_run_suggest,
      .summary = "What somebody who typed so far may be about to ask: words and pairs of "
                 "titles, regions, sources, topics, speakers." },
    { .path = "/suggest",
      .id = "completions",
      .searches = true,
      .takes = DGMS_TYPED,
      .type = DGMS_SUGGESTIONS,
      .codes = "304 400 503",
      .run = dgms_run_completions,
      .summary = "The same in the suggestions form of OpenSearch, for browsers." },
    { .path = "/opensearch.xml",
      .id = "opensearch",
      .takes = DGMS_ANY,
      .type = DGMS_OPENSEARCH,
      .codes = "",
      .run = dgms_run_opensearch,
      .summary =
          "The OpenSearch description, by which a browser adds this archive to its "
          "search engines." },
    { .path = "/v1/watch",
      .id = "listWatchlists",
      .searches = true,
      .type = DGMS_JSON,
      .schema = "Watchlists",
      .codes = "304 503",
      .run = dgms_run_watches,
      .summary = "The watchlists, and how each is doing." },
    { .path = "/v1/watch/{name}.atom",
      .id = "watchAtom",
      .searches = true,
      .takes = DGMS_WATCH,
      .type = DGMS_ATOM,
      .codes = WATCH_CODES,
      .run = dgms_run_watch,
      .summary = "Alerts of a watchlist as an Atom feed, the newest first.",
      .value_help = WATCH_NAME },
    { .path = "/v1/watch/{name}.rss",
      .id = "watchRss",
      .searches = true,
      .takes = DGMS_WATCH,
      .type = DGMS_RSS,
      .codes = WATCH_CODES,
      .run = dgms_run_watch,
      .summary = "The same as RSS 2.0.",
      .value_help = WATCH_NAME },
    { .path = "/v1/watch/{name}.json",
      .id = "watchJson",
      .searches = true,
      .takes = DGMS_WATCH,
      .type = DGMS_JSONFEED,
      .schema = "AlertFeed",
      .codes = WATCH_CODES,
      .run = dgms_run_watch,
      .summary = "The same as JSON Feed 1.1, with the place to go on from.",
      .value_help = WATCH_NAME },
    { .path = "/healthz",
      .id = "health",
      .type = DGMS_JSON,
      .schema = "Health",
      .codes = "",
      .run = dgms_run_health,
      .summary = "Whether the server is alive." },
    { .path = "/readyz",
      .id = "ready",
      .type = DGMS_JSON,
      .schema = "Ready",
      .codes = "503",
      .run = dgms_run_ready,
      .summary = "Whether an index is open, and its revision." },
    { .path = "/metrics",
      .id = "metrics",
      .type = "text/plain; version=0.0.4; charset=utf-8",
      .codes = "",
      .run = dgms_run_metrics,
      .summary = "Counts and times in the Prometheus text format." },
    { .path = "/openapi.json",
      .id = "openapi",
      .type = DGMS_JSON,
      .codes = "304",
      .run = dgms_run_openapi,
      .summary = "This description." },
    { .path = "/",
      .id = "page",
      .takes = DGMS_ANY,
      .type = "text/html; charset=utf-8",
      .codes = "304",
      .run = dgms_run_page,
      .summary = "The search page." },
    { .path = "/{file}",
      .id = "pageFile",
      .takes = DGMS_ANY,
      .type = "application/octet-stream",
      .codes = "304 404",
      .run = dgms_run_page,
      .summary = "A file of the search page.",
      .value_help = "Its name." },
};

#define COUNT (sizeof table / sizeof table[0])

const dgms_route *dgms_route_at(size_t i)
{
    return i < COUNT ? &table[i] : NULL;
}

/* A part that is a variable, which has to be longer than the ending of its pattern. */
static bool fits_variable(dgmi_str pattern, const char *segment)
{
    const char *close = memchr(pattern.p, '}', pattern.n);
    size_t end = close ? pattern.n - (size_t)(close + 1 - pattern.p) : 0;
    size_t n = strlen(segment);
    return end == 0 || (n > end && !memcmp(segment + n - end, close + 1, end));
}

/* Compares the decoded parts of a path with a pattern. */
static bool fits(const char *pattern, const dgms_target *target, const char **value)
{
    dgmi_str rest = dgmi_str_skip(dgmi_str_of(pattern), 1), part;
    size_t i = 0;

    *value = NULL;
    for (; dgmi_str_split(&rest, '/', &part); i++) {
        if (i == target->n_segments)
            return false;
        if (part.p[0] == '{' && fits_variable(part, target->segments[i]))
            *value = target->segments[i];
        else if (!dgmi_str_eq(part, target->segments[i]))
            return false;
    }
    return i == target->n_segments && (!*value || **value);
}

const char *dgms_method_name(dgms_method method)
{
    switch (method) {
    case DGMS_GET:
        return "GET";
    case DGMS_POST:
        return "POST";
    case DGMS_DELETE:
        return "DELETE";
    }
    return "GET";
}

static bool is_served_by(const char *method, dgms_method by)
{
    return !strcmp(method, dgms_method_name(by)) ||
           (by == DGMS_GET && !strcmp(method, "HEAD"));
}

/* A set of methods as Allow has it, OPTIONS being everywhere. */
static void write_allow(unsigned methods, char out[DGMS_ALLOW_SIZE])
{
    snprintf(out, DGMS_ALLOW_SIZE, "%s%s%sOPTIONS",
             methods & 1u << DGMS_GET ? "GET, HEAD, " : "",
             methods & 1u << DGMS_POST ? "POST, " : "",
             methods & 1u << DGMS_DELETE ? "DELETE, " : "");
}

void dgms_route_find(const dgms_target *target, const char *method, dgms_match *out)
{
    unsigned methods = 0;

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < COUNT && !out->route; i++) {
        const char *value = NULL;
        if ((methods && table[i].takes == DGMS_ANY) ||
            !fits(table[i].path, target, &value))
            continue;
        methods |= 1u << table[i].method;
        if (!is_served_by(method, table[i].method))
            continue;
        out->route = &table[i];
        out->value = value;
    }
    out->known = methods != 0;
    write_allow(methods, out->allow);
}

const dgm_param dgms_diff_param = {
    .name = "diff",
    .kind = DGM_PARAM_CHOICE,
    .values = "0|1",
    .standard = "0",
    .help = "Whether to tell the changes of the text word by word.",
};

static bool check_diff(dgms_call *call)
{
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        const dgms_pair *pair = &call->target.pairs[i];
        const char *fault = NULL;
        if (strcmp(pair->name, dgms_diff_param.name) != 0)
            fault = "no such parameter";
        else if (i > 0)
            fault = "diff is given more than once";
        else if (strcmp(pair->value, "0") != 0 && strcmp(pair->value, "1") != 0)
            fault = "diff: neither 0 nor 1";
        if (fault) {
            dgms_reply_problem(&call->reply, 400, fault, pair->name, -1);
            return false;
        }
    }
    return true;
}

bool dgms_route_check(const dgms_route *route, dgms_call *call)
{
    char text[160];

    if (route->takes == DGMS_DIFF)
        return check_diff(call);
    if (route->takes == DGMS_SEARCH || route->takes == DGMS_ANY ||
        route->takes == DGMS_EXPORT || route->takes == DGMS_ERASE ||
        route->takes == DGMS_TYPED || route->takes == DGMS_TRENDS ||
        route->takes == DGMS_COMPARE || route->takes == DGMS_WATCH ||
        !call->target.n_pairs)
        return true;
    const dgms_pair *pair = &call->target.pairs[0];
    bool waits = route->takes == DGMS_WAIT && !strcmp(pair->name, "wait");
    if (waits && !strcmp(pair->value, "searchable") && call->target.n_pairs == 1)
        return true;
    if (waits)
        snprintf(text, sizeof text, "wait: takes \"searchable\", once");
    else
        snprintf(text, sizeof text, "%s takes no parameter%s", route->path,
                 route->takes == DGMS_WAIT ? " but wait" : "s");
    dgms_reply_problem(&call->reply, 400, text, pair->name, -1);
    return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request and its reply. Depends on exchange.h, address.h, libcurl. */
#include "exchange.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"

/* ---- What curl calls ---- */

/* The last moment before a connection: names are resolved, redirects followed, and this
 * is the address itself. */
static curl_socket_t open_socket(void *user, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    dgmi_exchange *x = user;
    (void)purpose;
    if (!dgmi_address_allowed(&address->addr, x->allowed)) {
        dgmi_address_text(&address->addr, x->refused, sizeof x->refused);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_header(char *p, size_t size, size_t n, void *user)
{
    dgmi_exchange *x = user;
    dgmi_str line = { p, size * n };
    x->head_bytes += line.n;
    if (x->head_bytes > DGMI_HEAD_BYTES) {
        x->flooded = true;
        return 0;
    }
    if (dgmi_str_starts(line, "HTTP/")) /* an interim reply is over */
        dgmi_head_clear(&x->head);
    else
        dgmi_head_take(&x->head, line, x->now);
    return line.n;
}

static size_t take_body(char *p, size_t size, size_t n, void *user)
{
    dgmi_exchange *x = user;
    dgmi_buf_put(&x->body, p, size * n);
    x->too_large = x->body.failed;
    return x->body.failed ? 0 : size * n;
}

/* ---- Asking ---- */

static bool add_header(dgmi_exchange *x, const char *name, const char *value)
{
    char *line = NULL;
    if (!value || !*value)
        return true;
    if (asprintf(&line, "%s%s%s", name, *name ? ": " : "", value) < 0)
        return false;
    struct curl_slist *longer = curl_slist_append(x->headers, line);
    free(line);
    if (longer)
        x->headers = longer;
    return longer != NULL;
}

/* Nothing is gained by asking first whether a body is wanted. */
static bool set_post_headers(dgmi_exchange *x, const dgmi_ask *ask)
{
    bool whole = !ask->body || (add_header(x, "Content-Type", ask->type) &&
                                add_header(x, "", "Expect:"));
    for (size_t i = 0; whole && ask->more && ask->more[i]; i++)
        whole = add_header(x, "", ask->more[i]);
    return whole;
}

static bool set_headers(dgmi_exchange *x, const dgmi_ask *ask)
{
    return set_post_headers(x, ask) && add_header(x, "Accept", ask->accept) &&
           add_header(x, "If-None-Match", ask->etag) &&
           add_header(x, "If-Modified-Since", ask->modified) &&
           add_header(x, "Authorization", ask->authorization) &&
           add_header(x, "", ask->header);
}

static void set_guards(dgmi_exchange *x, const dgmi_ask *ask)
{
    CURL *c = x->easy;
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_PROXY, ""); /* behind one, no address could be judged */
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, x);
    /* A connection that only this feed was allowed must not be found by another one. */
    if (strcmp(ask->allowed, "no") != 0)
        curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)ask->connect_timeout);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)ask->timeout);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)ask->max_bytes);
    if (ask->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, ask->ca_file);
}

static void set_request(dgmi_exchange *x, const dgmi_ask *ask, void *user)
{
    CURL *c = x->easy;
    curl_easy_setopt(c, CURLOPT_URL, ask->url);
    curl_easy_setopt(c, CURLOPT_USERAGENT, ask->agent);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, x->headers);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, x->text);
    curl_easy_setopt(c, CURLOPT_PRIVATE, user);
    if (ask->form)
        curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, ask->form);
    else if (ask->body)
        curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, ask->body);
}

dgmi_exchange *dgmi_exchange_new(const dgmi_ask *ask, int64_t now, void *user)
{
    dgmi_exchange *x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->now = now;
    dgmi_head_clear(&x->head);
    dgmi_buf_init(&x->body, ask->max_bytes);
    x->allowed = strdup(ask->allowed);
    x->easy = curl_easy_init();
    if (!x->allowed || !x->easy || !set_headers(x, ask)) {
        dgmi_exchange_free(x);
        return NULL;
    }
    set_guards(x, ask);
    set_request(x, ask, user);
    return x;
}

void dgmi_exchange_free(dgmi_exchange *x)
{
    if (!x)
        return;
    curl_easy_cleanup(x->easy);
    curl_slist_free_all(x->headers);
    dgmi_buf_clear(&x->body);
    free(x->allowed);
    free(x);
}

/* ---- What came of it, in words ---- */

static void explain(dgmi_exchange *x, CURLcode code, const dgmi_ask *ask)
{
    size_t size = sizeof x->why;
    const char *detail = x->text[0] ? x->text : curl_easy_strerror(code);
    if (x->refused[0])
        snprintf(x->why, size,
                 "leads to the private address %s, which allow-private does not permit",
                 x->refused);
    else if (x->too_large || code == CURLE_FILESIZE_EXCEEDED)
        snprintf(x->why, size, "the reply is larger than max-bytes (%lu)",
                 ask->max_bytes);
    else if (x->flooded)
        snprintf(x->why, size, "the reply's header is larger than %u bytes",
                 DGMI_HEAD_BYTES);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        snprintf(x->why, size, "no whole reply within %lu s (connecting: %lu s)",
                 ask->timeout, ask->connect_timeout);
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        snprintf(x->why, size, "the name of the host is not known (%.150s)", detail);
    else if (code == CURLE_COULDNT_CONNECT)
        snprintf(x->why, size, "the host does not take the connection (%.150s)", detail);
    else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
             code == CURLE_SSL_CACERT_BADFILE)
        snprintf(x->why, size,
                 "its TLS certificate or handshake is not to be trusted "
                 "(%.150s)",
                 detail);
    else if (code == CURLE_PARTIAL_FILE)
        snprintf(x->why, size, "the reply breaks off (%.150s)", detail);
    else if (code == CURLE_BAD_CONTENT_ENCODING)
        snprintf(x->why, size, "the reply cannot be unpacked (%.150s)", detail);
    else if (code == CURLE_GOT_NOTHING)
        snprintf(x->why, size, "the connection was closed without a reply");
    else if (code == CURLE_UNSUPPORTED_PROTOCOL)
        snprintf(x->why, size, "neither http nor https");
    else
        snprintf(x->why, size, "%.200s", detail);
}

void dgmi_exchange_end(dgmi_exchange *x, CURLcode code, const dgmi_ask *ask)
{
    char *to = NULL;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &x->status);
    curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &to);
    if (to && strlen(to) < sizeof x->redirect)
        snprintf(x->redirect, sizeof x->redirect, "%s", to);
    /* A redirect's body does not matter, however it ends. */
    if (code != CURLE_OK &&
        !(x->redirect[0] && x->status >= 300 && x->status < 400 && !x->flooded))
        explain(x, code, ask);
}

void dgmi_status_say(long status, char *out, size_t size)
{
    static const struct {
        long status;
        const char *text;
    } known[] = {
        { 400, "the server does not understand the request" },
        { 401, "the server wants a login: see the setting authorization" },
        { 403, "the server refuses us" },
        { 404, "there is nothing at this address" },
        { 405, "the server does not let this address be read" },
        { 406, "the server has it in no form that we read" },
        { 407, "a proxy stands before it" },
        { 408, "the server gave up waiting" },
        { 410, "the feed is gone for good" },
        { 429, "the server finds that we ask too often" },
        { 451, "the server may not show it for legal reasons" },
        { 500, "the server failed" },
        { 502, "the server's own source failed" },
        { 503, "the server is busy or under repair" },
        { 504, "the server's own source is late" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].status == status) {
            snprintf(out, size, "%s (%ld)", known[i].text, status);
            return;
        }
    }
    snprintf(out, size, "the server answered %ld", status);
}

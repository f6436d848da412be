/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only file that knows libmicrohttpd: from its callbacks to handlers and back.
 * Depends on server.h, routes.h, guard.h, conns.h, workers.h. */
#include "http.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "admit.h"
#include "clock.h"
#include "conns.h"
#include "fail.h"
#include "guard.h"
#include "routes.h"
#include "workers.h"

#define POOL_SLACK (32u << 10) /* of a connection's memory, beside target and header */
#define IO_STACK (1u << 20)
#define HUSH_US 100000
#define CUT_MS 100 /* for the thread of the sockets to see that connections are cut */

struct dgms_http {
    const dgms_server *server;
    struct MHD_Daemon *daemon;
    dgms_place front; /* of the thread of the sockets */
    atomic_bool draining;
    atomic_uint_least64_t last_message_us;
    uint64_t next_id;
    uint64_t quiet_us; /* when new connections were no longer taken; 0: not yet */
};

typedef enum stage { STAGE_NEW, STAGE_CHECKED, STAGE_WORKING, STAGE_ANSWERED } stage;

struct exchange;

/* One connection; libmicrohttpd keeps it as the socket's context. */
typedef struct peer {
    dgms_conn *conn;
    struct exchange *open; /* begun and not yet ended */
} peer;

/* One request with its answer, from its request line to the last byte of the reply. */
typedef struct exchange {
    dgms_call call;
    dgms_http *http;
    struct MHD_Connection *connection;
    peer *peer;
    dgms_conn *conn;   /* the peer's */
    size_t raw_length; /* of the target before it was cut */
    stage stage;
    dgms_intake intake;
    uint64_t dropped; /* bytes of a body that were read for nothing */
    bool close; /* after the reply: what follows cannot be trusted, or is not wanted */
} exchange;

const char *dgms_http_version(void)
{
    return MHD_get_version();
}

/* ---- Callbacks of libmicrohttpd about connections
 * ------------------------------------------ */

/* One message a second at most: clients can cause as many as they like. */
static void print_message(void *user, const char *format, va_list arguments)
{
    dgms_http *http = user;
    char text[512];
    uint64_t now = dgmi_now_us(), last = atomic_load(&http->last_message_us);

    if (now - last < 1000000 ||
        !atomic_compare_exchange_strong(&http->last_message_us, &last, now))
        return;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = 0;
    fprintf(stderr, "dragomand: libmicrohttpd: %s\n", text);
}

/* libmicrohttpd found its own state broken and must not go on; it gives no other choice.
 */
static void panic(void *user, const char *file, unsigned line, const char *reason)
{
    (void)user;
    fprintf(stderr, "dragomand: libmicrohttpd gave up at %s:%u: %s\n", file, line,
            reason);
    signal(SIGABRT, SIG_DFL);
    raise(SIGABRT);
}

static void free_exchange(exchange *x)
{
    if (!x)
        return;
    x->peer->open = NULL;
    dgms_call_clear(&x->call);
    free(x);
}

static peer *open_peer(dgms_http *http, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *remote =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    peer *p = fd ? calloc(1, sizeof *p) : NULL;

    if (!p)
        return NULL;
    p->conn = dgms_conns_add(http->server->conns, fd->connect_fd,
                             remote ? remote->client_addr : NULL);
    if (p->conn)
        return p;
    free(p);
    return NULL;
}

/* libmicrohttpd does not always tell of the end of a request whose head it could not
 * take. */
static void close_peer(dgms_http *http, peer *p)
{
    if (!p)
        return;
    free_exchange(p->open);
    dgms_conns_remove(http->server->conns, p->conn);
    free(p);
}

static void watch_connection(void *user, struct MHD_Connection *connection,
                             void **context, enum MHD_ConnectionNotificationCode what)
{
    dgms_http *http = user;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = open_peer(http, connection);
        return;
    }
    close_peer(http, *context);
    *context = NULL;
}

/* Escapes are decoded by target.c, strictly. */
static size_t leave_escaped(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    return strlen(text);
}

/* libmicrohttpd takes a query string apart right after begin_exchange, and when a
 * connection's memory has no room for a thousand parts it leaves the client without an
 * answer and forgets the request. Nothing here reads those parts, so it is shown a single
 * one; the text is its own, writable buffer. */
static void join_query(const char *target)
{
    for (char *p = (char *)target; (p = strpbrk(p, "?&")); p++)
        *p = '/';
}

/* The first that is heard of a request: its target, raw. What it returns comes back as
 * *context of the calls below; NULL closes the connection there. */
static void *begin_exchange(void *user, const char *target,
                            struct MHD_Connection *connection)
{
    dgms_http *http = user;
    const union MHD_ConnectionInfo *context =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    size_t most = http->server->settings->url_bytes;
    exchange *x = calloc(1, sizeof *x);

    if (!x || !context || !context->socket_context) {
        free(x);
        return NULL;
    }
    x->http = http;
    x->connection = connection;
    x->peer = context->socket_context;
    x->conn = x->peer->conn;
    free_exchange(x->peer->open);
    x->peer->open = x;
    x->raw_length = strlen(target);
    x->call.raw = strndup(target, most);
    join_query(target);
    x->call.method = "-";
    x->call.started_us = dgmi_now_us();
    snprintf(x->call.id, sizeof x->call.id, "%016" PRIx64, http->next_id++);
    dgms_conns_set(http->server->conns, x->conn, DGMS_READING);
    return x;
}

/* ---- Checking a head
 * ----------------------------------------------------------------------- */

typedef struct header_list {
    dgms_header headers[DGMS_HEADERS_MAX + 1];
    size_t n;
} header_list;

static enum MHD_Result note_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   size_t n_name, const char *value, size_t n_value)
{
    header_list *list = user;
    (void)kind;
    if (list->n <= DGMS_HEADERS_MAX)
        list->headers[list->n++] =
            (dgms_header){ { name, n_name }, { value ? value : "", n_value } };
    return MHD_YES;
}

static dgms_verdict judge_head(const exchange *x, const char *version)
{
    header_list list;
    list.n = 0;
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, note_header, &list);
    dgms_head head = { strcmp(version, "HTTP/1.0") != 0, list.headers, list.n,
                       x->http->server->settings->header_bytes };
    return dgms_guard_head(&head);
}

static const char *look_up(void *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Looks at the whole head. How libmicrohttpd 0.9.75 reads chunks is lenient, so nothing
 * that follows them on a connection is trusted. */
static void check_head(exchange *x, const char *version)
{
    dgms_call *call = &x->call;
    dgms_verdict verdict = judge_head(x, version);

    call->look_up = look_up;
    call->connection = x->connection;
    call->if_none_match = dgms_call_header(call, MHD_HTTP_HEADER_IF_NONE_MATCH);
    call->accept_encoding = dgms_call_header(call, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    x->intake = dgms_admit(call, x->http->server, &verdict, x->raw_length);
    x->close = x->intake == DGMS_REFUSE_NOW || verdict.chunked;
}

/* ---- Answering
 * ------------------------------------------------------------------------------ */

static void put_header(void *user, const char *name, const char *value)
{
    MHD_add_response_header(user, name, value);
}

static ssize_t give_nothing(void *user, uint64_t position, char *out, size_t most)
{
    (void)user, (void)position, (void)out, (void)most;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

/* Hands the exchange back to the thread of the sockets; it must not be touched after
 * this. */
static void resume(exchange *x)
{
    struct MHD_Connection *connection = x->connection;
    dgms_conns_set(x->http->server->conns, x->conn, DGMS_SENDING);
    MHD_resume_connection(connection);
}

/* A worker makes the next piece of a stream. Suspends first: it may be done before
 * submitting returns. */
static void ask_for_piece(exchange *x)
{
    const dgms_server *server = x->http->server;
    dgms_conns_set(server->conns, x->conn, DGMS_WORKING);
    MHD_suspend_connection(x->connection);
    if (dgms_workers_submit(server->workers, x))
        return;
    dgms_metrics_count(server->metrics, DGMS_QUEUE_FULL, 1);
    x->call.reply.stream->failed = true;
    resume(x);
}

/* Called when the socket takes more. A client that is gone is noticed when it is to get
 * the piece that was made meanwhile. */
static ssize_t give_piece(void *user, uint64_t position, char *out, size_t most)
{
    exchange *x = user;
    dgms_stream *stream = x->call.reply.stream;
    size_t left = stream->piece.n - stream->sent;
    (void)position;
    if (stream->failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!left && stream->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (!left) {
        ask_for_piece(x);
        return 0;
    }
    most = left < most ? left : most;
    memcpy(out, stream->piece.p + stream->sent, most);
    stream->sent += most;
    x->call.reply.n += most;
    return (ssize_t)most;
}

/* The body goes over to libmicrohttpd. A 304 must not tell a length other than that of
 * the 200 it stands for, which is not known: only a reply of unknown size comes without
 * one. */
static struct MHD_Response *make_response(exchange *x)
{
    const dgms_reply *reply = &x->call.reply;
    if (reply->status == 304)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64, give_nothing, NULL,
                                                 NULL);
    if (reply->stream)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, DGMS_PIECE, give_piece,
                                                 x, NULL);
    if (reply->filed)
        return MHD_create_response_from_fd64(reply->n, reply->file);
    return MHD_create_response_from_buffer(
        reply->n, (void *)(reply->body ? reply->body : ""),
        reply->owned ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
}

/* The one place where replies leave. */
static enum MHD_Result send_reply(exchange *x)
{
    dgms_reply *reply = &x->call.reply;

    /* Also what orders this after the worker's last write, see resume(). */
    dgms_conns_set(x->http->server->conns, x->conn, DGMS_SENDING);
    struct MHD_Response *response = make_response(x);
    if (!response)
        return MHD_NO;
    reply->owned = false;
    reply->filed = false;
    dgms_reply_headers(reply, put_header, response);
    MHD_add_response_header(response, "X-Request-Id", x->call.id);
    if (x->close || atomic_load(&x->http->draining))
        MHD_add_response_header(response, "Connection", "close");
    x->stage = STAGE_ANSWERED;
    enum MHD_Result queued =
        MHD_queue_response(x->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* The call is the first member of its exchange. */
static void end_call(dgms_call *call)
{
    resume((exchange *)call);
}

void dgms_http_work(void *work, dgms_place *place, bool refused)
{
    exchange *x = work;
    if (x->stage == STAGE_ANSWERED && refused && atomic_load(&x->http->draining))
        x->call.reply.stream->failed = true;
    else if (x->stage == STAGE_ANSWERED) /* late or not: the client has waited so far */
        x->call.reply.stream->more(x->call.reply.stream, place);
    else if (refused)
        dgms_reply_problem(&x->call.reply, 503, "the server is too busy", NULL, -1);
    else if (!dgms_call_run(&x->call, place))
        return;
    resume(x);
}

/* Suspends first: a worker may be done before submitting returns. */
static enum MHD_Result hand_to_worker(exchange *x)
{
    const dgms_server *server = x->http->server;

    x->stage = STAGE_WORKING;
    x->call.done = end_call;
    dgms_conns_set(server->conns, x->conn, DGMS_WORKING);
    MHD_suspend_connection(x->connection);
    if (dgms_workers_submit(server->workers, x))
        return MHD_YES;
    dgms_metrics_count(server->metrics, DGMS_QUEUE_FULL, 1);
    dgms_reply_problem(&x->call.reply, 503, "the server is too busy", NULL, -1);
    resume(x);
    return MHD_YES;
}

static enum MHD_Result answer(exchange *x)
{
    if (x->call.reply.status)
        return send_reply(x);
    if (x->call.route->searches)
        return hand_to_worker(x);
    dgms_call_run(&x->call, &x->http->front);
    return send_reply(x);
}

static enum MHD_Result take_body(exchange *x, const char *body, size_t *n_body)
{
    size_t n = *n_body;
    *n_body = 0;
    dgms_conns_grant(x->http->server->conns, x->conn, n);
    return dgms_take_body(&x->call, &x->intake, &x->dropped, body, n) ? MHD_YES : MHD_NO;
}

/* Called first when the head is there, then for each part of the body, then at its end,
 * then again after each resuming. A reply may be queued at the first call, and the
 * connection is closed after it, for a body may be under way; then not before the body's
 * end. */
static enum MHD_Result take_request(void *user, struct MHD_Connection *connection,
                                    const char *url, const char *method,
                                    const char *version, const char *body, size_t *n_body,
                                    void **context)
{
    exchange *x = *context;
    (void)user, (void)connection, (void)url;

    if (!x)
        return MHD_NO;
    switch (x->stage) {
    case STAGE_NEW:
        x->call.method = method;
        check_head(x, version);
        x->stage = STAGE_CHECKED;
        return x->intake == DGMS_REFUSE_NOW ? send_reply(x) : MHD_YES;
    case STAGE_CHECKED:
        return *n_body ? take_body(x, body, n_body) : answer(x);
    case STAGE_WORKING:
        return send_reply(x);
    case STAGE_ANSWERED:
        *n_body = 0;
        return MHD_YES;
    }
    return MHD_NO;
}

/* ---- The end of a request
 * ------------------------------------------------------------------- */

static void end_exchange(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    exchange *x = *context;
    (void)user, (void)connection;

    if (!x)
        return;
    if (x->stage == STAGE_ANSWERED)
        dgms_call_record(&x->call, x->http->server, dgms_conn_remote(x->conn));
    if (x->stage != STAGE_ANSWERED || why != MHD_REQUEST_TERMINATED_COMPLETED_OK)
        dgms_metrics_count(x->http->server->metrics, DGMS_ABORTED, 1);
    dgms_conns_set(x->http->server->conns, x->conn, DGMS_IDLE);
    free_exchange(x);
    *context = NULL;
}

/* ---- Starting and stopping
 * ------------------------------------------------------------------ */

static struct MHD_Daemon *start_daemon(dgms_http *http, int listen_fd)
{
    const dgms_settings *s = http->server->settings;
    unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    MHD_set_panic_func(panic, NULL);
    return MHD_start_daemon(
        flags, 0, NULL, NULL, take_request, http, /* the logger has to come first */
        MHD_OPTION_EXTERNAL_LOGGER, print_message, http, MHD_OPTION_LISTEN_SOCKET,
        listen_fd, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, http,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        end_exchange, http, MHD_OPTION_NOTIFY_CONNECTION, watch_connection, http,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)s->per_ip,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->timeout,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(s->url_bytes + s->header_bytes + POOL_SLACK),
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)IO_STACK, MHD_OPTION_END);
}

dgm_status dgms_http_start(const dgms_server *server, int listen_fd, dgms_http **out,
                           dgm_error *err)
{
    dgms_http *http = calloc(1, sizeof *http);

    *out = NULL;
    if (!http) {
        close(listen_fd);
        return dgmi_fail_memory(err);
    }
    http->server = server;
    atomic_init(&http->draining, false);
    atomic_init(&http->last_message_us, 0);
    if (getrandom(&http->next_id, sizeof http->next_id, 0) !=
        (ssize_t)sizeof http->next_id)
        http->next_id = (uint64_t)dgmi_wall_time() << 32;
    if (dgms_place_init(&http->front, server, err)) {
        http->daemon = start_daemon(http, listen_fd);
        if (!http->daemon)
            dgmi_fail(err, DGM_E_IO, "cannot start serving");
    }
    if (http->daemon) {
        *out = http;
        return DGM_OK;
    }
    close(listen_fd);
    dgms_place_clear(&http->front);
    free(http);
    return err ? err->code : DGM_E_IO;
}

void dgms_http_tend(dgms_http *http)
{
    const dgms_server *server = http->server;
    size_t cut = dgms_conns_cut(server->conns, server->settings->request_age * 1000000);
    if (cut)
        dgms_metrics_count(server->metrics, DGMS_CUT, cut);
}

void dgms_http_quiesce(dgms_http *http)
{
    atomic_store(&http->draining, true);
    http->quiet_us = dgmi_now_us();
    int fd = MHD_quiesce_daemon(http->daemon);
    if (fd >= 0)
        close(fd); /* else new clients would hang in its queue */
}

static void nap(void)
{
    struct timespec moment = { 0, 5000000 };
    nanosleep(&moment, NULL);
}

void dgms_http_drain(dgms_http *http, unsigned ms)
{
    uint64_t end = http->quiet_us + (uint64_t)ms * 1000;
    while (dgms_conns_count(http->server->conns) && dgmi_now_us() < end) {
        dgms_conns_hush(http->server->conns, HUSH_US);
        nap();
    }
}

void dgms_http_stop(dgms_http *http)
{
    if (!http)
        return;
    uint64_t end = dgmi_now_us() + CUT_MS * 1000;
    dgms_conns_cut(http->server->conns, 0);
    while (dgms_conns_count(http->server->conns) && dgmi_now_us() < end)
        nap();
    MHD_stop_daemon(http->daemon);
    dgms_place_clear(&http->front);
    free(http);
}

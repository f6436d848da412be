/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of settings and everything that is made from it. Depends on lib/base,
 * libinih. */
#include "settings.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fail.h"
#include "options.h"
#include "str.h"

/* gcc 12's analyzer loses members that are reached by their offset in a table. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#pragma GCC diagnostic ignored "-Wanalyzer-null-dereference"
#endif

typedef struct setting {
    const char *name;
    char letter;
    const char *arg;
    size_t place;            /* of the member in dgms_settings */
    const char *standard;    /* as one would write it; "" is said in the help instead */
    unsigned long low, high; /* high 0: text, and low 1: each value is a line of it */
    const char *help;
} setting;

#define TEXT(member) offsetof(dgms_settings, member)

static const setting table[] = {
    { "data", 'd', "DIR", TEXT(data), "", 0, 0,
      "The data directory. Standard: $DRAGOMAN_DATA, else ./dragoman-data." },
    { "listen", 'l', "ADDR:PORT", TEXT(listen), "127.0.0.1:8080", 0, 0,
      "Where to listen; [::1]:8080 for IPv6. With port 0 the system chooses one, which "
      "is "
      "printed." },
    { "access-log", 0, "WHERE", TEXT(access_log), "off", 0, 0,
      "One JSON object a line for each request: off, stderr, or a file to append to." },
    { "threads", 't', "N", TEXT(threads), "", 0, 64,
      "Threads that search, each with its own reader. 0, the standard: one a "
      "processor." },
    { "deadline-ms", 0, "N", TEXT(deadline_ms), "250", 1, 2000,
      "Milliseconds after which a search is given up, with 504." },
    { "queue", 0, "N", TEXT(queue), "256", 1, 100000,
      "Requests that may wait for a thread; more are answered with 503." },
    { "queue-ms", 0, "N", TEXT(queue_ms), "2000", 1, 60000,
      "Milliseconds that a request may wait for a thread before it is answered with "
      "503." },
    { "connections", 0, "N", TEXT(connections), "4000", 1, 100000,
      "Connections at a time." },
    { "per-ip", 0, "N", TEXT(per_ip), "200", 1, 100000,
      "Connections at a time from one address." },
    { "timeout", 0, "N", TEXT(timeout), "30", 1, 3600,
      "Seconds of silence after which a connection is closed." },
    { "request-age", 0, "N", TEXT(request_age), "60", 1, 3600,
      "Seconds within which a request must have arrived whole, counted from the opening "
      "of the "
      "connection or from the reply before it, and within which a reply must have been "
      "taken. "
      "Cuts clients that send or read a byte now and then." },
    { "url-bytes", 0, "N", TEXT(url_bytes), "16384", 256, 65536,
      "Longest request target; longer ones are answered with 414." },
    { "header-bytes", 0, "N", TEXT(header_bytes), "16384", 1024, 65536,
      "Longest header of a request; longer ones are answered with 431." },
    { "cache-bytes", 0, "N", TEXT(cache_bytes), "33554432", 0, 1099511627776,
      "Memory for replies of searches that are kept to be sent again, until the index or "
      "a table beside it changes; 0: none is kept." },
    { "posting-bytes", 0, "N", TEXT(posting_bytes), "33554432", 0, 1099511627776,
      "Memory for posting lists that each searching thread keeps, until the index "
      "changes; "
      "0: all is read from the index each time." },
    { "gzip-min", 0, "N", TEXT(gzip_min), "2048", 0, 100000000,
      "Bytes from which on a reply is packed for clients that accept gzip." },
    { "item-bytes", 0, "N", TEXT(item_bytes), "4194304", 1024, 67108864,
      "Longest body that is read as one document; longer ones are answered with 413." },
    { "bulk-bytes", 0, "N", TEXT(bulk_bytes), "2147483648", 1024, 1099511627776,
      "Longest body that is read as a stream." },
    { "write-key", 0, "NAME KEY", TEXT(write_key), "", 1, 0,
      "A key that lets its holder write: 16 characters or more without spaces, after a "
      "name for it. May be given more than once. Writing is off without a key. A file is "
      "the better place for it, as other users see command lines." },
    { "write-keys", 0, "FILE", TEXT(write_keys), "", 0, 0,
      "A file of such keys, one \"NAME KEY\" a line; # begins a comment. It is refused "
      "if others can read or write it, and read anew on SIGHUP." },
    { "accept-queue", 0, "N", TEXT(accept_queue), "256", 1, 100000,
      "Requests that may wait for the archive to take their items; more are answered "
      "with "
      "503." },
    { "wait-ms", 0, "N", TEXT(wait_ms), "5000", 1, 60000,
      "Milliseconds that a request with wait=searchable waits for its items; after that "
      "it is answered with 202." },
    { "push-token", 0, "TOKEN", TEXT(push_token), "", 0, 0,
      "What Superdesk signs with when it pushes to /push: the \"secret token\" of its "
      "destination. Pushing is off without one. A file is the better place for it, as "
      "other users see command lines." },
    { "writer", 0, "on|off|only", TEXT(writer), "on", 0, 0,
      "Whether a second process brings into the index what is taken into the archive, by "
      "this server or by anyone else. With only, it is this process, and no server is "
      "started." },
};

#define COUNT (sizeof table / sizeof table[0])
#define ERRANDS 4

static void *member_of(dgms_settings *settings, const setting *s)
{
    return (char *)settings + s->place;
}

/* Choices are parted by bars. */
static bool is_one_of(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *p = choices; p; p = strchr(p, '|')) {
        p += *p == '|';
        if (strncmp(p, value, n) == 0 && (p[n] == '|' || p[n] == '\0'))
            return true;
    }
    return false;
}

static dgm_status set_text(dgms_settings *settings, const setting *s, const char *value,
                           dgm_error *err)
{
    char **member = member_of(settings, s);
    if (!*value)
        return dgmi_fail(err, DGM_E_ARG, "%s: wants a value", s->name);
    if (strchr(s->arg, '|') && !is_one_of(s->arg, value))
        return dgmi_fail(err, DGM_E_ARG, "%s: wants %s, not \"%.60s\"", s->name, s->arg,
                         value);
    char *copy = strdup(value);
    if (!copy)
        return dgmi_fail_memory(err);
    if (s->low && *member) {
        dgmi_buf lines;
        dgmi_buf_init(&lines, 0);
        dgmi_buf_printf(&lines, "%s\n%s", *member, copy);
        free(copy);
        copy = dgmi_buf_take(&lines);
        if (!copy)
            return dgmi_fail_memory(err);
    }
    free(*member);
    *member = copy;
    return DGM_OK;
}

static dgm_status set_value(dgms_settings *settings, const setting *s, const char *value,
                            dgm_error *err)
{
    char *end = NULL;
    if (!s->high)
        return set_text(settings, s, value, err);
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    if (errno || *end || value[0] < '0' || value[0] > '9' || n < s->low || n > s->high)
        return dgmi_fail(err, DGM_E_ARG,
                         "%s: wants a number from %lu to %lu, not \"%.60s\"", s->name,
                         s->low, s->high, value);
    *(unsigned long *)member_of(settings, s) = n;
    return DGM_OK;
}

static const setting *find_setting(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (!strcmp(table[i].name, name))
            return &table[i];
    return NULL;
}

static dgm_status set_standards(dgms_settings *settings, dgm_error *err)
{
    const char *data = getenv("DRAGOMAN_DATA");
    dgm_status status = DGM_OK;

    for (size_t i = 0; i < COUNT && status == DGM_OK; i++)
        if (*table[i].standard)
            status = set_value(settings, &table[i], table[i].standard, err);
    if (status == DGM_OK)
        status = set_value(settings, find_setting("data"),
                           data && *data ? data : "dragoman-data", err);
    return status;
}

/* ---- The file
 * ---------------------------------------------------------------------------- */

typedef struct file_reader {
    dgms_settings *settings;
    dgm_error *err;
} file_reader;

/* inih's handler: nonzero is success. It goes on after a failure; dgmi_fail keeps the
 * first. */
static int take_line(void *user, const char *section, const char *name, const char *value)
{
    file_reader *reader = user;
    const setting *s = find_setting(name);

    if (*section && strcmp(section, "dragomand") != 0)
        return dgmi_fail(reader->err, DGM_E_ARG, "[%.60s]: no such section", section) ==
               DGM_OK;
    if (!s)
        return dgmi_fail(reader->err, DGM_E_ARG, "%.60s: no such setting", name) ==
               DGM_OK;
    return set_value(reader->settings, s, value, reader->err) == DGM_OK;
}

/* A file with secrets that others can read keeps none. */
static dgm_status check_secrets(FILE *file, const char *path,
                                const dgms_settings *settings, dgm_error *err)
{
    struct stat info;
    if ((!settings->write_key && !settings->push_token) || fstat(fileno(file), &info))
        return DGM_OK;
    if (!dgms_is_private(&info))
        return dgmi_fail(err, DGM_E_ARG,
                         "%s: holds a key and can be read or written by others; chmod "
                         "600 it",
                         path);
    return DGM_OK;
}

bool dgms_is_private(const struct stat *info)
{
    return !(info->st_mode & (S_IRWXO | S_IWGRP));
}

static dgm_status read_file(const char *path, dgms_settings *settings, dgm_error *err)
{
    dgm_error first = DGM_ERROR_INIT;
    file_reader reader = { settings, &first };
    FILE *file = fopen(path, "re");

    if (!file)
        return dgmi_fail_errno(err, path);
    int line = ini_parse_file(file, take_line, &reader);
    dgm_status status = line ? DGM_OK : check_secrets(file, path, settings, err);
    fclose(file);
    if (line < 0)
        return dgmi_fail_memory(err);
    if (line > 0)
        return dgmi_fail(err, DGM_E_ARG, "%s:%d: %s", path, line,
                         first.code == DGM_OK ? "not a line of the form name = value"
                                              : first.text);
    return status;
}

/* ---- The command line
 * -------------------------------------------------------------------- */

/* The table as lib/base/options wants it, its texts completed by standards and bounds. */
typedef struct command_line {
    dgmi_option options[COUNT + ERRANDS + 1];
    char texts[COUNT][512];
    dgmi_command command;
} command_line;

static void put_help_text(const setting *s, char *out, size_t size)
{
    dgmi_buf text;
    dgmi_buf_init(&text, size - 1);
    dgmi_buf_puts(&text, s->help);
    if (*s->standard)
        dgmi_buf_printf(&text, " Standard: %s.", s->standard);
    if (s->high)
        dgmi_buf_printf(&text, " From %lu to %lu.", s->low, s->high);
    snprintf(out, size, "%s", text.p ? text.p : s->help);
    dgmi_buf_clear(&text);
}

static void build_command(command_line *line)
{
    static const dgmi_option others[ERRANDS] = {
        { "config", 'c', "FILE",
          "A file of lines \"name = value\" with the settings above under their long "
          "names, in a "
          "section [dragomand] or in none. The command line wins over the file." },
        { "help", 'h', NULL, "Print this help." },
        { "man", 0, NULL, "Print the manual page, as roff source." },
        { "version", 0, NULL, "Print the version." },
    };
    memset(line, 0, sizeof *line);
    for (size_t i = 0; i < COUNT; i++) {
        put_help_text(&table[i], line->texts[i], sizeof line->texts[i]);
        line->options[i] =
            (dgmi_option){ table[i].name, table[i].letter, table[i].arg, line->texts[i] };
    }
    memcpy(line->options + COUNT, others, sizeof others);
    line->command = (dgmi_command){
        .name = "",
        .operands = "",
        .summary = "Serve searches of an archive over HTTP, with a search page.",
        .text = "The archive is made and fed by \"dragoman index\", also while the "
                "server runs: "
                "what is taken in there is found here within a second. An archive that "
                "has no "
                "index yet "
                "is served too; /readyz then says 503. Once it listens, the server "
                "prints one line "
                "with its address to standard output.",
        .options = line->options,
    };
}

typedef struct taker {
    dgms_settings *settings;
    dgms_errand errand;
    char *config; /* borrowed from argv */
    bool apply;   /* else only look for --config and errands */
} taker;

static dgm_status take_option(void *user, const char *name, const char *value,
                              dgm_error *err)
{
    static const struct {
        const char *name;
        dgms_errand errand;
    } errands[] = { { "help", DGMS_HELP },
                    { "man", DGMS_MAN },
                    { "version", DGMS_VERSION } };
    taker *t = user;

    for (size_t i = 0; i < sizeof errands / sizeof errands[0]; i++) {
        if (strcmp(name, errands[i].name) != 0)
            continue;
        t->errand = errands[i].errand;
        return DGM_OK;
    }
    if (!strcmp(name, "config")) {
        t->config = (char *)value;
        return DGM_OK;
    }
    return t->apply ? set_value(t->settings, find_setting(name), value, err) : DGM_OK;
}

/* The command line is read twice: its --config is needed before the rest of it may win
 * over that file. */
dgm_status dgms_settings_read(int argc, char **argv, dgms_settings *out,
                              dgms_errand *errand, dgm_error *err)
{
    command_line line;
    taker t = { out, DGMS_SERVE, NULL, false };
    int first = 0;

    memset(out, 0, sizeof *out);
    *errand = DGMS_SERVE;
    build_command(&line);
    dgm_status status = set_standards(out, err);
    if (status == DGM_OK)
        status =
            dgmi_options_read(&line.command, argc, argv, take_option, &t, &first, err);
    if (status == DGM_OK && first < argc)
        status = dgmi_fail(err, DGM_E_ARG, "%s: there are no operands", argv[first]);
    if (status != DGM_OK)
        return status;
    *errand = t.errand;
    if (t.errand == DGMS_SERVE && t.config)
        status = read_file(t.config, out, err);
    t.apply = true;
    if (status == DGM_OK)
        status =
            dgmi_options_read(&line.command, argc, argv, take_option, &t, &first, err);
    return status;
}

void dgms_settings_clear(dgms_settings *settings)
{
    free(settings->data);
    free(settings->listen);
    free(settings->access_log);
    free(settings->push_token);
    free(settings->writer);
    free(settings->write_key);
    free(settings->write_keys);
    memset(settings, 0, sizeof *settings);
}

/* ---- Help and manual
 * --------------------------------------------------------------------- */

void dgms_settings_help(dgmi_buf *out)
{
    command_line line;
    build_command(&line);
    dgmi_options_help(out, "dragomand", &line.command);
}

void dgms_settings_man(dgmi_buf *out)
{
    command_line line;
    build_command(&line);
    dgmi_buf_puts(out,
                  ".\\\" Made by \"dragomand --man\".\n"
                  ".TH DRAGOMAND 8 \"\" \"Dragoman " DGM_VERSION "\"\n"
                  ".SH NAME\ndragomand \\- serve searches of official news over HTTP\n"
                  ".SH SYNOPSIS\n\\fBdragomand\\fR [OPTION]...\n.SH DESCRIPTION\n");
    dgmi_roff(out, line.command.text);
    dgmi_buf_puts(out, ".SH OPTIONS\n");
    dgmi_options_man(out, "dragomand", &line.command);
    dgmi_buf_puts(out, ".SH SIGNALS\n.TP\nSIGTERM, SIGINT\n");
    dgmi_roff(
        out, "Stop: no new connection is taken, requests that have arrived are answered, "
             "and the server ends within 5 seconds.");
    dgmi_buf_puts(out, ".TP\nSIGHUP\n");
    dgmi_roff(out, "Open the file of the access log anew, so that it can be rotated, and "
                   "read the keys of write-keys anew.");
    dgmi_buf_puts(out, ".SH WRITER\n");
    dgmi_roff(
        out,
        "The server starts a second process of itself, \"dragomand --writer only\", "
        "which holds DATA/index/lock, follows the tail of the archive and commits what "
        "came at most a second later, at a low priority. If another process indexes, it "
        "waits for its turn; it lets go when \"dragoman reindex\" asks. If it ends, the "
        "server starts it again, after a quarter of a second at first and half a minute "
        "at most, and says so on standard error, in /healthz, /readyz and /metrics. It "
        "ends with its server, however that ended. Nothing is lost by killing it: the "
        "next one goes on from the place that is recorded in the index. Started by hand, "
        "it ends on SIGTERM or SIGINT, or when its standard input is a pipe and is "
        "closed.");
    dgmi_buf_puts(out, ".SH SECURITY\n");
    dgmi_roff(
        out,
        "There is no TLS, and anybody may search: on a network that is not trusted, put "
        "a "
        "proxy such as nginx in front. Writing takes a key, and is off without one; keys "
        "are compared in a time that tells nothing, and never logged. Requests on whose "
        "end two readers could "
        "disagree are refused and their connection is closed. A request that the HTTP "
        "library itself cannot read is answered by it, with a short HTML page.");
    dgmi_buf_puts(out, ".SH BUGS\n");
    dgmi_roff(out,
              "A client that closes its sending side before it has the reply may not get "
              "it: libmicrohttpd takes that for the end of the connection.");
    dgmi_buf_puts(
        out, ".SH EXIT STATUS\n0 stopped as asked; 1 cannot listen or write its log; 2 "
             "wrong usage; 3 data directory unusable.\n.SH ENVIRONMENT\n.TP\n"
             "DRAGOMAN_DATA\nThe data directory when \\-\\-data is not given.\n.TP\n"
             "TMPDIR\nWhere former versions lie that searches with as_of need; standard: "
             "/tmp, else the data directory. Each thread takes the room of two such "
             "searches.\n"
             ".SH SEE ALSO\ndragoman(1), dragoman\\-query(7)\n");
}

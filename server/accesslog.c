/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the access log. Depends on lib/base and lib/wire. */
#include "accesslog.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "date.h"
#include "fail.h"
#include "utf8.h"
#include "wire.h"

#define TARGET_BYTES 512 /* more of a target is cut off */
#define LINE_BYTES 4096

struct dgms_accesslog {
    pthread_mutex_t lock; /* guards fd against a change while it is written to */
    int fd;
    char *path; /* NULL: standard error */
};

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

dgm_status dgms_accesslog_open(const char *where, dgms_accesslog **out, dgm_error *err)
{
    *out = NULL;
    if (!strcmp(where, "off"))
        return DGM_OK;
    dgms_accesslog *log = calloc(1, sizeof *log);
    if (!log)
        return dgmi_fail_memory(err);
    pthread_mutex_init(&log->lock, NULL);
    log->fd = STDERR_FILENO;
    if (strcmp(where, "stderr") != 0) {
        log->path = strdup(where);
        log->fd = log->path ? open_file(where) : -1;
    }
    if (log->fd >= 0) {
        *out = log;
        return DGM_OK;
    }
    dgm_status status = log->path ? dgmi_fail_errno(err, where) : dgmi_fail_memory(err);
    dgms_accesslog_close(log);
    return status;
}

void dgms_accesslog_close(dgms_accesslog *log)
{
    if (!log)
        return;
    if (log->path && log->fd >= 0)
        close(log->fd);
    pthread_mutex_destroy(&log->lock);
    free(log->path);
    free(log);
}

dgm_status dgms_accesslog_reopen(dgms_accesslog *log, dgm_error *err)
{
    if (!log || !log->path)
        return DGM_OK;
    int fd = open_file(log->path);
    if (fd < 0)
        return dgmi_fail_errno(err, log->path);
    pthread_mutex_lock(&log->lock);
    int old = log->fd;
    log->fd = fd;
    pthread_mutex_unlock(&log->lock);
    close(old);
    return DGM_OK;
}

static void put_now(dgmi_buf *out)
{
    struct timespec now;
    char date[DGMI_DATE_SIZE];

    clock_gettime(CLOCK_REALTIME, &now);
    dgmi_date_format(now.tv_sec, date);
    dgmi_buf_printf(out, "\"%.19s.%03ldZ\"", date, now.tv_nsec / 1000000);
}

/* Text of the client's, which may be any bytes. */
static void put_foreign(dgmi_buf *out, const char *text)
{
    dgmi_buf clean;
    size_t n = strlen(text);

    dgmi_buf_init(&clean, 0);
    dgmi_utf8_clean(&clean, text,
                    n > TARGET_BYTES ? dgmi_utf8_cut(text, n, TARGET_BYTES) : n);
    dgmi_json_string(out, clean.p ? clean.p : "");
    dgmi_buf_clear(&clean);
}

bool dgms_accesslog_write(dgms_accesslog *log, const dgms_entry *entry)
{
    dgmi_buf line;

    if (!log)
        return true;
    dgmi_buf_init(&line, LINE_BYTES);
    dgmi_buf_puts(&line, "{\"time\":");
    put_now(&line);
    dgmi_buf_puts(&line, ",\"remote\":");
    put_foreign(&line, entry->remote);
    dgmi_buf_puts(&line, ",\"method\":");
    put_foreign(&line, entry->method);
    dgmi_buf_puts(&line, ",\"target\":");
    put_foreign(&line, entry->target);
    dgmi_buf_printf(&line, ",\"status\":%d,\"bytes\":%zu,\"ms\":%.3f,\"id\":\"%s\"",
                    entry->status, entry->bytes, entry->ms, entry->id);
    if (entry->by && *entry->by)
        dgmi_buf_printf(&line, ",\"by\":\"%s\"", entry->by);
    dgmi_buf_puts(&line, "}\n");
    pthread_mutex_lock(&log->lock);
    ssize_t wrote = line.failed ? -1 : write(log->fd, line.p, line.n);
    pthread_mutex_unlock(&log->lock);
    bool whole = wrote >= 0 && (size_t)wrote == line.n;
    dgmi_buf_clear(&line);
    return whole;
}

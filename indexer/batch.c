/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One round over the files that wait. Depends on filing.h, waiting.h and lib/wire. */
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "file.h"
#include "filing.h"
#include "wire.h"

/* A few files are committed at once, because someone waits for them; of many, more go
 * into one commit, which costs less for each. */
enum { MANY = 1000, DENIED_TRIES = 2 };
#define FEW_US 300000u
#define MANY_US 5000000u
#define SETTLE_US 1000000u /* a file of no changing size for so long is whole */
#define STUCK_US 10000000u

typedef struct batch {
    waiting_list *files;
    intake *in;
    const batch_options *options;
    size_t taken; /* and not committed */
} batch;

static char *path_of(const waiting *w)
{
    return dgmi_path_join(w->root, w->name);
}

static void say(const batch *b, const char *path, const char *what)
{
    fprintf(stderr, "dragoman %s: %s: %s\n", b->in->command->name, path, what);
}

/* ---- Reading ---- */

/* Only a file that nobody has open for writing can be leased; where there are no leases,
 * being told by the system or keeping one size has to do. */
static bool is_whole(waiting *w, int fd, const struct stat *now)
{
    if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(fd, F_SETLEASE, F_UNLCK);
        return true;
    }
    if (errno == EAGAIN)
        return false;
    uint64_t time = dgmi_now_us();
    if (!w->seen || !is_same_file(now, &w->was)) {
        w->seen = true;
        w->was = *now;
        w->seen_us = time;
    }
    return w->settled || time - w->seen_us >= SETTLE_US;
}

static void later(waiting *w, uint64_t us)
{
    w->due_us = dgmi_now_us() + us;
}

/* What no waiting will mend goes to the rejects like what cannot be read as news. */
static void refuse(const batch *b, waiting *w, const char *path, const char *reason)
{
    if (lstat(path, &w->was) != 0) {
        w->state = WAITING_GONE;
        return;
    }
    say(b, path, reason);
    w->result.rejected++;
    dgmi_buf_printf(&w->result.reasons, "%s: %s\n", path, reason);
    w->state = WAITING_STUCK;
}

static void cannot_open(const batch *b, waiting *w, const char *path, int number)
{
    if (number == ENOENT || number == ENOTDIR)
        w->state = WAITING_GONE;
    else if (number == ELOOP)
        refuse(b, w, path, "a link to a file is not taken");
    else if ((number == EACCES || number == EPERM) && w->tries++ >= DENIED_TRIES)
        refuse(b, w, path, strerror(number)); /* rights are often set after the move */
    else
        later(w, SETTLE_US);
}

static bool read_open(batch *b, waiting *w, const char *path, int fd)
{
    struct stat now;
    if (fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) {
        w->state = WAITING_GONE; /* a pipe, a device: none of ours */
        return true;
    }
    if (!is_whole(w, fd, &now)) {
        later(w, SETTLE_US);
        return true;
    }
    w->was = now;
    intake_result_clear(&w->result);
    w->result.items = w->result.rejected = 0;
    if (!intake_open(b->in) || !intake_fd(b->in, fd, path, &w->result))
        return false;
    w->state = WAITING_TAKEN;
    b->taken++;
    return true;
}

/* False if the archive cannot take anything at present. */
static bool take(batch *b, waiting *w)
{
    bool good = true;
    char *path = path_of(w);
    if (!path) {
        later(w, SETTLE_US);
        return true;
    }
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        cannot_open(b, w, path, errno);
    } else {
        good = read_open(b, w, path, fd);
        close(fd);
    }
    free(path);
    return good;
}

/* ---- Moving ---- */

static void tell(const batch *b, const waiting *w, const char *path, const char *moved)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    if (b->options->json) {
        dgmi_buf_puts(&out, "{\"file\":");
        dgmi_json_string(&out, path);
        dgmi_buf_printf(&out,
                        ",\"items\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"moved\":",
                        w->result.items, w->result.rejected);
        dgmi_json_string(&out, moved);
        dgmi_buf_puts(&out, "}\n");
    } else if (!b->options->quiet) {
        dgmi_buf_printf(&out, "%s: %" PRIu64 " item%s", path, w->result.items,
                        w->result.items == 1 ? "" : "s");
        if (w->result.rejected)
            dgmi_buf_printf(&out, ", %" PRIu64 " rejected", w->result.rejected);
        dgmi_buf_printf(&out, "; now %s\n", moved);
    }
    print_buf(b->in->command, &out);
}

/* The folder of a file: "x/done/sub" for x/sub/file. */
static char *target_of(const batch *b, const waiting *w, bool rejected)
{
    char *own =
        dgmi_path_join(w->root, rejected ? b->options->rejects : b->options->done);
    const char *base = dgmi_path_base(w->name);
    if (base == w->name || !own)
        return own;
    char *sub = dgmi_str_dup((dgmi_str){ w->name, (size_t)(base - w->name) - 1 });
    char *target = sub ? dgmi_path_join(own, sub) : NULL;
    free(sub);
    free(own);
    return target;
}

static void could_not_move(const batch *b, waiting *w, const dgm_error *err)
{
    if (!w->told)
        fprintf(stderr, "dragoman %s: %s\n", b->in->command->name, err->text);
    w->told = true;
    w->state = WAITING_STUCK;
    later(w, STUCK_US);
}

static void move(const batch *b, waiting *w)
{
    dgm_error err = DGM_ERROR_INIT;
    bool rejected = w->result.items == 0 && w->result.rejected > 0;
    char *moved = NULL, *path = path_of(w), *target = target_of(b, w, rejected);
    dgm_status status = DGM_E_NOMEM;
    const char *reason = w->result.reasons.n > 0 ? w->result.reasons.p : "";
    if (path && target)
        status = file_away(path, target, &w->was, rejected ? reason : NULL, &moved, &err);
    if (status == DGM_OK) {
        tell(b, w, path, moved);
        w->state = WAITING_GONE;
    } else if (status == DGM_E_STALE) { /* written to since: taken once more */
        w->state = WAITING_READY;
        w->settled = w->seen = false;
        w->due_us = 0;
    } else if (status == DGM_E_NOTFOUND && path && access(path, F_OK) != 0) {
        w->state = WAITING_GONE; /* someone else moved it, after it was taken */
    } else {
        could_not_move(b, w, &err);
    }
    free(path);
    free(target);
    free(moved);
}

/* ---- The round ---- */

static void give_back(batch *b)
{
    uint64_t wait = intake_wait(b->in);
    for (waiting *w = b->files->first; w; w = w->next) {
        if (w->state != WAITING_TAKEN && w->state != WAITING_READY)
            continue;
        w->state = WAITING_READY;
        if (w->due_us < dgmi_now_us() + wait)
            later(w, wait);
    }
}

static bool take_due(batch *b)
{
    uint64_t began = dgmi_now_us();
    uint64_t patience = b->files->n > MANY ? MANY_US : FEW_US;
    for (waiting *w = b->files->first; w; w = w->next) {
        if (*b->options->stop || dgmi_now_us() - began > patience)
            return true;
        if (w->state == WAITING_READY && w->due_us <= began && !take(b, w))
            return false;
    }
    return true;
}

void batch_run(waiting_list *files, intake *in, const batch_options *options)
{
    batch b = { files, in, options, 0 };
    bool good = take_due(&b);
    if (good && b.taken > 0)
        good = intake_commit(in);
    if (!good)
        give_back(&b);
    uint64_t now = dgmi_now_us();
    for (waiting *w = files->first; w; w = w->next) {
        if (w->state == WAITING_TAKEN || (w->state == WAITING_STUCK && w->due_us <= now))
            move(&b, w);
    }
    waiting_sweep(files);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watched folders. A watch is set before its folder is looked through, so nothing comes
 * in between unseen. Depends on lib/base, loop.h and batch.h. */
#include "folder.h"

#include <errno.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "file.h"

enum { DEPTH_MAX = 16, SPOTS_MAX = 4096, EVENTS_SIZE = 64 << 10 };
#define POLL_LOCAL_US 60000000u /* against whatever no event told of */
#define POLL_REMOTE_US 1000000u
#define LOST_US 1000000u    /* between looks for a folder that went away */
#define CREATED_US 1000000u /* for a link: nothing tells that it is whole */
#define EVENTS                                                                           \
    (IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF |          \
     IN_ONLYDIR | IN_EXCL_UNLINK)

typedef struct folder {
    folders *all;
    const char *path;
    bool lost;   /* it is not there at present */
    bool polled; /* the system does not tell of everything that happens in it */
    dev_t dev;
    ino_t ino;
    loop_timer look;
} folder;

/* One folder that inotify watches: a watched one or, with `deep`, one below it. */
typedef struct spot {
    int wd;
    folder *of;
    char *rel; /* below it, "" for itself */
} spot;

struct folders {
    const folder_options *options;
    loop *loop;
    intake *in;
    int fd; /* of inotify, -1: there is none */
    folder *list;
    spot *spots;
    size_t n_spots, spot_capacity;
    waiting_list files;
    loop_timer turn;
};

static void say(const folder *d, const char *what)
{
    fprintf(stderr, "dragoman %s: %s: %s\n", d->all->in->command->name, d->path, what);
}

/* ---- Names ---- */

/* Names that programs give to what they are still writing. */
static bool is_temporary(const char *name)
{
    static const char *const endings[] = { "~",        ".tmp",      ".part",
                                           ".partial", ".filepart", NULL };
    size_t n = strlen(name);
    if (name[0] == '.')
        return true;
    for (size_t i = 0; endings[i]; i++) {
        size_t k = strlen(endings[i]);
        if (n >= k && !strcasecmp(name + n - k, endings[i]))
            return true;
    }
    return false;
}

static bool is_own(const folder *d, const char *rel, const char *name)
{
    const batch_options *o = &d->all->options->batch;
    return !*rel && (!strcmp(name, o->done) || !strcmp(name, o->rejects));
}

static char *below(const char *rel, const char *name)
{
    return *rel ? dgmi_path_join(rel, name) : dgmi_str_dup(dgmi_str_of(name));
}

/* ---- Noticing ---- */

static void notice(folder *d, const char *rel, const char *name, bool settled,
                   uint64_t due_us)
{
    folders *f = d->all;
    if (is_temporary(name) || is_own(d, rel, name))
        return;
    char *path = below(rel, name);
    waiting *w = path ? waiting_add(&f->files, d->path, path) : NULL;
    free(path);
    if (!w)
        return; /* without memory the next look finds it */
    if (settled)
        w->settled = true;
    if (settled || !w->due_us)
        w->due_us = due_us;
    if (due_us < f->turn.due_us)
        f->turn.due_us = due_us;
}

static void forget_spot(folders *f, size_t i)
{
    free(f->spots[i].rel);
    f->spots[i] = f->spots[--f->n_spots];
}

static spot *find_spot(folders *f, int wd)
{
    for (size_t i = 0; i < f->n_spots; i++)
        if (f->spots[i].wd == wd)
            return &f->spots[i];
    return NULL;
}

/* Where inotify cannot, looking has to do. */
static void poll_instead(folder *d, int number)
{
    char text[160];
    if (d->polled)
        return;
    snprintf(text, sizeof text, "is looked at every so often: inotify: %s",
             strerror(number));
    say(d, text);
    d->polled = true;
}

/* inotify gives the same number for the same folder. */
static void add_spot(folder *d, const char *rel, const char *path)
{
    folders *f = d->all;
    int wd = f->fd < 0 ? -1 : inotify_add_watch(f->fd, path, EVENTS);
    if (wd < 0) {
        int number = f->fd < 0 ? ENOSYS : errno;
        if (number != ENOENT && number != ENOTDIR)
            poll_instead(d, number);
        return;
    }
    if (find_spot(f, wd))
        return;
    char *own = f->n_spots < SPOTS_MAX ? dgmi_str_dup(dgmi_str_of(rel)) : NULL;
    if (!own ||
        !dgmi_grow(&f->spots, &f->spot_capacity, f->n_spots + 1, sizeof *f->spots)) {
        free(own);
        inotify_rm_watch(f->fd, wd);
        poll_instead(d, ENOSPC);
        return;
    }
    f->spots[f->n_spots++] = (spot){ wd, d, own };
}

static void look_below(folder *d, const char *rel, unsigned depth);

static void look_at(folder *d, const char *rel, const char *name, unsigned depth)
{
    struct stat st, data;
    char *inner = below(rel, name), *path = inner ? dgmi_path_join(d->path, inner) : NULL;
    if (path && lstat(path, &st) == 0) {
        bool own = stat(d->all->options->own_data, &data) == 0 &&
                   data.st_dev == st.st_dev && data.st_ino == st.st_ino;
        if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))
            notice(d, rel, name, false, dgmi_now_us());
        else if (S_ISDIR(st.st_mode) && d->all->options->deep && !own)
            look_below(d, inner, depth + 1);
    }
    free(path);
    free(inner);
}

static void look_below(folder *d, const char *rel, unsigned depth)
{
    dgm_error err = DGM_ERROR_INIT;
    dgmi_names names;
    char *path = *rel ? dgmi_path_join(d->path, rel) : dgmi_str_dup(dgmi_str_of(d->path));
    if (!path || depth > DEPTH_MAX) {
        free(path);
        return;
    }
    add_spot(d, rel, path);
    if (dgmi_dir_list(path, &names, &err) != DGM_OK) {
        if (err.code != DGM_E_NOTFOUND)
            say(d, err.text);
    }
    for (size_t i = 0; i < names.n; i++)
        if (!is_temporary(names.names[i]) && !is_own(d, rel, names.names[i]))
            look_at(d, rel, names.names[i], depth);
    dgmi_names_free(&names);
    free(path);
}

/* ---- The watched folders themselves ---- */

static void lose(folder *d)
{
    folders *f = d->all;
    for (size_t i = f->n_spots; i-- > 0;) {
        if (f->spots[i].of != d)
            continue;
        inotify_rm_watch(f->fd, f->spots[i].wd);
        forget_spot(f, i);
    }
    if (!d->lost)
        say(d, "is gone; waiting for it to come back");
    d->lost = true;
    d->look.due_us = dgmi_now_us() + LOST_US;
}

/* Changes made by another machine are not told here. */
static bool is_remote(const char *path)
{
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return false;
    switch ((unsigned long)fs.f_type) {
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case 0xff534d42ul: /* CIFS */
    case 0xfe534d42ul: /* SMB2 */
    case 0x65735546ul: /* FUSE */
    case V9FS_MAGIC:
    case CEPH_SUPER_MAGIC:
        return true;
    default:
        return false;
    }
}

static void look(void *user)
{
    folder *d = user;
    struct stat st;
    bool there = stat(d->path, &st) == 0 && S_ISDIR(st.st_mode);
    bool other = there && !d->lost && (st.st_dev != d->dev || st.st_ino != d->ino);
    if (!there || other)
        lose(d);
    if (!there)
        return;
    if (d->lost && d->ino)
        say(d, "is there again");
    d->lost = false;
    d->dev = st.st_dev;
    d->ino = st.st_ino;
    look_below(d, "", 0);
    uint64_t every = d->polled || is_remote(d->path) ? POLL_REMOTE_US : POLL_LOCAL_US;
    if (d->all->options->poll_us)
        every = d->all->options->poll_us;
    d->look.due_us = dgmi_now_us() + every;
}

/* ---- Events ---- */

static void on_event(folders *f, const struct inotify_event *e)
{
    if (e->mask & IN_Q_OVERFLOW) {
        for (size_t i = 0; i < f->options->n; i++)
            f->list[i].look.due_us = 0;
        return;
    }
    spot *s = find_spot(f, e->wd);
    if (!s)
        return;
    folder *d = s->of;
    if (e->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) {
        inotify_rm_watch(f->fd, e->wd);
        if (*s->rel)
            forget_spot(f, (size_t)(s - f->spots));
        else
            d->look.due_us = 0;
    } else if (e->mask & IN_ISDIR) {
        if (!is_own(d, s->rel, e->name) && !is_temporary(e->name))
            d->look.due_us = f->options->deep ? 0 : d->look.due_us;
    } else if (e->len > 0) {
        bool whole = e->mask & (IN_CLOSE_WRITE | IN_MOVED_TO);
        notice(d, s->rel, e->name, whole, dgmi_now_us() + (whole ? 0 : CREATED_US));
    }
}

static void read_events(void *user, int fd, short events)
{
    folders *f = user;
    _Alignas(struct inotify_event) char bytes[EVENTS_SIZE];
    (void)events;
    ssize_t n = read(fd, bytes, sizeof bytes);
    for (ssize_t at = 0; n > 0 && at < n;) {
        const struct inotify_event *e = (const struct inotify_event *)(bytes + at);
        on_event(f, e);
        at += (ssize_t)(sizeof *e + e->len);
    }
}

static void take_turn(void *user)
{
    folders *f = user;
    batch_run(&f->files, f->in, &f->options->batch);
    f->turn.due_us = waiting_due(&f->files);
}

/* ---- The whole ---- */

static dgm_status begin(folders *f, dgm_error *err)
{
    f->list = calloc(f->options->n, sizeof *f->list);
    if (!f->list)
        return dgmi_fail_memory(err);
    f->turn.fire = take_turn;
    f->turn.user = f;
    f->turn.due_us = LOOP_NEVER;
    loop_add_timer(f->loop, &f->turn);
    for (size_t i = 0; i < f->options->n; i++) {
        folder *d = &f->list[i];
        *d = (folder){ .all = f, .path = f->options->paths[i], .lost = true };
        if (!dgmi_is_dir(d->path))
            return dgmi_fail(err, DGM_E_ARG, "%s: no such folder", d->path);
        d->look.fire = look;
        d->look.user = d;
        loop_add_timer(f->loop, &d->look);
    }
    if (f->fd < 0)
        return DGM_OK;
    if (loop_watch(f->loop, f->fd, POLLIN, read_events, f) != DGM_OK)
        return dgmi_fail_memory(err);
    return DGM_OK;
}

dgm_status folders_new(loop *l, intake *in, const folder_options *options, folders **out,
                       dgm_error *err)
{
    folders *f = calloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return dgmi_fail_memory(err);
    f->loop = l;
    f->in = in;
    f->options = options;
    f->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    waiting_init(&f->files);
    dgm_status status = begin(f, err);
    if (status == DGM_OK)
        *out = f;
    else
        folders_free(f);
    return status;
}

void folders_free(folders *f)
{
    if (!f)
        return;
    waiting_clear(&f->files);
    while (f->n_spots > 0)
        forget_spot(f, f->n_spots - 1);
    free(f->spots);
    free(f->list);
    if (f->fd >= 0)
        close(f->fd);
    free(f);
}

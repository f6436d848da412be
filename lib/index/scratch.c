/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scratch databases. Depends on lib/base, lib/xapian.
 *
 * A database that is written to cannot lose its folder, so a reader that is killed leaves
 * one behind: those that nobody holds a lock on are swept away. One gets its final name
 * once it is locked, so that nobody takes it for left behind. */
#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"

#define STEM "dragoman-then-"
/* Documents of a commit. Xapian is bound by cache misses: more at once take longer. */
enum { BATCH = 25 };

/* ---- Folders ---- */

static int open_own(const char *folder)
{
    struct stat what;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &what) != 0 || what.st_uid != geteuid())) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Opened and locked, if it is one that nobody uses; else -1. */
static int seize(const char *folder)
{
    int fd = open_own(folder);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void sweep_in(const char *parent)
{
    dgmi_names names = { NULL, 0 };
    if (dgmi_dir_list(parent, &names, NULL) != DGM_OK)
        return;
    for (size_t i = 0; i < names.n; i++) {
        if (strncmp(names.names[i], STEM, strlen(STEM)) != 0)
            continue;
        char *path = dgmi_path_join(parent, names.names[i]);
        int lock = path ? seize(path) : -1;
        if (lock >= 0) {
            dgmi_remove_tree(path, NULL);
            close(lock);
        }
        free(path);
    }
    dgmi_names_free(&names);
}

/* "new-" goes once it is locked. */
static char *rename_to_final(char *made, const char *parent)
{
    char name[64];
    const char *ending = strrchr(made, '-');
    snprintf(name, sizeof name, STEM "%s", ending ? ending + 1 : "");
    char *path = dgmi_path_join(parent, name);
    if (path && rename(made, path) == 0)
        return path;
    free(path);
    return NULL;
}

/* Where a folder cannot be locked nobody can take it for left behind, either. */
static bool make_in(dgmi_scratch *s, const char *parent)
{
    char *made = dgmi_path_join(parent, "new-" STEM "XXXXXX");
    bool there = made && mkdtemp(made);
    s->lock = there ? open_own(made) : -1;
    if (s->lock >= 0)
        (void)flock(s->lock, LOCK_EX | LOCK_NB);
    s->folder = s->lock >= 0 ? rename_to_final(made, parent) : NULL;
    if (!s->folder) {
        if (there)
            dgmi_remove_tree(made, NULL);
        if (s->lock >= 0)
            close(s->lock);
    }
    free(made);
    return s->folder != NULL;
}

static const char *usual_parent(void)
{
    const char *parent = getenv("TMPDIR");
    return parent && *parent ? parent : P_tmpdir;
}

void dgmi_scratch_sweep(const char *data_dir)
{
    sweep_in(usual_parent());
    sweep_in(data_dir);
}

/* ---- The database ---- */

dgm_status dgmi_scratch_open(dgmi_scratch *s, const char *data_dir, dgm_error *err)
{
    *s = (dgmi_scratch){ .db = NULL };
    bool made = make_in(s, usual_parent()) || make_in(s, data_dir);
    dgm_status status =
        made ? DGM_OK : dgmi_fail(err, DGM_E_IO, "there is no folder for it");
    if (status == DGM_OK)
        status = dgmx_writer_open(s->folder, DGMX_CREATE | DGMX_NO_SYNC, &s->writer, err);
    if (status != DGM_OK)
        dgmi_scratch_close(s);
    return status;
}

void dgmi_scratch_close(dgmi_scratch *s)
{
    dgmx_db_close(s->db);
    dgmx_writer_close(s->writer);
    if (s->folder) {
        dgmi_remove_tree(s->folder, NULL);
        close(s->lock);
    }
    free(s->folder);
    *s = (dgmi_scratch){ .db = NULL };
}

static dgm_status count(dgmi_scratch *s, dgm_error *err)
{
    return ++s->pending % BATCH == 0 ? dgmx_writer_commit(s->writer, err) : DGM_OK;
}

dgm_status dgmi_scratch_put(dgmi_scratch *s, dgmx_docid id, dgmx_doc *doc, dgm_error *err)
{
    dgm_status status = dgmx_writer_replace(s->writer, id, doc, err);
    return status == DGM_OK ? count(s, err) : status;
}

dgm_status dgmi_scratch_drop(dgmi_scratch *s, dgmx_docid id, dgm_error *err)
{
    dgm_status status = dgmx_writer_delete(s->writer, id, err);
    return status == DGM_OK ? count(s, err) : status;
}

dgm_status dgmi_scratch_settle(dgmi_scratch *s, dgm_error *err)
{
    bool moved = false;
    if (s->pending == 0)
        return DGM_OK;
    s->pending = 0;
    dgm_status status = dgmx_writer_commit(s->writer, err);
    if (status == DGM_OK)
        status = s->db ? dgmx_db_reopen(s->db, &moved, err)
                       : dgmx_db_open(s->folder, &s->db, err);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a reader knows. Depends on lib/index, lib/text. */
#include "namebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static dgm_status read_own(dgmi_namebook *book, const char *path, dgm_error *err)
{
    dgmi_buf text;
    unsigned faults = 0;
    dgm_error wrong = DGM_ERROR_INIT;
    dgmi_buf_init(&text, DGMI_NAMES_MAX);
    dgm_status status = dgmi_file_read(path, &text, &wrong);
    if (status == DGM_OK)
        status = dgmi_nametable_read(book->table, dgmi_buf_str(&text), &faults, &wrong);
    if (faults > 0 || (status != DGM_OK && status != DGM_E_NOMEM))
        snprintf(book->fault, sizeof book->fault, "%s: %.180s%s", DGMI_NAMES_FILE,
                 wrong.text, faults > 1 ? ", and there are more" : "");
    dgmi_buf_clear(&text);
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
}

dgm_status dgmi_namebook_refresh(dgmi_namebook *book, const char *data_dir,
                                 dgm_error *err)
{
    struct stat now;
    char *path = dgmi_path_join(data_dir, DGMI_NAMES_FILE);
    if (!path)
        return dgmi_fail_memory(err);
    if (stat(path, &now) != 0)
        memset(&now, 0, sizeof now);
    dgm_status status = DGM_OK;
    if (!book->table || !is_same_file(&now, &book->seen)) {
        dgmi_namebook_clear(book);
        book->table = dgmi_nametable_new();
        status = book->table ? DGM_OK : dgmi_fail_memory(err);
        if (status == DGM_OK && now.st_ino != 0)
            status = read_own(book, path, err);
        book->seen = now;
    }
    free(path);
    return status;
}

void dgmi_namebook_clear(dgmi_namebook *book)
{
    dgmi_nametable_free(book->table);
    memset(book, 0, sizeof *book);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The synonyms that a reader knows, and the public calls about them. Depends on
 * lib/index, lib/text. */
#include "synonymbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "fail.h"
#include "file.h"
#include "hash.h"

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void keep_first(void *user, unsigned line, const char *what)
{
    dgmi_synonymbook *book = user;
    if (book->fault[0] == '\0')
        snprintf(book->fault, sizeof book->fault, "%s:%u: %s", DGMI_SYNONYMS_FILE, line,
                 what);
}

/* The rules of the file at path beside the built-in ones; *out stays NULL if it has a
 * fault. */
static dgm_status read_file(dgmi_synonymbook *book, const char *path, dgmi_stems *stems,
                            dgmi_synonyms **out, uint64_t *mark, dgm_error *err)
{
    dgmi_buf text;
    unsigned faults = 0;
    dgm_error wrong = DGM_ERROR_INIT;
    dgmi_synonyms *made = NULL;
    dgmi_buf_init(&text, DGMI_SYNONYMS_BYTES);
    dgm_status status = dgmi_synonyms_new(stems, &made, err);
    if (status == DGM_OK && path && dgmi_file_read(path, &text, &wrong) != DGM_OK) {
        snprintf(book->fault, sizeof book->fault, "%s: %.200s", DGMI_SYNONYMS_FILE,
                 wrong.text);
    } else if (status == DGM_OK) {
        status = dgmi_synonyms_add(made, stems, dgmi_buf_str(&text), keep_first, book,
                                   &faults, err);
    }
    if (status == DGM_OK && book->fault[0] == '\0') {
        *mark = text.n > 0 ? dgmi_hash64(text.p, text.n) : 0;
        *out = made;
        made = NULL;
    }
    dgmi_synonyms_free(made);
    dgmi_buf_clear(&text);
    return status;
}

/* Before a first table the built-in rules alone take its place. */
static dgm_status take_file(dgmi_synonymbook *book, const char *path, dgmi_stems *stems,
                            const dgmi_log *log, dgm_error *err)
{
    dgmi_synonyms *made = NULL;
    uint64_t mark = 0;
    book->fault[0] = '\0';
    dgm_status status = read_file(book, path, stems, &made, &mark, err);
    if (status == DGM_OK && !made) {
        dgmi_say(log, "warning", "%s; %s", book->fault,
                 book->table ? "the synonyms stay as they were"
                             : "only the built-in synonyms are used");
        if (!book->table)
            status = dgmi_synonyms_new(stems, &made, err);
    }
    if (status == DGM_OK && made) {
        dgmi_synonyms_free(book->table);
        book->table = made;
        book->mark = mark;
    }
    return status;
}

dgm_status dgmi_synonymbook_refresh(dgmi_synonymbook *book, const char *data_dir,
                                    dgmi_stems *stems, const dgmi_log *log,
                                    dgm_error *err)
{
    struct stat now;
    char *path =
        book->path ? strdup(book->path) : dgmi_path_join(data_dir, DGMI_SYNONYMS_FILE);
    if (!path)
        return dgmi_fail_memory(err);
    if (stat(path, &now) != 0)
        memset(&now, 0, sizeof now);
    dgm_status status = DGM_OK;
    if (!book->table || !is_same_file(&now, &book->seen)) {
        status = take_file(book, now.st_ino != 0 ? path : NULL, stems, log, err);
        if (status == DGM_OK)
            book->seen = now;
    }
    free(path);
    return status;
}

void dgmi_synonymbook_clear(dgmi_synonymbook *book)
{
    dgmi_synonyms_free(book->table);
    free(book->path);
    memset(book, 0, sizeof *book);
}

/* ---- The public calls ---- */

const char *dgm_synonyms_fault(const dgm *desk)
{
    return desk ? desk->synonyms.fault : "";
}

dgm_status dgm_synonyms_use(dgm *desk, const char *path, dgm_error *err)
{
    struct stat seen;
    if (!desk)
        return dgmi_fail(err, DGM_E_ARG, "the reader is closed");
    dgmi_synonymbook_clear(&desk->synonyms);
    if (!path)
        return DGM_OK;
    if (*path && stat(path, &seen) != 0)
        return dgmi_fail(err, DGM_E_NOTFOUND, "%.200s: there is no such file", path);
    desk->synonyms.path = strdup(path);
    if (!desk->synonyms.path)
        return dgmi_fail_memory(err);
    dgm_status status =
        dgmi_synonymbook_refresh(&desk->synonyms, "", desk->stems, &desk->log, err);
    if (status == DGM_OK && desk->synonyms.fault[0] != '\0')
        status = dgmi_fail(err, DGM_E_ARG, "%s", desk->synonyms.fault);
    return status;
}

uint64_t dgm_tables_mark(dgm *desk)
{
    if (!desk ||
        dgmi_namebook_refresh(&desk->names, desk->index->data_dir, NULL) != DGM_OK ||
        dgmi_synonymbook_refresh(&desk->synonyms, desk->index->data_dir, desk->stems,
                                 &desk->log, NULL) != DGM_OK)
        return 0;
    const struct stat *seen = &desk->names.seen;
    const uint64_t all[] = { (uint64_t)seen->st_ino, (uint64_t)seen->st_size,
                             (uint64_t)seen->st_mtim.tv_sec,
                             (uint64_t)seen->st_mtim.tv_nsec, desk->synonyms.mark };
    return dgmi_hash64(all, sizeof all);
}

/* What dgm_synonyms_read gives: the list is the first member, so it frees itself. */
typedef struct listing {
    dgm_synonyms list;
    dgmi_synonyms *table;
    dgm_synonym *rules;
    size_t capacity;
} listing;

static dgm_status list_rules(listing *l, dgm_error *err)
{
    const dgm_synonym *rule;
    for (size_t at = 0; (rule = dgmi_synonyms_next(l->table, &at)) != NULL;) {
        if (!dgmi_grow(&l->rules, &l->capacity, l->list.n + 1, sizeof *l->rules))
            return dgmi_fail_memory(err);
        l->rules[l->list.n++] = *rule;
    }
    l->list.rules = l->rules;
    return DGM_OK;
}

static dgm_status read_listing(const char *path, dgm_fault_fn fault, void *user,
                               listing *l, dgm_error *err)
{
    dgmi_buf text;
    dgmi_stems *stems = NULL;
    unsigned faults = 0;
    dgmi_buf_init(&text, DGMI_SYNONYMS_BYTES);
    dgm_status status = dgmi_stems_new(&stems, err);
    if (status == DGM_OK)
        status = dgmi_synonyms_new(stems, &l->table, err);
    if (status == DGM_OK && path)
        status = dgmi_file_read(path, &text, err);
    if (status == DGM_OK)
        status = dgmi_synonyms_add(l->table, stems, dgmi_buf_str(&text), fault, user,
                                   &faults, err);
    if (status == DGM_OK)
        status = list_rules(l, err);
    dgmi_stems_free(stems);
    dgmi_buf_clear(&text);
    return status;
}

dgm_status dgm_synonyms_read(const char *path, dgm_fault_fn fault, void *user,
                             dgm_synonyms **out, dgm_error *err)
{
    if (!out)
        return dgmi_fail(err, DGM_E_ARG, "there is no place for the synonyms");
    *out = NULL;
    listing *l = calloc(1, sizeof *l);
    if (!l)
        return dgmi_fail_memory(err);
    dgm_status status = read_listing(path, fault, user, l, err);
    *out = &l->list;
    if (status != DGM_OK) {
        dgm_synonyms_free(*out);
        *out = NULL;
    }
    return status;
}

void dgm_synonyms_free(dgm_synonyms *synonyms)
{
    listing *l = (listing *)(void *)synonyms;
    if (!l)
        return;
    dgmi_synonyms_free(l->table);
    free(l->rules);
    free(l);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spellings by rule that the index has. Each that could be is looked up; what is found is
 * remembered for the revision. Depends on lib/index, lib/text. */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "romanise.h"
#include "variants.h"

bool dgmi_ends_as_name(const char *word)
{
    static const char *const ends[] = {
        "skiy", "skyy", "skyi", "skij",   "skii",  "evich", "ovich", "ovych", "evych",
        "ovna", "enko", "yev",  "shvili", "ullah", "uddin", "nejad", "zadeh",
    };
    dgmi_str s = dgmi_str_of(word);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (s.n > strlen(ends[i]) && dgmi_str_ends(s, ends[i]))
            return true;
    }
    return false;
}

/* ---- How a word is written ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Whether text has the word in small letters. */
static bool has_small(const char *text, size_t n, const char *word)
{
    size_t length = strlen(word);
    const char *end = text + n, *p = text;
    while ((p = memmem(p, (size_t)(end - p), word, length))) {
        bool begins = p == text || !is_letter(p[-1]);
        bool ends = p + length == end || !is_letter(p[length]);
        if (begins && ends)
            return true;
        p++;
    }
    return false;
}

/* Whether the first item that has the word has it as a name. */
static dgm_status look_at_item(dgm *desk, const char *word, bool *name, dgm_error *err)
{
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_record record;
    *name = false;
    dgm_status status = dgmx_db_find(desk->index->db, word, strlen(word), &id, err);
    if (status == DGM_OK)
        status = dgmx_doc_get(desk->index->db, id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(desk->codec, data.p, data.n, &record, err);
    if (status == DGM_OK)
        *name = !has_small(record.text, record.text_n, word);
    dgmx_doc_free(doc);
    return status;
}

/* ---- Guessing ---- */

typedef struct guesser {
    dgm *desk;
    dgmi_guess *guess;
    dgm_status status;
    dgm_error *err;
} guesser;

static bool is_known(const dgmi_guess *guess, const char *spelling)
{
    for (unsigned i = 0; i < guess->n; i++) {
        if (strcmp(guess->spellings[i], spelling) == 0)
            return true;
    }
    return false;
}

static bool look_up(void *user, const char *spelling)
{
    guesser *g = user;
    uint32_t frequency = 0;
    bool name = true;
    size_t n = strlen(spelling);
    if (n >= DGMI_GUESS_BYTES)
        return true;
    g->status = dgmx_db_term_freq(g->desk->index->db, spelling, n, &frequency, g->err);
    if (g->status != DGM_OK || frequency == 0 || is_known(g->guess, spelling))
        return g->status == DGM_OK;
    g->status = look_at_item(g->desk, spelling, &name, g->err);
    if (name && g->status == DGM_OK)
        memcpy(g->guess->spellings[g->guess->n++], spelling, n + 1);
    return g->status == DGM_OK && g->guess->n < DGMI_GUESSES;
}

/* A word that the index has in small letters is no name. */
static void drop_if_common(guesser *g, const char *word)
{
    uint32_t frequency = 0;
    bool name = true;
    if (g->status == DGM_OK && g->guess->n > 0)
        g->status =
            dgmx_db_term_freq(g->desk->index->db, word, strlen(word), &frequency, g->err);
    if (frequency > 0 && g->status == DGM_OK)
        g->status = look_at_item(g->desk, word, &name, g->err);
    if (!name)
        g->guess->n = 0;
}

static uint64_t key_of(const dgmi_index *index, const char *word)
{
    char text[sizeof index->revision + DGMI_ROMANISE_LETTERS + 2];
    snprintf(text, sizeof text, "%s %.*s", index->revision, DGMI_ROMANISE_LETTERS + 1,
             word);
    uint64_t key = dgmi_hash64(text, strlen(text));
    return key > 0 ? key : 1;
}

dgm_status dgmi_guess_spellings(dgm *desk, const char *word, const dgmi_guess **out,
                                dgm_error *err)
{
    uint64_t key = key_of(desk->index, word);
    dgmi_guess *guess = &desk->names.guesses[key % DGMI_GUESSES_KEPT];
    guesser g = { .desk = desk, .guess = guess, .status = DGM_OK, .err = err };
    *out = guess;
    if (guess->key == key)
        return DGM_OK;
    *guess = (dgmi_guess){ .n = 0 };
    (void)dgmi_romanise(word, look_up, &g);
    drop_if_common(&g, word);
    guess->key = g.status == DGM_OK ? key : 0;
    return g.status;
}

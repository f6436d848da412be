/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of a query and their spellings. Depends on lib/index, lib/text. */
#include "variants.h"

#include <string.h>

#include "fail.h"
#include "plan.h"
#include "schema.h"
#include "wordruns.h"

typedef dgmi_run_word token;

typedef struct finder {
    dgm *desk;
    const dgmi_nametable *table;
    const dgmi_index *index;
    dgmi_arena *arena;
    dgmi_naming *out;
    dgmi_buf key;
    dgm_status status;
    dgm_error *err;
} finder;

static void fail_memory(finder *f)
{
    if (f->status == DGM_OK)
        f->status = dgmi_fail_memory(f->err);
}

/* ---- Which spellings ---- */

static bool has_word(const dgmi_name *name, const char *word)
{
    for (unsigned i = 0; i < name->n_words; i++) {
        if (strcmp(name->words[i], word) == 0)
            return true;
    }
    return false;
}

/* Whether an item with the name has these words anyhow. */
static bool has_words(const dgmi_name *name, const char *const *words, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!has_word(name, words[i]))
            return false;
    }
    return true;
}

/* Whether one who asks for `asked` means items with `name`, too. */
static bool stands_for(const dgmi_name *asked, const dgmi_name *name)
{
    bool role = asked->kind == DGMI_NAME_ROLE;
    if (name->gone)
        return false;
    switch (name->kind) {
    case DGMI_NAME_ROLE: /* who asks for a person does not ask for the office, and phrases
                            of such frequent words are slow */
        return false;
    case DGMI_NAME_ADDRESS: /* others have the same two names */
        return !role && asked->n_words > 1;
    case DGMI_NAME_SURNAME: /* who gives a first name means that person alone */
        return role || asked->kind == DGMI_NAME_SURNAME;
    case DGMI_NAME_PLACE:
    case DGMI_NAME_GIVEN:
    case DGMI_NAME_PERSON:
    case DGMI_NAME_INITIALS:
    case DGMI_NAME_BODY:
    case DGMI_NAME_TERM:
        return true;
    }
    return false;
}

static bool is_in_index(finder *f, const dgmi_name *name)
{
    uint32_t frequency = 1;
    for (unsigned i = 0; i < name->n_words && frequency > 0; i++) {
        if (f->status == DGM_OK)
            f->status = dgmx_db_term_freq(f->index->db, name->words[i],
                                          strlen(name->words[i]), &frequency, f->err);
    }
    return f->status == DGM_OK && frequency > 0;
}

/* Whether a spelling that was taken finds all items of this one. */
static bool is_covered(const dgmi_named *named, const dgmi_name *name, int64_t from,
                       int64_t before)
{
    for (unsigned i = 0; i < named->n; i++) {
        const dgmi_variant *s = &named->spellings[i];
        if (s->from == from && s->before == before &&
            (s->asked || s->n_words == 1 || s->n_words == name->n_words) &&
            has_words(name, s->words, s->n_words))
            return true;
    }
    return false;
}

static void add_spelling(finder *f, dgmi_named *named, const dgmi_name *asked,
                         const dgmi_name *name)
{
    bool role = asked->kind == DGMI_NAME_ROLE;
    int64_t from = role ? asked->from : DGM_NO_TIME,
            before = role ? asked->before : DGM_NO_TIME;
    if (named->n > DGMI_VARIANTS_MAX || is_covered(named, name, from, before) ||
        !is_in_index(f, name))
        return;
    named->spellings[named->n++] = (dgmi_variant){ .label = name->label,
                                                   .words = name->words,
                                                   .n_words = name->n_words,
                                                   .from = from,
                                                   .before = before };
}

/* Lone surnames first: what has them in it is then covered. */
static void add_group(finder *f, dgmi_named *named, const dgmi_name *asked)
{
    for (int alone = 1; alone >= 0; alone--) {
        for (const dgmi_name *n = asked->first; n; n = n->kin) {
            if ((n->kind == DGMI_NAME_SURNAME) == (alone == 1) && stands_for(asked, n))
                add_spelling(f, named, asked, n);
        }
    }
}

/* ---- Names among words ---- */

dgmi_named *dgmi_named_new(dgmi_naming *out, dgmi_arena *arena,
                           const dgmi_run_word *words, unsigned n,
                           const dgmi_variant *asked)
{
    if (!out->list)
        out->list = dgmi_arena_array(arena, DGMI_NAMED_MAX, sizeof *out->list);
    if (!out->list)
        return NULL;
    dgmi_named *named = &out->list[out->n];
    *named = (dgmi_named){ .n = 1 };
    for (unsigned i = 0; i < n; i++) {
        if (words[i].first)
            named->nodes[named->n_nodes++] = words[i].node;
    }
    named->spellings[0] = *asked;
    return named;
}

static dgmi_named *new_named(finder *f, const token *words, unsigned n,
                             const dgmi_name *name)
{
    const dgmi_variant asked = { .label = name->label,
                                 .words = name->words,
                                 .n_words = name->n_words,
                                 .from = DGM_NO_TIME,
                                 .before = DGM_NO_TIME,
                                 .asked = true };
    dgmi_named *named = dgmi_named_new(f->out, f->arena, words, n, &asked);
    if (!named)
        fail_memory(f);
    return named;
}

/* Kept only if the index has another spelling. */
static void take_named(finder *f, const token *words, unsigned n, const dgmi_name *first)
{
    if (f->out->n == DGMI_NAMED_MAX)
        return;
    dgmi_named *named = new_named(f, words, n, first);
    for (const dgmi_name *asked = first; named && asked; asked = asked->same_key) {
        if (!asked->gone)
            add_group(f, named, asked);
    }
    if (named && named->n > 1)
        f->out->n++;
}

/* The longest name that begins at the first of n words, of two words at least if
 * `several`, else of one node. Returns how many words it has; 0: there is none. */
static unsigned find_name(finder *f, const token *words, unsigned n, bool several,
                          const dgmi_name **found)
{
    bool longer = true;
    unsigned taken = 0;
    unsigned nodes = 0;
    *found = NULL;
    dgmi_buf_reset(&f->key);
    for (unsigned i = 0; i < n && i < DGMI_NAME_WORDS && longer; i++) {
        nodes += words[i].first;
        if (nodes > 1 && !several)
            break;
        dgmi_buf_printf(&f->key, "%s%s", i > 0 ? " " : "", words[i].text);
        const dgmi_name *name =
            dgmi_nametable_find(f->table, dgmi_buf_str(&f->key), &longer);
        if (name && words[i].last && (nodes > 1) == several) {
            taken = i + 1;
            *found = name;
        }
    }
    return taken;
}

/* Of a word that is typed as a name, or ends as only names do. */
static bool may_be_guessed(const dgmi_node *node)
{
    return !node->whole && (node->capital || dgmi_ends_as_name(node->text));
}

static char *with_capital(finder *f, const char *word)
{
    char *copy = dgmi_arena_dup(f->arena, word);
    if (!copy)
        fail_memory(f);
    else if (*copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return copy;
}

/* A name of one word that no table has. */
static void make_name(finder *f, const char *word, dgmi_name *out)
{
    char *copy = dgmi_arena_dup(f->arena, word);
    *out = (dgmi_name){ .label = with_capital(f, word),
                        .key = copy,
                        .n_words = 1,
                        .kind = DGMI_NAME_SURNAME,
                        .from = DGM_NO_TIME,
                        .before = DGM_NO_TIME };
    out->words[0] = copy;
    if (!copy)
        fail_memory(f);
}

static void take_guesses(finder *f, const token *word)
{
    const dgmi_guess *guess = NULL;
    if (f->out->n == DGMI_NAMED_MAX || !may_be_guessed(word->node))
        return;
    if (f->status == DGM_OK)
        f->status = dgmi_guess_spellings(f->desk, word->text, &guess, f->err);
    if (f->status != DGM_OK || guess->n == 0)
        return;
    dgmi_name *names = dgmi_arena_array(f->arena, guess->n + 1, sizeof *names);
    if (!names) {
        fail_memory(f);
        return;
    }
    make_name(f, word->text, &names[0]);
    dgmi_named *named = f->status == DGM_OK ? new_named(f, word, 1, &names[0]) : NULL;
    for (unsigned i = 0; named && i < guess->n && f->status == DGM_OK; i++) {
        make_name(f, guess->spellings[i], &names[i + 1]);
        if (f->status == DGM_OK)
            add_spelling(f, named, &names[0], &names[i + 1]);
    }
    if (named && named->n > 1)
        f->out->n++;
}

/* ---- First names and initials ---- */

static bool is_given(const dgmi_name *name)
{
    for (; name; name = name->same_key) {
        if (!name->gone && name->kind == DGMI_NAME_GIVEN)
            return true;
    }
    return false;
}

/* "first surname" as a name, both folded. */
static bool make_pair(finder *f, const char *first, const char *surname, dgmi_name *out)
{
    const char *capital = with_capital(f, first), *last = with_capital(f, surname);
    const char *dot = strlen(first) == 1 ? "." : "";
    *out = (dgmi_name){ .words = { first, surname },
                        .n_words = 2,
                        .kind = DGMI_NAME_PERSON,
                        .from = DGM_NO_TIME,
                        .before = DGM_NO_TIME };
    if (capital && last)
        out->label = dgmi_arena_printf(f->arena, "%s%s %s", capital, dot, last);
    if (!out->label)
        fail_memory(f);
    return out->label != NULL;
}

static void add_pair(finder *f, dgmi_named *named, const dgmi_name *asked,
                     const char *first, const char *surname)
{
    dgmi_name *made = dgmi_arena_alloc(f->arena, sizeof *made);
    if (!made)
        fail_memory(f);
    else if (make_pair(f, first, surname, made))
        add_spelling(f, named, asked, made);
}

/* All first names with this letter that the table has. */
static void add_given(finder *f, dgmi_named *named, const dgmi_name *asked)
{
    const dgmi_name *name;
    for (size_t i = 0; (name = dgmi_nametable_at(f->table, i)); i++) {
        if (!name->gone && name->kind == DGMI_NAME_GIVEN && name->n_words == 1 &&
            name->words[0][0] == asked->words[0][0])
            add_pair(f, named, asked, name->words[0], asked->words[1]);
    }
}

/* "Andrei Petrov" stands for "A. Petrov", and that for each who has such a first name. */
static void take_initials(finder *f, const token *words)
{
    bool longer;
    dgmi_name *asked = dgmi_arena_alloc(f->arena, sizeof *asked);
    const char *first = words[0].text, *surname = words[1].text;
    bool initial = strlen(first) == 1 && words[0].node->capital;
    bool given =
        !initial && is_given(dgmi_nametable_find(f->table, dgmi_str_of(first), &longer));
    if (f->out->n == DGMI_NAMED_MAX || (!initial && !given) || !words[1].node->capital ||
        strlen(surname) < 2)
        return;
    if (!asked || !make_pair(f, first, surname, asked)) {
        fail_memory(f);
        return;
    }
    dgmi_named *named = new_named(f, words, 2, asked);
    const char *letter = dgmi_arena_str(f->arena, (dgmi_str){ first, 1 });
    if (!named || !letter) {
        fail_memory(f);
        return;
    }
    if (initial)
        add_given(f, named, asked);
    else
        add_pair(f, named, asked, letter, surname);
    if (named->n > 1)
        f->out->n++;
}

static bool are_two_words(const token *words, unsigned n)
{
    return n >= 2 && words[0].first && words[0].last && words[1].first && words[1].last;
}

static void find_in_words(void *user, const token *words, unsigned n)
{
    finder *f = user;
    const dgmi_name *name;
    unsigned free_from = 0; /* names of several words do not overlap */
    for (unsigned i = 0; i < n && f->status == DGM_OK; i++) {
        if (!words[i].first)
            continue;
        unsigned taken = i >= free_from ? find_name(f, words + i, n - i, true, &name) : 0;
        if (taken > 0) {
            free_from = i + taken;
            take_named(f, words + i, taken, name);
        } else if (i >= free_from && are_two_words(words + i, n - i)) {
            take_initials(f, words + i);
        }
        taken = find_name(f, words + i, n - i, false, &name);
        if (taken > 0)
            take_named(f, words + i, taken, name);
        else
            take_guesses(f, words + i);
    }
}

dgm_status dgmi_variants_find(dgm *desk, const dgmi_node *root, dgmi_arena *arena,
                              dgmi_naming *out, dgm_error *err)
{
    finder f = { .desk = desk,
                 .table = desk->names.table,
                 .index = desk->index,
                 .arena = arena,
                 .out = out,
                 .err = err };
    *out = (dgmi_naming){ NULL, 0 };
    dgmi_buf_init(&f.key, 0);
    dgmi_word_runs(root, find_in_words, &f);
    if (f.key.failed)
        fail_memory(&f);
    dgmi_buf_clear(&f.key);
    return f.status;
}

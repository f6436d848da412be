/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of names in memory: lines to names, chained by their words and by the group
 * that they belong to. Depends on lib/base, tokens.h. */
#include "nametable.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "date.h"
#include "fail.h"
#include "hash.h"
#include "tokens.h"

/* What the map of keys tells: the place of a key's first name, counted from 1, and
 * whether longer names begin so. */
enum { LONGER = 1, PLACE_SHIFT = 1, COLUMNS = 6 };

struct dgmi_nametable {
    dgmi_arena *arena;
    dgmi_map *keys, *groups;
    dgmi_name **names;
    size_t n, capacity;
};

static const struct {
    const char *text;
    dgmi_name_kind kind;
} kinds[] = {
    { "place", DGMI_NAME_PLACE },       { "surname", DGMI_NAME_SURNAME },
    { "given", DGMI_NAME_GIVEN },       { "person", DGMI_NAME_PERSON },
    { "initials", DGMI_NAME_INITIALS }, { "address", DGMI_NAME_ADDRESS },
    { "body", DGMI_NAME_BODY },         { "term", DGMI_NAME_TERM },
    { "role", DGMI_NAME_ROLE },
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

const char *dgmi_name_kind_text(dgmi_name_kind kind)
{
    return kinds[kind].text;
}

static bool kind_of(dgmi_str text, dgmi_name_kind *kind)
{
    for (int i = 0; i < N_KINDS; i++) {
        *kind = kinds[i].kind;
        if (dgmi_str_eq(text, kinds[i].text) && *kind != DGMI_NAME_INITIALS)
            return true;
    }
    return false;
}

/* ---- Words ---- */

bool dgmi_name_skips(const char *word)
{
    return strcmp(word, "of") == 0 || strcmp(word, "the") == 0;
}

static bool add_word(dgmi_nametable *t, dgmi_name *name, dgmi_str text, dgmi_buf *key)
{
    char *word = dgmi_arena_str(t->arena, text);
    if (!word || name->n_words == DGMI_NAME_WORDS)
        return false;
    if (!dgmi_name_skips(word))
        dgmi_buf_printf(key, "%s%s", key->n > 0 ? " " : "", word);
    name->words[name->n_words++] = word;
    return true;
}

/* The words of a variant as the index has them; false if there are none or too many. */
static bool set_words(dgmi_nametable *t, dgmi_name *name)
{
    dgmi_tokens walk;
    dgmi_token token;
    dgmi_buf key;
    bool fits = true;
    dgmi_buf_init(&key, 0);
    dgmi_tokens_init(&walk, name->label, strlen(name->label), 1);
    while (fits && dgmi_tokens_next(&walk, &token)) {
        if (token.kind != DGMI_WHOLE)
            fits = add_word(t, name, (dgmi_str){ token.text, token.n }, &key);
    }
    name->key =
        key.failed || key.n == 0 ? NULL : dgmi_arena_str(t->arena, dgmi_buf_str(&key));
    dgmi_buf_clear(&key);
    return fits && name->key;
}

/* Every beginning of the name's words is known to be one. */
static bool note_beginnings(dgmi_nametable *t, const dgmi_name *name)
{
    for (const char *blank = strchr(name->key, ' '); blank;
         blank = strchr(blank + 1, ' ')) {
        dgmi_str head = { name->key, (size_t)(blank - name->key) };
        uint64_t *at = dgmi_map_at(t->keys, head, true);
        if (!at)
            return false;
        *at |= LONGER;
    }
    return true;
}

/* ---- Chains ---- */

static dgmi_name *place(const dgmi_nametable *t, uint64_t at)
{
    return t->names && at > 0 && at <= t->n ? t->names[at - 1] : NULL;
}

static dgmi_name *last_of(const dgmi_name *first, bool by_key)
{
    const dgmi_name *name = first;
    for (const dgmi_name *next = name; next; next = by_key ? name->same_key : name->kin)
        name = next;
    return (dgmi_name *)name;
}

static bool is_known(const dgmi_name *first, const dgmi_name *name)
{
    for (const dgmi_name *n = first; n; n = n->kin) {
        if (!n->gone && strcmp(n->key, name->key) == 0 && n->from == name->from)
            return true;
    }
    return false;
}

/* False without memory. One that the group has already is left out. */
static bool add_name(dgmi_nametable *t, dgmi_name *name)
{
    uint64_t *group = dgmi_map_at(t->groups, dgmi_str_of(name->group), true);
    dgmi_name *first = group ? place(t, *group) : NULL;
    if (first && is_known(first, name))
        return true;
    if (!group || !dgmi_grow(&t->names, &t->capacity, t->n + 1, sizeof *t->names))
        return false;
    uint64_t *key = dgmi_map_at(t->keys, dgmi_str_of(name->key), true);
    if (!key)
        return false;
    t->names[t->n++] = name;
    name->first = first ? first : name;
    if (first)
        last_of(first, false)->kin = name;
    else
        *group = t->n;
    dgmi_name *same = place(t, *key >> PLACE_SHIFT);
    if (same)
        last_of(same, true)->same_key = name;
    else
        *key |= (uint64_t)t->n << PLACE_SHIFT;
    return note_beginnings(t, name);
}

/* ---- Initials ---- */

/* "V. Putin" of two words, "V.V. Putin" of three. */
static bool add_initials(dgmi_nametable *t, const dgmi_name *person)
{
    dgmi_str rest = dgmi_str_of(person->label), part, parts[DGMI_NAME_WORDS];
    size_t n = 0;
    while (n < DGMI_NAME_WORDS && dgmi_str_split(&rest, ' ', &part))
        parts[n++] = part;
    if (n < 2 || n > 3)
        return true;
    dgmi_name *short_form = dgmi_arena_copy(t->arena, person, sizeof *person);
    if (!short_form)
        return false;
    const char *second = n == 3 ? dgmi_arena_printf(t->arena, "%c.", *parts[1].p) : "";
    const char *label =
        second ? dgmi_arena_printf(t->arena, "%c.%s %.*s", *parts[0].p, second,
                                   (int)parts[n - 1].n, parts[n - 1].p)
               : NULL;
    *short_form = (dgmi_name){ .label = label,
                               .kind = DGMI_NAME_INITIALS,
                               .from = person->from,
                               .before = person->before,
                               .source = person->source,
                               .group = person->group };
    return label && set_words(t, short_form) && add_name(t, short_form);
}

/* ---- Lines ---- */

typedef enum line_outcome { LINE_TAKEN, LINE_WRONG, LINE_NO_MEMORY } line_outcome;

static void take_out(dgmi_nametable *t, const dgmi_name *name)
{
    const uint64_t *group = dgmi_map_at(t->groups, dgmi_str_of(name->group), false);
    for (const dgmi_name *n = group ? place(t, *group) : NULL; n; n = n->kin) {
        if (strcmp(n->key, name->key) == 0)
            ((dgmi_name *)n)->gone = true;
    }
}

static bool read_dates(dgmi_str from, dgmi_str to, dgmi_name *name)
{
    int64_t unused;
    name->from = name->before = DGM_NO_TIME;
    return (from.n == 0 || dgmi_date_span(from, &name->from, &unused)) &&
           (to.n == 0 || dgmi_date_span(to, &unused, &name->before));
}

/* The columns of a line as a name; false if they are none. *removes: of kind "-". */
static bool read_columns(dgmi_nametable *t, dgmi_str line, dgmi_name *name, bool *removes)
{
    dgmi_str column[COLUMNS] = { { "", 0 } };
    size_t n = 0;
    while (n < COLUMNS && dgmi_str_split(&line, '\t', &column[n])) {
        column[n] = dgmi_str_trim(column[n]);
        n++;
    }
    *removes = dgmi_str_eq(column[2], "-");
    if (n < 3 || column[0].n == 0 || column[1].n == 0 ||
        (!*removes && !kind_of(column[2], &name->kind)) ||
        !read_dates(column[3], column[4], name))
        return false;
    name->group = dgmi_arena_str(t->arena, column[0]);
    name->label = dgmi_arena_str(t->arena, column[1]);
    name->source = dgmi_arena_str(t->arena, column[5]);
    return name->group && name->label && name->source && set_words(t, name);
}

static line_outcome read_line(dgmi_nametable *t, dgmi_str line)
{
    bool removes = false;
    dgmi_name *name = dgmi_arena_alloc(t->arena, sizeof *name);
    if (!name)
        return LINE_NO_MEMORY;
    if (!read_columns(t, line, name, &removes))
        return LINE_WRONG;
    if (removes) {
        take_out(t, name);
        return LINE_TAKEN;
    }
    bool ok =
        add_name(t, name) && (name->kind != DGMI_NAME_PERSON || add_initials(t, name));
    return ok ? LINE_TAKEN : LINE_NO_MEMORY;
}

dgm_status dgmi_nametable_read(dgmi_nametable *t, dgmi_str text, unsigned *faults,
                               dgm_error *err)
{
    dgmi_str line;
    unsigned number = 0;
    *faults = 0;
    while (dgmi_str_split(&text, '\n', &line)) {
        dgmi_str trimmed = dgmi_str_trim(line);
        number++;
        if (trimmed.n == 0 || trimmed.p[0] == '#')
            continue;
        line_outcome outcome = read_line(t, line);
        if (outcome == LINE_NO_MEMORY)
            return dgmi_fail_memory(err);
        if (outcome == LINE_WRONG && (*faults)++ == 0)
            (void)dgmi_fail(err, DGM_E_ARG,
                            "line %u is no name, variant, kind, dates and source",
                            number);
    }
    return DGM_OK;
}

/* ---- The whole ---- */

dgmi_nametable *dgmi_nametable_new(void)
{
    dgm_error err = DGM_ERROR_INIT;
    unsigned faults;
    dgmi_nametable *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->arena = dgmi_arena_new(0);
    t->keys = dgmi_map_new();
    t->groups = dgmi_map_new();
    dgmi_str text = { (const char *)dgmi_names_text, dgmi_names_text_size };
    if (t->arena && t->keys && t->groups &&
        dgmi_nametable_read(t, text, &faults, &err) == DGM_OK)
        return t;
    dgmi_nametable_free(t);
    return NULL;
}

void dgmi_nametable_free(dgmi_nametable *t)
{
    if (!t)
        return;
    dgmi_map_free(t->keys);
    dgmi_map_free(t->groups);
    dgmi_arena_free(t->arena);
    free(t->names);
    free(t);
}

const dgmi_name *dgmi_nametable_find(const dgmi_nametable *t, dgmi_str key, bool *longer)
{
    const uint64_t *at = dgmi_map_at(t->keys, key, false);
    *longer = at && *at & LONGER;
    return at ? place(t, *at >> PLACE_SHIFT) : NULL;
}

const dgmi_name *dgmi_nametable_at(const dgmi_nametable *t, size_t i)
{
    return i < t->n ? t->names[i] : NULL;
}

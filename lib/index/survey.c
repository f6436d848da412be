/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pre-pass over the archive. Winners are a pure function of it, by the rule of
 * versions in item.h. Depends on lib/base, lib/archive, lib/item
 * and lines.h. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "hash.h"
#include "item.h"
#include "rewrites.h"

enum {
    ENTRY_COST = 200, /* bytes that a record may cost a pass, ids and table included */
    NEAR = 1 << 20    /* bytes that are rather read over than sought past */
};

/* An id seen: its hash, and the place of its first record until a second one is met. */
typedef struct seen {
    uint64_t hash,
        at; /* at is UNUSED in a free slot, TOLD once it stands among the repeats */
} seen;
#define UNUSED UINT64_MAX
#define TOLD (UINT64_MAX - 1)

/* A record whose id occurs more than once (or shares its hash): what choosing takes. */
typedef struct candidate {
    const char *id, *version;
    int64_t published, updated, fetched;
    dgm_item_status status;
    uint64_t at, digest;
} candidate;

struct dgmi_survey {
    dgmi_survey_options options;
    uint64_t records;
    dgmi_chunk *chunks;
    size_t n_chunks, chunk_capacity;
    dgmi_verdict *verdicts; /* by place */
    size_t n_verdicts, verdict_capacity;
    dgmi_arena *digests;
    dgmi_rewrites *rewrites;
    bool has_rewrites; /* some line may be one */
};

/* One pass looks at the ids whose hash falls into its share. */
typedef struct pass {
    dgmi_survey *survey;
    uint64_t share, shares;
    seen *table;
    size_t size, count;
    uint64_t *repeats; /* places */
    size_t n_repeats, repeat_capacity;
    dgmi_arena *arena;
    candidate *candidates;
    size_t n_candidates, candidate_capacity;
    dgmi_buf id;
} pass;

/* ---- Chunks ---- */

static void advance(const dgmi_survey *s, const dgmi_line *line)
{
    if (s->options.advance)
        s->options.advance(s->options.user, line->n + 1);
}

static dgm_status chunk_line(void *user, const dgmi_line *line, dgm_error *err)
{
    dgmi_survey *s = user;
    dgmi_chunk *last = s->n_chunks > 0 ? &s->chunks[s->n_chunks - 1] : NULL;
    dgmi_position at = dgmi_position_unpack(line->at);
    bool full = !last || last->records >= s->options.chunk_records ||
                last->from.segment != at.segment ||
                at.offset - last->from.offset >= s->options.chunk_bytes;
    if (full) {
        if (!dgmi_grow(&s->chunks, &s->chunk_capacity, s->n_chunks + 1,
                       sizeof *s->chunks))
            return dgmi_fail_memory(err);
        last = &s->chunks[s->n_chunks++];
        *last = (dgmi_chunk){ .from = at };
    }
    uint64_t both[2] = { last->digest, dgmi_hash64(line->p, line->n) };
    last->digest = dgmi_hash64(both, sizeof both);
    last->records++;
    last->to = dgmi_position_unpack(line->after);
    s->records++;
    advance(s, line);
    return DGM_OK;
}

/* ---- Finding ids that come again ---- */

static bool add_repeat(pass *p, uint64_t at)
{
    if (!dgmi_grow(&p->repeats, &p->repeat_capacity, p->n_repeats + 1,
                   sizeof *p->repeats))
        return false;
    p->repeats[p->n_repeats++] = at;
    return true;
}

static seen *place_of(seen *table, size_t size, uint64_t hash)
{
    size_t at = (size_t)(hash >> 7) & (size - 1);
    while (table[at].at != UNUSED && table[at].hash != hash)
        at = (at + 1) & (size - 1);
    return &table[at];
}

static seen *new_table(size_t size)
{
    seen *table = size <= SIZE_MAX / sizeof *table ? malloc(size * sizeof *table) : NULL;
    for (size_t i = 0; table && i < size; i++)
        table[i].at = UNUSED;
    return table;
}

static bool double_table(pass *p)
{
    seen *table = new_table(p->size * 2);
    if (!table)
        return false;
    for (size_t i = 0; i < p->size; i++) {
        if (p->table[i].at != UNUSED)
            *place_of(table, p->size * 2, p->table[i].hash) = p->table[i];
    }
    free(p->table);
    p->table = table;
    p->size *= 2;
    return true;
}

static bool note_id(pass *p, uint64_t hash, uint64_t at)
{
    if ((p->count + 1) * 4 > p->size * 3 && !double_table(p))
        return false;
    seen *s = place_of(p->table, p->size, hash);
    if (s->at == UNUSED) {
        *s = (seen){ hash, at };
        p->count++;
        return true;
    }
    bool ok = s->at == TOLD || add_repeat(p, s->at);
    s->at = TOLD;
    return ok && add_repeat(p, at);
}

/* Whether the item evolved from another one: without parsing most lines. */
static bool may_be_rewrite(const dgmi_line *line)
{
    static const char own[] = "{\"dgm\":1,", member[] = "\"evolved_from\":";
    bool ours = line->n >= sizeof own - 1 && memcmp(line->p, own, sizeof own - 1) == 0;
    return !ours || memmem(line->p, line->n, member, sizeof member - 1);
}

static dgm_status hash_line(void *user, const dgmi_line *line, dgm_error *err)
{
    pass *p = user;
    p->survey->has_rewrites |= p->share == 0 && may_be_rewrite(line);
    advance(p->survey, line);
    dgmi_buf_reset(&p->id);
    dgm_status status = dgmi_line_id(line->p, line->n, &p->id, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return DGM_OK;
    uint64_t hash = dgmi_hash64(p->id.p, p->id.n);
    if (hash % p->shares != p->share)
        return DGM_OK;
    return note_id(p, hash, line->at) ? DGM_OK : dgmi_fail_memory(err);
}

/* ---- Choosing among versions ---- */

/* A line whose id can be scanned may still be no item: it has no say. */
static dgm_status add_candidate(pass *p, const dgmi_line *line, dgm_error *err)
{
    dgm_item *item;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return DGM_OK;
    candidate c = { .id = dgmi_arena_dup(p->arena, item->id),
                    .version = dgmi_arena_dup(p->arena, item->version),
                    .published = item->published,
                    .updated = item->updated,
                    .fetched = item->fetched,
                    .status = item->status,
                    .at = line->at,
                    .digest = dgmi_item_digest(item) };
    if (!c.id || (item->version && !c.version) ||
        !dgmi_grow(&p->candidates, &p->candidate_capacity, p->n_candidates + 1, sizeof c))
        status = dgmi_fail_memory(err);
    else
        p->candidates[p->n_candidates++] = c;
    dgm_item_free(item);
    return status;
}

/* Reads the record at a place: on from where the reader is when that is near, else anew.
 */
static dgm_status read_at(const char *data_dir, uint64_t place,
                          dgmi_archive_reader **reader, uint64_t *next, dgmi_line *line,
                          dgm_error *err)
{
    dgmi_position at, after;
    dgm_status status = DGM_OK;
    if (!*reader || place - *next > NEAR) {
        dgmi_archive_reader_close(*reader);
        status =
            dgmi_archive_reader_open(data_dir, dgmi_position_unpack(place), reader, err);
    }
    do {
        if (status == DGM_OK)
            status = dgmi_archive_next(*reader, &line->p, &line->n, &at, &after, err);
        if (status != DGM_OK)
            return status == DGM_E_NOTFOUND
                       ? dgmi_fail(err, DGM_E_CORRUPT,
                                   "the archive shrank while it was read")
                       : status;
        line->at = dgmi_position_pack(at);
    } while (line->at < place);
    *next = line->after = dgmi_position_pack(after);
    return DGM_OK;
}

static int compare_places(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order != 0 ? order : compare_places(&x->at, &y->at);
}

static int compare_verdicts(const void *a, const void *b)
{
    const dgmi_verdict *x = a, *y = b;
    return compare_places(&x->at, &y->at);
}

static dgm_status load_candidates(pass *p, dgm_error *err)
{
    const char *data_dir = p->survey->options.data_dir;
    dgmi_archive_reader *reader = NULL;
    uint64_t next = 0;
    dgmi_line line = { .p = "" };
    dgm_status status = DGM_OK;
    if (p->n_repeats > 0)
        qsort(p->repeats, p->n_repeats, sizeof *p->repeats, compare_places);
    for (size_t i = 0; status == DGM_OK && i < p->n_repeats; i++) {
        status = read_at(data_dir, p->repeats[i], &reader, &next, &line, err);
        if (status == DGM_OK)
            status = add_candidate(p, &line, err);
    }
    dgmi_archive_reader_close(reader);
    return status;
}

/* As much of it as the rule of versions looks at. */
static dgm_item item_of(const candidate *c)
{
    return (dgm_item){ .version = c->version,
                       .status = c->status,
                       .published = c->published,
                       .updated = c->updated,
                       .fetched = c->fetched };
}

static const candidate *choose(const candidate *c, size_t n)
{
    const candidate *winner = c;
    for (size_t i = 1; i < n; i++) {
        dgm_item now = item_of(&c[i]), best = item_of(winner);
        if (dgmi_item_compare_versions(&now, &best) >= 0)
            winner = &c[i];
    }
    return winner;
}

/* Verdicts over the n records of one id, in the archive's order. */
static bool judge(dgmi_survey *s, const candidate *c, size_t n)
{
    const candidate *winner = choose(c, n);
    uint32_t kept = n < DGMI_DIGESTS_MAX ? (uint32_t)n : DGMI_DIGESTS_MAX;
    uint64_t *digests = dgmi_arena_array(s->digests, kept, sizeof *digests);
    uint64_t *places = dgmi_arena_array(s->digests, kept, sizeof *places);
    if (!digests || !places ||
        !dgmi_grow(&s->verdicts, &s->verdict_capacity, s->n_verdicts + n,
                   sizeof *s->verdicts))
        return false;
    for (uint32_t i = 0; i < kept; i++) {
        digests[i] = c[n - kept + i].digest;
        places[i] = c[n - kept + i].at;
    }
    for (size_t i = 0; i < n; i++) {
        dgmi_verdict v = { .at = c[i].at, .wins = &c[i] == winner };
        v.stored = (dgmi_stored){ .first_seen = c[0].at,
                                  .at = winner->at,
                                  .digests = digests,
                                  .places = places,
                                  .n_digests = kept };
        s->verdicts[s->n_verdicts++] = v;
    }
    return true;
}

static dgm_status judge_all(pass *p, dgm_error *err)
{
    if (p->n_candidates > 0)
        qsort(p->candidates, p->n_candidates, sizeof *p->candidates, compare_candidates);
    for (size_t i = 0, n; i < p->n_candidates; i += n) {
        const candidate *c = &p->candidates[i];
        for (n = 1; i + n < p->n_candidates && strcmp(c[n].id, c->id) == 0; n++)
            ;
        if (n > 1 && !judge(p->survey, c, n))
            return dgmi_fail_memory(err);
    }
    return DGM_OK;
}

static dgm_status run_pass(dgmi_survey *s, uint64_t share, uint64_t shares,
                           dgm_error *err)
{
    pass p = { .survey = s, .share = share, .shares = shares, .size = 1024 };
    dgmi_position start = { 0, 0 };
    dgm_status status = DGM_OK;
    p.table = new_table(p.size);
    p.arena = dgmi_arena_new(0);
    if (!p.table || !p.arena)
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_lines_walk(s->options.data_dir, start, s->options.to, hash_line, &p,
                                 err);
    free(p.table);
    if (status == DGM_OK)
        status = load_candidates(&p, err);
    if (status == DGM_OK)
        status = judge_all(&p, err);
    free(p.repeats);
    free(p.candidates);
    dgmi_arena_free(p.arena);
    dgmi_buf_clear(&p.id);
    return status;
}

/* ---- Rewrites ---- */

static dgm_status add_rewrite(void *user, const dgmi_line *line, dgm_error *err)
{
    dgmi_survey *s = user;
    dgm_item *item = NULL;
    const dgmi_verdict *verdict = dgmi_survey_verdict(s, line->at);
    if ((verdict && !verdict->wins) || !may_be_rewrite(line))
        return DGM_OK;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK)
        return DGM_OK;
    bool findable =
        item->status == DGM_USABLE && !dgmi_item_is_held(item, s->options.as_of);
    if (findable && item->evolved_from &&
        !dgmi_rewrites_add(s->rewrites, item->id, item->evolved_from))
        status = dgmi_fail_memory(err);
    dgm_item_free(item);
    return status;
}

/* Winners are known by now. */
static dgm_status find_rewrites(dgmi_survey *s, dgm_error *err)
{
    dgmi_position start = { 0, 0 };
    if (!s->has_rewrites)
        return DGM_OK;
    dgm_status status =
        dgmi_lines_walk(s->options.data_dir, start, s->options.to, add_rewrite, s, err);
    if (status == DGM_OK && !dgmi_rewrites_settle(s->rewrites))
        status = dgmi_fail_memory(err);
    return status;
}

void dgmi_survey_standing(const dgmi_survey *s, const dgm_item *item, dgmi_stored *stored)
{
    stored->held = dgmi_item_is_held(item, s->options.as_of);
    stored->superseded = dgmi_rewrites_supersede(s->rewrites, item->id);
}

/* ---- The whole ---- */

static dgm_status survey(dgmi_survey *s, dgm_error *err)
{
    dgmi_position start = { 0, 0 };
    dgm_status status =
        dgmi_lines_walk(s->options.data_dir, start, s->options.to, chunk_line, s, err);
    uint64_t room = s->options.memory / ENTRY_COST + 1;
    uint64_t shares = s->records / room + 1;
    for (uint64_t i = 0; status == DGM_OK && i < shares; i++)
        status = run_pass(s, i, shares, err);
    if (s->n_verdicts > 0)
        qsort(s->verdicts, s->n_verdicts, sizeof *s->verdicts, compare_verdicts);
    return status == DGM_OK ? find_rewrites(s, err) : status;
}

dgm_status dgmi_survey_new(const dgmi_survey_options *options, dgmi_survey **out,
                           dgm_error *err)
{
    *out = NULL;
    dgmi_survey *s = calloc(1, sizeof *s);
    if (!s)
        return dgmi_fail_memory(err);
    s->options = *options;
    s->digests = dgmi_arena_new(0);
    s->rewrites = dgmi_rewrites_new();
    dgm_status status =
        s->digests && s->rewrites ? survey(s, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        *out = s;
    else
        dgmi_survey_free(s);
    return status;
}

void dgmi_survey_free(dgmi_survey *s)
{
    if (!s)
        return;
    dgmi_arena_free(s->digests);
    dgmi_rewrites_free(s->rewrites);
    free(s->chunks);
    free(s->verdicts);
    free(s);
}

uint64_t dgmi_survey_records(const dgmi_survey *s)
{
    return s->records;
}

const dgmi_chunk *dgmi_survey_chunk(const dgmi_survey *s, size_t i)
{
    return i < s->n_chunks ? &s->chunks[i] : NULL;
}

const dgmi_verdict *dgmi_survey_verdict(const dgmi_survey *s, uint64_t at)
{
    if (s->n_verdicts == 0)
        return NULL;
    dgmi_verdict key = { .at = at };
    return bsearch(&key, s->verdicts, s->n_verdicts, sizeof key, compare_verdicts);
}

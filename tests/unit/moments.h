/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of earlier moments share: an archive whose items are corrected, rewritten,
 * withdrawn and killed at random. Included once by each test program. */
#ifndef DGM_TEST_MOMENTS_H
#define DGM_TEST_MOMENTS_H

#include "searching.h"

enum { ITEMS = 40, OPERATIONS = 160 };

typedef struct random_log {
    unsigned state;
    bool kills; /* else items are only added, corrected and rewritten */
    dgmi_position ends[OPERATIONS];
    size_t n;
} random_log;

static UNUSED_FN unsigned next_random(random_log *r, unsigned below)
{
    r->state = r->state * 1664525u + 1013904223u;
    return (r->state >> 8) % below;
}

/* ---- Operations ---- */

static UNUSED_FN void put_body(dgmi_buf *out, random_log *r)
{
    dgmi_buf_puts(out, "\"body\":\"Report");
    for (unsigned i = 0, n = 2 + next_random(r, 9); i < n; i++)
        dgmi_buf_printf(out, " %s", made_words[next_random(r, MADE_WORDS)]);
    dgmi_buf_puts(out, ".\"");
}

static UNUSED_FN const char *random_status(random_log *r)
{
    unsigned chance = next_random(r, 100);
    return !r->kills || chance >= 25 ? "usable" : chance < 18 ? "canceled" : "withheld";
}

/* One line: a version of some item, mostly newer than the one before. */
static UNUSED_FN void put_operation(dgmi_buf *out, random_log *r, unsigned number)
{
    unsigned item = next_random(r, ITEMS), day = number - (number > 40 ? 40 : number) / 2;
    const char *status = random_status(r);
    dgmi_buf_printf(out, "{\"id\":\"i%02u\",\"status\":\"%s\",", item, status);
    /* without a time now and then, yet not so that a source contradicts its kills */
    bool timed = next_random(r, 8) > 0 || (r->kills && strcmp(status, "canceled") != 0);
    if (timed)
        dgmi_buf_printf(out, "\"updated\":\"2021-%02u-%02uT10:%02u:00Z\",", 1 + day / 28,
                        1 + day % 28, next_random(r, 60));
    if (strcmp(status, "canceled") == 0 && next_random(r, 2)) {
        dgmi_buf_puts(out, "\"title\":\"Gone\"}\n");
        return;
    }
    if (next_random(r, 9) > 0)
        dgmi_buf_printf(out, "\"published\":\"2020-%02u-11\",", 1 + next_random(r, 12));
    if (r->kills && next_random(r, 12) == 0)
        dgmi_buf_printf(out, "\"embargo\":\"%s\",", next_random(r, 2) ? "2098" : "2020");
    /* back alone, so that there are no circles */
    if (item > 0 && next_random(r, 5) == 0)
        dgmi_buf_printf(out, "\"links\":{\"evolved_from\":\"i%02u\"},",
                        next_random(r, item));
    dgmi_buf_printf(out, "\"title\":\"Number %u of %u\",\"region\":\"%s\",", number, item,
                    made_regions[next_random(r, 3)]);
    dgmi_buf_printf(out, "\"topics\":[\"%s\"],\"language\":\"en\",",
                    made_topics[next_random(r, 3)]);
    put_body(out, r);
    dgmi_buf_puts(out, "}\n");
}

static UNUSED_FN void run_operations(const char *data, random_log *r)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < OPERATIONS; i++) {
        put_operation(&lines, r, i);
        if (next_random(r, 3) > 0)
            continue;
        feed(data, lines.p);
        r->ends[r->n++] = archive_end(data);
        dgmi_buf_reset(&lines);
    }
    if (lines.n > 0)
        feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* An archive of the first records of another one. The caller removes it. */
static UNUSED_FN char *cut_archive(const char *data, dgmi_position end)
{
    dgmi_buf log;
    void *state = NULL;
    char *path = dgmi_path_join(data, "archive/000001.ndjson");
    dgmi_buf_init(&log, 0);
    OK(dgmi_file_read(path, &log, err));
    log.p[end.offset] = '\0';
    assert_int_equal(set_up(&state), 0);
    if (end.offset > 0)
        feed(state, log.p);
    assert_int_equal(archive_end(state).offset, end.offset);
    free(path);
    dgmi_buf_clear(&log);
    return state;
}

static UNUSED_FN const char *text_of(dgmi_position place)
{
    static char text[40];
    snprintf(text, sizeof text, "%u:%llu", place.segment,
             (unsigned long long)place.offset);
    return text;
}

/* ---- Searches ---- */

static UNUSED_FN const char *const queries[] = {
    "",
    "copper",
    "copper wheat",
    "harbour OR ferry",
    "(copper wheat) OR (senate treaty) OR reactor",
    "\"copper wheat\"",
    "treaty NOT senate",
    "title:number",
    "reactor NEAR/3 bridge",
    "whea*",
    "region:Chile",
    "id:i07",
};
enum { QUERIES = sizeof queries / sizeof *queries };

#endif

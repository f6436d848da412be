/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of lib/search share: searches as one line, hits as one string, a made-up
 * archive whose every match can be told by hand. Included once by each test program. */
#ifndef DGM_TEST_SEARCHING_H
#define DGM_TEST_SEARCHING_H

#include "desk.h"

#include "buf.h"
#include "date.h"
#include "dragoman.h"

static UNUSED_FN dgm *open_desk(const char *data)
{
    dgm *desk = NULL;
    OK(dgm_open(data, NULL, &desk, err));
    return desk;
}

/* A request out of names and values, NULL behind the last. */
static UNUSED_FN dgm_request *request_of(const char *const *pairs)
{
    dgm_request *r = dgm_request_new();
    for (; *pairs; pairs += 2)
        OK(dgm_request_set(r, pairs[0], pairs[1], err));
    dgm_request_set_deadline(r, 2000); /* a sanitizer is slow */
    return r;
}

#define PAIRS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static UNUSED_FN dgm_page *search_pairs(dgm *desk, const char *const *pairs)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(pairs);
    OK(dgm_prepare(desk, r, err)); /* a sanitizer is slow */
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

#define SEARCH(desk, ...) search_pairs(desk, PAIRS(__VA_ARGS__))

/* "a b ~c": ids in order, relaxed ones behind a tilde. The caller frees. */
static UNUSED_FN char *ids_of(const dgm_page *page)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < page->n_hits; i++)
        dgmi_buf_printf(&out, "%s%s%s", i > 0 ? " " : "",
                        page->hits[i].relaxed ? "~" : "", page->hits[i].id);
    char *text = dgmi_buf_take(&out);
    dgmi_buf_clear(&out);
    return text;
}

static UNUSED_FN int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words of a string in alphabetical order. The caller frees. */
static UNUSED_FN char *sorted(const char *text)
{
    char *copy = strdup(text), *words[500], *save = NULL;
    size_t n = 0;
    for (char *w = strtok_r(copy, " ", &save); w && n < 500;
         w = strtok_r(NULL, " ", &save))
        words[n++] = w;
    qsort(words, n, sizeof words[0], compare_words);
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < n; i++)
        dgmi_buf_printf(&out, "%s%s", i > 0 ? " " : "", words[i]);
    char *made = dgmi_buf_take(&out);
    free(copy);
    return made;
}

/* ---- A made-up archive: item N has word K where a fixed rule says so ---- */

static UNUSED_FN const char *const made_words[] = {
    "harbour", "ferry", "copper", "wheat", "senate", "bridge", "reactor", "treaty",
};
enum { MADE_WORDS = 8 };

static UNUSED_FN bool made_has(unsigned item, unsigned word)
{
    unsigned x = item * 2654435761u ^ (word + 1) * 40503u;
    x ^= x >> 13;
    return x * 2246822519u >> 16 & (word < 4 ? 1 : 3) ? false : true;
}

static UNUSED_FN const char *const made_regions[] = { "Kenya", "Chile", "Norway" };
static UNUSED_FN const char *const made_topics[] = { "Energy", "Food", "Trade" };

/* Items from..to-1, one a day from 2021-01-01 on; each 7th has no date. */
static UNUSED_FN void put_made(dgmi_buf *out, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        char date[DGMI_DATE_SIZE];
        dgmi_date_format(1609459200 + (int64_t)i * 86400 + i * 60, date);
        dgmi_buf_printf(
            out, "{\"id\":\"m%03u\",\"title\":\"Number %u\",\"language\":\"en\",", i, i);
        if (i % 7 != 3)
            dgmi_buf_printf(out, "\"published\":\"%s\",", date);
        dgmi_buf_printf(out,
                        "\"region\":\"%s\",\"topics\":[\"%s\",\"%s\"],\"body\":\"Report",
                        made_regions[i % 3], made_topics[i % 2], made_topics[i % 2 + 1]);
        for (unsigned w = 0; w < MADE_WORDS; w++) {
            for (unsigned k = 0; made_has(i, w) && k <= (i + w) % 3; k++)
                dgmi_buf_printf(out, " %s", made_words[w]);
        }
        dgmi_buf_puts(out, ".\"}\n");
    }
}

static UNUSED_FN void feed_made(const char *data, unsigned from, unsigned to)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    put_made(&lines, from, to);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* ---- A small archive of plain words ---- */

static UNUSED_FN const char small_archive[] =
    "{\"id\":\"bank\",\"title\":\"Cyber attacks on banks\",\"body\":\"The ministry said "
    "that cyber"
    " attacks rose. Police "
    "investigate.\",\"published\":\"2021-06-16\",\"region\":\"Russian"
    " Federation\",\"topics\":[\"Cyber "
    "security\"],\"language\":\"en\",\"source\":\"Ministry of"
    " Finance\",\"translated\":true}\n"
    "{\"id\":\"open\",\"title\":\"Police open day\",\"body\":\"Police met citizens. "
    "Nobody spoke of an"
    " attack, cyber or "
    "not.\",\"published\":\"2021-07-01\",\"region\":\"Kenya\",\"topics\":[\"Police\","
    "\"Citizens\"],\"language\":\"en\"}\n"
    "{\"id\":\"budget\",\"title\":\"Budget\",\"body\":\"The cyber-attack budget grew. "
    "The US said"
    " so.\",\"published\":\"2020-07-01\",\"region\":\"Kenya\",\"language\":\"en\","
    "\"source\":\"Finance"
    " Ministry\"}\n"
    "{\"id\":\"note\",\"title\":\"Undated note\",\"body\":\"A cyberattack was "
    "undated.\"}\n"
    "{\"id\":\"golf\",\"title\":\"Golf\",\"body\":\"It was the best of times for the who "
    "and the"
    " what.\",\"published\":\"2019-12-31T23:30:00Z\",\"language\":\"en\",\"region\":"
    "\"Equatorial"
    " Guinea\"}\n"
    "{\"id\":\"moscow\",\"title\":\"Визит министра\",\"body\":\"Министры обсудили "
    "торговлю в Киеве."
    "\",\"published\":\"2021-06-20\",\"language\":\"ru\",\"region\":\"Russia\","
    "\"country\":\"RU\"}\n"
    "{\"id\":\"beijing\",\"title\":\"新华社\",\"body\":\"中国外交部发言人表示。\","
    "\"published\":"
    "\"2021-05-01\",\"language\":\"zh\",\"region\":\"China\"}\n"
    "{\"id\":\"kyiv\",\"title\":\"Trade talks\",\"body\":\"Ministers spoke with O’Brien "
    "of the U.N. about"
    " trade.\",\"published\":\"2021-06-20T10:00:00Z\",\"language\":\"en\",\"region\":"
    "\"Ukraine\"}\n";

static UNUSED_FN void check_ids(dgm *desk, const char *const *pairs, const char *want,
                                bool in_order)
{
    dgm_page *page = search_pairs(desk, pairs);
    char *got = ids_of(page), *got_sorted = sorted(got), *want_sorted = sorted(want);
    assert_string_equal(in_order ? got : got_sorted, in_order ? want : want_sorted);
    free(got);
    free(got_sorted);
    free(want_sorted);
    dgm_page_free(page);
}

/* The ids of all pages of a search that finds `total` items, in order. `between` may
 * change the archive after each page. The caller frees. */
static UNUSED_FN char *ids_of_pages(dgm *desk, const char *const *pairs, uint64_t total,
                                    void (*between)(const char *data, unsigned page),
                                    const char *data)
{
    dgmi_buf all;
    char *cursor = NULL;
    dgmi_buf_init(&all, 0);
    for (unsigned number = 0; number == 0 || cursor; number++) {
        dgm_request *r = request_of(pairs);
        dgm_page *page = NULL;
        if (cursor)
            OK(dgm_request_set(r, "cursor", cursor, err));
        OK(dgm_prepare(desk, r, err));
        OK(dgm_search(desk, r, &page, err));
        dgm_request_free(r);
        char *ids = ids_of(page);
        dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " " : "", ids);
        assert_int_equal(page->total, total);
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        between(data, number);
    }
    char *made = dgmi_buf_take(&all);
    dgmi_buf_clear(&all);
    return made;
}

#endif

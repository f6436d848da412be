/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What topics cost an item: bench_topics DATA TOPICS [ITEMS] makes so many topics out of
 * words of the archive, analyses items of it with and without them and prints one JSON
 * object. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse.h"
#include "clock.h"
#include "file.h"
#include "schema.h"
#include "topicfile.h"

enum { WORDS_MOST = 200000 };

static char *words[WORDS_MOST];
static size_t n_words;
static unsigned dice = 20211;

static unsigned draw(unsigned below)
{
    dice = dice * 1103515245u + 12345u;
    return (dice >> 8) % below;
}

static void must(dgm_status status, const dgm_error *err)
{
    if (status == DGM_OK)
        return;
    fprintf(stderr, "bench_topics: %s\n", err->text);
    exit(1);
}

/* Words of five to twelve small letters. */
static void gather_words(const dgm_item *item)
{
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        for (const char *p = item->paragraphs[i]; *p && n_words < WORDS_MOST;) {
            size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz");
            bool whole = n >= 5 && n <= 12 && strchr(" ,.", p[n]) && draw(20) == 0;
            if (whole)
                words[n_words++] = strndup(p, n);
            p += n ? n : 1;
        }
    }
}

static const char *word(void)
{
    return words[draw((unsigned)n_words)];
}

/* As editors write them: an alternative of phrases, and words that must be there both. */
static void write_topic(const char *folder, unsigned number)
{
    char name[40], text[500];
    dgm_error err = DGM_ERROR_INIT;
    snprintf(name, sizeof name, "t%05u.topic", number);
    snprintf(text, sizeof text,
             "label: Topic %u\nquery: \"%s %s\" OR (%s AND %s) OR %s NEAR/5 (%s OR %s)\n",
             number, word(), word(), word(), word(), word(), word(), word());
    char *path = dgmi_path_join(folder, name);
    must(dgmi_file_replace(path, text, strlen(text), &err), &err);
    free(path);
}

static dgm_item **items;
static size_t n_items;

static void read_items(const char *data, size_t most)
{
    dgm *desk = NULL;
    dgm_scan *scan = NULL;
    dgm_error err = DGM_ERROR_INIT;
    dgm_request *request = dgm_request_new();
    items = calloc(most, sizeof(dgm_item *));
    must(dgm_open(data, NULL, &desk, &err), &err);
    must(dgm_scan_open(request, most, &scan, &err), &err);
    while (n_items < most && dgm_scan_next(scan, desk, &items[n_items], &err) == DGM_OK)
        gather_words(items[n_items++]);
    dgm_scan_close(scan);
    dgm_close(desk);
}

/* Seconds for all items. */
static double analyse(dgmi_tagger *tagger, uint64_t *tags)
{
    dgmi_analyser *a = NULL;
    dgm_error err = DGM_ERROR_INIT;
    uint64_t zero = 0;
    dgmi_stored stored = { .digests = &zero, .places = &zero, .n_digests = 1 };
    must(dgmi_analyser_new(&a, &err), &err);
    dgmi_analyser_set_tagger(a, tagger);
    uint64_t began = dgmi_now_us();
    for (size_t i = 0; i < n_items; i++) {
        dgmx_doc *doc = NULL;
        must(dgmi_analyse(a, items[i], &stored, 200, &doc, NULL, &err), &err);
        for (uint32_t slot = DGMI_SLOT_TOPIC;
             tags && slot < DGMI_SLOT_TOPIC + DGMI_TOPIC_SLOTS; slot++) {
            dgmx_bytes value;
            *tags += dgmx_doc_value(doc, slot, &value, &err) == DGM_OK && value.n > 0;
        }
        dgmx_doc_free(doc);
    }
    double seconds = (double)(dgmi_now_us() - began) / 1e6;
    dgmi_analyser_free(a);
    return seconds;
}

int main(int argc, char **argv)
{
    char folder[] = P_tmpdir "/bench-topics-XXXXXX";
    dgm_error err = DGM_ERROR_INIT;
    dgm_topics *topics = NULL;
    dgmi_tagger *tagger = NULL;
    uint64_t tags = 0;
    if (argc < 3 || !mkdtemp(folder)) {
        fputs("bench_topics: DATA TOPICS [ITEMS]\n", stderr);
        return 2;
    }
    unsigned count = (unsigned)atoi(argv[2]);
    read_items(argv[1], argc > 3 ? (size_t)atoi(argv[3]) : 2000);
    if (n_items == 0 || n_words < 100)
        return 2;
    for (unsigned i = 0; i < count; i++)
        write_topic(folder, i);
    must(dgm_topics_read(folder, NULL, NULL, &topics, &err), &err);
    must(dgmi_tagger_of(topics, argv[1], &tagger, &err), &err);
    (void)analyse(NULL, NULL); /* warms */
    double without = analyse(NULL, NULL);
    (void)analyse(tagger, NULL); /* makes the keys */
    double with = analyse(tagger, &tags);
    printf("{\"topics\": %u, \"items\": %zu, \"ms_an_item_without\": %.3f, "
           "\"ms_an_item_with\": %.3f, \"topics_ms_an_item\": %.3f, \"topics_an_item\": "
           "%.2f}\n",
           count, n_items, without * 1e3 / (double)n_items, with * 1e3 / (double)n_items,
           (with - without) * 1e3 / (double)n_items, (double)tags / (double)n_items);
    dgmi_tagger_free(tagger);
    for (size_t i = 0; i < n_items; i++)
        dgm_item_free(items[i]);
    for (size_t i = 0; i < n_words; i++)
        free(words[i]);
    free(items);
    (void)dgmi_remove_tree(folder, &err);
    return 0;
}

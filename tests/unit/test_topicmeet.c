/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of deciding topics by an item's terms: always what a search finds, and mostly
 * without one. */
#include "tagging_topics.h"

#include "analyse.h"
#include "forms.h"
#include "tagger.h"

enum { TOPICS = 200, ITEMS = 120, BATCH = 60 };

static unsigned dice;

static unsigned draw(unsigned below)
{
    dice = dice * 1103515245u + 12345u;
    return (dice >> 8) % below;
}

/* Words with their forms; some share a stem and do not begin alike, some the other way
 * round. */
static const char *const english[] = {
    "harbour",   "harbours",   "harboured",    "ferry", "ferries",     "treaty",
    "treaties",  "copper",     "universal",    "sky",   "skies",       "university",
    "ministers", "minister's", "cyber-attack", "US",    "cyberattack",
};
static const char *const russian[] = {
    "порт",    "порта",    "портов", "договор", "договоры", "договором",
    "министр", "министры", "порты",  "ферма",   "медь",     "меди",
};
typedef struct wording {
    const char *language;
    const char *const *words;
    unsigned n;
} wording;
static const wording in_english = { "en", english, sizeof english / sizeof *english };
static const wording in_russian = { "ru", russian, sizeof russian / sizeof *russian };

static const char *word(const wording *w)
{
    return w->words[draw(w->n)];
}

/* ---- Items ---- */

static void put_words(dgmi_buf *out, const wording *w, unsigned n)
{
    static const char *const behind[] = { " ", " ", " ", " the ", ", ", ". ", ".\\n\\n" };
    for (unsigned i = 0; i < n; i++)
        dgmi_buf_printf(out, "%s%s", word(w), behind[draw(7)]);
}

static void feed_random(const char *data, const wording *w, unsigned from)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (unsigned i = from; i < from + BATCH; i++) {
        dgmi_buf_printf(&out, "{\"id\":\"r%03u\",\"language\":\"%s\",\"region\":\"%s\",",
                        i, w->language, made_regions[i % 3]);
        dgmi_buf_puts(&out, "\"title\":\"");
        put_words(&out, w, 1 + draw(3));
        dgmi_buf_puts(&out, "\",\"body\":\"");
        put_words(&out, w, 1 + draw(14));
        dgmi_buf_puts(&out, "\"}\n");
    }
    feed(data, out.p);
    dgmi_buf_clear(&out);
}

/* ---- Queries ---- */

static void put_phrase(dgmi_buf *out, const wording *w)
{
    dgmi_buf_printf(out, "\"%s %s\"", word(w), word(w));
}

static void put_near(dgmi_buf *out, const wording *w)
{
    static const char *const operators[] = { "NEAR/1", "NEAR/3", "ADJ/2", "SENT",
                                             "PARA" };
    const char *op = operators[draw(5)];
    if (draw(3) == 0)
        dgmi_buf_printf(out, "(%s OR %s)", word(w), word(w));
    else if (draw(3) == 0)
        put_phrase(out, w);
    else
        dgmi_buf_puts(out, word(w));
    dgmi_buf_printf(out, " %s %s", op, word(w));
    if (draw(3) == 0)
        dgmi_buf_printf(out, " %s %s", op, word(w));
}

static void put_leaf(dgmi_buf *out, const wording *w)
{
    switch (draw(9)) {
    case 0:
        put_phrase(out, w);
        break;
    case 1:
    case 2:
        dgmi_buf_puts(out, "(");
        put_near(out, w);
        dgmi_buf_puts(out, ")");
        break;
    case 3:
        dgmi_buf_printf(out, "title:%s", word(w));
        break;
    case 4:
        dgmi_buf_printf(out, "%.6s*", w->words[0]);
        break;
    case 5:
        dgmi_buf_printf(out, "(%s the %s)", word(w), word(w));
        break;
    default:
        dgmi_buf_puts(out, word(w));
    }
}

static void put_query(dgmi_buf *out, const wording *w, unsigned depth)
{
    static const char *const joins[] = { " AND ", " OR ", " AND NOT " };
    if (depth == 0 || draw(4) == 0) {
        put_leaf(out, w);
        return;
    }
    dgmi_buf_puts(out, "(");
    put_query(out, w, depth - 1);
    dgmi_buf_puts(out, joins[draw(3)]);
    put_query(out, w, depth - 1);
    dgmi_buf_puts(out, ")");
    if (depth == 2 && draw(8) == 0)
        dgmi_buf_puts(out, " region:Kenya");
}

static char *queries[TOPICS];

static void write_numbered(const char *data, unsigned i, const char *query)
{
    char name[8], text[1000];
    snprintf(name, sizeof name, "t%03u", i % 1000);
    snprintf(text, sizeof text, "label: Topic %03u\nquery: %s\n", i, query);
    write_topic(data, name, text);
}

static void write_random_topics(const char *data, const wording *w)
{
    for (unsigned i = 0; i < TOPICS; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        put_query(&out, w, draw(4));
        queries[i] = dgmi_buf_take(&out);
        write_numbered(data, i, queries[i]);
    }
}

/* ---- Both ways ---- */

static void check_random(const char *data, const wording *w, unsigned seed)
{
    unsigned some = 0;
    dice = seed;
    write_random_topics(data, w);
    for (unsigned at = 0; at < ITEMS; at += BATCH)
        feed_random(data, w, at);
    dgm *desk = open_desk(data);
    for (unsigned i = 0; i < TOPICS; i++) {
        char label[20];
        snprintf(label, sizeof label, "Topic %03u", i);
        char *tagged = all_ids(desk, "topic", label),
             *found = all_ids(desk, "q", queries[i]);
        if (strcmp(tagged, found) != 0)
            fail_msg("%s: tagged %s, found %s", queries[i], tagged, found);
        some += *found != '\0';
        free(tagged);
        free(found);
        free(queries[i]);
    }
    assert_true(some > TOPICS / 2);
    dgm_close(desk);
}

static void random_topics_are_found_as_by_a_search(void **state)
{
    check_random(*state, &in_english, 7);
}

static void random_topics_in_russian_are_found_as_by_a_search(void **state)
{
    check_random(*state, &in_russian, 11);
}

/* ---- Which are searched for ---- */

static size_t doubts(const char *data, const char *query)
{
    static const uint32_t places[] = { 1, 2, 3, 4, 5 };
    const dgmx_term terms[] = {
        { "Zharbour", 8, 1, NULL, 0 },       { "Ztreati", 7, 1, NULL, 0 },
        { "Zwheat", 6, 1, NULL, 0 },         { "harbours", 8, 0, &places[0], 1 },
        { "treaties", 8, 0, &places[2], 1 }, { "wheat", 5, 0, &places[4], 1 },
    };
    char *folder = dgmi_path_join(data, DGMI_TOPICS_FOLDER);
    dgm_topics *topics = NULL;
    dgmi_tagger *tagger = NULL;
    size_t n = 0;
    write_numbered(data, 0, query);
    OK(dgm_topics_read(folder, NULL, NULL, &topics, err));
    OK(dgmi_tagger_of(topics, data, &tagger, err));
    OK(dgmi_tagger_look(tagger, terms, sizeof terms / sizeof *terms, "en", &n, err));
    dgmi_tagger_free(tagger);
    free(folder);
    return n;
}

static void words_phrases_and_places_are_decided_without_a_search(void **state)
{
    static const char *const sure[] = {
        "harbour",
        "harbour AND NOT wheat",
        "\"harbours treaties\"",
        "harbour NEAR/2 treaty",
        "harbour ADJ/1 wheat",
        "(wheat OR harbour) NEAR/3 treaty",
        "harb*",
        "harbour AND region:Kenya AND nowhere",
        "wheat OR harbour",
        "harbour AND NOT \"harbours wheat\"",
    };
    static const char *const unsure[] = {
        "region:Kenya",  "harbour AND region:Kenya", "harb?ur",
        "title:harbour", "harbour NEAR/2 trea*",     "harbour AND NOT region:Kenya",
    };
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
        if (doubts(*state, sure[i]) != 0)
            fail_msg("%s is searched for", sure[i]);
    }
    for (size_t i = 0; i < sizeof unsure / sizeof *unsure; i++) {
        if (doubts(*state, unsure[i]) != 1)
            fail_msg("%s is taken for decided", unsure[i]);
    }
}

/* ---- Forms ---- */

static void words_that_share_a_stem_and_begin_alike_are_forms(void **state)
{
    static const uint32_t place = 1;
    const dgmx_term terms[] = {
        { "Zferri", 6, 1, NULL, 0 },     { "ferret", 6, 0, &place, 1 },
        { "ferries", 7, 0, &place, 1 },  { "ferry", 5, 0, &place, 1 },
        { "harbours", 8, 0, &place, 1 }, { "skies", 5, 0, &place, 1 },
    };
    const dgmx_term *found[4];
    uint32_t ferry = 0, harbour = 0, wheat = 0;
    dgmi_stems *stems = NULL;
    (void)state;
    OK(dgmi_stems_new(&stems, err));
    dgmi_forms *f = dgmi_forms_new(stems, "en");
    assert_true(dgmi_forms_want(f, "ferry", &ferry));
    assert_true(dgmi_forms_read(f, terms, 6));
    assert_true(dgmi_forms_want(f, "harbour", &harbour)); /* after words were met */
    assert_true(dgmi_forms_want(f, "wheat", &wheat));
    assert_true(dgmi_forms_read(f, terms, 6));
    assert_int_equal(dgmi_forms_of(f, ferry, found, 4), 2);
    assert_int_equal(dgmi_forms_of(f, ferry, found, 0), 2);
    assert_int_equal(dgmi_forms_of(f, harbour, found, 4), 1);
    assert_ptr_equal(found[0], &terms[4]);
    assert_int_equal(dgmi_forms_of(f, wheat, found, 4), 0);
    assert_true(dgmi_forms_read(f, terms, 3)); /* another item */
    assert_int_equal(dgmi_forms_of(f, ferry, found, 4), 1);
    assert_int_equal(dgmi_forms_of(f, harbour, found, 4), 0);
    dgmi_forms_free(f);
    dgmi_stems_free(stems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(random_topics_are_found_as_by_a_search),
        DESK_TEST(random_topics_in_russian_are_found_as_by_a_search),
        DESK_TEST(words_phrases_and_places_are_decided_without_a_search),
        cmocka_unit_test(words_that_share_a_stem_and_begin_alike_are_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

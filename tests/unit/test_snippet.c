/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of snippets: tables of text, marks and expected passage, and properties over
 * random text. Depends on cmocka, lib/text and lib/search/snippet.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "snippet.h"
#include "tokens.h"
#include "utf8.h"

#define MARKS_MAX 16

/* Marks spelt as a query: words count with their stems, "in quotes" as they stand and in
 * order, and wor* as a beginning. */
typedef struct query {
    dgmi_mark marks[MARKS_MAX];
    size_t n;
    char text[MARKS_MAX][2][DGMI_TOKEN_MAX * 2];
} query;

static void add_token(query *q, dgmi_stems *stems, const dgmi_token *token,
                      int32_t phrase, bool prefix)
{
    assert_true(q->n < MARKS_MAX);
    dgmi_mark *mark = &q->marks[q->n];
    dgmi_str stem = dgmi_stem(stems, "en", (dgmi_str){ token->text, token->n });
    memcpy(q->text[q->n][0], token->text, token->n);
    memcpy(q->text[q->n][1], stem.p, stem.n);
    *mark = (dgmi_mark){
        .word = q->text[q->n][0], .n = token->n, .weight = 1, .phrase = phrase
    };
    mark->prefix = prefix;
    if (phrase < 0 && !prefix) {
        mark->stem = q->text[q->n][1];
        mark->stem_n = (uint32_t)stem.n;
    }
    q->n++;
}

static void read_query(query *q, dgmi_stems *stems, const char *text)
{
    q->n = 0;
    int32_t phrases = 0;
    while (*text) {
        bool quoted = *text == '"';
        text += quoted;
        size_t n = strcspn(text, quoted ? "\"" : " ");
        bool prefix = !quoted && n > 1 && text[n - 1] == '*';
        dgmi_tokens t;
        dgmi_token token;
        dgmi_tokens_init(&t, text, n, 1);
        while (dgmi_tokens_next(&t, &token)) {
            if (!quoted || token.kind != DGMI_WHOLE)
                add_token(q, stems, &token, quoted ? phrases : -1, prefix);
        }
        phrases += quoted;
        text += n + (text[n] != '\0');
        text += strspn(text, " ");
    }
}

typedef struct desk {
    dgmi_stems *stems;
    dgmi_buf out;
    size_t at;
} desk;

/* The snippet of a text for a query; the string lives until the next call. */
static const char *cut(desk *d, const char *text, const char *words,
                       dgmi_snippet_options options)
{
    query q;
    read_query(&q, d->stems, words);
    dgmi_marks *marks = dgmi_marks_new(q.marks, q.n);
    assert_non_null(marks);
    dgmi_buf_reset(&d->out);
    dgmi_buf_puts(&d->out, "");
    dgmi_snippet(&d->out, text, strlen(text), marks, d->stems, &options, &d->at);
    dgmi_marks_free(marks);
    return d->out.n > 0 ? d->out.p : "";
}

typedef struct row {
    const char *query, *text, *snippet;
} row;

static void check(desk *d, const row *rows, size_t n)
{
    static const dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 280, "en", NULL };
    for (size_t i = 0; i < n; i++)
        assert_string_equal(cut(d, rows[i].text, rows[i].query, options),
                            rows[i].snippet);
}
#define CHECK(rows) check(*state, rows, sizeof(rows) / sizeof(rows)[0])

static void words_are_marked_with_their_inflected_forms(void **state)
{
    static const row rows[] = {
        { "attack", "Two attacks were attacked.",
          "Two <mark>attacks</mark> were <mark>attacked</mark>." },
        { "attacks", "Attack! An ATTACK.",
          "<mark>Attack</mark>! An <mark>ATTACK</mark>." },
        { "attack", "counterattack tack att", "counterattack tack att" },
        { "die", "She was dying, he died.",
          "She was <mark>dying</mark>, he <mark>died</mark>." },
        { "spies", "The spy spied.", "The <mark>spy</mark> <mark>spied</mark>." },
        { "the", "The end of the", "<mark>The</mark> end of <mark>the</mark>" },
        { "c", "C++ and c’est", "<mark>C</mark>++ and c’est" },
        { "x y", "a x b y", "a <mark>x</mark> b <mark>y</mark>" },
    };
    CHECK(rows);
}

static void quotes_mark_the_surface_alone(void **state)
{
    static const row rows[] = {
        { "\"attack\"", "Attacks follow an attack.",
          "Attacks follow an <mark>attack</mark>." },
        { "\"Côte d'Ivoire\"", "in Cote d’Ivoire’s port",
          "in <mark>Cote d’Ivoire</mark>’s port" },
    };
    CHECK(rows);
}

static void prefixes_mark_the_whole_word(void **state)
{
    static const row rows[] = {
        { "cyb*", "Cybersecurity and cyber, cy.",
          "<mark>Cybersecurity</mark> and <mark>cyber</mark>, cy." },
        { "се*", "Сергей и семья", "<mark>Сергей</mark> и <mark>семья</mark>" },
    };
    CHECK(rows);
}

static void a_phrase_is_one_span_and_only_marked_when_whole(void **state)
{
    static const row rows[] = {
        { "\"security council\"",
          "The U.N. Security Council met; security of the council.",
          "The U.N. <mark>Security Council</mark> met; security of the council." },
        { "\"security council\"", "Security\n\nCouncil",
          "<mark>Security Council</mark>" },
        { "\"cyber attack\"", "A cyber-attack, a cyber attack.",
          "A <mark>cyber-attack</mark>, a <mark>cyber attack</mark>." },
        { "\"cyberattack plan\"", "cyber-attack plan", "<mark>cyber-attack plan</mark>" },
        { "\"attack plan\"", "cyber-attack plan", "cyber-<mark>attack plan</mark>" },
        { "\"a b c\"", "a b a b c b c", "a b <mark>a b c</mark> b c" },
        { "\"a b\" \"b c\"", "a b c", "<mark>a b c</mark>" },
        { "\"a b\" b", "a b b", "<mark>a b</mark> <mark>b</mark>" },
        { "\"N.P. Patrushev\"", "by N. P. Patrushev and Patrushev",
          "by <mark>N. P. Patrushev</mark> and Patrushev" },
        { "\"not there\"", "not here, there", "not here, there" },
        { "\"covid 19\"", "COVID-19 and Covid 19",
          "<mark>COVID-19</mark> and <mark>Covid 19</mark>" },
    };
    CHECK(rows);
}

static void what_the_tokenizer_joins_is_marked_as_one(void **state)
{
    static const row rows[] = {
        { "un", "the U.N. and UN, un-",
          "the <mark>U.N.</mark> and <mark>UN</mark>, <mark>un</mark>-" },
        { "np", "N. P. Patrushev, P. N. Ivanov",
          "<mark>N. P.</mark> Patrushev, P. N. Ivanov" },
        { "p", "N. P. Patrushev and P. Orlov",
          "N. P. Patrushev and <mark>P</mark>. Orlov" },
        { "cyberattack", "a cyber-attack here", "a <mark>cyber-attack</mark> here" },
        { "attack", "a cyber-attack here", "a cyber-<mark>attack</mark> here" },
        { "cyber attack cyberattack", "a cyber-attack", "a <mark>cyber-attack</mark>" },
        { "covid19", "COVID-19", "<mark>COVID-19</mark>" },
        { "1087", "1,087 civilians", "<mark>1,087</mark> civilians" },
        { "obrien", "O’Brien said", "<mark>O’Brien</mark> said" },
        { "brien", "O’Brien said", "O’Brien said" },
        { "europe", "l’Europe, d'Europe",
          "l’<mark>Europe</mark>, d&#39;<mark>Europe</mark>" },
        { "zelenskyy", "Zelenskyy’s", "<mark>Zelenskyy</mark>’s" },
        { "cooperation", "co\u00ADoperation", "<mark>co\u00ADoperation</mark>" },
    };
    CHECK(rows);
}

static void display_keeps_accents_and_every_script_is_marked(void **state)
{
    static const row rows[] = {
        { "cafe", "Le café, cafe\u0301s",
          "Le <mark>café</mark>, <mark>cafe\u0301s</mark>" },
        { "ecole", "l’École “école”", "l’<mark>École</mark> “<mark>école</mark>”" },
        { "елка", "Наша Ёлка–ёлка", "Наша <mark>Ёлка</mark>–<mark>ёлка</mark>" },
        { "министр", "с министрами", "с <mark>министрами</mark>" },
        { "йод", "и\u0306од", "<mark>и\u0306од</mark>" },
        { "محمد", "قال مُحَمَّد اليوم", "قال <mark>مُحَمَّد</mark> اليوم" },
        { "\"安全\"", "网络安全和安定", "网络<mark>安全</mark>和安定" },
        { "ガ", "カ\u3099 と ガ", "<mark>カ\u3099</mark> と <mark>ガ</mark>" },
        { "\"สวัสดี\"", "สวัสดีครับ", "<mark>สวัสดี</mark>ครับ" },
        { "abc", "ＡＢＣ和", "<mark>ＡＢＣ</mark>和" },
        { "strasse", "die Straße", "die <mark>Straße</mark>" },
        { "한국어", "나는 한국어 책", "나는 <mark>한국어</mark> 책" },
        { "手", "iPhone手机", "iPhone<mark>手</mark>机" },
    };
    CHECK(rows);
}

static void html_is_escaped_and_text_has_no_marks(void **state)
{
    static const row rows[] = {
        { "at", "AT&T <b>\"at\"</b>",
          "<mark>AT</mark>&amp;T &lt;b&gt;&quot;<mark>at</mark>&quot;&lt;/b&gt;" },
        { "amp", "a &amp; b", "a &amp;<mark>amp</mark>; b" },
    };
    CHECK(rows);
    dgmi_snippet_options options = { DGMI_SNIPPET_TEXT, 280, "en", NULL };
    assert_string_equal(cut(*state, "AT&T  <b>at</b>", "at", options), "AT&T <b>at</b>");
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_escape_html(&out, "<é&\"'>", 7);
    assert_string_equal(out.p, "&lt;é&amp;&quot;&#39;&gt;");
    dgmi_buf_clear(&out);
}

static void the_closest_finds_draw_the_passage(void **state)
{
    static const char text[] =
        "Cyber matters opened the day. Nothing else happened for a long while in the "
        "hall. "
        "The delegates waited and waited for someone to speak at all about anything. "
        "Then a cyber attack on the grid was reported by the ministry. It was over soon. "
        "Much later an attack of another kind was mentioned in passing by a guest.";
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 80, "en", NULL };
    assert_string_equal(
        cut(*state, text, "cyber attack", options),
        "Then a <mark>cyber</mark> <mark>attack</mark> on the grid was reported by the "
        "ministry. It was over soon.");
    assert_int_equal(((desk *)*state)->at, strstr(text, "Then") - text);
    assert_string_equal(
        cut(*state, text, "guest mentioned", options),
        "Much later an attack of another kind was <mark>mentioned</mark> in "
        "passing by a <mark>guest</mark>.");
}

static void of_equal_finds_the_closer_and_then_the_first_win(void **state)
{
    static const char loose[] =
        "Cyber is first here and attack is last. "
        "Between them nothing is said that would help anyone at all to decide. "
        "Here cyber attack stand side by side.";
    static const char equal[] =
        "A cyber attack came. Between them nothing is said that would help "
        "anyone at all to decide. A cyber attack went.";
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 45, "en", NULL };
    assert_string_equal(
        cut(*state, loose, "cyber attack", options),
        "Here <mark>cyber</mark> <mark>attack</mark> stand side by side.");
    cut(*state, equal, "cyber attack", options);
    assert_int_equal(((desk *)*state)->at, 0);
}

static void without_finds_it_is_the_beginning(void **state)
{
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 20, "en", NULL };
    desk *d = *state;
    assert_string_equal(cut(d, "One two three four five six seven.", "", options),
                        "One two three four…");
    assert_int_equal(d->at, 0);
    assert_string_equal(cut(d, "One two three four five six seven.", "eight", options),
                        "One two three four…");
    assert_string_equal(cut(d, "  \n Short. ", "", options), "Short.");
    assert_string_equal(cut(d, "", "word", options), "");
    dgmi_buf_reset(&d->out);
    dgmi_snippet(&d->out, "a b", 3, NULL, NULL, &options, &d->at);
    assert_string_equal(d->out.p, "a b");
}

static void long_paragraphs_are_cut_around_the_find(void **state)
{
    desk *d = *state;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    for (int i = 0; i < 2000; i++)
        dgmi_buf_puts(&text, i == 1000 ? "needle " : "hay ");
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 100, "en", NULL };
    const char *snippet = cut(d, text.p, "needle", options);
    assert_non_null(strstr(snippet, "hay <mark>needle</mark> hay"));
    assert_memory_equal(snippet, "…hay", 6);
    assert_string_equal(snippet + strlen(snippet) - 6, "hay…");
    assert_in_range(dgmi_utf8_count(snippet, strlen(snippet)) - 13, 85, 105);
    dgmi_buf_clear(&text);
}

static void text_without_spaces_is_cut_between_characters(void **state)
{
    desk *d = *state;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    for (int i = 0; i < 500; i++)
        dgmi_buf_puts(&text, i == 300 ? "安全" : "カ\u3099");
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 50, "ja", NULL };
    const char *snippet = cut(d, text.p, "\"安全\"", options);
    assert_non_null(strstr(snippet, "<mark>安全</mark>"));
    assert_memory_equal(snippet, "…カ\u3099", 9);
    assert_string_equal(snippet + strlen(snippet) - 9, "カ\u3099…");
    assert_in_range(dgmi_utf8_count(snippet, strlen(snippet)) - 13, 40, 54);
    dgmi_buf_clear(&text);
}

static void a_find_longer_than_the_passage_is_shown_whole(void **state)
{
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 5, "en", NULL };
    assert_string_equal(
        cut(*state, "In the security council of old", "\"security council\"", options),
        "…<mark>security council</mark>…");
}

static void marks_without_weight_or_word_do_no_harm(void **state)
{
    desk *d = *state;
    dgmi_mark marks[3] = { { .word = "", .phrase = -1 },
                           { .word = NULL, .phrase = 2 },
                           { .word = "b", .n = 1, .phrase = 2 } };
    dgmi_marks *compiled = dgmi_marks_new(marks, 3);
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 0, NULL, NULL };
    dgmi_buf_reset(&d->out);
    dgmi_snippet(&d->out, "a b", 3, compiled, d->stems, &options, &d->at);
    assert_string_equal(d->out.p, "a <mark>b</mark>");
    dgmi_marks_free(compiled);
    dgmi_marks_free(NULL);
}

/* ---- Random text ---- */

static uint32_t draw(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void put_random(dgmi_buf *out, uint32_t *seed)
{
    static const char *const pieces[] = {
        "cyber",   "Attack", "attacks", " ",      " ",    " ",      "-",  "’s",
        "'",       ". ",     ".",       "\n\n",   "U.N.", "N. P. ", "é",  "e\u0301",
        "Министр", "安",     "全",      "\u00AD", "&",    "<",      "d'", "1,087",
        "\u200D",  "ガ",     "ａ",      "x",      ", ",   "“",      "😀",
    };
    dgmi_buf_puts(out, pieces[draw(seed) % (sizeof pieces / sizeof pieces[0])]);
}

/* Takes the marks out of a snippet and the entities back, and sees that marks are sound.
 */
static void strip(dgmi_buf *plain, const char *p)
{
    static const struct {
        const char *entity, *text;
    } entities[] = { { "&amp;", "&" },   { "&lt;", "<" },  { "&gt;", ">" },
                     { "&quot;", "\"" }, { "&#39;", "'" }, { "<mark>", "" },
                     { "</mark>", "" } };
    bool open = false;
    while (*p) {
        size_t e = 0;
        while (e < 7 && strncmp(p, entities[e].entity, strlen(entities[e].entity)) != 0)
            e++;
        if (e == 7) {
            assert_true(*p != '<' && *p != '>' && *p != '&' && *p != '"' && *p != '\'');
            dgmi_buf_putc(plain, *p++);
            continue;
        }
        if (e >= 5) {
            assert_int_equal(open, e == 6);
            open = !open;
        }
        dgmi_buf_puts(plain, entities[e].text);
        p += strlen(entities[e].entity);
    }
    assert_false(open);
}

static void random_text_gives_sound_snippets(void **state)
{
    static const char *const queries[] = { "attack",
                                           "cyb* un",
                                           "\"cyber attack\" cyberattack",
                                           "e x",
                                           "\"安 全\" ガ",
                                           "министр np 1087",
                                           "\"un attack\" a" };
    desk *d = *state;
    uint32_t seed = 20210616;
    for (int round = 0; round < 4000; round++) {
        dgmi_buf text, plain, html;
        dgmi_buf_init(&text, 0);
        dgmi_buf_init(&plain, 0);
        dgmi_buf_init(&html, 0);
        dgmi_buf_puts(&text, "");
        for (uint32_t n = draw(&seed) % 120; n > 0; n--)
            put_random(&text, &seed);
        char *exact = malloc(text.n + 1);
        memcpy(exact, text.n > 0 ? text.p : "", text.n + 1);
        dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 1 + draw(&seed) % 200, "en",
                                         NULL };
        const char *words = queries[draw(&seed) % (sizeof queries / sizeof queries[0])];
        dgmi_buf_puts(&html, cut(d, exact, words, options));
        assert_true(dgmi_utf8_valid(html.p, html.n));
        if (html.n > 0)
            strip(&plain, html.p);
        options.form = DGMI_SNIPPET_TEXT;
        assert_string_equal(plain.n > 0 ? plain.p : "", cut(d, exact, words, options));
        assert_true(d->at <= text.n);
        free(exact);
        dgmi_buf_clear(&text);
        dgmi_buf_clear(&plain);
        dgmi_buf_clear(&html);
    }
}

/* What the quick scan marks must be what the tokenizer finds. */
static void the_scan_finds_what_the_tokenizer_finds(void **state)
{
    desk *d = *state;
    uint32_t seed = 7;
    for (int round = 0; round < 4000; round++) {
        static const char *const words[] = {
            "attack",  "cyber", "cyberattack", "un", "np", "e",  "x", "s",
            "министр", "安",    "1087",        "n",  "p",  "ガ", "a"
        };
        const char *word = words[draw(&seed) % (sizeof words / sizeof words[0])];
        dgmi_buf text;
        dgmi_buf_init(&text, 0);
        for (uint32_t n = draw(&seed) % 30; n > 0; n--)
            put_random(&text, &seed);
        dgmi_buf_putc(&text, ' ');
        dgmi_tokens t;
        dgmi_token token;
        bool expected = false;
        dgmi_tokens_init(&t, text.p, text.n, 1);
        while (dgmi_tokens_next(&t, &token))
            expected = expected || (token.n == strlen(word) &&
                                    memcmp(token.text, word, token.n) == 0);
        char quoted[40];
        snprintf(quoted, sizeof quoted, "\"%s\"", word);
        dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 5000, "en", NULL };
        const char *snippet = cut(d, text.p, quoted, options);
        if ((strstr(snippet, "<mark>") != NULL) != expected)
            fail_msg("%s in: %s", word, text.p);
        dgmi_buf_clear(&text);
    }
}

static void huge_text_is_cut_in_bounded_time(void **state)
{
    desk *d = *state;
    static const char *const fillings[] = { "cyber ", "cyber-", "a",      "安",
                                            "c’",     "A. ",    "\u0301", "cyber. " };
    dgmi_snippet_options options = { DGMI_SNIPPET_HTML, 280, "en", NULL };
    for (size_t f = 0; f < sizeof fillings / sizeof fillings[0]; f++) {
        dgmi_buf text;
        dgmi_buf_init(&text, 0);
        while (text.n < 3u << 20)
            dgmi_buf_puts(&text, fillings[f]);
        const char *snippet =
            cut(d, text.p, "\"cyber cyber cyber attack\" \"安 安 安 全\" attack \"a\"",
                options);
        assert_in_range(strlen(snippet), 1, 3000);
        dgmi_buf_clear(&text);
    }
}

static int make_desk(void **state)
{
    static desk d;
    dgmi_buf_init(&d.out, 0);
    *state = &d;
    return dgmi_stems_new(&d.stems, NULL) == DGM_OK ? 0 : 1;
}

static int free_desk(void **state)
{
    desk *d = *state;
    dgmi_stems_free(d->stems);
    dgmi_buf_clear(&d->out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_marked_with_their_inflected_forms),
        cmocka_unit_test(quotes_mark_the_surface_alone),
        cmocka_unit_test(prefixes_mark_the_whole_word),
        cmocka_unit_test(a_phrase_is_one_span_and_only_marked_when_whole),
        cmocka_unit_test(what_the_tokenizer_joins_is_marked_as_one),
        cmocka_unit_test(display_keeps_accents_and_every_script_is_marked),
        cmocka_unit_test(html_is_escaped_and_text_has_no_marks),
        cmocka_unit_test(the_closest_finds_draw_the_passage),
        cmocka_unit_test(of_equal_finds_the_closer_and_then_the_first_win),
        cmocka_unit_test(without_finds_it_is_the_beginning),
        cmocka_unit_test(long_paragraphs_are_cut_around_the_find),
        cmocka_unit_test(text_without_spaces_is_cut_between_characters),
        cmocka_unit_test(a_find_longer_than_the_passage_is_shown_whole),
        cmocka_unit_test(marks_without_weight_or_word_do_no_harm),
        cmocka_unit_test(random_text_gives_sound_snippets),
        cmocka_unit_test(the_scan_finds_what_the_tokenizer_finds),
        cmocka_unit_test(huge_text_is_cut_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, make_desk, free_desk);
}

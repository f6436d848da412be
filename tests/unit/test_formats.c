/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of formats.c and sniff.c: which format bytes are. Depends on lib/read. */
#include "collect.h"

#include "reader.h"

#define P "\n\n"

typedef struct sniff_case {
    const char *text;
    const char *format; /* NULL: none */
} sniff_case;

static const sniff_case cases[] = {
    { "<rss version=\"2.0\"><channel/></rss>", "rss" },
    { " \n<?xml version=\"1.0\"?>\n<!-- a <feed> inside -->\n<rss>", "rss" },
    { "\xEF\xBB\xBF<?xml version='1.0'?><RSS>", "rss" },
    { "<!DOCTYPE rss PUBLIC \"-//x//y\" \"http://desk.example/rss.dtd\"><rss>", "rss" },
    { "<!DOCTYPE rss [ <!ELEMENT rss ANY> ]><rss>", "rss" },
    { "<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'>", "rdf" },
    { "<RDF><channel/></RDF>", "rdf" },
    { "<rdf:RDF xmlns:rdf='x'><rdf:Description/></rdf:RDF>", NULL },
    { "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "atom" },
    { "<atom:feed xmlns:atom='x'>", "atom" },
    { "<entry>", "atom" },
    { "<!DOCTYPE html><html><body>MIL OSI</body></html>", "html" },
    { "<!-- a page --><HTML lang=en>", "html" },
    { "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>", "newsml" },
    { "<n:newsItem xmlns:n='x'>", "newsml" },
    { "<packageItem>", "newsml" },
    { "<!DOCTYPE nitf SYSTEM 'nitf-3-2.dtd'><nitf>", "nitf" },
    { "<NewsML/>", "newsml1" },
    { "<svg/>", NULL },
    { "<", NULL },
    { "{\"id\": 1}", "ndjson" },
    { "{\n  \"id\": 1\n}", "ndjson" },
    { " [ {\"id\": 1} ]", "ndjson" },
    { "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[", "jsonfeed" },
    { "{\"items\":[{\"version\":\"https://jsonfeed.org/version/1\"}]}", "ndjson" },
    { "{\"id\":1,\"body\":\"see \\\"version\\\": jsonfeed.org/version/1\"}", "ndjson" },
    { "{\"uri\":\"a\"}", "ninjs" },
    { "{\"guid\":\"a\",\"type\":\"text\"}", "ninjs" },
    { "[\n{\"headline\":\"x\",\"urgency\":3,\"body_html\":\"<p>", "ninjs" },
    { "{\"data\":{\"item\":{\"uri\":\"a\",\"type\":\"text\"}}}", "ninjs" },
    { "{\"uri\":\"a\",\"title\":\"x\",\"body\":\"y\"}", "ndjson" },
    { "{\"dgm\":1,\"uri\":\"a\",\"urgency\":3,\"slugline\":\"x\"}", "ndjson" },
    { "[{\"id\":1,\"type\":\"post\",\"guid\":{\"rendered\":\"x\"}}]", "wordpress" },
    { "{\"id\":1,\"more\":{\"uri\":\"a\",\"type\":\"text\"}}", "ndjson" },
    { "{ not json }", NULL },
    { "Post sponsored by" P "MIL OSI Translation. Region: Norway \xE2\x80\x93",
      "milosi" },
    { "Any text", "milosi" },
    { "", NULL },
    { " \n ", NULL },
};

static void the_format_is_told_from_the_first_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const dgmi_format *format = dgmi_sniff(cases[i].text, strlen(cases[i].text));
        const char *name = format != NULL ? format->name : NULL;
        if (cases[i].format == NULL ? name != NULL : name == NULL)
            fail_msg("%s is taken for %s", cases[i].text,
                     name != NULL ? name : "nothing");
        assert_text(name, cases[i].format);
    }
}

static void the_table_and_its_names_agree(void **state)
{
    (void)state;
    static const char *const names[] = { "milosi",   "rss",   "rdf",      "atom",
                                         "newsml",   "nitf",  "html",     "ndjson",
                                         "jsonfeed", "ninjs", "wordpress" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_non_null(dgmi_format_find(names[i]));
        assert_string_equal(dgmi_format_find(names[i])->name, names[i]);
    }
    size_t n = 0;
    for (; dgm_format_at(n) != NULL; n++)
        assert_ptr_equal(dgmi_format_find(dgm_format_at(n)), dgmi_format_at(n));
    assert_true(n >= sizeof names / sizeof *names);
    assert_null(dgmi_format_at(n));
    assert_null(dgmi_format_find("auto"));
    assert_null(dgmi_format_find(""));
}

/* What is accepted as text when nobody says that it is. */
static void only_prose_is_taken_unasked(void **state)
{
    (void)state;
    static const char prose[] =
        "The harbour office opened a second pier, and ships of all sizes may now moor at "
        "it all day." P "Fees stay as they were, said the head of the office, who did "
        "not want to name any figures.";
    static const char code[] = "int main(void)\n{\n    return f(1, 2) + g(3) * (4 - "
                               "x[5]) / (y ? z : 6) - (1 << 7) + h();\n}\n\n"
                               "static int f(int a, int b)\n{\n    return (a + b) * (a - "
                               "b) / ((a & b) | (a ^ b)) + 1;\n}\n\n";
    static const struct {
        const char *text;
        size_t n;
        bool taken;
    } texts[] = {
        { prose, sizeof prose - 1, true },
        { code, sizeof code - 1, false },
        { "One line of text.", 17, false },
        { "MIL OSI Russia News", 19, true },
        { "\x7F"
          "ELF\1\1\0\0\0MIL OSI",
          17, false },
        { "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16, false },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        collected c;
        collect_bytes(&c, "file", "auto", texts[i].text, texts[i].n);
        if (c.n_rejects == 1 && i != 3)
            assert_string_equal(c.rejects[0].reason, "no format knows it");
        assert_int_equal(c.n + c.n_rejects, 1);
        if (i != 3) /* nothing but a mark: known, yet empty */
            assert_int_equal(c.n, texts[i].taken ? 1 : 0);
        else
            assert_string_equal(c.rejects[0].reason, "neither a title nor a body");
        if (c.n_rejects == 1) {
            assert_int_equal(c.rejects[0].n, texts[i].n);
            assert_memory_equal(c.rejects[0].bytes, texts[i].text, texts[i].n);
        }
        collect_clear(&c);
    }
}

static void a_named_format_is_not_asked_twice(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "file", "milosi", "One line of text.");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "One line of text.");
    collect_clear(&c);
    collect_text(&c, "file", "milosi", "{\"title\": \"x\"}");
    assert_int_equal(c.n, 1);
    collect_clear(&c);
}

static void a_file_name_dates_what_has_no_date(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t wanted;
    } names[] = {
        { "/archive/2021-06-21-pier.txt", 1624233600 },
        { "2021-06-21.txt", 1624233600 },
        { "/archive/2021-06-31-pier.txt", DGM_NO_TIME },
        { "/2021-06-21/pier.txt", DGM_NO_TIME },
        { "2021-06-211.txt", DGM_NO_TIME },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        collected c;
        collect_text(&c, names[i].name, "milosi", "Text.");
        assert_true(c.items[0]->published == names[i].wanted);
        assert_true(c.items[0]->fetched != DGM_NO_TIME);
        collect_clear(&c);
    }
    collected c;
    collect_text(&c, "2021-06-21.json", NULL, "{\"title\":\"x\",\"date\":\"2015\"}");
    assert_true(c.items[0]->published == 1420070400);
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_is_told_from_the_first_bytes),
        cmocka_unit_test(the_table_and_its_names_agree),
        cmocka_unit_test(only_prose_is_taken_unasked),
        cmocka_unit_test(a_named_format_is_not_asked_twice),
        cmocka_unit_test(a_file_name_dates_what_has_no_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of htmlpage.c, pagetext.c and ld_read.c: web pages to items. Depends on lib/read.
 */
#include "collect.h"

#define LONG                                                                             \
    "<p>The harbour office opened a second pier on Monday, and ships of all sizes may "  \
    "now moor at it all day and all night, said the head of the office.</p>"
#define PAGE(head, body)                                                                 \
    "<!DOCTYPE html><html lang='nb'><head>" head "</head><body>" body "</body></html>"

static const char full[] = PAGE(
    "<meta charset='utf-8'><title>A pier | Fjord Wire</title>"
    "<meta property='og:title' content='A pier &amp; swans'>"
    "<meta property='og:site_name' content='Fjord Wire'>"
    "<meta property='article:published_time' content='2021-06-16T08:00:00+02:00'>"
    "<meta property='article:modified_time' content='2021-06-16T10:00:00Z'>"
    "<meta property='article:tag' content='Harbours'>"
    "<meta name='author' content='Anna Keller'>"
    "<link rel='canonical' href='https://fjord.example/pier'>"
    "<script>var a = '<p>not this</p>';</script>",
    "<nav><ul><li>Home</li><li>Sport</li></ul></nav><header><h1>Fjord Wire</h1></header>"
    "<main><article><h1>A pier &amp; swans</h1>" LONG
    "<div class='share-buttons'>Share this</div><h2>Swans</h2><p>They "
    "came.<br>All of them.</p>"
    "<aside>Read also</aside></article></main><footer>Imprint</footer>");

static void a_page_tells_what_it_is(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "page", NULL, full);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->title, "A pier & swans");
    assert_string_equal(item->url, "https://fjord.example/pier");
    assert_string_equal(item->id, "https://fjord.example/pier");
    assert_true(item->published == 1623823200);
    assert_true(item->updated == 1623837600);
    assert_string_equal(item->language, "nb");
    assert_string_equal(item->source, "Fjord Wire");
    assert_string_equal(item->author, "Anna Keller");
    assert_int_equal(item->n_topics, 1);
    assert_string_equal(item->topics[0], "Harbours");
    collect_clear(&c);
}

static void only_the_article_is_taken(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "page", NULL, full);
    const dgm_item *item = c.items[0];
    assert_int_equal(item->n_paragraphs, 3);
    assert_memory_equal(item->paragraphs[0], "The harbour", 11);
    assert_string_equal(item->paragraphs[1], "Swans");
    assert_string_equal(item->paragraphs[2], "They came. All of them.");
    collect_clear(&c);
}

static void the_article_is_found_by_what_holds_most_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first; /* NULL: no article */
    } cases[] = {
        { PAGE("<title>t</title>", "<div>menu</div><div>" LONG "</div><div>foot</div>"),
          "The harbour" },
        { PAGE("<title>t</title>",
               "<div><a href='/'>a long list of links to other pages of this site, which "
               "is "
               "no text of an article at all</a></div><main><p>Short.</p></main>"),
          "Short." },
        { PAGE("<title>t</title>", "<article>a</article><div itemprop='articleBody'>Here."
                                   "</div>"),
          "Here." },
        { PAGE("<title>t</title>", "<div role='main'><p>Here.</p></div>"), "Here." },
        { PAGE("<title>t</title>",
               "<article>" LONG "</article><article><p>teaser</p></article>"),
          "The harbour" },
        { PAGE("<title>t</title>",
               "<article>teaser one</article><article>teaser two</article>"
               "<article>teaser 3</article><article>teaser 4</article>"
               "<article>teaser 5</article>"),
          NULL },
        { PAGE("<title>t</title>", "<div>a few words</div>"), NULL },
        { PAGE("<title>t</title>", "<nav>" LONG "</nav>"), NULL },
        { PAGE("<title>t</title>", "<article hidden>" LONG "</article>"), NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "page", NULL, cases[i].text);
        if (c.n != (cases[i].first != NULL))
            fail_msg("case %zu gives %zu items", i, c.n);
        if (c.n == 1)
            assert_memory_equal(c.items[0]->paragraphs[0], cases[i].first,
                                strlen(cases[i].first));
        else
            assert_string_equal(c.rejects[0].reason, "no article is found on the page");
        if (c.n == 0) /* it is kept as it came */
            assert_memory_equal(c.rejects[0].bytes, cases[i].text, strlen(cases[i].text));
        collect_clear(&c);
    }
}

static void dates_come_from_wherever_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t published;
    } cases[] = {
        { PAGE("<meta name='date' content='2021-06-16'>", "<article>" LONG "</article>"),
          1623801600 },
        { PAGE("", "<time datetime='2020-01-01'></time><article>"
                   "<time datetime='2021-06-16'>x</time>" LONG "</article>"),
          1623801600 },
        { PAGE("", "<time datetime='2021-06-16'></time><article>" LONG "</article>"),
          1623801600 },
        { PAGE("<meta name='date' content='soon'>",
               "<article><time datetime='2021-06-16'></time>" LONG "</article>"),
          1623801600 },
        { PAGE(
              "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"Person\"},"
              "{\"@type\":[\"NewsArticle\"],\"datePublished\":\"2021-06-16\"}]}</script>",
              "<article>" LONG "</article>"),
          1623801600 },
        { PAGE("<script type='application/ld+json'>[[[[[[[[[[[[{\"@type\":</script>",
               "<article>" LONG "</article>"),
          DGM_NO_TIME },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "page", NULL, cases[i].text);
        assert_int_equal(c.n, 1);
        if (c.items[0]->published != cases[i].published)
            fail_msg("case %zu is dated %lld", i, (long long)c.items[0]->published);
        collect_clear(&c);
    }
}

static void json_ld_fills_the_gaps(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "page", NULL,
        "<html><head><script type='application/ld+json'>{\"@type\":\"NewsArticle\","
        "\"headline\":\"A pier\",\"author\":[{\"@type\":\"Person\",\"name\":\"Anna "
        "Keller\"}],\"publisher\":{\"name\":\"Fjord Wire\"},\"inLanguage\":\"en-GB\","
        "\"keywords\":7}</script></head><body><main>" LONG "</main></body></html>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "A pier");
    assert_string_equal(c.items[0]->author, "Anna Keller");
    assert_string_equal(c.items[0]->source, "Fjord Wire");
    assert_string_equal(c.items[0]->language, "en");
    collect_clear(&c);
}

static void a_declared_charset_counts(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "page", NULL,
                 "<html><head><meta http-equiv='Content-Type' content='text/html; "
                 "charset=koi8-r'><title>\xF0\xC9\xD2\xD3</title></head><body><main>" LONG
                 "</main></body></html>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "\xD0\x9F\xD0\xB8\xD1\x80\xD1\x81");
    collect_clear(&c);
}

static void hostile_pages_end_in_a_named_rejection(void **state)
{
    (void)state;
    static const struct {
        const char *repeated, *reason;
        size_t n;
    } cases[] = {
        { "<div>", "the HTML is nested too deeply", 5000 },
        { "<p>", "the HTML has more than a million elements", 1200000 },
        { "<div a=", "the HTML has a tag that is too large", 40000 },
        { "<!--", "no article is found on the page", 5000 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n;
        char *middle = repeat(cases[i].repeated, cases[i].n, &n);
        n += 20;
        char *text = malloc(n);
        snprintf(text, n, "<html>%s", middle);
        collected c;
        collect_text(&c, "page", NULL, text);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].reason, cases[i].reason);
        collect_clear(&c);
        free(text);
        free(middle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_tells_what_it_is),
        cmocka_unit_test(only_the_article_is_taken),
        cmocka_unit_test(the_article_is_found_by_what_holds_most_text),
        cmocka_unit_test(dates_come_from_wherever_they_stand),
        cmocka_unit_test(json_ld_fills_the_gaps),
        cmocka_unit_test(a_declared_charset_counts),
        cmocka_unit_test(hostile_pages_end_in_a_named_rejection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

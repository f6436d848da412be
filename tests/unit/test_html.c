/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of html.c, strip.c and chars.c: markup to paragraphs and lines. Depends on
 * lib/read. */
#include "collect.h"

#include "reader.h"

typedef struct html_case {
    const char *html;
    const char *text; /* as dgmi_html_to_text gives it, ends trimmed */
} html_case;

static const html_case cases[] = {
    { "<p>one</p><p>two</p>", "one\n\ntwo" },
    { "<p>one</p>\n\n\n<p>two</p>", "one\n\ntwo" },
    { "one<br/>two<br>\nthree", "one\ntwo\nthree" },
    { "one<br><br>two", "one\n\ntwo" },
    { "<p>a <b>b</b>  <i> c</i>\n d</p>", "a b c d" },
    { "<ul><li>one</li><li>two</li></ul>", "one\n\ntwo" },
    { "<h2>head</h2>text<div>more</div>", "head\n\ntext\n\nmore" },
    { "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc" },
    { "<p>a</p><script>var x = '<p>no</p>';</script><style>p{}</style><p>b</p>",
      "a\n\nb" },
    { "a&nbsp;&amp;&#8211;&eacute;&#x2014;&lt;b&gt;",
      "a &\xE2\x80\x93\xC3\xA9\xE2\x80\x94<b>" },
    { "<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\n\nb" },
    { "a < b and c > d & e", "a < b and c > d & e" },
    { "<a href='x'>link</a>ed <img src=y alt=z>text", "linked text" },
    { "safe<object>text</object> <iframe src=x>kept</iframe>", "safetext kept" },
    { "<!-- no --><p>yes<!-- no -->!</p>", "yes!" },
    { "<p>unclosed <b>bold<p>next", "unclosed bold\n\nnext" },
    { "</p></div>text", "text" },
    { "<meta charset='utf-16'><p>\xC3\xA9</p>", "\xC3\xA9" },
    { "", "" },
    { "<p></p>", "" },
};

static dgmi_str trim(const dgmi_buf *b)
{
    dgmi_str s = dgmi_buf_str(b);
    return dgmi_str_trim(s);
}

static void assert_same(dgmi_str is, const char *wanted, const char *html)
{
    if (!dgmi_str_eq(is, wanted))
        fail_msg("%s gives \"%.*s\"", html, (int)is.n, is.n > 0 ? is.p : "");
}

static void blocks_become_paragraphs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 1 << 16);
        dgmi_html_to_text(&out, dgmi_str_of(cases[i].html));
        assert_same(trim(&out), cases[i].text, cases[i].html);
        dgmi_buf_clear(&out);
    }
}

/* The stand-in for hostile documents agrees where nothing is left open. */
static void stripping_gives_the_same_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strstr(cases[i].html, "&nbsp;</p>") != NULL)
            continue; /* gaps are not its business */
        dgmi_buf out;
        dgmi_buf_init(&out, 1 << 16);
        dgmi_html_strip(&out, dgmi_str_of(cases[i].html));
        dgmi_buf line, wanted;
        dgmi_buf_init(&line, 1 << 16);
        dgmi_buf_init(&wanted, 1 << 16);
        for (size_t k = 0; k < out.n; k++) {
            if ((unsigned char)out.p[k] > ' ')
                dgmi_buf_putc(&line, out.p[k]);
        }
        for (const char *p = cases[i].text; *p != '\0'; p++) {
            if ((unsigned char)*p > ' ')
                dgmi_buf_putc(&wanted, *p);
        }
        dgmi_buf_putc(&wanted, '\0');
        assert_same(dgmi_str_of(line.n > 0 ? line.p : ""), wanted.p, cases[i].html);
        dgmi_buf_clear(&out);
        dgmi_buf_clear(&line);
        dgmi_buf_clear(&wanted);
    }
}

static void titles_become_one_line(void **state)
{
    (void)state;
    static const html_case titles[] = {
        { "Plain", "Plain" },
        { "  Two\n words ", "Two words" },
        { "AT&amp;T &amp; others", "AT&T & others" },
        { "AT&T", "AT&T" },
        { "Fish &amp;amp; ships", "Fish & ships" },
        { "&lt;b&gt;Bold&lt;/b&gt; move", "Bold move" },
        { "A <em>word</em>", "A word" },
        { "History of the &lt;blink&gt; tag", "History of the <blink> tag" },
        { "It&#8217;s &#38;#8211; so", "It\xE2\x80\x99s \xE2\x80\x93 so" },
        { "&bogus; &#0; &#xD800; &#150;x", "&bogus; \xE2\x80\x93x" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 1 << 16);
        dgmi_html_text(&out, dgmi_str_of(titles[i].html));
        assert_same(dgmi_buf_str(&out), titles[i].text, titles[i].html);
        dgmi_buf_clear(&out);
    }
}

static size_t count_paragraphs(const char *html, size_t n, const char *first)
{
    dgmi_item *b = dgmi_item_new();
    dgm_item *item;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_html_paragraphs(b, (dgmi_str){ html, n });
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_OK);
    size_t count = item->n_paragraphs;
    if (first != NULL)
        assert_string_equal(item->paragraphs[0], first);
    dgm_item_free(item);
    return count;
}

static void hostile_markup_loses_no_text_and_no_time(void **state)
{
    (void)state;
    size_t n;
    char *html = repeat("<div><b>", 100000, &n);
    memcpy(html + n - 8, "the text", 8);
    assert_int_equal(count_paragraphs(html, n, "the text"), 1);
    free(html);
    html = repeat(" a b", 500000, &n); /* one tag of a million attributes */
    memcpy(html, "<p ", 3);
    memcpy(html + n - 8, ">the txt", 8);
    assert_int_equal(count_paragraphs(html, n, "the txt"), 1);
    free(html);
    html = repeat("<!--x>", 200000, &n);
    count_paragraphs(html, n, NULL);
    free(html);
    html = repeat("<script>", 100000, &n);
    count_paragraphs(html, n, NULL);
    free(html);
    html = repeat("<p>x</p>", 10000, &n);
    assert_int_equal(count_paragraphs(html, n, "x"), 10000);
    free(html);
}

static void text_without_tags_keeps_its_lines(void **state)
{
    (void)state;
    static const char text[] = "Post sponsored by\n\nOne &amp; two.\n\nThree.";
    assert_int_equal(count_paragraphs(text, sizeof text - 1, "Post sponsored by"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_become_paragraphs),
        cmocka_unit_test(stripping_gives_the_same_words),
        cmocka_unit_test(titles_become_one_line),
        cmocka_unit_test(hostile_markup_loses_no_text_and_no_time),
        cmocka_unit_test(text_without_tags_keeps_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

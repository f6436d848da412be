/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where on a web page its article stands. Depends on page.h. Careful rather than clever:
 * a page of many teasers has no article, and is refused. */
#include "page.h"

#include <string.h>

enum {
    ENOUGH = 100, /* bytes of text, without spaces, that make an article where no element
                     says so */
    SHARE = 4     /* an article has at least one part in so many of a page's text */
};

/* What the text of each element adds up to, links left out. */
typedef struct weights {
    const xmlNode *marked, *article, *main, *dense;
    size_t n_marked, n_article, n_main, n_dense;
} weights;

static bool is_any(const xmlNode *node, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (dgmi_xml_is(node, *names))
            return true;
    }
    return false;
}

/* Whether an attribute holds one of the words, parted by anything but letters. */
static bool has_word(const xmlNode *node, const char *attribute, const char *const *words)
{
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str rest = dgmi_xml_value(node, attribute, &buf);
    bool found = false;
    for (size_t i = 0; i < rest.n; i++) {
        if (strchr("-_/:.\t\r\n", rest.p[i]) != NULL)
            buf.p[rest.p - buf.p + (ptrdiff_t)i] = ' ';
    }
    dgmi_str word;
    while (!found && dgmi_str_split(&rest, ' ', &word)) {
        for (size_t i = 0; words[i] != NULL && !found; i++)
            found = dgmi_str_eq_nocase(word, words[i]);
    }
    dgmi_buf_clear(&buf);
    return found;
}

bool dgmi_page_skips(const xmlNode *node)
{
    static const char *const names[] = { "nav",    "footer", "aside",    "form",
                                         "header", "button", "select",   "dialog",
                                         "iframe", "menu",   "textarea", NULL };
    static const char *const roles[] = {
        "navigation", "banner", "contentinfo", "complementary", "search", "dialog", NULL
    };
    static const char *const words[] = { "share",       "sharing", "social", "comments",
                                         "cookie",      "cookies", "navbar", "newsletter",
                                         "breadcrumb",  "related", "promo",  "sidebar",
                                         "breadcrumbs", "footer",  NULL };
    static const char *const truth[] = { "true", NULL };
    if (node->type != XML_ELEMENT_NODE || dgmi_xml_is(node, "body"))
        return false;
    if (is_any(node, names) ||
        dgmi_tag_kind(dgmi_str_of((const char *)node->name)) == DGMI_HIDDEN)
        return true;
    return has_word(node, "role", roles) || has_word(node, "class", words) ||
           has_word(node, "id", words) || has_word(node, "aria-hidden", truth) ||
           xmlHasProp((xmlNode *)node, (const xmlChar *)"hidden") != NULL;
}

static size_t count_text(const xmlNode *node)
{
    size_t n = 0;
    for (const char *p = (const char *)node->content; p != NULL && *p != '\0'; p++)
        n += (unsigned char)*p > ' ';
    return n;
}

static bool is_container(const xmlNode *node)
{
    static const char *const names[] = { "div",   "section", "article", "main",
                                         "td",    "body",    "center",  "tr",
                                         "table", "tbody",   "html",    NULL };
    return is_any(node, names);
}

static void keep_best(const xmlNode **best, size_t *most, const xmlNode *node, size_t n)
{
    if (n > *most) {
        *best = node;
        *most = n;
    }
}

static void weigh_element(weights *w, const xmlNode *node, size_t all, size_t direct)
{
    static const char *const main_role[] = { "main", NULL };
    static const char *const marks[] = { "articleBody", NULL };
    if (has_word(node, "itemprop", marks))
        keep_best(&w->marked, &w->n_marked, node, all);
    if (dgmi_xml_is(node, "article"))
        keep_best(&w->article, &w->n_article, node, all);
    if (dgmi_xml_is(node, "main") || has_word(node, "role", main_role))
        keep_best(&w->main, &w->n_main, node, all);
    if (is_container(node))
        keep_best(&w->dense, &w->n_dense, node, direct);
}

/* The text below node; what stands in it directly or in its paragraphs is told apart from
 * what stands in further containers. The tree is not deep (html.c). */
static size_t weigh(weights *w, const xmlNode *node)
{
    size_t all = 0, direct = 0;
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        size_t n = 0;
        if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE)
            n = count_text(c);
        else if (c->type == XML_ELEMENT_NODE && !dgmi_xml_is(c, "a") &&
                 !dgmi_xml_is(c, "head") && !dgmi_page_skips(c))
            n = weigh(w, c);
        all += n;
        direct += c->type == XML_ELEMENT_NODE && is_container(c) ? 0 : n;
    }
    weigh_element(w, node, all, direct);
    return all;
}

const xmlNode *dgmi_page_article(const xmlNode *html)
{
    weights w = { .marked = NULL };
    size_t all = weigh(&w, html);
    if (w.n_marked > 0)
        return w.marked;
    if (w.n_article > 0 && w.n_article * SHARE >= all)
        return w.article;
    if (w.article == NULL && w.n_main > 0 && w.n_main * SHARE >= all)
        return w.main;
    return w.n_dense >= ENOUGH && w.n_dense * SHARE >= all ? w.dense : NULL;
}

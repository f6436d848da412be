/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML to paragraphs, by libxml2's parser and without a tree; and to a tree for those
 * who need one. Depends on reader.h and lib/base. */
#include "reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>

#include "fail.h"
#include "utf8.h"

enum {
    DEPTH_MAX = 200, /* beyond, libxml2's search for open elements takes too long */
    TAG_MAX = 64 * 1024,
    ATTRIBUTES_MAX = 200,
    ELEMENTS_MAX = 1000000, /* of a tree, which takes much more memory than its bytes */
    TAG_NAME_MAX = 12
};

static const int parse_flags = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                               HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                               HTML_PARSE_IGNORE_ENC;

typedef struct tag {
    const char *name;
    dgmi_tag kind;
} tag;

/* In the order of their names: they are looked up by halves. */
static const tag tags[] = {
    { "address", DGMI_BLOCK },    { "article", DGMI_BLOCK },   { "aside", DGMI_BLOCK },
    { "blockquote", DGMI_BLOCK }, { "body", DGMI_BLOCK },      { "br", DGMI_BREAK },
    { "center", DGMI_BLOCK },     { "dd", DGMI_BLOCK },        { "div", DGMI_BLOCK },
    { "dl", DGMI_BLOCK },         { "dt", DGMI_BLOCK },        { "fieldset", DGMI_BLOCK },
    { "figcaption", DGMI_BLOCK }, { "figure", DGMI_BLOCK },    { "footer", DGMI_BLOCK },
    { "form", DGMI_BLOCK },       { "h1", DGMI_BLOCK },        { "h2", DGMI_BLOCK },
    { "h3", DGMI_BLOCK },         { "h4", DGMI_BLOCK },        { "h5", DGMI_BLOCK },
    { "h6", DGMI_BLOCK },         { "header", DGMI_BLOCK },    { "hr", DGMI_RULE },
    { "li", DGMI_BLOCK },         { "main", DGMI_BLOCK },      { "nav", DGMI_BLOCK },
    { "ol", DGMI_BLOCK },         { "p", DGMI_BLOCK },         { "pre", DGMI_BLOCK },
    { "script", DGMI_HIDDEN },    { "section", DGMI_BLOCK },   { "style", DGMI_HIDDEN },
    { "summary", DGMI_BLOCK },    { "svg", DGMI_HIDDEN },      { "table", DGMI_BLOCK },
    { "td", DGMI_CELL },          { "template", DGMI_HIDDEN }, { "th", DGMI_CELL },
    { "title", DGMI_BLOCK },      { "tr", DGMI_BLOCK },        { "ul", DGMI_BLOCK },
};

typedef struct walker {
    dgmi_buf *out;
    htmlParserCtxt *ctxt;
    int hidden;    /* elements open whose text is not shown */
    size_t opened; /* where the paragraph that is open began in out */
    bool blank;    /* it has held a space that does not collapse, and nothing else */
    bool too_deep;
} walker;

static int compare_tags(const void *a, const void *b)
{
    return strcmp(((const tag *)a)->name, ((const tag *)b)->name);
}

dgmi_tag dgmi_tag_kind(dgmi_str name)
{
    char lower[TAG_NAME_MAX];
    if (name.n >= sizeof lower)
        return DGMI_INLINE;
    for (size_t i = 0; i < name.n; i++)
        lower[i] = (char)tolower((unsigned char)name.p[i]);
    lower[name.n] = '\0';
    tag wanted = { lower, DGMI_INLINE };
    const tag *found =
        bsearch(&wanted, tags, sizeof tags / sizeof *tags, sizeof *tags, compare_tags);
    return found != NULL ? found->kind : DGMI_INLINE;
}

static void drop_spaces(dgmi_buf *out)
{
    while (out->n > 0 && out->p[out->n - 1] == ' ')
        out->n--;
}

void dgmi_html_part(dgmi_buf *out)
{
    drop_spaces(out);
    if (out->n == 0 || (out->n >= 2 && memcmp(out->p + out->n - 2, "\n\n", 2) == 0))
        return;
    dgmi_buf_puts(out, out->p[out->n - 1] == '\n' ? "\n" : "\n\n");
}

void dgmi_html_space(dgmi_buf *out)
{
    if (out->n > 0 && out->p[out->n - 1] != ' ' && out->p[out->n - 1] != '\n')
        dgmi_buf_putc(out, ' ');
}

/* An empty paragraph, as editors write for a gap, stands for a further blank line. */
static void close_block(walker *w)
{
    bool gap = w->blank && w->out->n == w->opened;
    dgmi_html_part(w->out);
    if (gap && w->out->n > 0)
        dgmi_buf_putc(w->out, '\n');
    w->opened = w->out->n;
    w->blank = false;
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
    walker *w = user;
    (void)attributes;
    if (w->ctxt->nameNr > DEPTH_MAX) {
        w->too_deep = true;
        xmlStopParser(w->ctxt);
        return;
    }
    switch (dgmi_tag_kind(dgmi_str_of((const char *)name))) {
    case DGMI_INLINE:
        break;
    case DGMI_BLOCK:
        close_block(w);
        break;
    case DGMI_BREAK:
        drop_spaces(w->out);
        if (w->out->n > 0)
            dgmi_buf_putc(w->out, '\n');
        break;
    case DGMI_RULE:
        close_block(w);
        if (w->out->n > 0)
            dgmi_buf_putc(w->out, '\n');
        break;
    case DGMI_CELL:
        dgmi_html_space(w->out);
        break;
    case DGMI_HIDDEN:
        w->hidden++;
        break;
    }
}

static void on_end(void *user, const xmlChar *name)
{
    walker *w = user;
    dgmi_tag kind = dgmi_tag_kind(dgmi_str_of((const char *)name));
    if (kind == DGMI_HIDDEN && w->hidden > 0)
        w->hidden--;
    if (kind == DGMI_BLOCK)
        close_block(w);
    if (kind == DGMI_CELL)
        dgmi_html_space(w->out);
}

static void on_text(void *user, const xmlChar *text, int n)
{
    walker *w = user;
    const char *p = (const char *)text, *end = p + n;
    if (w->hidden > 0)
        return;
    while (p < end) {
        const char *from = p;
        while (p < end && (unsigned char)*p > ' ' && (unsigned char)*p != 0xC2)
            p++;
        if (p > from)
            dgmi_buf_put(w->out, from, (size_t)(p - from));
        if (p == end)
            break;
        if ((unsigned char)*p > ' ' && !(end - p > 1 && (unsigned char)p[1] == 0xA0)) {
            dgmi_buf_putc(w->out, *p++);
            continue;
        }
        w->blank = w->blank || (unsigned char)*p == 0xC2;
        p += (unsigned char)*p == 0xC2 ? 2 : 1;
        dgmi_html_space(w->out);
    }
}

/* What libxml2 has to say about somebody's HTML interests nobody. */
static void keep_quiet(void *user, xmlErrorPtr error)
{
    (void)user;
    (void)error;
}

bool dgmi_has_tags(dgmi_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] != '<')
            continue;
        unsigned char c = (unsigned char)s.p[i + 1];
        if (isalpha(c) || c == '/' || c == '!')
            return true;
    }
    return false;
}

static bool has_huge_tag(dgmi_str s)
{
    for (;;) {
        const char *open = s.n > 0 ? memchr(s.p, '<', s.n) : NULL;
        if (open == NULL)
            return false;
        s = dgmi_str_skip(s, (size_t)(open - s.p));
        if (s.n > 1 && !isalpha((unsigned char)s.p[1])) {
            s = dgmi_str_skip(s, 1);
            continue;
        }
        dgmi_tag_shape shape = dgmi_tag_look(s, TAG_MAX);
        if (shape.length == TAG_MAX || shape.attributes > ATTRIBUTES_MAX)
            return true;
        s = dgmi_str_skip(s, shape.closed ? shape.length : 1);
        if (!shape.closed && memchr(s.p, '>', s.n) == NULL)
            return false;
    }
}

/* False, with nothing put, if libxml2 is not the one to read this. */
static bool walk(dgmi_buf *out, dgmi_str html)
{
    htmlSAXHandler sax = { .startElement = on_start,
                           .endElement = on_end,
                           .characters = on_text,
                           .ignorableWhitespace = on_text,
                           .initialized = XML_SAX2_MAGIC,
                           .serror = keep_quiet };
    size_t from = out->n;
    walker w = { .out = out, .opened = out->n };
    if (html.n > INT32_MAX / 2 || has_huge_tag(html))
        return false;
    w.ctxt = htmlCreateMemoryParserCtxt(html.p, (int)html.n);
    if (w.ctxt == NULL)
        return false;
    *w.ctxt->sax = sax;
    w.ctxt->userData = &w;
    htmlCtxtUseOptions(w.ctxt, parse_flags);
    xmlSwitchEncoding(w.ctxt, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(w.ctxt);
    if (w.ctxt->myDoc != NULL)
        xmlFreeDoc(w.ctxt->myDoc);
    htmlFreeParserCtxt(w.ctxt);
    if (w.too_deep)
        out->n = from;
    return !w.too_deep;
}

/* ---- Trees ---- */

typedef struct growth {
    const char *refused; /* why the tree may grow no further, or NULL; static */
    size_t elements;
} growth;

static void start_bounded(void *user, const xmlChar *name, const xmlChar **attributes)
{
    htmlParserCtxt *ctxt = user;
    growth *g = ctxt->_private;
    if (ctxt->nameNr > DEPTH_MAX)
        g->refused = "the HTML is nested too deeply";
    else if (++g->elements > ELEMENTS_MAX)
        g->refused = "the HTML has more than a million elements";
    if (g->refused != NULL)
        xmlStopParser(ctxt);
    else
        xmlSAX2StartElement(user, name, attributes);
}

dgm_status dgmi_html_tree(dgmi_str html, xmlDoc **out, dgm_error *err)
{
    growth g = { NULL, 0 };
    *out = NULL;
    if (html.n == 0)
        return dgmi_fail(err, DGM_E_ARG, "the HTML is empty");
    if (html.n > INT32_MAX / 2 || has_huge_tag(html))
        return dgmi_fail(err, DGM_E_ARG, "the HTML has a tag that is too large");
    htmlParserCtxt *ctxt = htmlCreateMemoryParserCtxt(html.p, (int)html.n);
    if (ctxt == NULL)
        return dgmi_fail_memory(err);
    ctxt->sax->startElement = start_bounded;
    ctxt->sax->serror = keep_quiet;
    ctxt->_private = &g;
    htmlCtxtUseOptions(ctxt, parse_flags);
    xmlSwitchEncoding(ctxt, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(ctxt);
    xmlDoc *doc = ctxt->myDoc;
    htmlFreeParserCtxt(ctxt);
    if (g.refused == NULL && doc != NULL && xmlDocGetRootElement(doc) != NULL) {
        *out = doc;
        return DGM_OK;
    }
    xmlFreeDoc(doc);
    return dgmi_fail(err, DGM_E_ARG, "%s",
                     g.refused != NULL ? g.refused : "the HTML has no element");
}

void dgmi_html_to_text(dgmi_buf *out, dgmi_str html)
{
    if (html.n == 0)
        return;
    if (!walk(out, html))
        dgmi_html_strip(out, html);
}

void dgmi_html_paragraphs(dgmi_item *item, dgmi_str html)
{
    dgmi_buf clean, text;
    dgmi_buf_init(&clean, DGMI_ITEM_MAX);
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    dgmi_utf8_clean(&clean, html.p, html.n);
    dgmi_str s = dgmi_buf_str(&clean);
    if (dgmi_has_tags(s))
        dgmi_html_to_text(&text, s);
    else
        dgmi_decode_refs(&text,
                         s); /* plain text with entities: its own line ends count */
    dgmi_item_add_text(item, clean.failed || text.failed ? html : dgmi_buf_str(&text));
    dgmi_buf_clear(&clean);
    dgmi_buf_clear(&text);
}

/* ---- Titles ---- */

static bool has_refs(dgmi_str s)
{
    uint32_t c;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '&' && dgmi_char_ref(dgmi_str_skip(s, i), &c) > 0)
            return true;
    }
    return false;
}

/* Once decoded, a tag that is closed was markup escaped twice; "the <blink> tag" was
 * text. */
static bool closes_tag(dgmi_str s)
{
    return s.n > 2 && memmem(s.p, s.n, "</", 2) != NULL;
}

static void put_line(dgmi_buf *out, dgmi_str text)
{
    bool gap = false, any = false;
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] <= ' ') {
            gap = any;
            continue;
        }
        if (gap)
            dgmi_buf_putc(out, ' ');
        gap = false;
        any = true;
        dgmi_buf_putc(out, text.p[i]);
    }
}

void dgmi_html_text(dgmi_buf *out, dgmi_str html)
{
    dgmi_buf text, next;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    dgmi_buf_init(&next, DGMI_ITEM_MAX);
    dgmi_utf8_clean(&text, html.p, html.n);
    for (int pass = 0; pass < 2; pass++) {
        dgmi_str s = dgmi_buf_str(&text);
        bool tags_now = pass == 0 ? dgmi_has_tags(s) : closes_tag(s);
        if (!tags_now && !has_refs(s))
            break;
        dgmi_buf_reset(&next);
        if (tags_now)
            dgmi_html_to_text(&next, s);
        else
            dgmi_decode_refs(&next, s);
        dgmi_buf swap = text;
        text = next;
        next = swap;
    }
    put_line(out, dgmi_buf_str(&text));
    dgmi_buf_clear(&text);
    dgmi_buf_clear(&next);
}

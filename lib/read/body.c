/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bodies of a tree (NITF, XHTML, HTML) to the few tags that paragraphs are made by.
 * Depends on press.h. */
#include "press.h"

#include <string.h>

enum { TAG_NAME_MAX = 16 };

typedef struct substitute {
    const char *name, *html; /* NULL: left out with all that it holds */
} substitute;

/* NITF's own elements; what HTML has, too, is told by dgmi_tag_kind. */
static const substitute substitutes[] = {
    { "block", "div" },
    { "body.content", "div" },
    { "bq", "blockquote" },
    { "credit", "p" },
    { "fn", "p" },
    { "hedline", "div" },
    { "hl1", "h2" },
    { "hl2", "h3" },
    { "media", "div" },
    { "media-caption", "p" },
    { "nitf-table", "div" },
    { "note", "p" },
    { "tagline", "p" },
    { "bibliography", "p" },
    { "caption", "p" },
    { "col", NULL },
    { "colgroup", NULL },
    { "head", NULL },
    { "media-metadata", NULL },
    { "media-object", NULL },
    { "media-producer", NULL },
    { "media-reference", NULL },
    { "nitf-table-metadata", NULL },
    { "noscript", NULL },
};

static dgmi_str local_name(const xmlNode *node)
{
    const char *name = (const char *)node->name, *colon = strchr(name, ':');
    return dgmi_str_of(colon != NULL ? colon + 1 : name);
}

/* The tag to write, "" for none, NULL to leave the element out. */
static const char *html_of(const xmlNode *node, char own[TAG_NAME_MAX])
{
    dgmi_str name = local_name(node);
    for (size_t i = 0; i < sizeof substitutes / sizeof *substitutes; i++) {
        if (dgmi_str_eq_nocase(name, substitutes[i].name))
            return substitutes[i].html;
    }
    dgmi_tag kind = dgmi_tag_kind(name);
    if (kind == DGMI_HIDDEN)
        return NULL;
    if (kind == DGMI_INLINE || name.n >= TAG_NAME_MAX)
        return "";
    memcpy(own, name.p, name.n);
    own[name.n] = '\0';
    return own;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Bytes of the white space that s begins with; *lines counts its line ends. */
static size_t space_run(dgmi_str s, size_t *lines)
{
    size_t n = 0;
    *lines = 0;
    for (; n < s.n && is_space(s.p[n]); n++)
        *lines += s.p[n] == '\n';
    return n;
}

/* `kept` line ends together end a line: 2 for text that is filled, 1 for <pre>, 0 for
 * none. */
static void put_text(dgmi_buf *out, dgmi_str s, size_t kept)
{
    size_t lines, n;
    for (bool first = true; s.n > 0 && !out->failed; first = false) {
        n = space_run(s, &lines);
        if (n > 0 && kept > 0 && lines >= kept && !first && n < s.n)
            dgmi_buf_puts(out, lines > 1 ? "<br><br>" : "<br>");
        else if (n > 0)
            dgmi_buf_putc(out, ' ');
        s = dgmi_str_skip(s, n);
        for (n = 0; n < s.n && !is_space(s.p[n]); n++) {
            if (s.p[n] == '<')
                dgmi_buf_puts(out, "&lt;");
            else if (s.p[n] == '&')
                dgmi_buf_puts(out, "&amp;");
            else
                dgmi_buf_putc(out, s.p[n]);
        }
        s = dgmi_str_skip(s, n);
    }
}

static void put_node(const xmlNode *node, const dgmi_tree_options *options, size_t kept,
                     dgmi_buf *out);

static void put_children(const xmlNode *node, const dgmi_tree_options *options,
                         size_t kept, dgmi_buf *out)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next)
        put_node(c, options, kept, out);
}

/* The parsers bound how deep a tree is, and so how deep this calls itself. */
static void put_node(const xmlNode *node, const dgmi_tree_options *options, size_t kept,
                     dgmi_buf *out)
{
    char own[TAG_NAME_MAX];
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        put_text(out, dgmi_str_of((const char *)node->content), kept);
        return;
    }
    if (node->type != XML_ELEMENT_NODE || (options->skip != NULL && options->skip(node)))
        return;
    const char *tag = html_of(node, own);
    if (tag == NULL)
        return;
    if (tag[0] == '\0') {
        put_children(node, options, kept, out);
        return;
    }
    dgmi_buf_printf(out, "<%s>", tag);
    put_children(node, options, strcmp(tag, "pre") == 0 ? 1 : kept, out);
    if (strcmp(tag, "br") != 0 && strcmp(tag, "hr") != 0)
        dgmi_buf_printf(out, "</%s>", tag);
}

void dgmi_tree_html(const xmlNode *node, const dgmi_tree_options *options, dgmi_buf *out)
{
    put_children(node, options, options->wire ? 2 : 0, out);
}

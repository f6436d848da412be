/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XML of strangers to a tree, with guards. Depends on libxml2, reader.h and lib/base.
 * libxml2's own recovery deletes what it does not understand ("a&nbsp;b" becomes "ab"),
 * so the text is repaired first; and its entities can read files, so there are none. */
#include "reader.h"

#include <ctype.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "fail.h"

enum { TAG_MAX = 128 * 1024, ATTRIBUTES_MAX = 1000 };

static const int parse_flags = XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOCDATA |
                               XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                               XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT;

/* ---- The prolog ---- */

static dgmi_str find(dgmi_str s, const char *what)
{
    size_t n = strlen(what);
    const char *at = s.n > 0 ? memmem(s.p, s.n, what, n) : NULL;
    return at != NULL ? dgmi_str_skip(s, (size_t)(at - s.p)) : (dgmi_str){ s.p + s.n, 0 };
}

/* Past the end of a DOCTYPE that begins at s: quotes and the internal subset are gone
 * through. */
static dgmi_str skip_doctype(dgmi_str s)
{
    int depth = 0;
    char quote = 0;
    for (; s.n > 0; s = dgmi_str_skip(s, 1)) {
        char c = s.p[0];
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || (c == '\'' && depth == 0))
            quote = c;
        else if (c == '[')
            depth++;
        else if (c == ']')
            depth--;
        else if (c == '>' && depth <= 0)
            return dgmi_str_skip(s, 1);
    }
    return s;
}

/* Takes the prolog off *s: declaration, comments, DOCTYPE. Refuses declared entities. */
static dgm_status skip_prolog(dgmi_str *s, dgm_error *err)
{
    for (;;) {
        *s = dgmi_str_trim(*s);
        if (dgmi_str_starts(*s, "<?")) {
            *s = dgmi_str_skip(find(*s, "?>"), 2);
        } else if (dgmi_str_starts(*s, "<!--")) {
            *s = dgmi_str_skip(find(*s, "-->"), 3);
        } else if (dgmi_str_starts_nocase(*s, "<!doctype")) {
            dgmi_str rest = skip_doctype(*s);
            dgmi_str doctype = { s->p, s->n - rest.n };
            if (find(doctype, "<!ENTITY").n > 0 || find(doctype, "<!entity").n > 0)
                return dgmi_fail(err, DGM_E_ARG,
                                 "the XML declares entities, which is not allowed");
            *s = rest;
        } else {
            return DGM_OK;
        }
    }
}

/* ---- Repairs ---- */

/* Copies up to and with `end`, or all. */
static void copy_through(dgmi_buf *out, dgmi_str *s, const char *end)
{
    size_t n = s->n - find(*s, end).n;
    n = n == s->n ? n : n + strlen(end);
    dgmi_buf_put(out, s->p, n);
    *s = dgmi_str_skip(*s, n);
}

static void copy_ref(dgmi_buf *out, dgmi_str *s)
{
    static const char *const own[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };
    uint32_t c = 0;
    size_t used = dgmi_char_ref(*s, &c);
    for (size_t i = 0; used > 0 && i < sizeof own / sizeof *own; i++) {
        if (dgmi_str_starts(*s, own[i])) {
            dgmi_buf_put(out, s->p, used);
            *s = dgmi_str_skip(*s, used);
            return;
        }
    }
    if (used == 0)
        dgmi_buf_puts(out, "&amp;");
    else if (c != 0 && c < 0x80)
        dgmi_buf_printf(out, "&#%u;", (unsigned)c);
    else if (c != 0)
        dgmi_buf_put_char32(out, c);
    *s = dgmi_str_skip(*s, used > 0 ? used : 1);
}

/* Whether "<" opens a tag here. */
static bool opens_tag(dgmi_str s)
{
    unsigned char c = s.n > 1 ? (unsigned char)s.p[1] : ' ';
    return isalpha(c) || c == '_' || c == '/' || c == '?' || c == '!' || c == ':' ||
           c >= 0x80;
}

/* Refuses a tag that libxml2 would take long for. *end keeps where the tag ends, so that
 * each byte is looked at once. */
static dgm_status check_tag(dgmi_str s, const char **end, dgm_error *err)
{
    bool has_attributes = s.n > 1 && strchr("?!/", s.p[1]) == NULL;
    if (!has_attributes || (*end != NULL && s.p < *end))
        return DGM_OK;
    dgmi_tag_shape shape = dgmi_tag_look(s, TAG_MAX);
    *end = s.p + shape.length;
    if (shape.length == TAG_MAX)
        return dgmi_fail(err, DGM_E_ARG, "the XML has a tag of more than 128 KB");
    if (shape.attributes > ATTRIBUTES_MAX)
        return dgmi_fail(err, DGM_E_ARG, "the XML has a tag of too many attributes");
    return DGM_OK;
}

static bool is_special(dgmi_str s, size_t i)
{
    char c = s.p[i];
    return c == '<' || c == '&' ||
           (c == ']' && dgmi_str_starts(dgmi_str_skip(s, i), "]]>"));
}

static dgm_status repair(dgmi_buf *out, dgmi_str s, dgm_error *err)
{
    const char *end = NULL;
    while (s.n > 0) {
        size_t plain = 0;
        while (plain < s.n && !is_special(s, plain))
            plain++;
        dgmi_buf_put(out, s.p, plain);
        s = dgmi_str_skip(s, plain);
        if (s.n == 0)
            break;
        if (s.p[0] == '&') {
            copy_ref(out, &s);
        } else if (s.p[0] == ']') { /* CDATA wrapped twice leaves its end behind */
            dgmi_buf_puts(out, "]]&gt;");
            s = dgmi_str_skip(s, 3);
        } else if (dgmi_str_starts(s, "<![CDATA[")) {
            copy_through(out, &s, "]]>");
        } else if (dgmi_str_starts(s, "<!--")) {
            copy_through(out, &s, "-->");
        } else {
            if (opens_tag(s) && check_tag(s, &end, err) != DGM_OK)
                return DGM_E_ARG;
            dgmi_buf_puts(out, opens_tag(s) ? "<" : "&lt;");
            s = dgmi_str_skip(s, 1);
        }
    }
    return out->failed ? dgmi_fail_memory(err) : DGM_OK;
}

/* ---- Parsing ---- */

/* Nothing outside the document is ever read; there is no need to ask anybody for it. */
static xmlParserInputPtr refuse_entity(void *context, const xmlChar *public_id,
                                       const xmlChar *system_id)
{
    (void)context;
    (void)public_id;
    (void)system_id;
    return NULL;
}

/* The last error is what the end of the document met, if it came too early. */
static const char *what_broke(const xmlParserCtxt *ctxt)
{
    if (ctxt->wellFormed)
        return NULL;
    if (ctxt->disableSAX)
        return "the XML is nested too deeply or has a part that is too large";
    switch (ctxt->errNo) {
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_CDATA_NOT_FINISHED:
    case XML_ERR_COMMENT_NOT_FINISHED:
        return "the XML breaks off";
    default:
        return NULL;
    }
}

/* Some faults pass by XML_PARSE_NOERROR and would be printed. */
static void keep_quiet(void *user, xmlErrorPtr error)
{
    (void)user;
    (void)error;
}

static dgm_status parse(dgmi_xml *out, dgm_error *err)
{
    xmlParserCtxt *ctxt = xmlNewParserCtxt();
    if (ctxt == NULL)
        return dgmi_fail_memory(err);
    dgm_status status = DGM_OK;
    ctxt->sax->resolveEntity = refuse_entity;
    ctxt->sax->externalSubset = NULL;
    ctxt->sax->serror = keep_quiet;
    out->doc = xmlCtxtReadMemory(ctxt, out->text.p, (int)out->text.n, NULL, "UTF-8",
                                 parse_flags);
    out->broken = what_broke(ctxt);
    if (out->doc == NULL && ctxt->errNo == XML_ERR_NO_MEMORY)
        status = dgmi_fail_memory(err);
    else if (out->doc == NULL || xmlDocGetRootElement(out->doc) == NULL)
        status = dgmi_fail(err, DGM_E_ARG, "%s",
                           out->broken != NULL ? out->broken : "the XML has no element");
    xmlFreeParserCtxt(ctxt);
    return status;
}

dgm_status dgmi_xml_parse(const char *p, size_t n, dgmi_xml *out, dgm_error *err)
{
    dgmi_buf utf8;
    dgmi_str s;
    *out = (dgmi_xml){ .doc = NULL };
    dgmi_buf_init(&utf8, (size_t)2 * DGMI_DOCUMENT_MAX);
    dgmi_buf_init(&out->text, (size_t)4 * DGMI_DOCUMENT_MAX);
    dgm_status status = dgmi_to_utf8(&utf8, p, n, NULL, NULL, err);
    s = dgmi_buf_str(&utf8);
    if (status == DGM_OK)
        status = skip_prolog(&s, err);
    if (status == DGM_OK)
        status = repair(&out->text, s, err);
    dgmi_buf_clear(&utf8);
    if (status == DGM_OK && out->text.n == 0)
        status = dgmi_fail(err, DGM_E_ARG, "the XML has no element");
    if (status == DGM_OK)
        status = parse(out, err);
    if (status != DGM_OK)
        dgmi_xml_clear(out);
    return status;
}

void dgmi_xml_clear(dgmi_xml *xml)
{
    xmlFreeDoc(xml->doc);
    xml->doc = NULL;
    dgmi_buf_clear(&xml->text);
}

/* ---- Looking at the tree ---- */

bool dgmi_xml_is(const xmlNode *node, const char *name)
{
    if (node->type != XML_ELEMENT_NODE)
        return false;
    const char *colon =
        strchr((const char *)node->name, ':'); /* of an undeclared prefix */
    const char *local = colon != NULL ? colon + 1 : (const char *)node->name;
    return dgmi_str_eq_nocase(dgmi_str_of(local), name);
}

void dgmi_xml_text(const xmlNode *node, dgmi_buf *out)
{
    xmlChar *text = xmlNodeGetContent(node);
    dgmi_buf_puts(out, (const char *)text);
    xmlFree(text);
}

static bool has_elements(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            return true;
    }
    return false;
}

void dgmi_xml_inner(const xmlNode *node, dgmi_buf *out)
{
    if (!has_elements(node)) {
        dgmi_xml_text(node, out);
        return;
    }
    xmlBuffer *dump = xmlBufferCreate();
    for (xmlNode *child = node->children; dump != NULL && child != NULL;
         child = child->next)
        xmlNodeDump(dump, node->doc, child, 0, 0);
    if (dump != NULL)
        dgmi_buf_puts(out, (const char *)xmlBufferContent(dump));
    xmlBufferFree(dump);
}

bool dgmi_xml_attribute(const xmlNode *node, const char *name, dgmi_buf *out)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        if (!dgmi_str_eq_nocase(dgmi_str_of((const char *)a->name), name))
            continue;
        xmlChar *value = xmlNodeGetContent((const xmlNode *)a);
        dgmi_buf_puts(out, (const char *)value);
        xmlFree(value);
        return true;
    }
    return false;
}

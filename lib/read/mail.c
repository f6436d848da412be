/* SPDX-License-Identifier: GPL-2.0-or-later */
/* E-mail (RFC 5322, MIME) and mailboxes of it: a message is an item, and so is each news
 * document that it carries. Depends on GMime, mail.h, bundle.h, lib/wire. */
#include "mail.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "bundle.h"
#include "clock.h"
#include "fail.h"
#include "utf8.h"
#include "wire.h"

typedef struct run {
    const dgmi_source *source;
    const dgmi_sink *sink;
    dgmi_sink counting; /* of documents that a message carries */
    size_t carried;     /* items out of them */
    size_t number;      /* of the message in its mailbox; 0: it stands alone */
} run;

static void start_gmime(void)
{
    g_mime_init();
}

/* ---- Documents that a message carries ---- */

static dgm_status count_item(void *user, dgm_item *item, const char *where,
                             dgm_error *err)
{
    run *r = user;
    r->carried++;
    return r->sink->item(r->sink->user, item, where, err);
}

static dgm_status pass_reject(void *user, const char *where, const char *reason,
                              const void *bytes, size_t n, dgm_error *err)
{
    run *r = user;
    return r->sink->reject(r->sink->user, where, reason, bytes, n, err);
}

/* "mail.eml:item.xml"; one without a name has its number. */
static void name_part(GMimeObject *part, const char *where, size_t number,
                      char name[DGMI_WHERE_SIZE])
{
    const char *given =
        GMIME_IS_PART(part) ? g_mime_part_get_filename((GMimePart *)part) : NULL;
    dgmi_buf clean;
    dgmi_buf_init(&clean, 4096);
    dgmi_html_text(&clean, dgmi_str_of(given));
    if (clean.n > 0 && !clean.failed)
        snprintf(name, DGMI_WHERE_SIZE, "%.600s:%.400s", where, clean.p);
    else
        snprintf(name, DGMI_WHERE_SIZE, "%.1000s:part %zu", where, number);
    dgmi_buf_clear(&clean);
}

static dgm_status read_attached(run *r, const dgmi_mail *mail, const char *where,
                                dgm_error *err)
{
    dgmi_nest none = { .depth = 0 }, *nest = r->source->nest;
    dgm_status status = DGM_OK;
    if (nest == NULL)
        nest = &none;
    if (mail->attached->len > 0 && nest->depth >= DGMI_NEST_MAX)
        return dgmi_reject(r->source, r->sink, where,
                           "messages and archives lie in each other more than 4 deep",
                           (dgmi_str){ NULL, 0 }, err);
    r->counting = (dgmi_sink){ r, count_item, pass_reject, NULL };
    nest->depth++;
    for (guint i = 0; i < mail->attached->len && status == DGM_OK; i++) {
        char name[DGMI_WHERE_SIZE];
        GMimeObject *part = g_ptr_array_index(mail->attached, i);
        GByteArray *bytes = dgmi_mail_bytes(part);
        name_part(part, where, (size_t)i + 1, name);
        dgmi_source source = { .name = name, .origin = r->source->origin, .nest = nest };
        dgmi_input input = {
            .fd = -1, .bytes = bytes->data, .n = bytes->len, .name = name
        };
        if (GMIME_IS_MESSAGE_PART(part))
            source.format = "mail";
        status = dgmi_read_input(&input, &source, &r->counting, nest, err);
        g_byte_array_unref(bytes);
    }
    nest->depth--;
    return status;
}

/* ---- The message itself ---- */

static void set_header(dgmi_item *item, dgmi_field field, GMimeObject *from,
                       const char *name)
{
    const char *value = from != NULL ? g_mime_object_get_header(from, name) : NULL;
    if (value != NULL)
        dgmi_item_set(item, field, dgmi_str_of(value));
}

/* The name of who sent it, else the address. */
static void put_sender(GMimeMessage *message, dgmi_buf *out)
{
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first =
        from != NULL ? internet_address_list_get_address(from, 0) : NULL;
    if (first == NULL)
        return;
    const char *name = internet_address_get_name(first);
    if ((name == NULL || name[0] == '\0') && INTERNET_ADDRESS_IS_MAILBOX(first))
        name = internet_address_mailbox_get_addr((InternetAddressMailbox *)first);
    dgmi_html_text(out, dgmi_str_of(name));
}

static void add_keywords(dgmi_item *item, GMimeMessage *message)
{
    const char *value = g_mime_object_get_header((GMimeObject *)message, "Keywords");
    dgmi_str rest = dgmi_str_of(value), word;
    while (dgmi_str_split(&rest, ',', &word))
        dgmi_item_add_category(item, word);
}

/* An encoded word holds ASCII; one with bytes beyond is UTF-8, whatever charset it
 * names. */
static void set_subject(dgmi_item *item, GMimeMessage *message)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list((GMimeObject *)message);
    GMimeHeader *header = g_mime_header_list_get_header(headers, "Subject");
    const char *raw = header != NULL ? g_mime_header_get_raw_value(header) : NULL;
    dgmi_str s = dgmi_str_of(raw),
             decoded = dgmi_str_of(g_mime_message_get_subject(message));
    const char *coded = s.n > 0 ? memmem(s.p, s.n, "=?", 2) : NULL;
    const char *charset_end = coded != NULL ? strchr(coded + 2, '?') : NULL;
    bool beyond = false;
    for (size_t i = 0; i < s.n; i++)
        beyond = beyond || (unsigned char)s.p[i] >= 0x80;
    if (!beyond || charset_end == NULL || !dgmi_utf8_valid(s.p, s.n)) {
        dgmi_item_set(item, DGMI_TITLE, decoded);
        return;
    }
    dgmi_buf named;
    dgmi_buf_init(&named, 1 << 20);
    dgmi_buf_put(&named, s.p, (size_t)(coded + 2 - s.p));
    dgmi_buf_puts(&named, "utf-8");
    dgmi_buf_puts(&named, charset_end);
    char *text = named.failed ? NULL : g_mime_utils_header_decode_text(NULL, named.p);
    dgmi_item_set(item, DGMI_TITLE, text != NULL ? dgmi_str_of(text) : decoded);
    g_free(text);
    dgmi_buf_clear(&named);
}

static void set_head(dgmi_item *item, GMimeMessage *message)
{
    const char *id = g_mime_message_get_message_id(message);
    GDateTime *date = g_mime_message_get_date(message);
    set_subject(item, message);
    dgmi_item_set(item, DGMI_ID, dgmi_str_of(id));
    /* GMime keeps the fields of the content with the content. */
    set_header(item, DGMI_LANGUAGE, g_mime_message_get_mime_part(message),
               "Content-Language");
    set_header(item, DGMI_URL, (GMimeObject *)message, "Archived-At");
    add_keywords(item, message);
    int64_t time = date != NULL ? g_date_time_to_unix(date) : DGM_NO_TIME;
    if (date != NULL && time > 0 && time <= dgmi_wall_time() + 48 * 3600)
        dgmi_item_set_published(item, time);
}

/* HTML, because its paragraphs are certain; but some send a line of it for show. */
static void set_body(dgmi_item *item, const dgmi_mail *mail)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    dgmi_html_to_text(&text, dgmi_buf_str(&mail->html));
    if (text.n * 2 >= mail->plain.n && text.n > 0)
        dgmi_html_paragraphs(item, dgmi_buf_str(&mail->html));
    if (dgmi_item_count_paragraphs(item) == 0)
        dgmi_item_add_text(item, dgmi_buf_str(&mail->plain));
    dgmi_buf_clear(&text);
}

static void set_notes(dgmi_item *item, const dgmi_mail *mail)
{
    dgmi_buf extra;
    dgmi_buf_init(&extra, 2 << 20);
    dgmi_buf_puts(&extra, "{\"attachments\":[");
    dgmi_buf_put(&extra, mail->notes.p, mail->notes.n);
    dgmi_buf_puts(&extra, "]}");
    if (mail->notes.n > 0 && !mail->notes.failed && !extra.failed)
        dgmi_item_set(item, DGMI_EXTRA, dgmi_buf_str(&extra));
    dgmi_buf_clear(&extra);
}

static dgm_status give_item(run *r, GMimeMessage *message, const dgmi_mail *mail,
                            const char *where, dgmi_str raw, dgm_error *err)
{
    dgmi_item *item = dgmi_item_new();
    dgmi_buf sender;
    if (item == NULL)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&sender, 4096);
    set_head(item, message);
    set_body(item, mail);
    set_notes(item, mail);
    put_sender(message, &sender);
    dgmi_delivery d = { r->source, r->sink,
                        where,     raw,
                        raw,       sender.n > 0 && !sender.failed ? sender.p : NULL,
                        false };
    dgm_status status = dgmi_deliver(&d, item, err);
    dgmi_buf_clear(&sender);
    return status;
}

/* A message that only wraps documents is an envelope: they are the items. */
static dgm_status read_message(run *r, GMimeMessage *message, dgmi_str raw,
                               dgm_error *err)
{
    char where[DGMI_WHERE_SIZE];
    dgmi_mail mail;
    if (r->number > 0)
        snprintf(where, sizeof where, "%.1100s:item %zu", r->source->name, r->number);
    else
        snprintf(where, sizeof where, "%.1100s", r->source->name);
    dgm_status status = dgmi_mail_init(&mail, err);
    if (status != DGM_OK)
        return status;
    r->carried = 0;
    dgmi_mail_walk(&mail, g_mime_message_get_mime_part(message));
    bool has_text = dgmi_str_trim(dgmi_buf_str(&mail.html)).n > 0 ||
                    dgmi_str_trim(dgmi_buf_str(&mail.plain)).n > 0;
    if (mail.too_deep)
        status = dgmi_reject(r->source, r->sink, where,
                             "its parts lie in each other more than 20 deep", raw, err);
    else
        status = read_attached(r, &mail, where, err);
    if (status == DGM_OK && !mail.too_deep && (has_text || r->carried == 0))
        status = give_item(r, message, &mail, where, raw, err);
    dgmi_mail_clear(&mail);
    return status;
}

/* ---- Mailboxes ---- */

/* Some systems put blank lines in front. */
static dgmi_str skip_blank(dgmi_str s)
{
    while (s.n > 0 && strchr(" \t\r\n", s.p[0]) != NULL)
        s = dgmi_str_skip(s, 1);
    return s;
}

static dgm_status read_messages(run *r, GMimeParser *parser, dgmi_str all, bool box,
                                dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t read = 0;
    while (status == DGM_OK && (read == 0 || !g_mime_parser_eos(parser))) {
        gint64 from = g_mime_parser_tell(parser);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        gint64 to = g_mime_parser_tell(parser);
        if (message == NULL)
            break;
        read++;
        r->number = box ? read : 0;
        bool fits = from >= 0 && to > from && (uint64_t)to <= all.n;
        dgmi_str raw = fits ? (dgmi_str){ all.p + from, (size_t)(to - from) } : all;
        status = read_message(r, message, raw, err);
        g_object_unref(message);
        if (!box)
            break;
    }
    if (status == DGM_OK && read == 0)
        status = dgmi_reject(r->source, r->sink, NULL, "no message is in it", all, err);
    return status;
}

dgm_status dgmi_read_mail(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    run r = { .source = source, .sink = sink };
    dgmi_str all = skip_blank((dgmi_str){ p, n });
    bool box = dgmi_str_starts(all, "From ");
    pthread_once(&once, start_gmime);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(all.p, all.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_format(parser, box ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    dgm_status status = read_messages(&r, parser, all, box, err);
    g_object_unref(parser);
    g_object_unref(stream);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a message: which is its text, which may be a document. Depends on mail.h,
 * lib/wire. */
#include "mail.h"

#include <string.h>

#include "bundle.h"
#include "fail.h"
#include "wire.h"

dgm_status dgmi_mail_init(dgmi_mail *mail, dgm_error *err)
{
    *mail = (dgmi_mail){ .attached = g_ptr_array_new() };
    dgmi_buf_init(&mail->html, DGMI_ITEM_MAX);
    dgmi_buf_init(&mail->plain, DGMI_ITEM_MAX);
    dgmi_buf_init(&mail->notes, 1 << 20);
    return mail->attached != NULL ? DGM_OK : dgmi_fail_memory(err);
}

void dgmi_mail_clear(dgmi_mail *mail)
{
    dgmi_buf_clear(&mail->html);
    dgmi_buf_clear(&mail->plain);
    dgmi_buf_clear(&mail->notes);
    if (mail->attached != NULL)
        g_ptr_array_free(mail->attached, TRUE);
}

GByteArray *dgmi_mail_bytes(GMimeObject *part)
{
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *out = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)out, FALSE);
    if (GMIME_IS_PART(part)) {
        GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)part);
        if (content != NULL)
            g_mime_data_wrapper_write_to_stream(content, out);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message((GMimeMessagePart *)part);
        if (message != NULL)
            g_mime_object_write_to_stream((GMimeObject *)message, NULL, out);
    }
    g_object_unref(out);
    return bytes;
}

/* ---- Texts ---- */

/* Several texts of one kind, as where a picture stands between them, follow one another.
 */
static void add_text(dgmi_buf *text, GMimeObject *part)
{
    const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
    GByteArray *bytes = dgmi_mail_bytes(part);
    if (text->n > 0)
        dgmi_buf_puts(text, "\n\n");
    if (bytes->len > 0)
        dgmi_to_utf8(text, (const char *)bytes->data, bytes->len, charset, NULL, NULL);
    g_byte_array_unref(bytes);
}

static bool is_type(GMimeObject *part, const char *type, const char *subtype)
{
    GMimeContentType *own = g_mime_object_get_content_type(part);
    return own != NULL && g_mime_content_type_is_type(own, type, subtype);
}

static bool is_attached(GMimeObject *part)
{
    const char *said = g_mime_object_get_disposition(part);
    return said != NULL && g_ascii_strcasecmp(said, "attachment") == 0;
}

/* ---- Attachments ---- */

static void note(dgmi_mail *mail, GMimeObject *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);
    const char *name =
        GMIME_IS_PART(part) ? g_mime_part_get_filename((GMimePart *)part) : NULL;
    char *text = type != NULL ? g_mime_content_type_get_mime_type(type) : NULL;
    dgmi_buf clean;
    dgmi_buf_init(&clean, 1 << 16);
    const char *const names[] = { "name", "type" }, *const values[] = { name, text };
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        dgmi_buf_reset(&clean);
        dgmi_html_text(&clean, dgmi_str_of(values[i]));
        if (clean.n == 0 || clean.failed)
            continue;
        dgmi_buf_printf(&mail->notes, "%s\"%s\":",
                        any                 ? ","
                        : mail->notes.n > 0 ? ",{"
                                            : "{",
                        names[i]);
        dgmi_json_nstring(&mail->notes, clean.p, clean.n);
        any = true;
    }
    if (any)
        dgmi_buf_putc(&mail->notes, '}');
    dgmi_buf_clear(&clean);
    g_free(text);
}

/* A news document or an archive of them, by its bytes; plain text if it is prose. */
static bool is_document(GMimeObject *part)
{
    if (GMIME_IS_MESSAGE_PART(part))
        return true;
    GByteArray *bytes = dgmi_mail_bytes(part);
    const char *p = (const char *)bytes->data;
    const dgmi_format *format = bytes->len > 0 ? dgmi_sniff(p, bytes->len) : NULL;
    bool found = bytes->len > 0 && dgmi_is_bundle(p, bytes->len);
    if (!found && format != NULL)
        found = strcmp(format->name, "milosi") != 0 ||
                (is_type(part, "text", "plain") && dgmi_is_prose(p, bytes->len));
    if (is_type(part, "image", "*")) /* some are XML, too */
        found = false;
    g_byte_array_unref(bytes);
    return found;
}

static void add_attachment(dgmi_mail *mail, GMimeObject *part)
{
    if (is_document(part))
        g_ptr_array_add(mail->attached, part);
    else
        note(mail, part);
}

/* ---- The tree ---- */

static void walk(dgmi_mail *mail, GMimeObject *part, int depth);

static void walk_all(dgmi_mail *mail, GMimeMultipart *whole, int depth)
{
    int n = g_mime_multipart_get_count(whole);
    for (int i = 0; i < n; i++)
        walk(mail, g_mime_multipart_get_part(whole, i), depth + 1);
}

static void walk(dgmi_mail *mail, GMimeObject *part, int depth)
{
    mail->too_deep = mail->too_deep || depth > DGMI_MAIL_DEPTH;
    if (mail->too_deep || part == NULL)
        return;
    if (GMIME_IS_MULTIPART(part))
        walk_all(mail, (GMimeMultipart *)part, depth);
    else if (is_attached(part) || GMIME_IS_MESSAGE_PART(part))
        add_attachment(mail, part);
    else if (is_type(part, "text", "html"))
        add_text(&mail->html, part);
    else if (is_type(part, "text", "plain"))
        add_text(&mail->plain, part);
    else
        add_attachment(mail, part);
}

void dgmi_mail_walk(dgmi_mail *mail, GMimeObject *top)
{
    walk(mail, top, 0);
}

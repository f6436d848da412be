/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of formats, and how a finished item leaves. Depends on reader.h. */
#include "reader.h"

#include <string.h>

#include "date.h"
#include "fail.h"
#include "file.h"

static const dgmi_format formats[] = {
    { "milosi", "MIL OSI items and other plain text, one item a file", dgmi_sniff_milosi,
      dgmi_read_milosi, false },
    { "rss", "RSS 2.0, as WordPress writes it, and 0.9x", dgmi_sniff_rss, dgmi_read_rss,
      false },
    { "rdf", "RSS 1.0 and 0.90 (RDF)", dgmi_sniff_rdf, dgmi_read_rdf, false },
    { "atom", "Atom 1.0 and 0.3", dgmi_sniff_atom, dgmi_read_atom, false },
    { "newsml", "NewsML-G2: news items, packages, messages of several", dgmi_sniff_newsml,
      dgmi_read_newsml, false },
    { "newsml1", "NewsML 1.0 to 1.2", dgmi_sniff_newsml1, dgmi_read_newsml1, false },
    { "nitf", "NITF 3.x", dgmi_sniff_nitf, dgmi_read_nitf, false },
    { "html", "a web page with one article", dgmi_sniff_html, dgmi_read_html, false },
    { "ndjson", "JSON objects, one a line or in one array", dgmi_sniff_ndjson,
      dgmi_read_ndjson, true },
    { "jsonfeed", "JSON Feed 1.0 and 1.1", dgmi_sniff_jsonfeed, dgmi_read_jsonfeed,
      false },
    { "ninjs", "ninjs 1.x to 3.x and Superdesk's dialect", dgmi_sniff_ninjs,
      dgmi_read_ninjs, false },
    { "wordpress", "posts of WordPress' REST interface", dgmi_sniff_wordpress,
      dgmi_read_wordpress, false },
    { "mail", "e-mail and mailboxes, with the news documents that they carry",
      dgmi_sniff_mail, dgmi_read_mail, false },
    { "iptc7901", "IPTC 7901, stories of a wire", dgmi_sniff_iptc7901, dgmi_read_iptc7901,
      false },
    { "anpa", "ANPA 1312, stories of a wire", dgmi_sniff_anpa, dgmi_read_anpa, false },
};

const dgmi_format *dgmi_format_at(size_t i)
{
    return i < sizeof formats / sizeof *formats ? &formats[i] : NULL;
}

const dgmi_format *dgmi_format_find(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    }
    return NULL;
}

const dgmi_format *dgmi_format_told(const char *p, size_t n)
{
    return dgmi_sniff(p, n);
}

const char *dgm_format_at(size_t i)
{
    const dgmi_format *format = dgmi_format_at(i);
    return format != NULL ? format->name : NULL;
}

bool dgmi_is_auto(const dgmi_source *source)
{
    return source->format == NULL || strcmp(source->format, "auto") == 0;
}

dgm_status dgmi_reject(const dgmi_source *source, const dgmi_sink *sink,
                       const char *where, const char *reason, dgmi_str bytes,
                       dgm_error *err)
{
    return sink->reject(sink->user, where != NULL ? where : source->name, reason, bytes.p,
                        bytes.n, err);
}

/* "2021-06-21-a-name.txt" dates what it holds, also as "feeds.zip:2021-06-21-...". */
static void date_by_name(dgmi_item *item, const char *name)
{
    const char *base = dgmi_path_base(name), *member = strrchr(base, ':');
    int64_t time;
    if (member != NULL)
        base = member + 1;
    bool dated = strlen(base) > 10 && base[4] == '-' && base[7] == '-' &&
                 (base[10] < '0' || base[10] > '9');
    if (dated && dgmi_item_published(item) == DGM_NO_TIME &&
        dgmi_date_parse((dgmi_str){ base, 10 }, &time))
        dgmi_item_set_published(item, time);
}

/* Region and country go together: "Europe" of an item is not to get its feed's country.
 */
static void set_declared_place(dgmi_item *item, const dgm_origin *origin)
{
    if (dgmi_item_get(item, DGMI_REGION) != NULL ||
        dgmi_item_get(item, DGMI_COUNTRY) != NULL)
        return;
    dgmi_item_set_late(item, DGMI_REGION, origin->region, "declared");
    dgmi_item_set_late(item, DGMI_COUNTRY, origin->country, "declared");
    if (origin->region != NULL)
        dgmi_item_set_late(item, DGMI_COUNTRY, dgmi_country_code(origin->region),
                           "declared");
}

static dgm_status complete(const dgmi_delivery *d, dgmi_item *item, dgm_error *err)
{
    const char *markup = dgmi_item_markup(item);
    const dgm_origin *origin = d->source->origin;
    if (d->prepared)
        return DGM_OK;
    if (markup != NULL && dgmi_item_count_paragraphs(item) == 0)
        dgmi_html_paragraphs(item, dgmi_str_of(markup));
    date_by_name(item, d->source->name);
    if (origin != NULL && origin->language != NULL &&
        dgmi_item_get(item, DGMI_LANGUAGE) == NULL) {
        /* a language that was declared needs no guess */
        dgmi_item_set(item, DGMI_LANGUAGE, dgmi_str_of(origin->language));
        dgmi_item_set_origin(item, DGMI_LANGUAGE, "language of the feed list");
    }
    dgm_status status = dgmi_item_prepare(item, d->raw.p, d->raw.n, err);
    if (status != DGM_OK)
        return status;
    if (origin != NULL) { /* only now it is known what the text itself says */
        set_declared_place(item, origin);
        dgmi_item_set_late(item, DGMI_SOURCE, origin->source, "declared");
    }
    dgmi_item_set_late(item, DGMI_SOURCE, d->late_source, "feed-title");
    return DGM_OK;
}

dgm_status dgmi_deliver(const dgmi_delivery *d, dgmi_item *item, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgm_item *done = NULL;
    dgm_status status = complete(d, item, &why);
    if (status == DGM_OK)
        status = dgmi_item_finish(item, &done, &why);
    else
        dgmi_item_free(item);
    if (status == DGM_OK)
        return d->sink->item(d->sink->user, done, d->where, err);
    if (status == DGM_E_ARG)
        return dgmi_reject(d->source, d->sink, d->where, why.text, d->kept, err);
    return dgmi_fail(err, status, "%s: %s", d->where, why.text);
}

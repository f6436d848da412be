/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET / and the files it needs. Depends on routes.h, assets.h, gzip.h. */
#include "pages.h"

#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "fail.h"
#include "routes.h"

#define FILES_MAX 64
#define PACK_LEAST 512 /* below that a packed file saves no packet */

typedef struct page_file {
    const dgms_asset *asset;
    const char *type;
    char *packed; /* NULL: not worth it */
    size_t n_packed;
    char etag[DGMS_ETAG_SIZE];
} page_file;

struct dgms_pages {
    page_file files[FILES_MAX];
    size_t n;
};

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        { ".html", "text/html; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".json", "application/json" },
        { ".webmanifest", "application/manifest+json" },
        { ".svg", "image/svg+xml" },
        { ".png", "image/png" },
        { ".ico", "image/x-icon" },
        { ".woff2", "font/woff2" },
        { ".txt", "text/plain; charset=utf-8" },
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (dgmi_str_ends(dgmi_str_of(name), types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

/* Makes one file ready: its tag from its content, and its packed form. */
static bool prepare(page_file *file, const dgms_asset *asset, dgms_gzip *gzip)
{
    dgms_reply reply = { 0 };

    file->asset = asset;
    file->type = type_of(asset->name);
    dgms_reply_static(&reply, file->type, asset->bytes, asset->n);
    dgms_reply_tag_bytes(&reply, "page", asset->bytes, asset->n);
    memcpy(file->etag, reply.etag, sizeof file->etag);
    dgms_reply_pack(&reply, "gzip", gzip, PACK_LEAST);
    if (!reply.packed)
        return true;
    file->packed = (char *)reply.body; /* taken over from the reply */
    file->n_packed = reply.n;
    return file->packed != NULL;
}

dgm_status dgms_pages_new(dgms_pages **out, dgm_error *err)
{
    dgms_pages *pages = calloc(1, sizeof *pages);
    dgms_gzip *gzip = dgms_gzip_new();
    bool ready = pages && gzip;

    for (const dgms_asset *a = dgms_assets; ready && a->name && pages->n < FILES_MAX; a++)
        ready = prepare(&pages->files[pages->n++], a, gzip);
    dgms_gzip_free(gzip);
    *out = ready ? pages : NULL;
    if (ready)
        return DGM_OK;
    dgms_pages_free(pages);
    return dgmi_fail_memory(err);
}

void dgms_pages_free(dgms_pages *pages)
{
    for (size_t i = 0; pages && i < pages->n; i++)
        free(pages->files[i].packed);
    free(pages);
}

static const page_file *find_file(const dgms_pages *pages, const char *name)
{
    for (size_t i = 0; i < pages->n; i++)
        if (!strcmp(pages->files[i].asset->name, name))
            return &pages->files[i];
    return NULL;
}

void dgms_run_page(dgms_place *place, dgms_call *call)
{
    const char *name = call->value ? call->value : "index.html";
    const page_file *file = find_file(place->server->pages, name);
    dgms_reply *reply = &call->reply;

    if (!file) {
        dgms_reply_problem(reply, 404, "there is nothing under this path", NULL, -1);
        return;
    }
    if (file->packed && dgms_gzip_wanted(call->accept_encoding)) {
        dgms_reply_static(reply, file->type, file->packed, file->n_packed);
        reply->packed = true;
    } else {
        dgms_reply_static(reply, file->type, file->asset->bytes, file->asset->n);
    }
    memcpy(reply->etag, file->etag, sizeof reply->etag);
    /* Chromium that asks about a dozen modules again, and is sent elsewhere meanwhile,
     * can wait 20 s on its own cache. The page itself is always asked about, so a new one
     * is a minute late at most. */
    reply->cache = call->value ? DGMS_MINUTE : DGMS_CHECK;
    reply->varies = true;
    reply->page = true;
    if (dgms_etag_matches(call->if_none_match, reply->etag))
        dgms_reply_not_modified(reply);
}

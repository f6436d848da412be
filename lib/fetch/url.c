/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of addresses, as curl reads them. Depends on job.h, libcurl. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "job.h"

static bool take_part(CURLU *u, CURLUPart part, unsigned flags, char *out, size_t size)
{
    char *text = NULL;
    if (curl_url_get(u, part, &text, flags) != CURLUE_OK)
        return false;
    int n = snprintf(out, size, "%s", text);
    curl_free(text);
    for (char *p = out; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return n > 0 && (size_t)n < size;
}

bool dgmi_url_host(const char *url, char *out, size_t size)
{
    CURLU *u = curl_url();
    bool good = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
                take_part(u, CURLUPART_HOST, 0, out, size);
    curl_url_cleanup(u);
    return good;
}

bool dgmi_url_origin(const char *url, char *out, size_t size)
{
    char scheme[32], host[300], port[16];
    CURLU *u = curl_url();
    bool good = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
                take_part(u, CURLUPART_SCHEME, 0, scheme, sizeof scheme) &&
                take_part(u, CURLUPART_HOST, 0, host, sizeof host) &&
                take_part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
    curl_url_cleanup(u);
    return good && snprintf(out, size, "%s://%s:%s", scheme, host, port) < (int)size;
}

bool dgmi_url_same_origin(const char *a, const char *b)
{
    char first[400], second[400];
    return dgmi_url_origin(a, first, sizeof first) &&
           dgmi_url_origin(b, second, sizeof second) && !strcmp(first, second);
}

void dgmi_url_escape(dgmi_buf *out, const char *value)
{
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;
        if (isalnum(c) || strchr("-._~", c))
            dgmi_buf_putc(out, (char)c);
        else
            dgmi_buf_printf(out, "%%%02X", c);
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place where statuses of the library become statuses of HTTP. Depends on
 * reply.h. */
#include "reply.h"

int dgms_status_http(dgm_status status)
{
    switch (status) {
    case DGM_OK:
        return 200;
    case DGM_E_ARG:
    case DGM_E_QUERY:
        return 400;
    case DGM_E_NOTFOUND:
        return 404;
    case DGM_E_LOCKED:
        return 409;
    case DGM_E_CORRUPT:
    case DGM_E_INTERNAL:
        return 500;
    case DGM_E_NOMEM:
    case DGM_E_STALE:
    case DGM_E_IO:
        return 503;
    case DGM_E_TIMEOUT:
        return 504;
    }
    return 500;
}

const char *dgms_status_title(int http)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 207, "Multi-Status" },
        { 304, "Not Modified" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 411, "Length Required" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 504, "Gateway Timeout" },
        { 507, "Insufficient Storage" },
    };
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        if (titles[i].status == http)
            return titles[i].title;
    return "Error";
}

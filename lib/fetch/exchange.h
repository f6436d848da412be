/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request and its reply, over libcurl. Redirects are the caller's: it decides about
 * each. Depends on head.h, lib/base. */
#ifndef DGMI_EXCHANGE_H
#define DGMI_EXCHANGE_H

#include <curl/curl.h>

#include "buf.h"
#include "head.h"

#define DGMI_HEAD_BYTES (64u << 10) /* bytes of a reply's header at most */

typedef struct dgmi_ask {
    const char *url;
    const char *agent;
    const char *etag, *modified;        /* to be echoed; or NULL */
    const char *authorization, *header; /* or NULL */
    const char *form;                   /* a form to post; NULL: a GET */
    const char *body;                   /* other bytes to post, or NULL, and their type */
    const char *type;
    const char *const *more; /* header lines, ended by NULL; or NULL */
    const char *accept;
    const char *allowed; /* addresses, as dgmi_address_allowed */
    const char *ca_file; /* or NULL */
    unsigned long connect_timeout, timeout, max_bytes;
} dgmi_ask;

typedef struct dgmi_exchange {
    CURL *easy;
    struct curl_slist *headers;
    char *allowed;
    dgmi_head head;
    dgmi_buf body; /* unpacked */
    size_t head_bytes;
    int64_t now;
    long status;                     /* 0: there was no reply */
    char redirect[DGMI_ADDRESS_MAX]; /* where the reply sends us, absolute; or "" */
    char why[240];                   /* what went wrong, in words; or "" */
    char refused[64];                /* an address that was not connected to */
    char text[CURL_ERROR_SIZE];
    bool too_large, flooded;
} dgmi_exchange;

/* Starts it: the easy handle is to be added to a multi handle, and its CURLOPT_PRIVATE
 * is `user`. NULL without memory. */
dgmi_exchange *dgmi_exchange_new(const dgmi_ask *ask, int64_t now, void *user);
/* Fills status, redirect and why once curl is done with it. */
void dgmi_exchange_end(dgmi_exchange *exchange, CURLcode code, const dgmi_ask *ask);
void dgmi_exchange_free(dgmi_exchange *exchange);

/* "404 Not Found" and what it means, for those who do not speak HTTP. */
void dgmi_status_say(long status, char *out, size_t size);

#endif

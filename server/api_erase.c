/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POST /v1/items/delete: all that a search finds, in two steps. The first one tells how
 * many, and gives a word that stands for exactly these items; only with it the second one
 * withdraws them. Depends on params.h, deposit.h and lib/wire. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deposit.h"
#include "hmac.h"
#include "keys.h"
#include "params.h"
#include "wire.h"

#define PAGE 10000       /* hits of one search */
#define MOST 100000      /* items at a time */
#define DEADLINE_MS 2000 /* of one search */
#define SHOWN 10
#define REPLY_BYTES (1u << 20)

/* What one search after the other finds. */
typedef struct finding {
    dgm_request *request;
    dgms_deposit *ids;
    size_t n;
    bool over; /* more than can be withdrawn at a time */
    char revision[64];
    dgmi_buf sample; /* JSON: the first ones, without brackets */
    char *text;      /* the query, canonical */
    char *next;      /* cursor, or NULL */
    dgmi_buf warnings, parsed;
} finding;

static bool refuse(dgms_call *call, const char *name, const char *why)
{
    char text[160];
    snprintf(text, sizeof text, "parameter \"%.60s\" %s", name, why);
    dgms_reply_problem(&call->reply, 400, text, name, -1);
    return false;
}

/* Fills the request. False with the reply made; *confirm is what was given, or NULL. */
static bool read_params(dgms_call *call, dgm_request *request, const char **confirm)
{
    bool any = false;

    *confirm = NULL;
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        const dgms_pair *pair = &call->target.pairs[i];
        if (!strcmp(pair->name, "confirm")) {
            if (*confirm)
                return refuse(call, "confirm", "is given more than once");
            *confirm = pair->value;
            continue;
        }
        if (dgms_param_find(pair->name) && !dgms_param_chooses(pair->name))
            return refuse(call, pair->name, "does not say which items");
        if (!dgms_param_set(call, i, request))
            return false;
        any = any || (*pair->value && strcmp(pair->name, "match") != 0);
    }
    if (any)
        return true;
    return refuse(call, "q", "or a filter is needed: all items are never meant");
}

/* ---- Finding ---- */

static void note_hit(finding *f, const dgm_hit *hit)
{
    dgms_withdrawal_add(f->ids, hit->id);
    if (f->n++ >= SHOWN)
        return;
    dgmi_buf_puts(&f->sample, f->n > 1 ? ",{\"id\":" : "{\"id\":");
    dgmi_json_string(&f->sample, hit->id);
    dgmi_buf_puts(&f->sample, ",\"title\":");
    dgmi_json_string(&f->sample, hit->title);
    dgmi_buf_putc(&f->sample, '}');
}

static void note_first_page(finding *f, const dgm_page *page)
{
    snprintf(f->revision, sizeof f->revision, "%s", page->revision);
    dgmi_buf_puts(&f->parsed, page->query_parsed);
    for (size_t i = 0; i < page->n_warnings; i++) {
        dgmi_buf_puts(&f->warnings, i ? "," : "");
        dgmi_json_string(&f->warnings, page->warnings[i]);
    }
}

/* Hits that only fill the page lack a word of the query: they are not meant. True if
 * there may be more. */
static bool note_page(finding *f, const dgm_page *page)
{
    bool strict = true;
    for (size_t i = 0; i < page->n_hits && strict; i++) {
        strict = !page->hits[i].relaxed;
        if (strict && f->n == MOST)
            f->over = true;
        if (f->over)
            return false;
        if (strict)
            note_hit(f, &page->hits[i]);
    }
    free(f->next);
    f->next = strict && page->next ? strdup(page->next) : NULL;
    return f->next != NULL;
}

/* All ids that the request finds. False with the reply made. */
static bool find_all(dgms_place *place, dgms_call *call, finding *f)
{
    bool more = true;

    dgm_request_set_window(f->request, PAGE);
    dgm_request_set_deadline(f->request, DEADLINE_MS);
    dgm_request_set_whole(f->request, true);
    for (bool first = true; more; first = false) {
        dgm_error err = DGM_ERROR_INIT;
        dgm_page *page = NULL;
        dgm *desk = dgms_place_desk(place, &err);
        dgm_status status = desk ? DGM_OK : err.code;
        if (status == DGM_OK && f->next)
            status = dgm_request_set(f->request, "cursor", f->next, &err);
        if (status == DGM_OK)
            status = dgm_search(desk, f->request, &page, &err);
        dgms_place_judge(place, status);
        if (status != DGM_OK) {
            dgms_reply_failure(&call->reply, &err, dgms_param_at_fault(&err));
            return false;
        }
        if (first)
            note_first_page(f, page);
        more = note_page(f, page);
        dgm_page_free(page);
    }
    return true;
}

/* ---- The word that confirms ---- */

/* Over the query, the count and the items themselves: it is good as long as the same
 * query finds the same items. */
static bool make_word(dgms_place *place, const finding *f, char out[DGMI_HMAC_HEX])
{
    char count[32];
    dgmi_hmac *hmac = dgms_keys_hmac(place->server->keys);

    if (!hmac || f->ids->text.failed) {
        dgmi_hmac_free(hmac);
        return false;
    }
    snprintf(count, sizeof count, "%zu", f->n);
    dgmi_hmac_add(hmac, f->text, strlen(f->text) + 1);
    dgmi_hmac_add(hmac, count, strlen(count) + 1);
    dgmi_hmac_add(hmac, f->ids->text.p ? f->ids->text.p : "", f->ids->text.n);
    dgmi_hmac_hex(hmac, out);
    dgmi_hmac_free(hmac);
    return true;
}

static void put_list(dgmi_buf *out, const char *name, const dgmi_buf *list)
{
    dgmi_buf_printf(out, ",\"%s\":[%s]", name, list->p ? list->p : "");
    if (list->failed)
        out->failed = true;
}

static void reply_count(dgms_call *call, const finding *f, const char *word)
{
    dgmi_buf out;

    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_buf_printf(&out, "{\"matches\":%zu,\"revision\":", f->n);
    dgmi_json_string(&out, f->revision);
    dgmi_buf_puts(&out, ",\"parsed\":");
    dgmi_json_string(&out, f->parsed.p ? f->parsed.p : "");
    dgmi_buf_puts(&out, ",\"confirm\":");
    dgmi_json_string(&out, f->n ? word : NULL);
    put_list(&out, "sample", &f->sample);
    put_list(&out, "warnings", &f->warnings);
    dgmi_buf_puts(&out, "}\n");
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    dgmi_buf_clear(&out);
}

/* Runs the search and decides. False: the items are on their way out with the call. */
static bool decide(dgms_place *place, dgms_call *call, finding *f, const char *confirm)
{
    char word[DGMI_HMAC_HEX], text[200];

    if (!find_all(place, call, f))
        return true;
    if (f->over) {
        snprintf(text, sizeof text,
                 "the search finds over %d items; narrow it, by date "
                 "for example",
                 MOST);
        dgms_reply_problem(&call->reply, 400, text, "q", -1);
    } else if (!make_word(place, f, word)) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    } else if (!confirm) {
        reply_count(call, f, word);
    } else if (!dgmi_secret_equal(dgmi_str_of(confirm), dgmi_str_of(word))) {
        snprintf(text, sizeof text,
                 "confirm does not stand for what is found now (%zu items); ask again "
                 "without it",
                 f->n);
        dgms_reply_problem(&call->reply, 409, text, "confirm", -1);
    } else {
        dgms_deposit *ids = f->ids;
        f->ids = NULL;
        return dgms_deposit_submit(ids);
    }
    return true;
}

/* A list, also if it is of one. */
static void answer(dgms_deposit *deposit, int searchable)
{
    dgms_results *r = &deposit->work.results;
    if (r->n == 1)
        dgms_results_reply(r, searchable == 0 ? 202 : 207, &deposit->call->reply);
    else
        dgms_deposit_answer(deposit, searchable);
}

bool dgms_start_erase(dgms_place *place, dgms_call *call)
{
    finding f = { .request = dgm_request_new(),
                  .ids = dgms_withdrawal_new(place->server, call) };
    const char *confirm = NULL;
    bool here = true;

    dgmi_buf_init(&f.sample, REPLY_BYTES);
    dgmi_buf_init(&f.warnings, REPLY_BYTES);
    dgmi_buf_init(&f.parsed, REPLY_BYTES);
    if (!f.request || !f.ids) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
        goto out;
    }
    f.ids->answer = answer;
    if (!read_params(call, f.request, &confirm))
        goto out;
    f.text = dgmi_str_dup(dgmi_str_of(dgm_request_text(f.request)));
    if (!f.text)
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    else
        here = decide(place, call, &f, confirm);
out:
    dgms_deposit_free(f.ids);
    dgm_request_free(f.request);
    free(f.text);
    free(f.next);
    dgmi_buf_clear(&f.sample);
    dgmi_buf_clear(&f.warnings);
    dgmi_buf_clear(&f.parsed);
    return here;
}

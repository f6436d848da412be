/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/kept.c: replies that are kept. Depends on server/kept.h and POSIX
 * threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"

enum { BUDGET = 16000, BODY = 1000, THREADS = 8 };

static dgms_reply reply_of(const char *text)
{
    return (dgms_reply){ .status = 200,
                         .type = DGMS_JSON,
                         .body = text,
                         .n = strlen(text),
                         .cache = DGMS_CHECK,
                         .etag = "W/\"1\"" };
}

static dgmi_str key_of(int i)
{
    static char text[16];
    snprintf(text, sizeof text, "%d", i);
    return dgmi_str_of(text);
}

/* Keeps a text under a key that is not there yet. */
static void keep(dgms_kept *kept, int key, const char *text)
{
    dgms_reply made = reply_of(text), got = { 0 };
    dgms_claim *claim;
    assert_false(dgms_kept_find(kept, key_of(key), &got, &claim));
    assert_non_null(claim);
    dgms_kept_settle(kept, claim, &made);
}

/* Whether the key is kept, with this text. */
static bool has(dgms_kept *kept, int key, const char *text)
{
    dgms_reply got = { 0 };
    dgms_claim *claim;
    bool found = dgms_kept_find(kept, key_of(key), &got, &claim);
    if (found) {
        assert_null(claim);
        assert_int_equal(got.status, 200);
        assert_string_equal(got.etag, "W/\"1\"");
        assert_string_equal(got.type, DGMS_JSON);
        assert_int_equal(got.n, strlen(text));
        assert_memory_equal(got.body, text, got.n);
    }
    dgms_kept_settle(kept, claim, NULL);
    dgms_reply_clear(&got);
    return found;
}

static void what_was_made_is_given_again(void **state)
{
    (void)state;
    dgms_metrics *metrics = dgms_metrics_new();
    dgms_kept *kept = dgms_kept_new(BUDGET, metrics);
    keep(kept, 1, "one");
    keep(kept, 2, "two");
    assert_true(has(kept, 1, "one"));
    assert_true(has(kept, 2, "two"));
    assert_false(has(kept, 3, ""));
    assert_true(dgms_kept_bytes(kept) > 6);
    dgms_kept_free(kept);
    dgms_metrics_free(metrics);
}

static void the_budget_holds_and_the_last_used_stay(void **state)
{
    (void)state;
    char text[BODY + 1];
    dgms_metrics *metrics = dgms_metrics_new();
    dgms_kept *kept = dgms_kept_new(BUDGET, metrics);
    memset(text, 'x', BODY);
    text[BODY] = '\0';
    for (int i = 0; i < 100; i++) {
        keep(kept, i, text);
        assert_true(dgms_kept_bytes(kept) <= BUDGET);
        assert_true(has(kept, 0, text));
    }
    assert_true(has(kept, 99, text));
    assert_false(has(kept, 50, text));
    assert_true(dgms_kept_bytes(kept) > BUDGET / 2);
    dgms_kept_free(kept);
    dgms_metrics_free(metrics);
}

static void a_reply_too_long_is_not_kept(void **state)
{
    (void)state;
    char text[BUDGET / DGMS_KEPT_SHARE + 1];
    dgms_metrics *metrics = dgms_metrics_new();
    dgms_kept *kept = dgms_kept_new(BUDGET, metrics);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    keep(kept, 1, text);
    assert_false(has(kept, 1, text));
    assert_int_equal(dgms_kept_bytes(kept), 0);
    dgms_kept_free(kept);
    dgms_metrics_free(metrics);
}

static void a_budget_of_nothing_keeps_and_claims_nothing(void **state)
{
    (void)state;
    dgms_reply got = { 0 };
    dgms_claim *claim;
    dgms_metrics *metrics = dgms_metrics_new();
    dgms_kept *kept = dgms_kept_new(0, metrics);
    assert_false(dgms_kept_find(kept, key_of(1), &got, &claim));
    assert_null(claim);
    dgms_kept_settle(kept, claim, NULL);
    dgms_kept_free(kept);
    dgms_metrics_free(metrics);
}

/* ---- Keys ---- */

static char *key_text(const char *state, bool packed, const char *raw, const char *part,
                      size_t *n)
{
    dgms_target target;
    dgmi_buf key;
    dgmi_buf_init(&key, 0);
    assert_int_equal(dgms_target_parse(dgmi_str_of(raw), &target, NULL), DGM_OK);
    dgms_kept_key(&key, state, packed, &target, part);
    dgms_target_clear(&target);
    *n = key.n;
    return dgmi_buf_take(&key);
}

static bool same(const char *raw, const char *other)
{
    size_t n, m;
    char *a = key_text("1-1", false, raw, NULL, &n);
    char *b = key_text("1-1", false, other, NULL, &m);
    bool equal = n == m && memcmp(a, b, n) == 0;
    free(a);
    free(b);
    return equal;
}

static void every_search_parameter_is_part_of_the_key(void **state)
{
    (void)state;
    const dgm_param *p;
    size_t i = 0;
    for (; (p = dgm_param_at(i)); i++) {
        char one[80], other[80];
        snprintf(one, sizeof one, "/v1/search?%s=1", p->name);
        snprintf(other, sizeof other, "/v1/search?%s=2", p->name);
        assert_true(same(one, one));
        assert_false(same(one, other));
        assert_false(same(one, "/v1/search"));
        for (size_t k = 0; k < i; k++) {
            snprintf(other, sizeof other, "/v1/search?%s=1", dgm_param_at(k)->name);
            assert_false(same(one, other));
        }
    }
    assert_true(i > 20);
}

static void the_order_of_parameters_is_no_part_of_the_key(void **state)
{
    (void)state;
    assert_true(same("/v1/search?q=a&limit=3&region=x&region=y",
                     "/v1/search?region=x&limit=3&region=y&q=%61"));
    assert_false(same("/v1/search?region=x&region=y", "/v1/search?region=y&region=x"));
    assert_false(same("/v1/search?q=a", "/v1/search?q=a&q="));
    assert_false(same("/v1/search?q=ab", "/v1/search?qa=b"));
}

static void state_form_and_path_are_part_of_the_key(void **state)
{
    (void)state;
    static const struct {
        const char *state;
        bool packed;
        const char *part;
    } table[] = { { "1-1", false, NULL },
                  { "1-2", false, NULL },
                  { "1-1", true, NULL },
                  { "1-1", false, "a" },
                  { "1-1", false, "b" } };
    enum { N = sizeof table / sizeof table[0] };
    char *keys[N];
    size_t n[N];
    for (size_t i = 0; i < N; i++) {
        keys[i] = key_text(table[i].state, table[i].packed, "/v1/search?q=a",
                           table[i].part, &n[i]);
        for (size_t k = 0; k < i; k++)
            assert_false(n[i] == n[k] && memcmp(keys[i], keys[k], n[i]) == 0);
    }
    for (size_t i = 0; i < N; i++)
        free(keys[i]);
}

/* ---- Threads ---- */

typedef struct crowd {
    dgms_kept *kept;
    pthread_barrier_t start;
    atomic_int made, found;
    bool fails;
} crowd;

static void *come(void *user)
{
    crowd *c = user;
    dgms_reply got = { 0 }, made = reply_of("made once");
    dgms_claim *claim;
    pthread_barrier_wait(&c->start);
    if (dgms_kept_find(c->kept, dgmi_str_of("same"), &got, &claim)) {
        assert_memory_equal(got.body, "made once", 9);
        atomic_fetch_add(&c->found, 1);
    } else {
        atomic_fetch_add(&c->made, 1);
        dgms_kept_settle(c->kept, claim, c->fails ? NULL : &made);
    }
    dgms_reply_clear(&got);
    return NULL;
}

static void run_crowd(crowd *c)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&c->start, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come, c), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&c->start);
}

static void many_that_want_the_same_have_it_made_once(void **state)
{
    (void)state;
    dgms_metrics *metrics = dgms_metrics_new();
    for (int round = 0; round < 50; round++) {
        crowd c = { .kept = dgms_kept_new(BUDGET, metrics) };
        run_crowd(&c);
        assert_int_equal(c.made, 1);
        assert_int_equal(c.found, THREADS - 1);
        dgms_kept_free(c.kept);
    }
    dgms_metrics_free(metrics);
}

static void nobody_waits_for_ever_for_what_fails(void **state)
{
    (void)state;
    dgms_metrics *metrics = dgms_metrics_new();
    for (int round = 0; round < 50; round++) {
        crowd c = { .kept = dgms_kept_new(BUDGET, metrics), .fails = true };
        run_crowd(&c);
        assert_int_equal(c.made, THREADS);
        assert_int_equal(dgms_kept_bytes(c.kept), 0);
        dgms_kept_free(c.kept);
    }
    dgms_metrics_free(metrics);
}

/* Keys come and go under a budget for few of them, by all threads at once. */
static void *churn(void *user)
{
    dgms_kept *kept = user;
    char text[BODY + 1];
    memset(text, 'x', BODY);
    text[BODY] = '\0';
    for (int i = 0; i < 2000; i++) {
        char name[16];
        dgms_reply got = { 0 }, made = reply_of(text);
        dgms_claim *claim;
        snprintf(name, sizeof name, "%d", i * 7 % 31);
        if (!dgms_kept_find(kept, dgmi_str_of(name), &got, &claim))
            dgms_kept_settle(kept, claim, i % 5 ? &made : NULL);
        else
            assert_memory_equal(got.body, text, BODY);
        dgms_reply_clear(&got);
    }
    return NULL;
}

static void threads_share_a_small_budget(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    dgms_metrics *metrics = dgms_metrics_new();
    dgms_kept *kept = dgms_kept_new(BUDGET, metrics);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, kept), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(dgms_kept_bytes(kept) <= BUDGET);
    dgms_kept_free(kept);
    dgms_metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_made_is_given_again),
        cmocka_unit_test(the_budget_holds_and_the_last_used_stay),
        cmocka_unit_test(a_reply_too_long_is_not_kept),
        cmocka_unit_test(a_budget_of_nothing_keeps_and_claims_nothing),
        cmocka_unit_test(every_search_parameter_is_part_of_the_key),
        cmocka_unit_test(the_order_of_parameters_is_no_part_of_the_key),
        cmocka_unit_test(state_form_and_path_are_part_of_the_key),
        cmocka_unit_test(many_that_want_the_same_have_it_made_once),
        cmocka_unit_test(nobody_waits_for_ever_for_what_fails),
        cmocka_unit_test(threads_share_a_small_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

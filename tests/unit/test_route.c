/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/routes.c and openapi.c. Depends on server/routes.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "routes.h"

typedef struct row {
    const char *method, *path, *id, *value, *allow;
} row;

static void look(const row *r, dgms_target *target, dgms_match *out)
{
    assert_int_equal(dgms_target_parse(dgmi_str_of(r->path), target, NULL), DGM_OK);
    dgms_route_find(target, r->method, out);
}

static void each_path_finds_its_route(void **state)
{
    (void)state;
    static const row table[] = {
        { "GET", "/v1/search", "search", NULL, NULL },
        { "HEAD", "/v1/search?q=x", "search", NULL, NULL },
        { "GET", "/v1/items/a%2Fb", "getItem", "a/b", NULL },
        { "GET", "/v1/items/search", "getItem", "search", NULL },
        { "GET", "/v1/stories/00ab", "getStory", "00ab", NULL },
        { "GET", "/healthz", "health", NULL, NULL },
        { "GET", "/readyz", "ready", NULL, NULL },
        { "GET", "/metrics", "metrics", NULL, NULL },
        { "GET", "/openapi.json", "openapi", NULL, NULL },
        { "GET", "/", "page", NULL, NULL },
        { "GET", "/main.js", "pageFile", "main.js", NULL },
        { "GET", "/v1", "pageFile", "v1", NULL }, /* no such file: a 404 of the handler */
        { "GET", "/v1/", NULL, NULL, NULL },
        { "GET", "/v1/items/", NULL, NULL, NULL },
        { "GET", "/v1/items/a/b", NULL, NULL, NULL },
        { "GET", "/v1/search/", NULL, NULL, NULL },
        { "GET", "/V1/search", NULL, NULL, NULL },
        { "GET", "/v1%2Fsearch", "pageFile", "v1/search", NULL },
        { "GET", "//v1/search", NULL, NULL, NULL },
        { "GET", "//", NULL, NULL, NULL },
        { "POST", "/push_binary", "pushBinary", NULL, NULL },
        { "GET", "/push_binary/a", "getPushBinary", "a", NULL },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_target target;
        dgms_match found;
        look(&table[i], &target, &found);
        assert_int_equal(!found.route, !table[i].id);
        if (found.route)
            assert_string_equal(found.route->id, table[i].id);
        assert_int_equal(found.known, table[i].id != NULL);
        assert_int_equal(!found.value, !table[i].value);
        if (found.value)
            assert_string_equal(found.value, table[i].value);
        dgms_target_clear(&target);
    }
}

static void a_method_that_a_path_has_not_is_told_those_it_has(void **state)
{
    (void)state;
    static const row table[] = {
        { "PUT", "/v1/search", NULL, NULL, "GET, HEAD, OPTIONS" },
        { "OPTIONS", "/", NULL, NULL, "GET, HEAD, OPTIONS" },
        { "get", "/", NULL, NULL, "GET, HEAD, OPTIONS" },
        { "GET", "/push_binary", NULL, NULL, "POST, OPTIONS" }, /* no file of the page */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_target target;
        dgms_match found;
        look(&table[i], &target, &found);
        assert_null(found.route);
        assert_true(found.known);
        assert_string_equal(found.allow, table[i].allow);
        dgms_target_clear(&target);
    }
}

static void parameters_are_refused_where_there_are_none(void **state)
{
    (void)state;
    dgms_call call = { 0 };
    dgms_match found;
    look(&(row){ .method = "GET", .path = "/healthz?x=1" }, &call.target, &found);
    assert_false(dgms_route_check(found.route, &call));
    assert_int_equal(call.reply.status, 400);
    assert_non_null(strstr(call.reply.body, "\"name\":\"x\""));
    dgms_reply_clear(&call.reply);
    dgms_target_clear(&call.target);
    look(&(row){ .method = "GET", .path = "/?x=1" }, &call.target, &found);
    assert_true(dgms_route_check(found.route, &call));
    dgms_target_clear(&call.target);
}

static json_t *find_named(json_t *list, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (!strcmp(json_string_value(json_object_get(one, "name")), name))
            return one;
    }
    return NULL;
}

static void openapi_lists_every_route_and_parameter(void **state)
{
    (void)state;
    char *text = dgms_openapi_text();
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    json_t *paths = json_object_get(document, "paths");
    const dgms_route *route = NULL;
    for (size_t i = 0; (route = dgms_route_at(i)); i++) {
        static const char *const names[] = { "get", "post", "delete" };
        json_t *operation =
            json_object_get(json_object_get(paths, route->path), names[route->method]);
        assert_string_equal(json_string_value(json_object_get(operation, "operationId")),
                            route->id);
    }
    json_t *search = json_object_get(json_object_get(paths, "/v1/search"), "get");
    json_t *params = json_object_get(search, "parameters");
    const dgm_param *param = NULL;
    size_t n = 0;
    for (; (param = dgm_param_at(n)); n++)
        assert_non_null(find_named(params, param->name));
    assert_int_equal(json_array_size(params), n);
    json_decref(document);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_path_finds_its_route),
        cmocka_unit_test(a_method_that_a_path_has_not_is_told_those_it_has),
        cmocka_unit_test(parameters_are_refused_where_there_are_none),
        cmocka_unit_test(openapi_lists_every_route_and_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

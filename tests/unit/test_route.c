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

static void each_path_finds_its_route(void **state)
{
    (void)state;
    static const char *const table[][3] = {
        { "/v1/search", "search", NULL },
        { "/v1/search?q=x", "search", NULL },
        { "/v1/items/a%2Fb", "getItem", "a/b" },
        { "/v1/items/search", "getItem", "search" },
        { "/healthz", "health", NULL },
        { "/readyz", "ready", NULL },
        { "/metrics", "metrics", NULL },
        { "/openapi.json", "openapi", NULL },
        { "/", "page", NULL },
        { "/main.js", "pageFile", "main.js" },
        { "/v1", "pageFile", "v1" }, /* no such file: a 404 of the handler */
        { "/v1/", NULL, NULL },
        { "/v1/items", NULL, NULL },
        { "/v1/items/", NULL, NULL },
        { "/v1/items/a/b", NULL, NULL },
        { "/v1/search/", NULL, NULL },
        { "/V1/search", NULL, NULL },
        { "/v1%2Fsearch", "pageFile", "v1/search" },
        { "//v1/search", NULL, NULL },
        { "//", NULL, NULL },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_target target;
        const char *value = NULL;
        assert_int_equal(dgms_target_parse(dgmi_str_of(table[i][0]), &target, NULL),
                         DGM_OK);
        const dgms_route *route = dgms_route_find(&target, &value);
        assert_int_equal(!route, !table[i][1]);
        if (route)
            assert_string_equal(route->id, table[i][1]);
        assert_int_equal(!value, !table[i][2]);
        if (value)
            assert_string_equal(value, table[i][2]);
        dgms_target_clear(&target);
    }
}

static void parameters_are_refused_where_there_are_none(void **state)
{
    (void)state;
    dgms_call call = { 0 };
    const char *value = NULL;
    assert_int_equal(dgms_target_parse(dgmi_str_of("/healthz?x=1"), &call.target, NULL),
                     DGM_OK);
    const dgms_route *route = dgms_route_find(&call.target, &value);
    assert_false(dgms_route_check(route, &call));
    assert_int_equal(call.reply.status, 400);
    assert_non_null(strstr(call.reply.body, "\"name\":\"x\""));
    dgms_reply_clear(&call.reply);
    dgms_target_clear(&call.target);
    assert_int_equal(dgms_target_parse(dgmi_str_of("/?x=1"), &call.target, NULL), DGM_OK);
    assert_true(dgms_route_check(dgms_route_find(&call.target, &value), &call));
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
        json_t *get = json_object_get(json_object_get(paths, route->path), "get");
        assert_string_equal(json_string_value(json_object_get(get, "operationId")),
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
        cmocka_unit_test(parameters_are_refused_where_there_are_none),
        cmocka_unit_test(openapi_lists_every_route_and_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

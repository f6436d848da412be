/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a web page says of its article in JSON-LD. Depends on jansson, wire.h. */
#include <jansson.h>

#include "wire.h"

enum { LEVELS = 8 }; /* of arrays and graphs around an article */

static bool names_article(const json_t *type)
{
    dgmi_str s = dgmi_str_of(json_string_value(type));
    return dgmi_str_ends(s, "Article") || dgmi_str_ends(s, "BlogPosting") ||
           dgmi_str_ends(s, "Report");
}

static bool is_article(const json_t *object)
{
    const json_t *type = json_object_get(object, "@type");
    for (size_t i = 0; i < json_array_size(type); i++) {
        if (names_article(json_array_get(type, i)))
            return true;
    }
    return names_article(type);
}

/* The first article in an array, in a graph, or as it is. */
static const json_t *find_article(const json_t *value, int level)
{
    const json_t *found = NULL;
    if (level == LEVELS)
        return NULL;
    for (size_t i = 0; i < json_array_size(value) && found == NULL; i++)
        found = find_article(json_array_get(value, i), level + 1);
    if (found != NULL || !json_is_object(value))
        return found;
    return is_article(value) ? value
                             : find_article(json_object_get(value, "@graph"), level + 1);
}

/* Text, or the name of a person or body, or of the first of several. */
static dgmi_str text_of(const json_t *value)
{
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_object(value))
        value = json_object_get(value, "name");
    return (dgmi_str){ json_string_value(value), json_string_length(value) };
}

void dgmi_ld_article(dgmi_str json, dgmi_ld_visit visit, void *user)
{
    json_t *root = json_loadb(json.p, json.n, JSON_DISABLE_EOF_CHECK, NULL);
    const json_t *article = find_article(root, 0);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)article, name, value)
    {
        dgmi_str text = text_of(value);
        if (text.n > 0)
            visit(user, name, text);
    }
    json_decref(root);
}

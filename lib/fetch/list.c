/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of feeds. Depends on list.h, lib/base, lib/read (OPML), libinih. */
#include "list.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "hash.h"
#include "read.h"
#include "str.h"

/* inih takes lines of up to 200 bytes and would read the rest of a longer one as another
 * line, and cuts names of sections at 50; addresses, and names in Cyrillic, may be
 * longer. So it is given long ones by number. */
enum { LONG_LINE = 180, SECTION_MAX = 48, LINE_MAX_BYTES = 8000, NAME_MAX_BYTES = 400 };
#define BY_NUMBER "\x01"

typedef struct reading {
    dgmi_feed_list *list;
    const char *path;
    dgmi_str rest; /* of the text */
    int line;      /* read last */
    char **longs;  /* values that are too long for inih */
    size_t n_longs, cap_longs;
    char section[64];
    bool bare;           /* it has no settings so far: inih tells of none */
    dgmi_values *values; /* of the section at hand */
    dgm_error why;       /* the first thing that is wrong */
    bool no_memory;
} reading;

void dgmi_feed_list_clear(dgmi_feed_list *list)
{
    dgmi_values_clear(&list->common);
    for (size_t i = 0; i < list->n; i++)
        dgmi_values_clear(&list->feeds[i].set);
    free(list->feeds);
    *list = (dgmi_feed_list){ .feeds = NULL };
}

const char *dgmi_feed_text(const dgmi_feed_entry *feed, dgmi_set set)
{
    return feed->set.text[set];
}

unsigned long dgmi_feed_number(const dgmi_feed_entry *feed, dgmi_set set)
{
    return feed->set.number[set];
}

static dgmi_values *add_feed(dgmi_feed_list *list, dgm_error *err)
{
    if (list->n == DGMI_FEEDS_MAX) {
        dgmi_fail(err, DGM_E_ARG, "more than %d feeds", DGMI_FEEDS_MAX);
        return NULL;
    }
    if (!dgmi_grow(&list->feeds, &list->capacity, list->n + 1, sizeof *list->feeds)) {
        dgmi_fail_memory(err);
        return NULL;
    }
    list->feeds[list->n] = (dgmi_feed_entry){ .set = { .text = { NULL } } };
    return &list->feeds[list->n++].set;
}

static dgm_status set_by_name(dgmi_values *values, bool common, const char *name,
                              const char *value, dgm_error *err)
{
    dgmi_set set = dgmi_set_find(name);
    if (set == DGMI_SETS)
        return dgmi_fail(err, DGM_E_ARG, "%.60s: no such setting", name);
    dgmi_set_place place = dgmi_set_row_of(set)->place;
    if (common ? place == DGMI_FEED_ONLY : place == DGMI_COMMON_ONLY)
        return dgmi_fail(err, DGM_E_ARG,
                         common ? "%s: belongs to a feed, not to [fetch]"
                                : "%s: belongs into [fetch], not to a feed",
                         name);
    if (values->text[set])
        return dgmi_fail(err, DGM_E_ARG, "%s: given twice", name);
    return dgmi_values_set(values, set, value, err);
}

/* ---- INI ---- */

static char *keep_long(reading *r, dgmi_str value)
{
    if (!dgmi_grow(&r->longs, &r->cap_longs, r->n_longs + 1, sizeof *r->longs))
        return NULL;
    return r->longs[r->n_longs++] = dgmi_str_dup(value);
}

/* "[a long name]", with a remark behind it or not. */
static bool put_section(reading *r, dgmi_str line, char *out, int size)
{
    const char *end = memchr(line.p, ']', line.n);
    dgmi_str name = { line.p + 1, end != NULL ? (size_t)(end - line.p) - 1 : 0 };
    if (end == NULL || name.n > NAME_MAX_BYTES) {
        dgmi_fail(&r->why, DGM_E_ARG, "a section of %zu bytes that has no end", line.n);
        snprintf(out, (size_t)size, "%s", "?\n"); /* no INI: ends the reading here */
        return true;
    }
    if (keep_long(r, name) == NULL)
        return false;
    snprintf(out, (size_t)size, "[" BY_NUMBER "%zu]\n", r->n_longs - 1);
    return true;
}

/* Puts a line that is too long for inih as one that is not. */
static bool put_long(reading *r, dgmi_str line, char *out, int size)
{
    const char *equals = memchr(line.p, '=', line.n < 80 ? line.n : 80);
    if (line.p[0] == '[')
        return put_section(r, line, out, size);
    if (equals == NULL || line.n > LINE_MAX_BYTES) {
        dgmi_fail(&r->why, DGM_E_ARG, "a line of %zu bytes that is no setting", line.n);
        snprintf(out, (size_t)size, "%s", "?\n");
        return true;
    }
    dgmi_str name = { line.p, (size_t)(equals - line.p) };
    dgmi_str value = dgmi_str_trim(dgmi_str_skip(line, name.n + 1));
    if (keep_long(r, value) == NULL)
        return false;
    snprintf(out, (size_t)size, "%.*s = " BY_NUMBER "%zu\n", (int)name.n, name.p,
             r->n_longs - 1);
    return true;
}

/* A section that ended without a setting is a feed that would be lost silently. */
static void note_section(reading *r, dgmi_str line)
{
    bool header = dgmi_str_starts(dgmi_str_trim(line), "[");
    if (r->bare && (header || line.p == NULL))
        dgmi_fail(&r->why, DGM_E_ARG, "the section before this line has no url");
    r->bare = header || r->bare;
}

/* inih's reader of lines. */
static char *next_line(char *out, int size, void *stream)
{
    reading *r = stream;
    dgmi_str line = { NULL, 0 };
    bool more = dgmi_str_split(&r->rest, '\n', &line);
    r->line += more;
    note_section(r, more ? line : (dgmi_str){ NULL, 0 });
    if (!more)
        return NULL;
    line = dgmi_str_trim(line);
    bool comment = line.n > 0 && strchr("#;", line.p[0]) != NULL;
    bool section = line.n > 0 && line.p[0] == '[';
    if (line.n > (section ? SECTION_MAX : LONG_LINE) && !comment) {
        if (!put_long(r, line, out, size)) {
            r->no_memory = true;
            return NULL;
        }
        return out;
    }
    int n = (int)(line.n < LONG_LINE ? line.n : LONG_LINE);
    snprintf(out, (size_t)size, "%.*s\n", n, line.p);
    return out;
}

/* What a number stands for. A file may have the mark, too: then it stands for nothing. */
static const char *long_or(const reading *r, const char *text)
{
    if (text[0] != BY_NUMBER[0])
        return text;
    unsigned long i = strtoul(text + 1, NULL, 10);
    return i < r->n_longs ? r->longs[i] : "";
}

static dgm_status enter_section(reading *r, const char *section)
{
    snprintf(r->section, sizeof r->section, "%s", section);
    const char *name = long_or(r, section);
    r->values = !strcmp(section, "fetch") ? &r->list->common : add_feed(r->list, &r->why);
    if (r->values == NULL)
        return r->why.code;
    return r->values == &r->list->common
               ? DGM_OK
               : dgmi_values_set(r->values, DGMI_SET_NAME, name, &r->why);
}

/* inih's handler: nonzero is success. */
static int take_setting(void *user, const char *section, const char *name,
                        const char *value)
{
    reading *r = user;
    r->bare = false;
    if (r->why.code != DGM_OK)
        return 0;
    if (!*section)
        return dgmi_fail(&r->why, DGM_E_ARG, "%.60s: stands before the first section",
                         name) == DGM_OK;
    if (strcmp(section, r->section) != 0 && enter_section(r, section) != DGM_OK)
        return 0;
    value = long_or(r, value);
    bool common = r->values == &r->list->common;
    if (!common && !strcmp(name, "name")) /* replaces that of the section */
        return dgmi_values_set(r->values, DGMI_SET_NAME, value, &r->why) == DGM_OK;
    return set_by_name(r->values, common, name, value, &r->why) == DGM_OK;
}

static dgm_status read_ini(reading *r, dgm_error *err)
{
    int line = ini_parse_stream(next_line, r, take_setting, r);
    if (line < 0 || r->no_memory || r->why.code == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (line > 0 || r->why.code != DGM_OK)
        return dgmi_fail(err, DGM_E_ARG, "%s:%d: %s", r->path, line > 0 ? line : r->line,
                         r->why.code == DGM_OK ? "neither [a section] nor name = value"
                                               : r->why.text);
    return DGM_OK;
}

/* ---- OPML ---- */

/* Attributes that OPML has under other names. The first of text and title is the name. */
static dgmi_set set_of_attribute(const char *name)
{
    if (dgmi_str_eq_nocase(dgmi_str_of(name), "xmlUrl"))
        return DGMI_SET_URL;
    if (!strcmp(name, "text") || !strcmp(name, "title"))
        return DGMI_SET_NAME;
    dgmi_set set = dgmi_set_find(name);
    bool taken = set != DGMI_SETS && set != DGMI_SET_URL &&
                 dgmi_set_row_of(set)->place != DGMI_COMMON_ONLY;
    return taken ? set : DGMI_SETS;
}

static dgm_status take_outline(void *user, const dgmi_pair *attributes, size_t n,
                               dgm_error *err)
{
    reading *r = user;
    dgm_error why = DGM_ERROR_INIT;
    dgmi_values *values = add_feed(r->list, err);
    if (values == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++) {
        dgmi_set set = set_of_attribute(attributes[i].name);
        if (set == DGMI_SETS || values->text[set] || !*attributes[i].value)
            continue;
        dgm_status status = dgmi_values_set(values, set, attributes[i].value, &why);
        /* What another program wrote as a language may be anything. */
        if (status == DGM_E_ARG && set == DGMI_SET_LANGUAGE)
            dgmi_error_clear(&why);
        else if (status != DGM_OK)
            return dgmi_fail(err, status, "outline %zu: %s", r->list->n, why.text);
    }
    return DGM_OK;
}

/* ---- Both ---- */

static dgm_status read_text(reading *r, dgm_error *err)
{
    dgmi_str s = r->rest;
    dgm_error why = DGM_ERROR_INIT;
    if (dgmi_str_starts(s, "\xEF\xBB\xBF"))
        s = dgmi_str_skip(s, 3);
    r->rest = s;
    s = dgmi_str_trim(s);
    if (s.n == 0 || s.p[0] != '<')
        return read_ini(r, err);
    dgm_status status = dgmi_opml_read(s.p, s.n, take_outline, r, &why);
    return status == DGM_OK ? DGM_OK
                            : dgmi_fail(err, status, "%s: %s", r->path, why.text);
}

static dgm_status read_one(const char *path, dgmi_feed_list *list, dgm_error *err)
{
    dgmi_buf text;
    reading r = { .list = list, .path = path, .why = DGM_ERROR_INIT };
    dgmi_buf_init(&text, DGMI_LIST_BYTES);
    dgm_status status = dgmi_file_read(path, &text, err);
    if (status == DGM_OK) {
        r.rest = dgmi_buf_str(&text);
        status = memchr(text.p ? text.p : "", '\0', text.n) != NULL
                     ? dgmi_fail(err, DGM_E_ARG, "%s: not a text file", path)
                     : read_text(&r, err);
    }
    while (r.n_longs > 0)
        free(r.longs[--r.n_longs]);
    free(r.longs);
    dgmi_buf_clear(&text);
    return status;
}

/* The file that `opml` names, as seen from the list. */
static dgm_status read_beside(const char *path, dgmi_feed_list *list, dgm_error *err)
{
    const char *name = list->common.text[DGMI_SET_OPML];
    if (name == NULL)
        return DGM_OK;
    size_t folder = (size_t)(dgmi_path_base(path) - path);
    char *whole = NULL;
    if (asprintf(&whole, "%.*s%s", name[0] == '/' ? 0 : (int)folder, path, name) < 0)
        return dgmi_fail_memory(err);
    dgm_status status = read_one(whole, list, err);
    free(whole);
    return status;
}

/* Every feed has an address that no other has, and a name. */
static dgm_status check_feed(dgmi_values *v, dgmi_map *seen, const char *path,
                             dgm_error *err)
{
    const char *url = v->text[DGMI_SET_URL], *name = v->text[DGMI_SET_NAME];
    if (url == NULL)
        return dgmi_fail(err, DGM_E_ARG, "%s: [%.60s] has no url", path,
                         name ? name : "?");
    uint64_t *count = dgmi_map_at(seen, dgmi_str_of(url), true);
    if (count == NULL)
        return dgmi_fail_memory(err);
    if ((*count)++ > 0)
        return dgmi_fail(err, DGM_E_ARG, "%s: %.150s is listed twice", path, url);
    return name ? DGM_OK : dgmi_values_set(v, DGMI_SET_NAME, url, err);
}

static dgm_status complete(dgmi_feed_list *list, const char *path, dgm_error *err)
{
    dgmi_map *seen = dgmi_map_new();
    dgm_status status = seen ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK && list->n == 0)
        status = dgmi_fail(err, DGM_E_ARG, "%s: names no feed", path);
    if (status == DGM_OK)
        status = dgmi_values_complete(&list->common, NULL, err);
    for (size_t i = 0; i < list->n && status == DGM_OK; i++) {
        status = check_feed(&list->feeds[i].set, seen, path, err);
        if (status == DGM_OK)
            status = dgmi_values_complete(&list->feeds[i].set, &list->common, err);
    }
    dgmi_map_free(seen);
    return status;
}

dgm_status dgmi_feed_list_read(const char *path, dgmi_feed_list *list, dgm_error *err)
{
    *list = (dgmi_feed_list){ .feeds = NULL };
    dgm_status status = read_one(path, list, err);
    if (status == DGM_OK)
        status = read_beside(path, list, err);
    if (status == DGM_OK)
        status = complete(list, path, err);
    if (status != DGM_OK)
        dgmi_feed_list_clear(list);
    return status;
}

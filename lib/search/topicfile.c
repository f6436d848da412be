/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of policy topics. Depends on lib/base, query.h.
 *
 * A file is lines of "name: value"; one that begins with white space goes on with the
 * value before, '#' begins a comment line. doc/topics.md has the names. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fail.h"
#include "file.h"
#include "query.h"
#include "topicfile.h"
#include "utf8.h"

#define ENDING ".topic"

typedef struct topics {
    dgm_topics topics; /* first: what the caller holds */
    dgmi_arena *arena;
    size_t capacity;
    dgm_topic_fault_fn fault;
    void *user;
} topics;

/* One file under way. */
typedef struct reading {
    topics *all;
    dgm_topic topic;
    size_t examples; /* room for so many */
    dgmi_buf value;  /* of the name at hand, with the lines that go on with it */
    const char *name;
    unsigned line; /* of that name */
    dgm_error *fault;
    dgm_status status;
} reading;

static const char *const names[] = { "label", "code", "about", "query", "match", "not" };
enum { LABEL, CODE, ABOUT, QUERY, MATCH, NOT, NAMES };

static void refuse(reading *r, unsigned line, const char *what)
{
    if (r->status == DGM_OK)
        r->status =
            dgmi_fail(r->fault, DGM_E_ARG, "%s:%u: %s", r->topic.file, line, what);
}

static void fail_memory(reading *r)
{
    if (r->status == DGM_OK)
        r->status = dgmi_fail_memory(r->fault);
}

/* ---- Values ---- */

static void set_text(reading *r, const char **to, size_t most)
{
    dgmi_str text = dgmi_str_trim(dgmi_buf_str(&r->value));
    if (*to)
        refuse(r, r->line, "is there twice");
    else if (text.n > most)
        refuse(r, r->line, "is too long");
    else if (!(*to = dgmi_arena_str(r->all->arena, text)))
        fail_memory(r);
}

static void add_example(reading *r, bool wanted)
{
    dgm_topic *t = &r->topic;
    const char *text = NULL;
    set_text(r, &text, DGMI_TOPIC_EXAMPLE);
    if (r->status == DGM_OK && t->n_examples == r->examples) {
        size_t room = r->examples ? r->examples * 2 : 8;
        dgm_topic_example *list = dgmi_arena_array(r->all->arena, room, sizeof *list);
        if (list && t->n_examples > 0)
            memcpy(list, t->examples, t->n_examples * sizeof *list);
        t->examples = list;
        r->examples = list ? room : 0;
        if (!list)
            fail_memory(r);
    }
    if (r->status == DGM_OK)
        t->examples[t->n_examples++] =
            (dgm_topic_example){ .text = text, .wanted = wanted, .line = r->line };
}

/* A query is one line, whatever lines it was written on. */
static void set_query(reading *r)
{
    dgm_error err = DGM_ERROR_INIT;
    dgmi_query *query = NULL;
    for (size_t i = 0; i < r->value.n; i++) {
        if (r->value.p[i] == '\n')
            r->value.p[i] = ' ';
    }
    set_text(r, &r->topic.query, DGMI_QUERY_BYTES);
    if (r->status != DGM_OK)
        return;
    r->topic.query_line = r->line;
    dgm_status status = dgmi_query_parse(r->topic.query, false, &query, &err);
    if (status == DGM_E_NOMEM)
        fail_memory(r);
    else if (status != DGM_OK)
        refuse(r, r->line, err.text);
    else if (query->n_warnings > 0)
        refuse(r, r->line, query->warnings[0]);
    else if (query->root->kind == DGMI_NODE_ALL)
        refuse(r, r->line, "the query asks for nothing");
    dgmi_query_free(query);
}

static void check_code(reading *r)
{
    const char *code = r->topic.code;
    if (r->status == DGM_OK && (strncmp(code, "medtop:", 7) != 0 || strlen(code) != 15 ||
                                strspn(code + 7, "0123456789") != 8))
        refuse(r, r->line, "a code is \"medtop:\" and 8 digits");
}

static void end_value(reading *r)
{
    if (!r->name || r->status != DGM_OK)
        return;
    if (r->value.failed) {
        fail_memory(r);
        return;
    }
    if (dgmi_str_trim(dgmi_buf_str(&r->value)).n == 0)
        refuse(r, r->line, "has no value");
    else if (r->name == names[QUERY])
        set_query(r);
    else if (r->name == names[MATCH] || r->name == names[NOT])
        add_example(r, r->name == names[MATCH]);
    else if (r->name == names[LABEL])
        set_text(r, &r->topic.label, DGMI_TOPIC_LABEL);
    else if (r->name == names[ABOUT])
        set_text(r, &r->topic.about, DGMI_TOPIC_EXAMPLE);
    else
        set_text(r, &r->topic.code, DGMI_TOPIC_LABEL);
    if (r->name == names[CODE])
        check_code(r);
    r->name = NULL;
}

/* ---- Lines ---- */

static void begin_value(reading *r, dgmi_str line, unsigned number)
{
    const char *colon = memchr(line.p, ':', line.n);
    dgmi_str name = { line.p, colon ? (size_t)(colon - line.p) : 0 };
    end_value(r);
    for (int i = 0; i < NAMES && !r->name; i++) {
        if (dgmi_str_eq(name, names[i]))
            r->name = names[i];
    }
    if (!r->name) {
        refuse(r, number,
               "a line is \"name: value\" with the name label, code, about, query, match "
               "or not");
        return;
    }
    r->line = number;
    dgmi_buf_reset(&r->value);
    dgmi_buf_put(&r->value, colon + 1, line.n - name.n - 1);
}

static void take_line(reading *r, dgmi_str line, unsigned number)
{
    dgmi_str text = dgmi_str_trim(line);
    if (text.n == 0 || line.p[0] == '#')
        return;
    if (!isspace((unsigned char)line.p[0])) {
        begin_value(r, line, number);
    } else if (!r->name) {
        refuse(r, number, "there is nothing that this line could go on with");
    } else {
        dgmi_buf_putc(&r->value, '\n');
        dgmi_buf_put(&r->value, text.p, text.n);
    }
}

static void check_whole(reading *r)
{
    if (!r->topic.label)
        refuse(r, 1, "there is no label");
    else if (!r->topic.query)
        refuse(r, 1, "there is no query");
}

static void read_text(reading *r, dgmi_str text)
{
    unsigned number = 0;
    if (!dgmi_utf8_valid(text.p, text.n))
        refuse(r, 1, "is not UTF-8");
    else if (text.n > 0 && memchr(text.p, '\0', text.n))
        refuse(r, 1, "is not text: it has a NUL byte"); /* what follows would be lost */
    while (text.n > 0 && r->status == DGM_OK) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n;
        take_line(r, (dgmi_str){ text.p, n }, ++number);
        n += end != NULL;
        text = (dgmi_str){ text.p + n, text.n - n };
    }
    end_value(r);
    check_whole(r);
}

/* ---- Files ---- */

static void set_name(reading *r)
{
    const char *base = dgmi_path_base(r->topic.file);
    dgmi_str name = dgmi_str_of(base);
    name.n -= dgmi_str_ends(name, ENDING) ? strlen(ENDING) : 0;
    if (name.n == 0 || strspn(base, "abcdefghijklmnopqrstuvwxyz0123456789-") < name.n)
        refuse(r, 1, "the name of a topic's file is of small letters, digits and -");
    r->topic.name = dgmi_arena_str(r->all->arena, name);
    if (!r->topic.name)
        fail_memory(r);
}

static dgm_status keep(topics *all, const dgm_topic *topic, dgm_error *err)
{
    if (!dgmi_grow(&all->topics.list, &all->capacity, all->topics.n + 1, sizeof *topic))
        return dgmi_fail_memory(err);
    all->topics.list[all->topics.n++] = *topic;
    return DGM_OK;
}

static dgm_status read_file(topics *all, const char *path, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    reading r = { .all = all, .fault = &fault };
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_TOPIC_BYTES);
    dgmi_buf_init(&r.value, DGMI_TOPIC_BYTES);
    r.topic.file = dgmi_arena_dup(all->arena, path);
    dgm_status status =
        r.topic.file ? dgmi_file_read(path, &text, err) : dgmi_fail_memory(err);
    if (status == DGM_OK) {
        set_name(&r);
        read_text(&r, dgmi_buf_str(&text));
        if (r.status == DGM_E_NOMEM)
            status = dgmi_fail_memory(err);
        else if (r.status == DGM_OK)
            status = keep(all, &r.topic, err);
        else if (all->fault)
            all->fault(all->user, fault.text);
    }
    dgmi_buf_clear(&text);
    dgmi_buf_clear(&r.value);
    return status;
}

/* What cannot be read is left out, as what is no topic: the others hold. */
static dgm_status read_one_of(topics *all, const char *path, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgm_status status = read_file(all, path, &why);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK && all->fault)
        all->fault(all->user, why.text);
    return DGM_OK;
}

static dgm_status read_folder(topics *all, const char *path, dgm_error *err)
{
    dgmi_names files = { 0 };
    dgm_status status = dgmi_dir_list(path, &files, err);
    for (size_t i = 0; i < files.n && status == DGM_OK; i++) {
        if (!dgmi_str_ends(dgmi_str_of(files.names[i]), ENDING) ||
            files.names[i][0] == '.')
            continue;
        if (all->topics.n == DGMI_TOPICS_MOST) {
            if (all->fault)
                all->fault(all->user, "there are more topics than can be used");
            break;
        }
        char *file = dgmi_path_join(path, files.names[i]);
        status = file ? read_one_of(all, file, err) : dgmi_fail_memory(err);
        free(file);
    }
    dgmi_names_free(&files);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const dgm_topic *)a)->name, ((const dgm_topic *)b)->name);
}

dgm_status dgm_topics_read(const char *path, dgm_topic_fault_fn fault, void *user,
                           dgm_topics **out, dgm_error *err)
{
    if (!path || !out)
        return dgmi_fail(err, DGM_E_ARG, "a path and a place for topics are needed");
    *out = NULL;
    topics *all = calloc(1, sizeof *all);
    if (!all)
        return dgmi_fail_memory(err);
    all->fault = fault;
    all->user = user;
    all->arena = dgmi_arena_new(0);
    dgm_status status = !all->arena         ? dgmi_fail_memory(err)
                        : dgmi_is_dir(path) ? read_folder(all, path, err)
                                            : read_file(all, path, err);
    if (status != DGM_OK) {
        dgm_topics_free(&all->topics);
        return status;
    }
    if (all->topics.n > 1)
        qsort(all->topics.list, all->topics.n, sizeof *all->topics.list, by_name);
    *out = &all->topics;
    return DGM_OK;
}

void dgm_topics_free(dgm_topics *t)
{
    topics *all = (topics *)(void *)t;
    if (!all)
        return;
    dgmi_arena_free(all->arena);
    free(all->topics.list);
    free(all);
}

dgm_status dgm_topic_ask(const dgm_topic *topic, dgm_request *request, dgm_error *err)
{
    dgm_status status = dgm_request_set(request, "q", topic->query, err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "exact", "1", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "synonyms", "0", err);
    return status;
}

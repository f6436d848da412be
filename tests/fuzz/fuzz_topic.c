/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as the file of a topic. What is taken can be searched for. One
 * that begins with the comment "#try" has its examples matched, too, which takes long.
 * Depends on lib/search. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dragoman.h"
#include "file.h"
#include "query.h"
#include "topicfile.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TRY "#try\n"

static void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static bool is_text(const char *text, size_t most)
{
    size_t n = text ? strlen(text) : 0;
    return n > 0 && n <= most && dgmi_utf8_valid(text, n);
}

typedef struct told {
    const char *path;
    size_t faults;
} told;

static void hear(void *user, const char *what)
{
    told *t = user;
    size_t n = strlen(t->path);
    must(!strncmp(what, t->path, n) && what[n] == ':');
    t->faults++;
}

static void check_query(const dgm_topic *topic)
{
    dgmi_query *query = NULL;
    dgm_request *request = dgm_request_new();
    must(dgmi_query_parse(topic->query, false, &query, NULL) == DGM_OK);
    must(query->n_warnings == 0);
    must(request && dgm_topic_ask(topic, request, NULL) == DGM_OK);
    dgm_request_free(request);
    dgmi_query_free(query);
}

static void check(const dgm_topic *topic)
{
    must(is_text(topic->name, 255) && is_text(topic->label, DGMI_TOPIC_LABEL));
    must(is_text(topic->query, DGMI_QUERY_BYTES) && !strchr(topic->query, '\n'));
    must(!topic->code || (is_text(topic->code, 15) && strlen(topic->code) == 15));
    must(!topic->about || is_text(topic->about, DGMI_TOPIC_EXAMPLE));
    must(topic->query_line > 0);
    for (size_t i = 0; i < topic->n_examples; i++) {
        must(is_text(topic->examples[i].text, DGMI_TOPIC_EXAMPLE));
        must(topic->examples[i].line > 0);
    }
    check_query(topic);
}

/* A file without a name, so none is left behind; its number is a topic's name. */
static int open_file(const uint8_t *data, size_t size, char path[64])
{
    int fd = memfd_create("topic", MFD_CLOEXEC);
    if (fd < 0 || dgmi_write_all(fd, data, size, "topic", NULL) != DGM_OK)
        return -1;
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    dgm_topics *topics = NULL;
    dgm_error err = DGM_ERROR_INIT;
    told t = { path, 0 };
    int fd = open_file(data, size, path);
    if (fd < 0)
        return 0;
    dgm_status status = dgm_topics_read(path, hear, &t, &topics, &err);
    must(status == DGM_OK ? topics->n + t.faults == 1 : size > DGMI_TOPIC_BYTES);
    for (size_t i = 0; status == DGM_OK && i < topics->n; i++)
        check(&topics->list[i]);
    if (status == DGM_OK && topics->n == 1 && size > strlen(TRY) &&
        !memcmp(data, TRY, strlen(TRY))) {
        status = dgm_topics_test(topics, &err);
        must(status == DGM_OK || status == DGM_E_TIMEOUT || status == DGM_E_QUERY);
    }
    dgm_topics_free(topics);
    close(fd);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks topic codes up in the table, by halves: its lines are in the order of their keys.
 * Depends on topics.h. */
#include "topics.h"

#include <string.h>

enum { KEY_SIZE = 9, CODE_SIZE = 8 };

static dgmi_str table(void)
{
    return (dgmi_str){ (const char *)dgmi_topics, dgmi_topics_size };
}

/* The line that byte `at` lies in. */
static dgmi_str line_at(dgmi_str all, size_t at)
{
    size_t from = at, to = at;
    while (from > 0 && all.p[from - 1] != '\n')
        from--;
    while (to < all.n && all.p[to] != '\n')
        to++;
    return (dgmi_str){ all.p + from, to - from };
}

static dgmi_str field(dgmi_str *line)
{
    dgmi_str part = { line->p, 0 };
    dgmi_str_split(line, '\t', &part);
    return part;
}

/* *instead is the code of a successor, or empty. */
static bool find_key(const char key[KEY_SIZE], dgmi_topic *topic, dgmi_str *instead)
{
    dgmi_str all = table();
    size_t low = 0, high = all.n;
    while (low < high) {
        dgmi_str line = line_at(all, low + (high - low) / 2);
        int order = line.n >= KEY_SIZE ? memcmp(key, line.p, KEY_SIZE) : -1;
        if (order == 0) {
            topic->key = field(&line);
            topic->name = field(&line);
            topic->broader = field(&line);
            *instead = field(&line);
            return true;
        }
        if (order < 0)
            high = (size_t)(line.p - all.p);
        else
            low = (size_t)(line.p - all.p) + line.n + 1;
    }
    return false;
}

static bool find_code(char list, dgmi_str code, dgmi_topic *topic)
{
    char key[KEY_SIZE] = { list };
    dgmi_str instead;
    if (code.n != CODE_SIZE)
        return false;
    memcpy(key + 1, code.p, CODE_SIZE);
    if (!find_key(key, topic, &instead))
        return false;
    if (instead.n != CODE_SIZE)
        return true;
    memcpy(key + 1, instead.p, CODE_SIZE);
    return find_key(key, topic, &instead);
}

bool dgmi_topic_find(dgmi_str code, dgmi_topic *topic)
{
    static const struct {
        const char *prefix;
        char list;
    } forms[] = {
        { "medtop:", 'm' },
        { "subj:", 's' },
        { "http://cv.iptc.org/newscodes/mediatopic/", 'm' },
        { "http://cv.iptc.org/newscodes/subjectcode/", 's' },
        { "https://cv.iptc.org/newscodes/mediatopic/", 'm' },
        { "https://cv.iptc.org/newscodes/subjectcode/", 's' },
        { "iptc:", 's' },
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (dgmi_str_starts_nocase(code, forms[i].prefix))
            return find_code(forms[i].list, dgmi_str_skip(code, strlen(forms[i].prefix)),
                             topic);
    }
    return false;
}

bool dgmi_topic_broader(const dgmi_topic *topic, dgmi_topic *broader)
{
    return topic->broader.n > 0 && find_code(topic->key.p[0], topic->broader, broader);
}

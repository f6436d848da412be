/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How items write the words that have a stem. Depends on lib/index, lib/text.
 *
 * The index knows folded words alone; what a person is to read comes from the texts. A
 * capital says that a word is a name only inside a sentence, and only in a paragraph that
 * has long words without one: headlines and tables write all words large. */
#include "spelt.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "moment.h"
#include "tokens.h"
#include "utf8.h"

enum {
    STEMS = 256,
    LONG = 4, /* letters of a word that even headlines write small */
    MUTE = 4, /* so many small words and no large one: an address, or no prose */
    PLAIN = 4,
    MET = 100,
    TEXT_MOST = 200000
};

typedef struct reader {
    const dgmi_search *s;
    const char *language;
    dgmi_example *list; /* of one item */
    size_t n;
    bool begins[256]; /* first bytes of the stems */
    bool any;         /* a word need not begin as its stem */
} reader;

static dgmi_spelt *find_word(const reader *r, const dgmi_token *token)
{
    if (token->kind == DGMI_IDEO || token->n == 0 ||
        !(r->any || r->begins[(unsigned char)token->text[0]]))
        return NULL;
    dgmi_str stem =
        dgmi_stem(r->s->desk->stems, r->language, (dgmi_str){ token->text, token->n });
    for (size_t i = 0; i < r->n; i++) {
        dgmi_spelt *word = r->list[i].word;
        if (word->stem.n == stem.n && memcmp(word->stem.p, stem.p, stem.n) == 0)
            return word;
    }
    return NULL;
}

/* The word as it stands there, without a possessive's end. */
static dgmi_str source_of(dgmi_str text, const dgmi_token *token)
{
    static const char *const ends[] = { "'s", "\xe2\x80\x99s", "'", "\xe2\x80\x99" };
    dgmi_str form = { text.p + token->from, token->to - token->from };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (dgmi_str_ends(form, ends[i])) {
            form.n -= strlen(ends[i]);
            break;
        }
    }
    return form;
}

/* A word of the list where it stands. */
typedef struct met {
    dgmi_spelt *word;
    dgmi_str form;
    char folded[DGMI_SPELT_BYTES];
    bool capital, first;
} met;

/* A paragraph: such words, and how it writes its longer words inside sentences. */
typedef struct unit {
    met met[MET];
    size_t n;
    uint32_t small, large;
} unit;

static void note_form(const met *m, dgmx_docid id, bool plain)
{
    dgmi_spelt *word = m->word;
    uint32_t i = 0;
    while (i < word->n_forms && !dgmi_str_eq(m->form, word->forms[i].text))
        i++;
    if (i == DGMI_SPELT_FORMS || (i < word->n_forms && word->forms[i].seen == id))
        return;
    if (i == word->n_forms) {
        memcpy(word->forms[i].text, m->form.p, m->form.n);
        word->forms[i].text[m->form.n] = '\0';
        memcpy(word->forms[i].folded, m->folded, sizeof m->folded);
        word->forms[i].capital = m->capital;
        word->n_forms++;
    }
    word->forms[i].times += plain ? PLAIN : 1;
    word->forms[i].seen = id;
}

static bool is_first(dgmi_str text, size_t at)
{
    while (at > 0 && (text.p[at - 1] == ' ' || text.p[at - 1] == '\t'))
        at--;
    return at == 0 || strchr("\n.!?:;\"'()[]*-", text.p[at - 1]) != NULL ||
           (unsigned char)text.p[at - 1] >= 0x80; /* a quote or a dash, most likely */
}

/* In a headline or a table that writes most words large a capital says nothing, nor does
 * a small letter where there are no capitals at all. */
static void judge(const reader *r, unit *u)
{
    bool small = u->small > 0 && u->small * 3 >= u->small + u->large;
    bool plain = small && (u->large > 0 || u->small < MUTE);
    for (size_t i = 0; i < u->n; i++) {
        met *m = &u->met[i];
        note_form(m, r->list->id, plain);
        if (!m->capital)
            m->word->words += plain;
        else if (small && !m->first)
            m->word->names++;
    }
    u->n = 0;
    u->small = u->large = 0;
}

static void meet(const reader *r, unit *u, dgmi_str text, const dgmi_token *token)
{
    bool first = is_first(text, token->from);
    dgmi_spelt *word = find_word(r, token);
    if (token->n >= LONG && token->kind != DGMI_WHOLE) {
        u->small += !first && !token->capital;
        u->large += token->capital;
    }
    met m = { word, source_of(text, token), "", token->capital, first };
    if (!word || m.form.n == 0 || m.form.n >= DGMI_SPELT_BYTES ||
        token->n >= DGMI_SPELT_BYTES || u->n == MET)
        return;
    memcpy(m.folded, token->text, token->n);
    word->alone = word->alone || token->kind != DGMI_PART;
    u->met[u->n++] = m;
}

static void read_text(const reader *r, dgmi_str text)
{
    dgmi_tokens walk;
    dgmi_token token;
    unit u;
    size_t at = 0;
    u.n = 0;
    u.small = u.large = 0;
    if (text.n > TEXT_MOST)
        text.n = dgmi_utf8_cut(text.p, text.n, TEXT_MOST);
    dgmi_tokens_init(&walk, text.p, text.n, 1);
    while (dgmi_tokens_next(&walk, &token)) {
        if (token.from > at && memchr(text.p + at, '\n', token.from - at))
            judge(r, &u);
        meet(r, &u, text, &token);
        at = token.from;
    }
    judge(r, &u);
}

static dgm_status read_item(reader *r, dgmx_docid id)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes bytes;
    dgmi_record record;
    dgm_error *err = r->s->err;
    memset(r->begins, 0, sizeof r->begins);
    for (size_t i = 0; i < r->n; i++)
        r->begins[(unsigned char)r->list[i].word->stem.p[0]] = true;
    dgm_status status = dgmi_moment_doc(r->s->desk->index, id, &id, err);
    if (status == DGM_OK)
        status = dgmx_doc_get(r->s->desk->index->db, id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &bytes, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(r->s->desk->codec, bytes.p, bytes.n, &record, err);
    if (status == DGM_OK) {
        r->language = record.item.language;
        r->any = dgmi_stem_cuts_front(r->language);
        read_text(r, (dgmi_str){ record.text, record.text_n });
        if (record.item.title)
            read_text(r, dgmi_str_of(record.item.title));
    }
    dgmx_doc_free(doc);
    return status;
}

static int compare_examples(const void *a, const void *b)
{
    const dgmi_example *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1)
                          : (x->word > y->word) - (x->word < y->word);
}

dgm_status dgmi_spelt_read(const dgmi_search *s, dgmi_example *list, size_t n)
{
    dgm_status status = DGM_OK;
    if (n > 0)
        qsort(list, n, sizeof *list, compare_examples);
    for (size_t i = 0, next; i < n && status == DGM_OK; i = next) {
        reader r = { .s = s, .list = list + i };
        for (next = i; next < n && list[next].id == list[i].id && r.n < STEMS; next++)
            r.n++;
        status = read_item(&r, list[i].id);
    }
    return status;
}

/* Seen in several items, and in none with a small letter. */
static bool is_always_large(const dgmi_spelt *word)
{
    uint32_t times = 0;
    for (uint32_t i = 0; i < word->n_forms; i++) {
        if (!word->forms[i].capital)
            return false;
        times += word->forms[i].times;
    }
    return times >= 3 * PLAIN;
}

bool dgmi_spelt_is_name(const dgmi_spelt *word)
{
    return (word->names > 0 && word->names >= 3 * word->words) ||
           (word->words == 0 && is_always_large(word));
}

/* How often the form was seen, however it was written. */
static uint32_t times_of(const dgmi_spelt *word, const char *folded)
{
    uint32_t times = 0;
    for (uint32_t i = 0; i < word->n_forms; i++) {
        if (strcmp(word->forms[i].folded, folded) == 0)
            times += word->forms[i].times;
    }
    return times;
}

const char *dgmi_spelt_form(const dgmi_spelt *word, const char **folded)
{
    bool name = dgmi_spelt_is_name(word);
    uint32_t best = 0, best_times = times_of(word, word->forms[0].folded);
    for (uint32_t i = 0; i < word->n_forms; i++) {
        const char *form = word->forms[i].folded;
        uint32_t times = times_of(word, form);
        bool same = strcmp(form, word->forms[best].folded) == 0;
        bool fits = word->forms[i].capital == name;
        bool fitted = word->forms[best].capital == name;
        bool better =
            same ? (fits && !fitted) ||
                       (fits == fitted && word->forms[i].times > word->forms[best].times)
                 : times > best_times;
        if (better)
            best = i;
        if (better)
            best_times = times;
    }
    *folded = word->n_forms > 0 ? word->forms[best].folded : NULL;
    return word->alone ? word->forms[best].text : NULL;
}

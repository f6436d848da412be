/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choosing the passage and writing it. Depends on snippet_scan.h and lib/text. */
#include "snippet.h"

#include "chars.h"
#include "sentence.h"
#include "snippet_scan.h"
#include "utf8.h"

#define LENGTH_STANDARD 280
#define SCAN_MAX ((size_t)2 << 20) /* bytes of a text that are looked through */
#define RECENT 64                  /* finds that one window can hold */
#define COMPACTNESS 0.25 /* what standing close together adds, at most, to the weight */

typedef struct range {
    size_t from, to;
} range;

/* ---- The best window ---- */

typedef struct window {
    const dgmi_marks *marks;
    size_t width; /* bytes that a passage may have */
    dgmi_found recent[RECENT];
    size_t head, n;
    uint16_t counts[DGMI_GROUPS_MAX]; /* of the recent finds */
    double weight, all;               /* of the distinct recent finds; of all marks */
    double best_score;
    range best;
} window;

static void drop_head(window *w)
{
    uint16_t group = w->recent[w->head].group;
    if (--w->counts[group] == 0)
        w->weight -= w->marks->groups[group].weight;
    w->head = (w->head + 1) % RECENT;
    w->n--;
}

/* Keeps the narrowest run of finds that ends in f and fits; true until it cannot get much
 * better. */
static bool add_find(void *user, const dgmi_found *f)
{
    window *w = user;
    while (w->n > 0 && (w->n == RECENT || f->to - w->recent[w->head].from > w->width))
        drop_head(w);
    w->recent[(w->head + w->n++) % RECENT] = *f;
    if (w->counts[f->group]++ == 0)
        w->weight += w->marks->groups[f->group].weight;
    while (w->counts[w->recent[w->head].group] > 1)
        drop_head(w);
    size_t from = w->recent[w->head].from;
    double span = (double)(f->to - from) / (double)w->width;
    double score = w->weight * (1 + COMPACTNESS * (1 - (span < 1 ? span : 1)));
    if (score > w->best_score * 1.0001) { /* of equals the first */
        w->best_score = score;
        w->best = (range){ from, f->to };
    }
    return w->best_score < w->all * (1 + COMPACTNESS * 0.85);
}

/* The bytes of the best run of finds; false without any. */
static bool find_best(dgmi_scan s, size_t width, range *best)
{
    window w = { .marks = s.marks, .width = width };
    for (size_t g = 0; g < s.marks->n_groups; g++)
        w.all += s.marks->groups[g].weight;
    s.found = add_find;
    s.user = &w;
    dgmi_scan_run(&s, 0, s.n < SCAN_MAX ? s.n : SCAN_MAX);
    *best = w.best;
    return w.best.to > 0;
}

/* ---- Where to cut ---- */

static bool is_space(char c)
{
    return dgmi_byte_class[(unsigned char)c] == DGMI_C_SPACE;
}

static size_t skip_space(dgmi_str text, size_t at)
{
    while (at < text.n && is_space(text.p[at]))
        at++;
    return at;
}

/* Back to the end of the word before `at`, not below `low`. */
static size_t trim_space(dgmi_str text, size_t low, size_t at)
{
    while (at > low && is_space(text.p[at - 1]))
        at--;
    return at;
}

/* The first place for a word to begin at `at` or later; without any before `high`, a
 * place between two characters, as scripts without spaces need it. */
static size_t word_start(dgmi_str text, size_t at, size_t high)
{
    size_t i = at;
    while (i > 0 && i < high && !is_space(text.p[i - 1]))
        i++;
    i = skip_space(text, i);
    if (i < high)
        return i;
    return high - at < 16 ? high : dgmi_cluster_cut(text.p, text.n, at);
}

static bool begins_paragraph(dgmi_str text, size_t at)
{
    return at == 0 || (at >= 2 && text.p[at - 1] == '\n' && text.p[at - 2] == '\n');
}

/* The first and the last beginning of a sentence in low..high, `none` in both without
 * any. */
static range sentence_starts(dgmi_str text, size_t low, size_t high, size_t none)
{
    range starts = { none, none };
    size_t limit = text.n - high > 8 ? high + 8 : text.n; /* a little to look ahead */
    size_t at = low;
    if (!begins_paragraph(text, low))
        at = dgmi_sentence_end(text.p, limit, low);
    while (at <= high) {
        at = skip_space(text, at);
        if (at > high || at >= text.n)
            break;
        starts.from = starts.from == none ? at : starts.from;
        starts.to = at;
        at = dgmi_sentence_end(text.p, limit, at);
    }
    return starts;
}

typedef struct passage {
    size_t from, to;
    bool cut_before, cut_behind; /* inside a sentence */
} passage;

static size_t minus(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

/* Begins with the sentence of the best finds if that fits, else a little before them. */
static void place_start(passage *p, dgmi_str text, range best, size_t width)
{
    size_t spare = minus(width, best.to - best.from);
    p->from =
        sentence_starts(text, minus(best.from, spare - spare / 3), best.from, SIZE_MAX)
            .to;
    p->cut_before = p->from == SIZE_MAX;
    if (p->cut_before)
        p->from = word_start(text, minus(best.from, spare / 3), best.from);
    if (text.n - p->from >= width)
        return;
    /* Near the end of the text there is room for more before. */
    size_t low = text.n > width ? text.n - width : 0;
    size_t start = sentence_starts(text, low, p->from, SIZE_MAX).from;
    if (start != SIZE_MAX) {
        p->from = start;
        p->cut_before = false;
    } else {
        p->from = word_start(text, low, p->from);
    }
}

/* Back over what would stand oddly before an ellipsis, not below `low`. */
static size_t trim_end(dgmi_str text, size_t low, size_t at)
{
    while (at > low &&
           (is_space(text.p[at - 1]) || text.p[at - 1] == ',' || text.p[at - 1] == ';' ||
            text.p[at - 1] == ':' || text.p[at - 1] == '-'))
        at--;
    return at;
}

/* The last sentence end in the last two fifths of the passage, behind the finds; 0 if
 * there is none. */
static size_t sentence_end(dgmi_str text, size_t from, size_t low, size_t high)
{
    size_t limit = text.n - high > 8 ? high + 8 : text.n, last = 0;
    size_t near = high - (high - from) * 2 / 5;
    for (size_t at = dgmi_sentence_end(text.p, limit, from); at <= high && at > from;
         at = dgmi_sentence_end(text.p, limit, from)) {
        if (at >= low && at >= near)
            last = at;
        from = skip_space(text, at);
    }
    return last;
}

static void place_end(passage *p, dgmi_str text, range best, size_t width)
{
    size_t high = p->from + width > best.to ? p->from + width : best.to;
    p->cut_behind = false;
    p->to = text.n;
    if (high >= text.n)
        return;
    p->to = sentence_end(text, p->from, best.to, high);
    if (p->to > 0)
        return;
    p->cut_behind = true;
    p->to = high;
    while (p->to > best.to && !is_space(text.p[p->to]))
        p->to--;
    if (p->to == best.to && !is_space(text.p[p->to])) {
        size_t cut = dgmi_cluster_cut(text.p, text.n, high);
        p->to = cut > best.to ? cut : best.to;
    }
    p->to = trim_end(text, best.to, p->to);
    p->cut_behind = skip_space(text, p->to) < text.n;
}

/* ---- Writing ---- */

typedef struct writer {
    dgmi_buf *out;
    dgmi_str text;
    size_t at, to; /* what is still to be written */
    bool html;
    bool gap;   /* a space was written last, or nothing yet */
    range mark; /* not yet written, because the next find may overlap it; empty: none */
} writer;

static void put_char(dgmi_buf *out, uint32_t c, bool html)
{
    switch (html ? c : 0) {
    case '&':
        dgmi_buf_puts(out, "&amp;");
        break;
    case '<':
        dgmi_buf_puts(out, "&lt;");
        break;
    case '>':
        dgmi_buf_puts(out, "&gt;");
        break;
    case '"':
        dgmi_buf_puts(out, "&quot;");
        break;
    case '\'':
        dgmi_buf_puts(out, "&#39;");
        break;
    default:
        dgmi_buf_put_char32(out, c);
    }
}

/* Writes the source up to `to`, with white space as one blank. */
static void write_up_to(writer *w, size_t to)
{
    while (w->at < to) {
        uint32_t c;
        bool space = is_space(w->text.p[w->at]);
        w->at += dgmi_utf8_get(w->text.p + w->at, w->text.p + w->text.n, &c);
        if (!space)
            put_char(w->out, c, w->html);
        else if (!w->gap)
            dgmi_buf_putc(w->out, ' ');
        w->gap = space;
    }
}

static void write_mark(writer *w)
{
    if (w->mark.to == 0)
        return;
    write_up_to(w, w->mark.from);
    dgmi_buf_puts(w->out, "<mark>");
    write_up_to(w, w->mark.to);
    dgmi_buf_puts(w->out, "</mark>");
    w->mark.to = 0;
}

static bool take_mark(void *user, const dgmi_found *f)
{
    writer *w = user;
    if (f->to > w->to)
        return true;
    if (w->mark.to > 0 && f->from <= w->mark.to) {
        if (f->to > w->mark.to)
            w->mark.to = f->to;
        return true;
    }
    write_mark(w);
    w->mark = (range){ f->from, f->to };
    return true;
}

static void write_passage(dgmi_buf *out, dgmi_scan s, const passage *p, bool html)
{
    writer w = {
        .out = out, .text = { s.p, s.n }, .at = p->from, .html = html, .gap = true
    };
    w.to = trim_space(w.text, p->from, p->to);
    if (p->cut_before)
        dgmi_buf_puts(out, "…");
    if (html && s.marks != NULL && s.marks->n_groups > 0) {
        s.found = take_mark;
        s.user = &w;
        dgmi_scan_run(&s, w.at, w.to < SCAN_MAX ? w.to : SCAN_MAX);
        write_mark(&w);
    }
    write_up_to(&w, w.to);
    if (p->cut_behind)
        dgmi_buf_puts(out, "…");
}

/* ---- All together ---- */

/* How many bytes `length` characters take in this part of the text. */
static size_t width_of(dgmi_str text, size_t at, unsigned length)
{
    size_t from = dgmi_utf8_cut(text.p, text.n, at < text.n ? at : 0);
    size_t bytes = dgmi_utf8_cut(text.p + from, text.n - from, 256);
    size_t characters = dgmi_utf8_count(text.p + from, bytes);
    return characters > 0 ? (size_t)length * bytes / characters : length;
}

void dgmi_snippet(dgmi_buf *out, const char *text, size_t n, const dgmi_marks *marks,
                  dgmi_stems *stems, const dgmi_snippet_options *options, size_t *at)
{
    dgmi_str all = { text, n };
    unsigned length = options->length > 0 ? options->length : LENGTH_STANDARD;
    dgmi_scan s = { .p = text, .n = n, .marks = marks, .stems = stems };
    s.language = options->language;
    size_t width = width_of(all, 0, length);
    size_t start = skip_space(all, 0);
    range best = { start, start };
    if (marks != NULL && marks->n_groups > 0 && find_best(s, width, &best))
        width = width_of(all, best.from, length);
    else
        best = (range){ start, start };
    *at = 0;
    if (options->match)
        *options->match = best.from;
    if (start >= n)
        return;
    passage p = { start, n, false, false };
    place_start(&p, all, best, width);
    place_end(&p, all, best, width);
    *at = p.from;
    write_passage(out, s, &p, options->form == DGMI_SNIPPET_HTML);
}

void dgmi_escape_html(dgmi_buf *out, const char *p, size_t n)
{
    for (size_t from = 0, at = 0; at <= n; at++) {
        if (at < n && p[at] != '&' && p[at] != '<' && p[at] != '>' && p[at] != '"' &&
            p[at] != '\'')
            continue;
        dgmi_buf_put(out, p + from, at - from);
        if (at < n)
            put_char(out, (unsigned char)p[at], true);
        from = at + 1;
    }
}

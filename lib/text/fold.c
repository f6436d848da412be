/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding of characters: decompose, leave out or write out, compose again. Depends on
 * utf8proc. */
#include "fold.h"

#include <string.h>
#include <utf8proc.h>

#include "chars.h"
#include "utf8.h"

/* A run is folded as a whole because marks and Hangul compose with what stands before
 * them. It has room for the decomposed form of a token of 64 bytes, and then for the
 * longest decomposition there is. */
#define RUN_FULL 160
#define DECOMPOSED_MAX 32
#define FOLD_OPTIONS                                                                     \
    (UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

typedef struct run {
    utf8proc_int32_t c[RUN_FULL + DECOMPOSED_MAX];
    size_t n;
    uint32_t base;   /* the last character that is not a mark; 0 at the beginning */
    bool composable; /* holds something that may compose */
    bool words_only; /* leave out what is not of a word */
    bool dots;       /* but keep dots */
} run;

/* The array stays as it is: clearing it would cost more than folding a word. */
static void begin(run *r)
{
    r->n = 0;
    r->base = 0;
    r->composable = r->words_only = r->dots = false;
}

/* Letters that have no decomposition but a plain spelling that readers type instead. */
static const char *spelt_out(uint32_t c)
{
    switch (c) {
    case 0x00E6:
        return "ae";
    case 0x00F0:
    case 0x0111:
    case 0x0256:
        return "d";
    case 0x00F8:
        return "o";
    case 0x00FE:
        return "th";
    case 0x0127:
        return "h";
    case 0x0131:
        return "i";
    case 0x0138:
        return "k";
    case 0x0142:
        return "l";
    case 0x014B:
        return "n";
    case 0x0153:
        return "oe";
    case 0x0167:
        return "t";
    case 0x0192:
        return "f";
    case 0x0259:
        return "a"; /* schwa of Azerbaijani names */
    case 0x00A0:
    case 0x3000:
        return " ";
    case 0x2044:
        return "/";
    default:
        return NULL;
    }
}

/* Quotes and dashes in plain form, 0 for anything else. Asked before decomposing, because
 * some of these would fall apart into a space and a mark. */
static uint32_t plain_sign(uint32_t c)
{
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 ||
        c == 0xFF0D)
        return '-';
    if (c == 0x00AB || c == 0x00BB || (c >= 0x201C && c <= 0x201F))
        return '"';
    if (c == '`' || c == 0x201A || (c >= 0x80 && dgmi_class_of(c) == DGMI_C_APOSTROPHE))
        return '\'';
    return 0;
}

/* 0-9 for the digits of scripts that the news uses, else c. */
static uint32_t plain_digit(uint32_t c)
{
    static const uint16_t zeros[] = { 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66,
                                      0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
                                      0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810 };
    if (c < 0x0660 || c > 0x1819)
        return c;
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        if (c >= zeros[i] && c <= zeros[i] + 9u)
            return '0' + (c - zeros[i]);
    }
    return c;
}

/* Forms of one Arabic letter that differ by country or keyboard. */
static uint32_t plain_arabic(uint32_t c)
{
    switch (c) {
    case 0x0649:
    case 0x06CC:
        return 0x064A; /* alef maksura, Persian yeh: yeh */
    case 0x06A9:
        return 0x0643; /* keheh: kaf */
    case 0x0671:
        return 0x0627; /* alef wasla: alef */
    default:
        return c;
    }
}

static bool loses_arabic_mark(uint32_t base, uint32_t c)
{
    if (c >= 0x0653 && c <= 0x0655) /* madda and hamza make other letters, but for alef
                                       writers skip them */
        return base == 0x0627;
    return (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x0610 && c <= 0x061A) ||
           (c >= 0x06D6 && c <= 0x06ED) || (c >= 0x08D3 && c <= 0x08FF);
}

static bool loses_cyrillic_mark(uint32_t base, uint32_t c)
{
    if (c == 0x0300 || c == 0x0301) /* stress, but for two Macedonian letters */
        return base != 0x0433 && base != 0x043A;
    return (c == 0x0308 && base == 0x0435) || (c >= 0x0483 && c <= 0x0487);
}

/* Whether mark c after base is left out. */
static bool loses_mark(uint32_t base, uint32_t c)
{
    if (c >= 0x0591 && c <= 0x05C7) /* Hebrew points */
        return true;
    if (c >= 0x0600 && c < 0x0900 && loses_arabic_mark(base, c))
        return true;
    if (base >= 0x0400 && base < 0x0530)
        return loses_cyrillic_mark(base, c);
    if (base < 0x0400 || (base >= 0x1E00 && base < 0x2000))
        return (c >= 0x0300 && c < 0x0370) || (c >= 0x1AB0 && c < 0x1B00) ||
               (c >= 0x1DC0 && c < 0x1E00) || (c >= 0x20D0 && c < 0x2100) ||
               (c >= 0xFE20 && c < 0xFE30);
    return false;
}

static void push(run *r, uint32_t c)
{
    if (r->n < sizeof r->c / sizeof r->c[0])
        r->c[r->n++] = (utf8proc_int32_t)c;
}

static bool leaves_out(const run *r, uint32_t c)
{
    if (!r->words_only || (r->dots && c == '.'))
        return false;
    dgmi_class class = dgmi_class_of(c);
    return class > DGMI_C_MARK && class != DGMI_C_IDEO;
}

/* Takes in one character of a decomposition. */
static void push_decomposed(run *r, uint32_t c)
{
    if (c == 0x0640) /* tatweel only stretches a word */
        return;
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)c);
    if (property->category >= UTF8PROC_CATEGORY_MN &&
        property->category <= UTF8PROC_CATEGORY_ME) {
        if (!loses_mark(r->base, c)) {
            push(r, c);
            r->composable = true;
        }
        return;
    }
    const char *spelt = spelt_out(c);
    if (spelt == NULL && plain_sign(c) != 0)
        c = plain_sign(c);
    c = plain_arabic(plain_digit(c));
    r->base = c;
    if (leaves_out(r, c))
        return;
    if (c >= 0x1100 && c < 0x1200) /* Hangul, decomposed */
        r->composable = true;
    for (; spelt != NULL && *spelt != '\0'; spelt++)
        push(r, (unsigned char)*spelt);
    if (spelt == NULL)
        push(r, c);
}

/* Takes in one character of the source. */
static void push_char(run *r, uint32_t c)
{
    if (plain_sign(c) != 0)
        c = plain_sign(c);
    if (c < 0x80) {
        r->base = c;
        if (!leaves_out(r, c))
            push(r, c >= 'A' && c <= 'Z' ? c | 0x20u : c);
        return;
    }
    if (c >= 0x0410 && c < 0x0450) { /* Russian needs no look-up */
        r->base = c < 0x0430 ? c + 0x20 : c;
        push(r, r->base);
        return;
    }
    /* Thai and Lao am would lose its ring to another letter, Lao digraphs are one letter.
     */
    if (c == 0x0E33 || c == 0x0EB3 || c == 0x0EDC || c == 0x0EDD) {
        r->base = c;
        push(r, c);
        return;
    }
    utf8proc_int32_t parts[DECOMPOSED_MAX];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)c, parts,
                                                 DECOMPOSED_MAX, FOLD_OPTIONS, &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i < DECOMPOSED_MAX; i++)
        push_decomposed(r, (uint32_t)parts[i]);
}

static unsigned combining_class(utf8proc_int32_t c)
{
    return c < 0x300 ? 0 : (unsigned)utf8proc_get_property(c)->combining_class;
}

/* Marks in canonical order, so that they compose whatever order they were typed in. */
static void order_marks(run *r)
{
    for (size_t i = 1; i < r->n; i++) {
        utf8proc_int32_t c = r->c[i];
        unsigned class = combining_class(c);
        size_t j = i;
        for (; class != 0 && j > 0 && combining_class(r->c[j - 1]) > class; j--)
            r->c[j] = r->c[j - 1];
        r->c[j] = c;
    }
}

/* Composes the run, empties it and writes it as UTF-8 into out, whole characters only. */
static size_t finish(run *r, char *out, size_t room)
{
    if (r->composable) {
        order_marks(r);
        utf8proc_ssize_t n = utf8proc_normalize_utf32(r->c, (utf8proc_ssize_t)r->n,
                                                      UTF8PROC_COMPOSE | UTF8PROC_STABLE);
        if (n >= 0)
            r->n = (size_t)n;
    }
    size_t written = 0;
    for (size_t i = 0; i < r->n; i++) {
        char bytes[4];
        unsigned len = dgmi_utf8_put((uint32_t)r->c[i], bytes);
        if (written + len > room)
            break;
        memcpy(out + written, bytes, len);
        written += len;
    }
    r->n = 0;
    r->composable = false;
    return written;
}

static void flush(run *r, dgmi_buf *out)
{
    char bytes[sizeof r->c];
    dgmi_buf_put(out, bytes, finish(r, bytes, sizeof bytes));
}

void dgmi_fold(dgmi_buf *out, const char *p, size_t n)
{
    run r;
    begin(&r);
    for (size_t at = 0; at < n;) {
        uint32_t c;
        at += dgmi_utf8_get(p + at, p + n, &c);
        /* ASCII composes with nothing that is kept, so a run may end before it. */
        if (r.n >= RUN_FULL || (c < 0x80 && r.n >= RUN_FULL / 2))
            flush(&r, out);
        push_char(&r, c);
    }
    flush(&r, out);
}

size_t dgmi_fold_word(const char *p, size_t n, bool dots, char *out, size_t room)
{
    run r;
    begin(&r);
    r.words_only = true;
    r.dots = dots;
    for (size_t at = 0; at < n && r.n < RUN_FULL;) {
        uint32_t c;
        at += dgmi_utf8_get(p + at, p + n, &c);
        push_char(&r, c);
    }
    return finish(&r, out, room);
}

static bool separates_key(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO) ||
           category >= UTF8PROC_CATEGORY_ZS || c == 0xFFFD;
}

/* Printable ASCII but for the grave accent, an apostrophe to folding, folds to small
 * letters: most labels need no more. */
static bool is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] < ' ' || p[i] > '~' || p[i] == '`')
            return false;
    }
    return true;
}

typedef struct keying {
    dgmi_buf *out;
    bool any, gap; /* a character went out; something was left out behind one */
} keying;

static void put_in_key(keying *k, uint32_t c)
{
    if (separates_key(c)) {
        k->gap = k->any;
        return;
    }
    if (k->gap)
        dgmi_buf_putc(k->out, ' ');
    k->gap = false;
    k->any = true;
    dgmi_buf_put_char32(k->out, c);
}

static void put_plain(keying *k, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool capital = p[i] >= 'A' && p[i] <= 'Z';
        put_in_key(k, (unsigned char)p[i] | (capital ? 0x20u : 0));
    }
}

void dgmi_fold_key(dgmi_buf *out, const char *p, size_t n)
{
    keying k = { out, false, false };
    if (is_plain(p, n)) {
        put_plain(&k, p, n);
        return;
    }
    dgmi_buf folded;
    dgmi_buf_init(&folded, out->max);
    dgmi_fold(&folded, p, n);
    for (size_t at = 0; at < folded.n;) {
        uint32_t c;
        at += dgmi_utf8_get(folded.p + at, folded.p + folded.n, &c);
        put_in_key(&k, c);
    }
    if (folded.failed)
        out->failed = true;
    dgmi_buf_clear(&folded);
}

bool dgmi_fold_same(const char *a, const char *b)
{
    dgmi_buf x, y;
    dgmi_buf_init(&x, 0);
    dgmi_buf_init(&y, 0);
    dgmi_fold_key(&x, a, strlen(a));
    dgmi_fold_key(&y, b, strlen(b));
    bool same = x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
    dgmi_buf_clear(&x);
    dgmi_buf_clear(&y);
    return same;
}

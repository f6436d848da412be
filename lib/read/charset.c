/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes to clean UTF-8. Depends on iconv, uchardet and lib/base.
 * Declarations lie often and bytes never do: valid UTF-8 beats what a document says of
 * itself. */
#include "read.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <uchardet/uchardet.h>

#include "fail.h"
#include "utf8.h"

enum { NAME_SIZE = 40, GUESS_MAX = 256 * 1024 };

/* Charsets by name; the names that *charset may get are static, so they come from here.
 */
static const char *const known[] = {
    "UTF-8",        "UTF-16",       "UTF-16LE",     "UTF-16BE",     "UTF-32",
    "UTF-32LE",     "UTF-32BE",     "windows-1250", "windows-1251", "windows-1252",
    "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "windows-874",  "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-3",
    "ISO-8859-4",   "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",
    "ISO-8859-9",   "ISO-8859-10",  "ISO-8859-11",  "ISO-8859-13",  "ISO-8859-15",
    "ISO-8859-16",  "KOI8-R",       "KOI8-U",       "IBM855",       "IBM866",
    "IBM852",       "MAC-CYRILLIC", "Big5",         "GB18030",      "GB2312",
    "GBK",          "EUC-JP",       "EUC-KR",       "EUC-TW",       "Shift_JIS",
    "ISO-2022-JP",  "ISO-2022-KR",  "HZ",           "UHC",          "TIS-620",
    "VISCII",       "US-ASCII",     "JOHAB",        "CP949",
};

typedef struct marked {
    const char *bytes;
    size_t n;
    const char *charset;
} marked;

/* The longer marks first: that of UTF-32LE begins with that of UTF-16LE. */
static const marked marks[] = {
    { "\xFF\xFE\x00\x00", 4, "UTF-32LE" }, { "\x00\x00\xFE\xFF", 4, "UTF-32BE" },
    { "\xEF\xBB\xBF", 3, "UTF-8" },        { "\xFF\xFE", 2, "UTF-16LE" },
    { "\xFE\xFF", 2, "UTF-16BE" },         { "<\0?\0", 4, "UTF-16LE" },
    { "\0<\0?", 4, "UTF-16BE" },           { "<\0r\0", 4, "UTF-16LE" },
    { "\0<\0r", 4, "UTF-16BE" },           { "<\0f\0", 4, "UTF-16LE" },
    { "\0<\0f", 4, "UTF-16BE" },           { "{\0\"\0", 4, "UTF-16LE" },
    { "\0{\0\"", 4, "UTF-16BE" },          { "<\0\0\0", 4, "UTF-32LE" },
    { "\0\0\0<", 4, "UTF-32BE" },
};

static const char *find_known(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof known / sizeof *known; i++) {
        if (dgmi_str_eq_nocase(dgmi_str_of(name), known[i]))
            return known[i];
    }
    return NULL;
}

static const char *find_mark(const char *p, size_t n)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (n >= marks[i].n && memcmp(p, marks[i].bytes, marks[i].n) == 0)
            return marks[i].charset;
    }
    return NULL;
}

/* The encoding that an XML declaration in ASCII names, into name; false if there is none.
 */
static bool xml_declaration(const char *p, size_t n, char name[NAME_SIZE])
{
    dgmi_str s = dgmi_str_trim((dgmi_str){ p, n < 400 ? n : 400 });
    const char *end = dgmi_str_starts(s, "<?xml") ? memmem(s.p, s.n, "?>", 2) : NULL;
    const char *at = end != NULL ? memmem(s.p, (size_t)(end - s.p), "encoding", 8) : NULL;
    if (at == NULL)
        return false;
    at += 8;
    while (at < end && (*at == ' ' || *at == '='))
        at++;
    char quote = *at++;
    size_t i = 0;
    if (quote != '"' && quote != '\'')
        return false;
    while (at < end && *at != quote && i + 1 < NAME_SIZE)
        name[i++] = *at++;
    name[i] = '\0';
    return i > 0;
}

/* Names go to iconv as they are, so that only names may. Latin 1 means windows-1252 on
 * the web. */
static const char *sane_name(const char *name)
{
    static const char *const latin[] = { "iso-8859-1", "latin1",    "latin-1", "us-ascii",
                                         "ascii",      "iso8859-1", "cp1252" };
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr("-_.:", *c) == NULL)
            return NULL;
    }
    for (size_t i = 0; i < sizeof latin / sizeof *latin; i++) {
        if (dgmi_str_eq_nocase(dgmi_str_of(name), latin[i]))
            return "windows-1252";
    }
    return name;
}

/* gcc's analyzer takes the -1 of a failed iconv_open for a descriptor to be closed. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* Converts, with U+FFFD for what has no meaning. *errors counts those; false if there is
 * no such charset. */
static bool convert(dgmi_buf *out, const char *p, size_t n, const char *charset,
                    size_t *errors)
{
    char chunk[16384];
    iconv_t cd = iconv_open("UTF-8", charset);
    if (cd == (iconv_t)-1)
        return false;
    char *in = (char *)p; /* iconv's signature lacks the const that it keeps */
    size_t left = n, wide = strstr(charset, "32") != NULL   ? 4
                            : strstr(charset, "16") != NULL ? 2
                                                            : 1;
    *errors = 0;
    while (left > 0 && !out->failed) {
        char *to = chunk;
        size_t room = sizeof chunk;
        size_t done = iconv(cd, &in, &left, &to, &room);
        int why = errno;
        dgmi_buf_put(out, chunk, sizeof chunk - room);
        if (done != (size_t)-1)
            break;
        if (why == E2BIG)
            continue;
        size_t skip = left < wide ? left : wide;
        dgmi_buf_puts(out, "\xEF\xBF\xBD");
        in += skip;
        left -= skip;
        (*errors)++;
    }
    iconv_close(cd);
    return true;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/* Counts sequences of UTF-8 and bytes that belong to none. */
static void count_utf8(const char *p, size_t n, size_t *good, size_t *bad)
{
    const char *end = p + n;
    *good = *bad = 0;
    while (p < end) {
        uint32_t c;
        unsigned length = dgmi_utf8_get(p, end, &c);
        *good += length > 1;
        *bad += length == 1 && (unsigned char)*p >= 0x80;
        p += length;
    }
}

static bool guess(const char *p, size_t n, char name[NAME_SIZE])
{
    uchardet_t detector = uchardet_new();
    if (detector == NULL)
        return false;
    uchardet_handle_data(detector, p, n < GUESS_MAX ? n : GUESS_MAX);
    uchardet_data_end(detector);
    const char *charset = uchardet_get_charset(detector);
    size_t length = strlen(charset);
    bool found = length > 0 && length < NAME_SIZE;
    if (found)
        memcpy(name, charset, length + 1);
    uchardet_delete(detector);
    return found;
}

/* 7-bit text can be valid UTF-8 and yet mean something else: Japanese mail charsets do.
 */
static bool is_escaped(const char *p, size_t n, const char *charset)
{
    return charset != NULL && dgmi_str_starts_nocase(dgmi_str_of(charset), "iso-2022") &&
           memchr(p, 0x1B, n) != NULL;
}

static const char *label_of(const char *charset, const char *otherwise)
{
    const char *label = find_known(sane_name(charset));
    return label != NULL ? label : otherwise;
}

/* Tries a charset; keeps the result in *raw if it has few enough errors. */
static bool try_charset(dgmi_buf *raw, const char *p, size_t n, const char *charset)
{
    size_t errors = 0;
    dgmi_buf_reset(raw);
    const char *name = charset != NULL ? sane_name(charset) : NULL;
    return name != NULL && convert(raw, p, n, name, &errors) &&
           (errors <= 1 || errors <= n / 100);
}

/* A declaration that the bytes do not contradict: UTF-8 is ruled out by now, and wide
 * text has zero bytes. */
static bool can_be(const char *charset, const char *p, size_t n)
{
    if (charset == NULL)
        return false;
    dgmi_str name = dgmi_str_of(charset);
    bool wide = dgmi_str_starts_nocase(name, "utf-16") ||
                dgmi_str_starts_nocase(name, "utf-32") ||
                dgmi_str_starts_nocase(name, "ucs") ||
                dgmi_str_starts_nocase(name, "iso-10646");
    return !dgmi_str_eq_nocase(name, "utf-8") && (!wide || memchr(p, '\0', n) != NULL);
}

static const char *choose(dgmi_buf *raw, const char *p, size_t n, const char *declared)
{
    char name[NAME_SIZE];
    const char *mark = find_mark(p, n);
    if (declared == NULL && xml_declaration(p, n, name))
        declared = name;
    if (mark != NULL && strcmp(mark, "UTF-8") != 0)
        return try_charset(raw, p, n, mark) ? mark : NULL;
    if (dgmi_utf8_valid(p, n) && !is_escaped(p, n, declared))
        return "UTF-8";
    size_t good, bad;
    count_utf8(p, n, &good, &bad);
    if (good >= 10 * bad && bad > 0)
        return "UTF-8";
    if (can_be(declared, p, n) && try_charset(raw, p, n, declared))
        return label_of(declared, "declared");
    if (guess(p, n, name) && try_charset(raw, p, n, name))
        return label_of(name, "guessed");
    size_t errors;
    dgmi_buf_reset(raw);
    return convert(raw, p, n, "windows-1252", &errors) ? "windows-1252" : NULL;
}

dgm_status dgmi_to_utf8(dgmi_buf *out, const char *p, size_t n, const char *declared,
                        const char **charset, dgm_error *err)
{
    dgmi_buf raw;
    dgmi_buf_init(&raw, out->max);
    const char *used = choose(&raw, p, n, declared);
    if (used == NULL || strcmp(used, "UTF-8") == 0) {
        dgmi_utf8_clean(out, p, n);
        used = "UTF-8";
    } else if (!raw.failed && raw.n > 0) {
        dgmi_utf8_clean(out, raw.p, raw.n);
    }
    bool failed = raw.failed || out->failed;
    dgmi_buf_clear(&raw);
    if (charset != NULL)
        *charset = used;
    return failed ? dgmi_fail(err, DGM_E_ARG, "larger than a document may be in UTF-8")
                  : DGM_OK;
}

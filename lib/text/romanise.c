/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spellings by rule. A word is cut into groups of letters that rules know, the longest
 * first; then one group, two, three are exchanged for others. Depends on lib/base. */
#include "romanise.h"

#include <string.h>

#include "str.h"

typedef enum place {
    ANYWHERE,
    AT_START,
    AT_END,
    BETWEEN_VOWELS, /* where doubling a consonant changes nothing */
    BEHIND_CONSONANT,
    AT_END_BEHIND_CONSONANT
} place;

typedef struct rule {
    const char *from; /* in a family: longer ones first */
    const char *to;   /* the others that stand for it, parted by blanks */
    place where;
} rule;

/* Signs that a word is of a family: one of them suffices. "^" before one: at the
 * beginning,
 * "$" behind it: at the end. */

/* ---- Slavic ---- */

static const rule slavic_rules[] = {
    { "skoye", "ske", AT_END },
    { "skoe", "ske", AT_END },
    { "ske", "skoe skoye", AT_END },
    { "ivka", "ovka evka", AT_END },
    { "ovka", "ivka", AT_END },
    { "evka", "ivka", AT_END },
    { "irsk", "orsk", AT_END },
    { "orsk", "irsk", AT_END },
    { "noye", "ne", AT_END },
    { "noe", "ne", AT_END },
    { "iv", "ov ev iev", AT_END_BEHIND_CONSONANT },
    { "ov", "iv off ow", AT_END_BEHIND_CONSONANT },
    { "ev", "iv yev iev eff", AT_END_BEHIND_CONSONANT },
    { "ove", "ovo", AT_END },
    { "ovo", "ove", AT_END },
    { "yne", "ino yno", AT_END },
    { "ino", "yne", AT_END },
    { "yan", "ian", AT_END },
    { "ian", "yan", AT_END },
    { "shch", "sch", ANYWHERE },
    { "tsch", "ch", ANYWHERE },
    { "sch", "shch", ANYWHERE },
    { "tch", "ch", ANYWHERE },
    { "iya", "ia ija iia", ANYWHERE },
    { "iia", "iya ia ija", ANYWHERE },
    { "iyi", "yi", AT_END },
    { "iyo", "io yo", ANYWHERE },
    { "yev", "iev ev", ANYWHERE },
    { "iiv", "iev iyev iyiv", AT_END },
    { "iyev", "iev iiv", ANYWHERE },
    { "iev", "yev ev iyev iiv", ANYWHERE },
    { "yiv", "iv", ANYWHERE },
    { "aye", "ae aie", ANYWHERE },
    { "oye", "oe oie", ANYWHERE },
    { "eye", "ee eie", ANYWHERE },
    { "ayi", "ai", ANYWHERE },
    { "iyiv", "iiv", ANYWHERE },
    { "off", "ov", AT_END },
    { "eff", "ev", AT_END },
    { "eva", "yeva", AT_END },
    { "yy", "y iy yi ii i", AT_END_BEHIND_CONSONANT },
    { "iy", "y yy yi ii i", AT_END_BEHIND_CONSONANT },
    { "yi", "y iy yy ii i", AT_END_BEHIND_CONSONANT },
    { "ii", "y iy yy yi i", AT_END_BEHIND_CONSONANT },
    { "ij", "y iy yy yi i", AT_END_BEHIND_CONSONANT },
    { "yj", "y iy yy yi i", AT_END_BEHIND_CONSONANT },
    { "iu", "yu u ju", ANYWHERE },
    { "yu", "iu u ju", ANYWHERE },
    { "ju", "yu iu", ANYWHERE },
    { "ia", "ya ja iya iia", ANYWHERE },
    { "ya", "ia ja a", ANYWHERE },
    { "ja", "ya ia", ANYWHERE },
    { "yo", "io e o", ANYWHERE },
    { "io", "yo", ANYWHERE },
    { "ye", "e ie", ANYWHERE },
    { "ie", "ye e", ANYWHERE },
    { "ey", "ei ej", ANYWHERE },
    { "ei", "ey ej", ANYWHERE },
    { "ej", "ei ey", ANYWHERE },
    { "ay", "ai aj", ANYWHERE },
    { "ai", "ay aj ayi", ANYWHERE },
    { "aj", "ai ay", ANYWHERE },
    { "oy", "oi oj", ANYWHERE },
    { "oi", "oy oj", ANYWHERE },
    { "uy", "ui uj", ANYWHERE },
    { "ui", "uy", ANYWHERE },
    { "kh", "h ch", ANYWHERE },
    { "zh", "j", ANYWHERE },
    { "ts", "tz c", ANYWHERE },
    { "tz", "ts c", ANYWHERE },
    { "ch", "tch cz", ANYWHERE },
    { "cz", "ch", ANYWHERE },
    { "ks", "x", ANYWHERE },
    { "ck", "k", ANYWHERE },
    { "ss", "s", ANYWHERE },
    { "ll", "l", ANYWHERE },
    { "nn", "n", ANYWHERE },
    { "ow", "ov", AT_END },
    { "ae", "aye aie", ANYWHERE },
    { "ee", "eye", ANYWHERE },
    { "oe", "oye", ANYWHERE },
    { "e", "ye", AT_START },
    { "y", "iy yy yi ii i", AT_END_BEHIND_CONSONANT },
    { "i", "y iy yi ii", AT_END_BEHIND_CONSONANT },
    { "y", "i", BEHIND_CONSONANT },
    { "i", "y", BEHIND_CONSONANT },
    { "g", "h", ANYWHERE },
    { "h", "g kh", ANYWHERE },
    { "j", "zh", ANYWHERE },
    { "x", "ks", ANYWHERE },
    { "c", "ts", ANYWHERE },
    { "w", "v", ANYWHERE },
    { "v", "w", ANYWHERE },
    { NULL, NULL, ANYWHERE },
};

/* ---- Arabic and Persian ---- */

static const rule arabic_rules[] = {
    { "ollah", "allah ullah", AT_END },
    { "ullah", "allah ollah oullah", AT_END },
    { "allah", "ullah ollah", AT_END },
    { "uddin", "eddin eddine oddin addin", AT_END },
    { "eddin", "uddin eddine", AT_END },
    { "abdul", "abdel abdol abdal", AT_START },
    { "abdel", "abdul abdol abdal", AT_START },
    { "abdal", "abdul abdel", AT_START },
    { "iyy", "iy y ey", ANYWHERE },
    { "ayy", "ai ay", ANYWHERE },
    { "dhdh", "dd dh d", ANYWHERE },
    { "ou", "u o w oo", ANYWHERE },
    { "oo", "u ou o", ANYWHERE },
    { "ow", "au aw ou", ANYWHERE },
    { "aw", "au ow", ANYWHERE },
    { "au", "aw ow", ANYWHERE },
    { "aa", "a", ANYWHERE },
    { "ee", "i", ANYWHERE },
    { "ai", "ay ei ey", ANYWHERE },
    { "ay", "ai ei ey", ANYWHERE },
    { "ei", "ai ay ey e", ANYWHERE },
    { "ey", "ai ay ei", ANYWHERE },
    { "iy", "i y", ANYWHERE },
    { "ah", "a eh", AT_END },
    { "eh", "ah a e", AT_END },
    { "kh", "h ch", ANYWHERE },
    { "gh", "g q", ANYWHERE },
    { "dh", "d z th", ANYWHERE },
    { "th", "t s dh", ANYWHERE },
    { "zh", "j", ANYWHERE },
    { "sh", "ch", ANYWHERE },
    { "ch", "sh", ANYWHERE },
    { "dj", "j", ANYWHERE },
    { "ss", "s", ANYWHERE },
    { "mm", "m", ANYWHERE },
    { "dd", "d dh", ANYWHERE },
    { "ff", "f", ANYWHERE },
    { "ll", "l", ANYWHERE },
    { "bb", "b", ANYWHERE },
    { "nn", "n", ANYWHERE },
    { "rr", "r", ANYWHERE },
    { "tt", "t", ANYWHERE },
    { "zz", "z", ANYWHERE },
    { "kk", "k q", ANYWHERE },
    { "yy", "y", ANYWHERE },
    { "a", "ah eh", AT_END },
    { "y", "i", AT_END },
    { "i", "y ee iy", AT_END },
    { "a", "e", ANYWHERE },
    { "e", "a i", ANYWHERE },
    { "i", "e ee", ANYWHERE },
    { "u", "o ou oo", ANYWHERE },
    { "o", "u ou", ANYWHERE },
    { "s", "ss", BETWEEN_VOWELS },
    { "m", "mm", BETWEEN_VOWELS },
    { "d", "dd", BETWEEN_VOWELS },
    { "f", "ff", BETWEEN_VOWELS },
    { "b", "bb", BETWEEN_VOWELS },
    { "r", "rr", BETWEEN_VOWELS },
    { "l", "ll", BETWEEN_VOWELS },
    { "n", "nn", BETWEEN_VOWELS },
    { "q", "k g gh", ANYWHERE },
    { "k", "q", ANYWHERE },
    { "g", "q j", ANYWHERE },
    { "j", "dj g zh", ANYWHERE },
    { "w", "v u ou", ANYWHERE },
    { "v", "w", ANYWHERE },
    { "z", "dh", ANYWHERE },
    { NULL, NULL, ANYWHERE },
};

/* Vowels mean little here, so the rules are only for words that look so: one of these
 * suffices. "^" before one: at the beginning, "$" behind it: at the end. */
static const char *const arabic_signs[] = {
    "^abd",   "ullah$", "allah$", "ollah$", "uddin$", "eddin$", "eddine$", "qa",
    "qi",     "qo",     "aq",     "iq",     "kh",     "gh",     "dh",      "aa",
    "mmad",   "mmed",   "ssein",  "ssain",  "ousse",  "ouss",   "ayn$",    "ein$",
    "nejad$", "zadeh$", "pour$",  "eh$",    "awi$",   "oui$",   "aoui$",   "iyya",
    "iyeh$",  "dj",     "mah",    "^ah",    "hm",     "mh",     "hr",      "hd",
    "hs",     "ouf$",   "oud$",   "our$",   "oum$",   "eed$",   "eem$",    "een$",
    "eer$",   "awad$",  "jad$",   "ahi$",   "ami$",   "ani$",   "rif$",    "ou",
    "aroon",  "arun$",  "fa$",    "oor$",   "oon$",   "oud$",   "ood$",    "sser$",
    "usuf$",  "usef$",  "ousu",   "zz",     "tt",     "afi$",   "avi$",    "adi$",
    "bagh",   "asgh",   "ghr",    "raq",    "uq$",    "iq$",    "ouq$",    "ouk$",
    "alid$",  "aled$",  "iya$",   "iyah$",  "nab$",   "neb$",   "qq",      "awt$",
    "outh",   "uthi$",  "ammar",  "omar",   "umar",   "rdi$",   "lim$",    "him$",
    "rim$",   "sim$",   "man$",   NULL,
};

/* ---- Chinese ---- */

static const rule chinese_rules[] = {
    { "zhong", "chung", ANYWHERE },
    { "chung", "zhong chong", ANYWHERE },
    { "xiang", "hsiang", ANYWHERE },
    { "hsiao", "xiao", ANYWHERE },
    { "xiao", "hsiao", ANYWHERE },
    { "hsien", "xian", ANYWHERE },
    { "xian", "hsien", ANYWHERE },
    { "hsing", "xing", ANYWHERE },
    { "xing", "hsing", ANYWHERE },
    { "jian", "chien", ANYWHERE },
    { "qian", "chien", ANYWHERE },
    { "chien", "jian qian", ANYWHERE },
    { "jing", "ching", ANYWHERE },
    { "qing", "ching", ANYWHERE },
    { "ching", "jing qing", ANYWHERE },
    { "jiang", "chiang", ANYWHERE },
    { "chiang", "jiang", ANYWHERE },
    { "dong", "tung", ANYWHERE },
    { "tung", "dong tong", ANYWHERE },
    { "tong", "tung", ANYWHERE },
    { "zhou", "chow chou", ANYWHERE },
    { "chow", "zhou chou", AT_END },
    { "chou", "zhou chow", ANYWHERE },
    { "long", "lung", ANYWHERE },
    { "lung", "long", ANYWHERE },
    { "rong", "jung", ANYWHERE },
    { "jung", "rong", ANYWHERE },
    { "dian", "tien", ANYWHERE },
    { "tian", "tien", ANYWHERE },
    { "tien", "tian dian", ANYWHERE },
    { "lian", "lien", ANYWHERE },
    { "lien", "lian", ANYWHERE },
    { "mian", "mien", ANYWHERE },
    { "nian", "nien", ANYWHERE },
    { "bian", "pien", ANYWHERE },
    { "yan", "yen", ANYWHERE },
    { "yen", "yan", ANYWHERE },
    { "jie", "chieh", ANYWHERE },
    { "chieh", "jie", ANYWHERE },
    { "tse", "ze", ANYWHERE },
    { "ze", "tse", ANYWHERE },
    { "tsai", "cai zai", ANYWHERE },
    { "cai", "tsai", ANYWHERE },
    { "tseng", "zeng", ANYWHERE },
    { "zeng", "tseng", ANYWHERE },
    { "teh", "de", ANYWHERE },
    { "hsi", "xi", ANYWHERE },
    { "xi", "hsi", ANYWHERE },
    { "hsu", "xu", ANYWHERE },
    { "xu", "hsu", ANYWHERE },
    { "zh", "ch", ANYWHERE },
    { "ch", "zh j q", ANYWHERE },
    { "ts", "z c", ANYWHERE },
    { "kuang", "guang kwang", ANYWHERE },
    { "kwang", "guang kuang", ANYWHERE },
    { "guang", "kwang kuang", ANYWHERE },
    { "yung", "yong", ANYWHERE },
    { "yong", "yung", ANYWHERE },
    { "kw", "gu", ANYWHERE },
    { "gu", "ku kw", ANYWHERE },
    { "hs", "x", ANYWHERE },
    { "x", "hs", ANYWHERE },
    { "q", "ch", ANYWHERE },
    { "j", "ch", ANYWHERE },
    { "z", "ts", ANYWHERE },
    { "c", "ts", ANYWHERE },
    { "b", "p", ANYWHERE },
    { "d", "t", ANYWHERE },
    { "t", "d", ANYWHERE },
    { "p", "b", ANYWHERE },
    { "g", "k", AT_START },
    { "k", "g", ANYWHERE },
    { NULL, NULL, ANYWHERE },
};

/* ---- Does a word look so? ---- */

static bool is_vowel(char c)
{
    return strchr("aeiouy", c) != NULL;
}

static bool has_sign(dgmi_str word, const char *sign)
{
    size_t n = strlen(sign);
    if (*sign == '^')
        return dgmi_str_starts(word, sign + 1) && word.n > n;
    if (sign[n - 1] == '$')
        return word.n > n && memcmp(word.p + word.n - (n - 1), sign, n - 1) == 0;
    return memmem(word.p, word.n, sign, n) != NULL;
}

static bool looks_so(dgmi_str word, const char *const *signs)
{
    for (; *signs; signs++) {
        if (has_sign(word, *signs))
            return true;
    }
    return false;
}

/* Letters that begin a syllable so in no other romanisation. */
static bool is_chinese_initial(dgmi_str rest)
{
    static const char *const begins[] = { "xi", "xu", "qi", "qu", "jia", "jie", "jiu" };
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (dgmi_str_starts(rest, begins[i]))
            return true;
    }
    return false;
}

/* The end of a syllable of pinyin or Wade-Giles that begins at `at`, or `at`: an initial
 * of one to three letters, one to three vowels, n or ng. */
static size_t syllable_end(dgmi_str word, size_t at, bool *chinese)
{
    static const char *const initials[] = { "hs", "zh", "ch", "sh", "ts", "tz", NULL };
    size_t i = at;
    for (int k = 0; initials[k] && i == at; k++) {
        if (dgmi_str_starts(dgmi_str_skip(word, at), initials[k]))
            i += 2;
    }
    *chinese = *chinese || (i > at && (strncmp(word.p + at, "hs", 2) == 0 ||
                                       strncmp(word.p + at, "zh", 2) == 0 ||
                                       strncmp(word.p + at, "ts", 2) == 0));
    if (i == at && i < word.n && !is_vowel(word.p[i])) {
        *chinese = *chinese || is_chinese_initial(dgmi_str_skip(word, i));
        i++;
    } else if (i == at && i < word.n && strchr("yw", word.p[i])) {
        i++;
    }
    size_t vowels = i;
    while (i < word.n && i < vowels + 3 && strchr("aeiou", word.p[i]))
        i++;
    if (i == vowels)
        return at;
    bool open = i + 1 >= word.n || !strchr("aeiou", word.p[i + 1]);
    if (i < word.n && word.p[i] == 'n' && open)
        i++;
    if (i < word.n && word.p[i - 1] == 'n' && word.p[i] == 'g' &&
        (i + 1 >= word.n || !strchr("aeiou", word.p[i + 1]))) {
        *chinese = true;
        i++;
    } else if (i + 1 == word.n && (word.p[i] == 'w' || word.p[i] == 'h')) {
        i++; /* "chow", "chieh" */
    }
    return i;
}

/* Two or three such syllables, and a letter or ending that no other language has so. */
static bool looks_chinese(dgmi_str word)
{
    bool chinese = dgmi_str_ends(word, "chow");
    size_t at = 0, n = 0;
    while (at < word.n && n < 4) {
        size_t end = syllable_end(word, at, &chinese);
        if (end == at)
            return false;
        at = end;
        n++;
    }
    return chinese && at == word.n && n >= 2 && n <= 3;
}

/* ---- Cutting ---- */

typedef struct piece {
    dgmi_str text;
    const char *others; /* "" if nothing stands for it */
} piece;

static bool fits(const rule *r, dgmi_str word, size_t at)
{
    size_t n = strlen(r->from), end = at + n;
    bool consonant = at > 0 && !is_vowel(word.p[at - 1]);
    if (end > word.n || memcmp(word.p + at, r->from, n) != 0)
        return false;
    switch (r->where) {
    case ANYWHERE:
        return true;
    case AT_START:
        return at == 0;
    case AT_END:
        return end == word.n && at > 0;
    case BETWEEN_VOWELS:
        return at > 0 && !consonant && end < word.n && is_vowel(word.p[end]);
    case BEHIND_CONSONANT:
        return consonant;
    case AT_END_BEHIND_CONSONANT:
        return consonant && end == word.n;
    }
    return false;
}

static size_t cut(dgmi_str word, const rule *rules, piece pieces[DGMI_ROMANISE_LETTERS])
{
    size_t n = 0;
    for (size_t at = 0; at < word.n; at += pieces[n++].text.n) {
        pieces[n] = (piece){ { word.p + at, 1 }, "" };
        size_t best = 0;
        for (const rule *r = rules; r->from; r++) {
            if (strlen(r->from) <= best || !fits(r, word, at))
                continue;
            best = strlen(r->from);
            pieces[n] = (piece){ { word.p + at, best }, r->to };
        }
    }
    return n;
}

/* ---- Exchanging ---- */

typedef struct maker {
    const piece *pieces;
    size_t n_pieces;
    char text[DGMI_ROMANISE_LETTERS * 2 + 1];
    size_t made, most;
    dgmi_romanise_fn fn;
    void *user;
    bool full, stop; /* as many as are wanted; the caller has enough */
} maker;

static void make(maker *m, size_t piece_at, size_t n, unsigned changes);

static void go_on_with(maker *m, size_t piece_at, size_t n, dgmi_str text,
                       unsigned changes)
{
    if (n + text.n >= sizeof m->text)
        return;
    memcpy(m->text + n, text.p, text.n);
    make(m, piece_at + 1, n + text.n, changes);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as a word has letters */
static void make(maker *m, size_t piece_at, size_t n, unsigned changes)
{
    dgmi_str other;
    if (m->full)
        return;
    if (piece_at == m->n_pieces) {
        if (changes > 0)
            return;
        m->text[n] = '\0';
        m->stop = !m->fn(m->user, m->text);
        m->full = ++m->made >= m->most || m->stop;
        return;
    }
    const piece *p = &m->pieces[piece_at];
    go_on_with(m, piece_at, n, p->text, changes);
    dgmi_str rest = dgmi_str_of(p->others);
    while (changes > 0 && rest.n > 0 && dgmi_str_split(&rest, ' ', &other))
        go_on_with(m, piece_at, n, other, changes - 1);
}

/* Up to `most` spellings in all; false when enough was made. */
static bool spell(maker *m, dgmi_str word, const rule *rules, size_t most)
{
    piece pieces[DGMI_ROMANISE_LETTERS];
    m->pieces = pieces;
    m->n_pieces = cut(word, rules, pieces);
    m->most = most;
    m->full = false;
    for (unsigned changes = 1; changes <= DGMI_ROMANISE_CHANGES && !m->full; changes++)
        make(m, 0, 0, changes);
    return !m->stop;
}

size_t dgmi_romanise(const char *word, dgmi_romanise_fn fn, void *user)
{
    enum { LEAST = 4 };
    dgmi_str s = dgmi_str_of(word);
    maker m = { .fn = fn, .user = user };
    if (s.n < LEAST || s.n > DGMI_ROMANISE_LETTERS ||
        strspn(word, "abcdefghijklmnopqrstuvwxyz") != s.n)
        return 0;
    if (looks_chinese(s))
        (void)spell(&m, s, chinese_rules, DGMI_ROMANISE_MOST);
    else if (!looks_so(s, arabic_signs) ||
             spell(&m, s, arabic_rules, DGMI_ROMANISE_MOST / 2))
        (void)spell(&m, s, slavic_rules, DGMI_ROMANISE_MOST);
    return m.made;
}

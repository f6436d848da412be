/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/guard.cc: nothing leaves through C, wherever it is thrown, and
 * there is no other place that catches. Depends on lib/xapian and on the C++ runtime's
 * own names. */
#include "test_dgmx.h"

#include <dirent.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

/* ---- An operator new that fails when told to: it stands in for the runtime's in the
 * whole program, libxapian included, so that the Nth allocation of any call can throw.
 * ---------- */

enum thrown { THROW_BAD_ALLOC, THROW_LENGTH_ERROR, THROW_INT };
static long countdown = -1; /* allocations until one fails; negative: none fails */
static enum thrown what;
static long
    calls; /* stays 0 where a tool puts its own operator new in place of this one */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): names of the C++
 * ABI */
extern void *_ZTIi[];
_Noreturn void _ZSt17__throw_bad_allocv(void);
_Noreturn void _ZSt20__throw_length_errorPKc(const char *);
void *__cxa_allocate_exception(size_t);
_Noreturn void __cxa_throw(void *, void *, void (*)(void *));
__attribute__((visibility("default"))) void *_Znwm(size_t);
__attribute__((visibility("default"))) void _ZdlPv(void *);
__attribute__((visibility("default"))) void _ZdlPvm(void *, size_t);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void);

static void throw_now(void)
{
    int *thrown;
    switch (what) {
    case THROW_BAD_ALLOC:
        _ZSt17__throw_bad_allocv();
    case THROW_LENGTH_ERROR:
        _ZSt20__throw_length_errorPKc("too long\nby far");
    case THROW_INT:
        thrown = __cxa_allocate_exception(sizeof *thrown);
        *thrown = 42;
        __cxa_throw(thrown, _ZTIi, NULL);
    }
}

void *_Znwm(size_t n)
{
    calls++;
    if (countdown >= 0 && countdown-- == 0) {
        throw_now();
    }
    void *p = malloc(n ? n : 1);
    if (!p) {
        _ZSt17__throw_bad_allocv();
    }
    return p;
}

void _ZdlPv(void *p)
{
    free(p);
}

void _ZdlPvm(void *p, size_t n)
{
    (void)n;
    _ZdlPv(p);
}

/* Xapian itself loses some blocks when one of its allocations throws; ours must not. To
 * tell whose they are, the whole stack has to be walked: libxapian has no frame pointers.
 */
const char *__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0";
}

const char *__lsan_default_suppressions(void)
{
    return "leak:libxapian\n";
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* ---- Scenes: each does one thing and frees what it made, whatever the outcome
 * ------------- */

static dgmx_db *shared_db;

static dgm_status open_a_database(dgm_error *err)
{
    dgmx_db *db = (dgmx_db *)(uintptr_t)1;
    dgm_status status = dgmx_db_open(path_of(0, "db"), &db, err);
    assert_true((status == DGM_OK) == (db != NULL));
    dgmx_db_close(db);
    return status;
}

static dgm_status build_a_document(dgm_error *err)
{
    const uint32_t positions[] = { 1, 5 };
    const dgmx_term terms[] = { { "a-rather-long-term-with-heap", 28, 2, positions, 2 },
                                { "another-term-that-is-not-short", 30, 1, NULL, 0 } };
    dgmx_doc *doc = NULL;
    dgm_status status = dgmx_doc_new(&doc, err);
    if (status == DGM_OK) {
        status = dgmx_doc_add_terms(doc, terms, 2, err);
    }
    if (status == DGM_OK) {
        status =
            dgmx_doc_set_value(doc, 3, STR("a value of more than sixteen bytes"), err);
    }
    dgmx_doc_free(doc);
    return status;
}

static dgm_status match(dgmx_enquire *e, dgmx_spy *spy, dgm_error *err)
{
    dgmx_query *a = NULL, *b = NULL, *q = NULL;
    dgmx_mset *page = NULL;
    dgm_status status = dgmx_query_term(STR("one"), &a, err);
    if (status == DGM_OK) {
        status = dgmx_query_prefix(STR("t"), 10, DGMX_OR, &b, err);
    }
    if (status == DGM_OK) {
        dgmx_query *pair[] = { a, b };
        status = dgmx_query_combine(DGMX_OR, pair, 2, 0, &q, err);
    }
    if (status == DGM_OK) {
        status = dgmx_enquire_set_query(e, q, err);
    }
    if (status == DGM_OK) {
        status = dgmx_enquire_add_spy(e, spy, err);
    }
    if (status == DGM_OK) {
        status = dgmx_enquire_match(e, 0, 10, 10, &page, err);
    }
    dgmx_query_free(a);
    dgmx_query_free(b);
    dgmx_query_free(q);
    dgmx_mset_free(page);
    return status;
}

static dgm_status run_a_query(dgm_error *err)
{
    dgmx_enquire *e = NULL;
    dgmx_spy *spy = NULL;
    dgmx_count *counts = NULL;
    size_t n = 0;
    dgm_status status = dgmx_enquire_new(shared_db, &e, err);
    if (status == DGM_OK) {
        status = dgmx_spy_new(1, &spy, err);
    }
    if (status == DGM_OK) {
        status = match(e, spy, err);
    }
    if (status == DGM_OK) {
        status = dgmx_spy_counts(spy, &counts, &n, err);
    }
    free(counts);
    dgmx_spy_free(spy);
    dgmx_enquire_free(e);
    return status;
}

static dgm_status walk_the_terms(dgm_error *err)
{
    dgmx_terms *it = NULL;
    dgmx_bytes term;
    dgm_status status = dgmx_terms_all(shared_db, "", 0, &it, err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(it, &term, NULL, NULL, err);
    }
    dgmx_terms_free(it);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status write_a_document(dgm_error *err)
{
    dgmx_writer *w = NULL;
    dgmx_doc *doc = NULL;
    dgm_status status = dgmx_writer_open(path_of(1, "written"), DGMX_OVERWRITE, &w, err);
    if (status == DGM_OK) {
        status = dgmx_doc_new(&doc, err);
    }
    if (status == DGM_OK) {
        status = dgmx_doc_add_term(doc, STR("a-term-that-is-not-a-short-one"), 1, err);
    }
    if (status == DGM_OK) {
        status = dgmx_writer_add(w, doc, NULL, err);
    }
    if (status == DGM_OK) {
        status = dgmx_writer_commit(w, err);
    }
    dgmx_doc_free(doc);
    dgmx_writer_close(w);
    return status;
}

static dgm_status stem_a_word(dgm_error *err)
{
    dgmx_stem *stem = NULL;
    dgmx_bytes out;
    dgm_status status = dgmx_stem_new("english", &stem, err);
    if (status == DGM_OK) {
        status = dgmx_stem_word(stem, STR("internationalisationalities"), &out, err);
    }
    dgmx_stem_free(stem);
    return status;
}

typedef dgm_status scene(dgm_error *err);
static const struct {
    const char *name;
    scene *play;
} scenes[] = {
    { "open", open_a_database },   { "document", build_a_document },
    { "query", run_a_query },      { "walk", walk_the_terms },
    { "write", write_a_document }, { "stem", stem_a_word },
};

/* Fails the 1st, 2nd, 3rd ... allocation until the scene no longer needs that many. */
static void play_failing(enum thrown kind, dgm_status want, const char *text)
{
    if (calls == 0) {
        skip();
    }
    what = kind;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
        long failures = 0;
        for (;; failures++) {
            dgm_error err = DGM_ERROR_INIT;
            countdown = failures;
            dgm_status status = scenes[i].play(&err);
            bool spent = countdown < 0;
            countdown = -1;
            if (!spent) {
                assert_int_equal(status, DGM_OK);
                break;
            }
            if (status != want && status != DGM_OK) {
                fail_msg("%s, allocation %ld: %d %s", scenes[i].name, failures, status,
                         err.text);
            }
            if (status == want && !strstr(err.text, text)) {
                fail_msg("%s, allocation %ld: \"%s\"", scenes[i].name, failures,
                         err.text);
            }
        }
        assert_true(failures > 0);
    }
}

static void each_failing_allocation_is_nomem(void **state)
{
    (void)state;
    play_failing(THROW_BAD_ALLOC, DGM_E_NOMEM, "memory");
}

static void any_standard_exception_is_internal(void **state)
{
    (void)state;
    play_failing(THROW_LENGTH_ERROR, DGM_E_INTERNAL, "too long by far");
}

static void an_exception_of_unknown_type_is_internal(void **state)
{
    (void)state;
    play_failing(THROW_INT, DGM_E_INTERNAL, "unknown type");
}

static void a_caller_without_an_error_struct_is_fine(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    assert_int_equal(dgmx_db_open(path_of(0, "nowhere"), &db, NULL), DGM_E_NOTFOUND);
    assert_null(db);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmx_stem *stem = NULL;
    dgmx_db *db = NULL;
    assert_int_equal(dgmx_stem_new("klingon", &stem, &err), DGM_E_ARG);
    assert_int_equal(dgmx_db_open(path_of(0, "nowhere"), &db, &err), DGM_E_NOTFOUND);
    assert_int_equal(err.code, DGM_E_ARG);
}

/* ---- The source itself
 * ---------------------------------------------------------------------- */

/* How often `catch` stands before a parenthesis, comments set aside. */
static int count_catches(const char *path)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char line[512];
    int count = 0;
    bool comment = false;
    while (fgets(line, sizeof line, f)) {
        comment = comment || strstr(line, "/*");
        if (!comment) {
            const char *at = line;
            while ((at = strstr(at, "catch"))) {
                at += strlen("catch");
                count += at[strspn(at, " ")] == '(';
            }
        }
        comment = comment && !strstr(line, "*/");
    }
    fclose(f);
    return count;
}

static bool is_source(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (!strcmp(dot, ".cc") || !strcmp(dot, ".hh") || !strcmp(dot, ".h"));
}

static void only_the_guard_catches(void **state)
{
    (void)state;
    DIR *dir = opendir(SOURCE_DIR "/lib/xapian");
    assert_non_null(dir);
    int files = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        char path[4096];
        if (!is_source(entry->d_name)) {
            continue;
        }
        files++;
        snprintf(path, sizeof path, "%s/lib/xapian/%s", SOURCE_DIR, entry->d_name);
        int found = count_catches(path);
        if (!strcmp(entry->d_name, "guard.cc")) {
            assert_true(found > 10);
        } else if (found != !strcmp(entry->d_name, "guard.hh")) {
            fail_msg("%s has %d catch", entry->d_name, found);
        }
    }
    closedir(dir);
    assert_true(files >= 10);
}

static int prepare(void **state)
{
    if (make_folder(state)) {
        return -1;
    }
    dgmx_writer *w = open_writer(path_of(0, "db"), DGMX_CREATE);
    add_text(w, "one two three");
    add_text(w, "two three four and-something-longer-than-fifteen-bytes");
    commit_and_close(w);
    shared_db = open_db(path_of(0, "db"));
    return 0;
}

static int clean_up(void **state)
{
    dgmx_db_close(shared_db);
    return remove_folder(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failing_allocation_is_nomem),
        cmocka_unit_test(any_standard_exception_is_internal),
        cmocka_unit_test(an_exception_of_unknown_type_is_internal),
        cmocka_unit_test(a_caller_without_an_error_struct_is_fine),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(only_the_guard_catches),
    };
    return cmocka_run_group_tests(tests, prepare, clean_up);
}

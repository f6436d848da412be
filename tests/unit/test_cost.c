/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what a search costs: how often it asks the index. The linker puts functions
 * that count in the place of those they are named after (--wrap in the Makefile). */
#include "searching.h"

#include "dgmx.h"
#include "refine.h"

static unsigned n_positions;

dgm_status __real_dgmx_positions(dgmx_db *db, dgmx_docid id, const char *term, size_t n,
                                 uint32_t **out, size_t *count, dgm_error *err);
dgm_status __wrap_dgmx_positions(dgmx_db *db, dgmx_docid id, const char *term, size_t n,
                                 uint32_t **out, size_t *count, dgm_error *err);

dgm_status __wrap_dgmx_positions(dgmx_db *db, dgmx_docid id, const char *term, size_t n,
                                 uint32_t **out, size_t *count, dgm_error *err)
{
    n_positions++;
    return __real_dgmx_positions(db, id, term, n, out, count, err);
}

/* Two items about water and cannons, and many that name them once, far apart. */
static void feed_two_and_many(const char *data)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < DGMI_HEAD_HITS * 2; i++) {
        dgmi_buf_printf(&lines, "{\"id\":\"i%03u\",\"body\":\"", i);
        for (unsigned k = 0; k < 20; k++)
            dgmi_buf_puts(&lines, i % 20 == 7 ? "Water cannon. " : "Filler. ");
        dgmi_buf_puts(&lines, i % 20 == 7 ? "\"}\n" : "Water for the cannon.\"}\n");
    }
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void only_hits_that_may_come_onto_the_page_are_looked_at_again(void **state)
{
    feed_two_and_many(*state);
    dgm *desk = open_desk(*state);
    n_positions = 0;
    check_ids(desk, PAIRS("q", "water cannon", "limit", "2"), "i007 i027", true);
    unsigned first = n_positions;
    assert_true(first > 0 && first < DGMI_HEAD_HITS);
    n_positions = 0;
    check_ids(desk, PAIRS("q", "water cannon", "limit", "1"), "i007", true);
    assert_true(n_positions > 0 && n_positions <= first);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(only_hits_that_may_come_onto_the_page_are_looked_at_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

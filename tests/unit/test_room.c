/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/room.c and of the bulk build's use of it. */
#include <sys/statvfs.h>

#include "bulk.h"
#include "desk.h"

/* Stands in for the disk: so many bytes are free. */
static uint64_t bytes_left = UINT64_MAX / 4096;
static int some_disk(const char *path, struct statvfs *out)
{
    (void)path;
    *out = (struct statvfs){ .f_frsize = 4096, .f_bavail = bytes_left / 4096 };
    return 0;
}
#define statvfs(path, out) some_disk(path, out)
#include "room.c" /* NOLINT: with that disk in place */
#undef statvfs

static void too_little_room_is_said_with_both_sizes(void **state)
{
    dgm_error fault = DGM_ERROR_INIT;
    bytes_left = 100 * MB;
    OK(dgmi_room_check(*state, 84 * MB, err));
    assert_int_equal(dgmi_room_check(*state, 85 * MB, &fault), DGM_E_IO);
    assert_non_null(strstr(fault.text, *state));
    assert_non_null(strstr(fault.text, "takes some 101 MB more, 100 MB are free"));
}

static void
a_build_without_room_fails_before_it_writes_and_leaves_the_live_one(void **state)
{
    static const char *const lines[] = { "{\"dgm\":1,\"id\":\"a\",\"body\":[\"x\"]}",
                                         NULL };
    dgmi_work w;
    dgm_error fault = DGM_ERROR_INIT;
    append_lines(*state, lines);
    OK(dgmi_work_init(&w, *state, NULL, err));
    bytes_left = 1000 * MB;
    OK(dgmi_build_generation(&w, archive_end(*state), err));
    bytes_left = 10 * MB;
    assert_int_equal(dgmi_build_generation(&w, archive_end(*state), &fault), DGM_E_IO);
    assert_non_null(strstr(fault.text, "10 MB are free"));
    dgmi_work_clear(&w);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->generation, 1);
    dgmi_index_close(index);
    char *workshop = dgmi_generation_workshop(*state);
    assert_false(dgmi_is_dir(workshop));
    free(workshop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(too_little_room_is_said_with_both_sizes),
        DESK_TEST(a_build_without_room_fails_before_it_writes_and_leaves_the_live_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

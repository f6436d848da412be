/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of bundle.c: archives, what is packed twice, and archives that mean harm. Depends
 * on lib/read, libarchive. */
#include "collect.h"

#include <archive.h>
#include <archive_entry.h>

#include "bundle.h"

enum { PACKED_MAX = 4 << 20 };

typedef struct member {
    const char *name;
    const void *bytes; /* NULL: a link to "/etc/passwd" */
    size_t n;
} member;

static char packed[2][PACKED_MAX];
static size_t n_packed[2];

static const char line[] = "{\"id\":\"a\",\"title\":\"one\"}\n";
static const char feed[] = "<rss version=\"2.0\"><channel><title>Harbour</title>"
                           "<item><title>First</title><guid>g1</guid></item>"
                           "<item><title>Second</title><guid>g2</guid></item>"
                           "</channel></rss>";
static const char prose[] = "MIL OSI Translation. Region: Norway –\n\nShips may moor.\n";

/* Packs into packed[to]: a format ("zip", "ustar", "raw") and a filter ("none", "xz"). */
static void pack(int to, const char *format, const char *filter, const member *members,
                 size_t n)
{
    struct archive *a = archive_write_new();
    archive_write_set_format_by_name(a, format);
    if (strcmp(filter, "none") != 0)
        archive_write_add_filter_by_name(a, filter);
    archive_write_set_bytes_in_last_block(a, 1);
    assert_int_equal(archive_write_open_memory(a, packed[to], PACKED_MAX, &n_packed[to]),
                     ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, members[i].name);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_filetype(entry, members[i].bytes != NULL ? AE_IFREG : AE_IFLNK);
        if (members[i].bytes == NULL)
            archive_entry_set_symlink(entry, "/etc/passwd");
        archive_entry_set_size(entry, (la_int64_t)members[i].n);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        if (members[i].n > 0)
            assert_int_equal(archive_write_data(a, members[i].bytes, members[i].n),
                             members[i].n);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

static void read_packed(collected *c, int from, const char *name)
{
    collect_bytes(c, name, NULL, packed[from], n_packed[from]);
}

static void members_of_archives_are_read_under_their_names(void **state)
{
    (void)state;
    static const char *const kinds[][2] = { { "zip", "none" },    { "ustar", "none" },
                                            { "ustar", "gzip" },  { "ustar", "zstd" },
                                            { "ustar", "bzip2" }, { "ustar", "xz" },
                                            { "pax", "xz" },      { "gnutar", "none" } };
    const member members[] = { { "a/b.xml", feed, sizeof feed - 1 },
                               { "c.ndjson", line, sizeof line - 1 },
                               { "2021-06-21-pier.txt", prose, sizeof prose - 1 } };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        collected c;
        pack(0, kinds[i][0], kinds[i][1], members, 3);
        read_packed(&c, 0, "feeds");
        assert_int_equal(c.n_rejects, 0);
        assert_int_equal(c.n, 4);
        assert_string_equal(c.wheres[0], "feeds:a/b.xml:item 1");
        assert_string_equal(c.wheres[1], "feeds:a/b.xml:item 2");
        assert_string_equal(c.wheres[2], "feeds:c.ndjson:1");
        assert_string_equal(c.wheres[3], "feeds:2021-06-21-pier.txt");
        assert_true(c.items[3]->published == 1624233600);
        assert_int_equal(c.progress, sizeof feed + sizeof line + sizeof prose - 3);
        collect_clear(&c);
    }
}

static void single_files_are_unpacked(void **state)
{
    (void)state;
    const member members[] = { { "x", feed, sizeof feed - 1 } };
    static const char *const filters[] = { "xz", "bzip2" };
    for (size_t i = 0; i < 2; i++) {
        collected c;
        pack(0, "raw", filters[i], members, 1);
        read_packed(&c, 0, "feed.xml");
        assert_int_equal(c.n, 2);
        assert_string_equal(c.wheres[1], "feed.xml:item 2");
        collect_clear(&c);
    }
}

static void archives_inside_archives_are_read_to_a_depth(void **state)
{
    (void)state;
    collected c;
    member inner = { "x.ndjson", line, sizeof line - 1 };
    pack(0, "zip", "none", &inner, 1);
    for (int depth = 1; depth < DGMI_NEST_MAX; depth++) {
        member outer = { "in.zip", packed[(depth - 1) % 2], n_packed[(depth - 1) % 2] };
        pack(depth % 2, depth % 2 ? "ustar" : "zip", "none", &outer, 1);
    }
    read_packed(&c, (DGMI_NEST_MAX - 1) % 2, "all");
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.wheres[0], "all:in.zip:in.zip:in.zip:x.ndjson:1");
    collect_clear(&c);
    member outer = { "in.zip", packed[(DGMI_NEST_MAX - 1) % 2],
                     n_packed[(DGMI_NEST_MAX - 1) % 2] };
    pack(DGMI_NEST_MAX % 2, "zip", "none", &outer, 1);
    read_packed(&c, DGMI_NEST_MAX % 2, "all");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "more than 4 deep"));
    collect_clear(&c);
}

static void a_broken_member_does_not_stop_the_others(void **state)
{
    (void)state;
    static const char bad[] = "<rss><channel><item><title>First</title>";
    const member members[] = { { "a.ndjson", line, sizeof line - 1 },
                               { "bad.xml", bad, sizeof bad - 1 },
                               { "none", "\1\2\3\4", 4 },
                               { "b.xml", feed, sizeof feed - 1 } };
    collected c;
    pack(0, "zip", "none", members, 4);
    /* and a wrong checksum of the first, which is stored as it is or deflated */
    packed[0][14] ^= 0x55;
    read_packed(&c, 0, "in.zip");
    assert_true(c.n >= 2);
    assert_string_equal(c.wheres[c.n - 1], "in.zip:b.xml:item 2");
    assert_true(c.n_rejects >= 2);
    assert_string_equal(c.rejects[c.n_rejects - 1].where, "in.zip:none");
    collect_clear(&c);
}

static void links_and_absolute_names_do_no_harm(void **state)
{
    (void)state;
    const member members[] = { { "link.txt", NULL, 0 },
                               { "/etc/passwd", line, sizeof line - 1 },
                               { "../../up.ndjson", line, sizeof line - 1 },
                               { "od\nd.ndjson", line, sizeof line - 1 } };
    collected c;
    pack(0, "pax", "none", members, 4);
    read_packed(&c, 0, "in.tar");
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].where, "in.tar:link.txt");
    assert_non_null(strstr(c.rejects[0].reason, "not followed"));
    assert_int_equal(c.n, 3);
    assert_string_equal(c.wheres[0], "in.tar:/etc/passwd:1");
    assert_string_equal(c.wheres[2], "in.tar:od d.ndjson:1");
    collect_clear(&c);
}

static void a_cut_archive_gives_what_came_before(void **state)
{
    (void)state;
    const member members[] = { { "a.ndjson", line, sizeof line - 1 },
                               { "b.xml", feed, sizeof feed - 1 } };
    static const char *const formats[] = { "zip", "ustar" };
    for (size_t i = 0; i < 2; i++) {
        pack(0, formats[i], "none", members, 2);
        for (size_t cut = 1; cut < n_packed[0] - 300; cut += 7) {
            collected c;
            collect_bytes(&c, "in", NULL, packed[0], n_packed[0] - cut);
            assert_true(c.n > 0 || c.n_rejects > 0);
            collect_clear(&c);
        }
    }
}

static void an_empty_archive_is_told_of(void **state)
{
    (void)state;
    collected c;
    pack(0, "zip", "none", NULL, 0);
    read_packed(&c, 0, "in.zip");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "the archive is empty");
    collect_clear(&c);
}

static void a_bomb_in_an_archive_is_stopped(void **state)
{
    (void)state;
    size_t n = (size_t)60 << 20;
    char *spaces = malloc(n);
    assert_non_null(spaces);
    memset(spaces, ' ', n);
    member inner[6];
    for (size_t i = 0; i < 6; i++)
        inner[i] = (member){ "spaces.ndjson", spaces, n };
    pack(1, "zip", "none", inner, 6);
    const member outer = { "in.zip", packed[1], n_packed[1] };
    pack(0, "ustar", "xz", &outer, 1);
    collected c;
    read_packed(&c, 0, "bomb");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.rejects[c.n_rejects - 1].where[0], 'b');
    assert_non_null(strstr(c.rejects[c.n_rejects - 1].reason, "500 times"));
    assert_true(c.progress < 3 * (uint64_t)n);
    collect_clear(&c);
    free(spaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_archives_are_read_under_their_names),
        cmocka_unit_test(single_files_are_unpacked),
        cmocka_unit_test(archives_inside_archives_are_read_to_a_depth),
        cmocka_unit_test(a_broken_member_does_not_stop_the_others),
        cmocka_unit_test(links_and_absolute_names_do_no_harm),
        cmocka_unit_test(a_cut_archive_gives_what_came_before),
        cmocka_unit_test(an_empty_archive_is_told_of),
        cmocka_unit_test(a_bomb_in_an_archive_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

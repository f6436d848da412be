/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/settings.c: command line, file, help. Depends on server/settings.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"

#define MOST 12

/* Reads settings from words parted by spaces. */
static dgm_status read_words(const char *words, dgms_settings *out, dgms_errand *errand,
                             dgm_error *err)
{
    static char copy[1000];
    char *argv[MOST + 1] = { "dragomand" };
    int argc = 1;

    snprintf(copy, sizeof copy, "%s", words);
    for (char *p = copy + strspn(copy, " "); *p && argc < MOST;) {
        argv[argc++] = p;
        p += strcspn(p, " ");
        if (*p)
            *p++ = 0;
    }
    return dgms_settings_read(argc, argv, out, errand, err);
}

static void check_refused(const char *words, const char *text)
{
    dgms_settings s;
    dgms_errand errand;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_not_equal(read_words(words, &s, &errand, &err), DGM_OK);
    assert_string_equal(err.text, text);
    dgms_settings_clear(&s);
}

static void standards_hold_when_nothing_is_given(void **state)
{
    (void)state;
    dgms_settings s;
    dgms_errand errand;
    dgm_error err = DGM_ERROR_INIT;
    unsetenv("DRAGOMAN_DATA");
    assert_int_equal(read_words("", &s, &errand, &err), DGM_OK);
    assert_int_equal(errand, DGMS_SERVE);
    assert_string_equal(s.data, "dragoman-data");
    assert_string_equal(s.listen, "127.0.0.1:8080");
    assert_string_equal(s.access_log, "off");
    assert_int_equal(s.threads, 0);
    assert_int_equal(s.connections, 4000);
    assert_int_equal(s.per_ip, 200);
    assert_int_equal(s.timeout, 30);
    assert_int_equal(s.deadline_ms, 250);
    assert_int_equal(s.url_bytes, 16384);
    dgms_settings_clear(&s);
}

static void the_environment_names_the_data_directory(void **state)
{
    (void)state;
    dgms_settings s;
    dgms_errand errand;
    setenv("DRAGOMAN_DATA", "from-environment", 1);
    assert_int_equal(read_words("", &s, &errand, NULL), DGM_OK);
    assert_string_equal(s.data, "from-environment");
    dgms_settings_clear(&s);
    assert_int_equal(read_words("-d given", &s, &errand, NULL), DGM_OK);
    assert_string_equal(s.data, "given");
    dgms_settings_clear(&s);
    unsetenv("DRAGOMAN_DATA");
}

static void wrong_values_are_refused_by_name(void **state)
{
    (void)state;
    check_refused("--threads 65", "threads: wants a number from 0 to 64, not \"65\"");
    check_refused("--writer of", "writer: wants on|off|only, not \"of\"");
    check_refused("--writer |off", "writer: wants on|off|only, not \"|off\"");
    check_refused("--queue 0", "queue: wants a number from 1 to 100000, not \"0\"");
    check_refused("--queue -1", "queue: wants a number from 1 to 100000, not \"-1\"");
    check_refused("--queue 5x", "queue: wants a number from 1 to 100000, not \"5x\"");
    check_refused("--queue=", "queue: wants a number from 1 to 100000, not \"\"");
    check_refused("--queue 99999999999999999999",
                  "queue: wants a number from 1 to 100000, not \"99999999999999999999\"");
    check_refused("--listen=", "listen: wants a value");
    check_refused("--nonsense", "--nonsense: no such option");
    check_refused("--queue", "--queue: needs a value");
    check_refused("operand", "operand: there are no operands");
}

/* Writes a file of settings, reads it with more words on the command line. */
static dgm_status read_file(const char *content, const char *words, dgms_settings *out,
                            dgm_error *err)
{
    char path[] = "dragomand-settings-XXXXXX", all[1000];
    dgms_errand errand;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    close(fd);
    snprintf(all, sizeof all, "%s --config %s", words, path);
    dgm_status status = read_words(all, out, &errand, err);
    unlink(path);
    return status;
}

static void the_command_line_wins_over_the_file(void **state)
{
    (void)state;
    dgms_settings s;
    dgm_error err = DGM_ERROR_INIT;
    static const char file[] = "; a comment\nqueue = 7\n[dragomand]\nthreads=3\n"
                               "listen = [::1]:9000\n";
    assert_int_equal(read_file(file, "--threads 5", &s, &err), DGM_OK);
    assert_int_equal(s.queue, 7);
    assert_int_equal(s.threads, 5);
    assert_string_equal(s.listen, "[::1]:9000");
    dgms_settings_clear(&s);
}

static void faults_of_the_file_name_its_line(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "queue = 7\nthreads = many\n",
          ":2: threads: wants a number from 0 to 64, not \"many\"" },
        { "\n\ncolour = red\n", ":3: colour: no such setting" },
        { "[other]\nqueue = 7\n", ":2: [other]: no such section" },
        { "queue\n", ":1: not a line of the form name = value" },
        { "help = 1\n", ":1: help: no such setting" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_settings s;
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(read_file(table[i][0], "", &s, &err), DGM_E_ARG);
        const char *end = err.text + strlen("dragomand-settings-XXXXXX");
        assert_string_equal(end, table[i][1]);
        dgms_settings_clear(&s);
    }
    check_refused("--config there-is-no-such-file",
                  "there-is-no-such-file: No such file or directory");
}

static void errands_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        dgms_errand errand;
    } table[] = { { "--help", DGMS_HELP },
                  { "-h --config none", DGMS_HELP },
                  { "--man", DGMS_MAN },
                  { "--version", DGMS_VERSION } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_settings s;
        dgms_errand errand;
        assert_int_equal(read_words(table[i].words, &s, &errand, NULL), DGM_OK);
        assert_int_equal(errand, table[i].errand);
        dgms_settings_clear(&s);
    }
}

/* The same words, whatever is between them. */
static char *words_of(const char *text)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (; *text; text++)
        if (!strchr(" \n\\", *text))
            dgmi_buf_putc(&out, *text);
    return dgmi_buf_take(&out);
}

static void help_and_manual_say_the_same_of_each_setting(void **state)
{
    (void)state;
    static const char *const sentences[] = {
        "--queue N",
        "Requests that may wait for a thread; more are answered with 503. Standard: "
        "256. From 1 to 100000.",
        "--per-ip N",
        "Connections at a time from one address. Standard: 200. From 1 to 100000.",
        "--config FILE",
        "The command line wins over the file.",
    };
    dgmi_buf help, man;
    dgmi_buf_init(&help, 0);
    dgmi_buf_init(&man, 0);
    dgms_settings_help(&help);
    dgms_settings_man(&man);
    char *in_help = words_of(help.p), *in_man = words_of(man.p);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        char *wanted = words_of(sentences[i]);
        assert_non_null(strstr(in_help, wanted));
        if (*sentences[i] != '-') /* the manual has font changes inside option names */
            assert_non_null(strstr(in_man, wanted));
        free(wanted);
    }
    free(in_help);
    free(in_man);
    dgmi_buf_clear(&help);
    dgmi_buf_clear(&man);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standards_hold_when_nothing_is_given),
        cmocka_unit_test(the_environment_names_the_data_directory),
        cmocka_unit_test(wrong_values_are_refused_by_name),
        cmocka_unit_test(the_command_line_wins_over_the_file),
        cmocka_unit_test(faults_of_the_file_name_its_line),
        cmocka_unit_test(errands_are_told),
        cmocka_unit_test(help_and_manual_say_the_same_of_each_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines from one table: parsing (getopt_long), --help, and the man page, so that
 * they cannot differ. For programs; the library itself has no command line. */
#ifndef DGMI_OPTIONS_H
#define DGMI_OPTIONS_H

#include <stdbool.h>

#include "buf.h"
#include "dragoman.h"

typedef struct dgmi_option {
    const char *name; /* long name; NULL ends a table */
    char letter;      /* short name, or 0 */
    const char *arg;  /* what it takes, as help names it ("DIR"); NULL: nothing */
    const char *help; /* one or two sentences */
} dgmi_option;

typedef struct dgmi_command dgmi_command;
struct dgmi_command {
    const char *name;     /* NULL ends a table */
    const char *operands; /* "PATH...", or "" */
    const char *summary;  /* one line */
    const char *text;     /* paragraphs for the manual, parted by blank lines */
    const dgmi_option *options;
    int (*run)(const dgmi_command *command, int argc, char **argv);
};

/* Receives each option given. False with err set refuses its value. */
typedef dgm_status (*dgmi_option_fn)(void *user, const char *name, const char *value,
                                     dgm_error *err);

/* Reads argv[1..] by the command's table, options and operands in any order, and hands
 * options to `take`. Operands end up at argv[*first..]. ARG for an unknown option or a
 * missing value. */
dgm_status dgmi_options_read(const dgmi_command *command, int argc, char **argv,
                             dgmi_option_fn take, void *user, int *first, dgm_error *err);

/* "Usage: PROGRAM NAME [options] OPERANDS" and all options, 90 columns. */
void dgmi_options_help(dgmi_buf *out, const char *program, const dgmi_command *command);

/* The same as sections of a man page (roff man macros). */
void dgmi_options_man(dgmi_buf *out, const char *program, const dgmi_command *command);

/* Appends text with roff's special characters escaped; a blank line becomes .PP. */
void dgmi_roff(dgmi_buf *out, const char *text);

/* A positive number up to max, or ARG naming the option. */
dgm_status dgmi_option_number(const char *name, const char *value, unsigned long max,
                              unsigned long *out, dgm_error *err);

#endif

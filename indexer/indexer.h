/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands of `dragoman` share. Depends on dragoman.h, lib/base, lib/wire and
 * lib/fetch.
 */
#ifndef DGM_INDEXER_H
#define DGM_INDEXER_H

#include "buf.h"
#include "dragoman.h"
#include "export.h"
#include "options.h"

/* Exit codes of the contract. */
enum { EXIT_DONE = 0, EXIT_REJECTED = 1, EXIT_USAGE = 2, EXIT_DATA = 3 };

extern const dgmi_command indexer_commands[]; /* ends with a NULL name; main.c */

/* One subcommand each, in the file of its name. */
int run_index(const dgmi_command *command, int argc, char **argv);
int run_fetch(const dgmi_command *command, int argc, char **argv);
int run_feeds(const dgmi_command *command, int argc, char **argv);
int run_watch(const dgmi_command *command, int argc, char **argv);
int run_reindex(const dgmi_command *command, int argc, char **argv);
int run_search(const dgmi_command *command, int argc, char **argv);
int run_compare(const dgmi_command *command, int argc, char **argv);
int run_sources(const dgmi_command *command, int argc, char **argv);
int run_trends(const dgmi_command *command, int argc, char **argv);
int run_watchlist(const dgmi_command *command, int argc, char **argv);
int run_show(const dgmi_command *command, int argc, char **argv);
int run_cite(const dgmi_command *command, int argc, char **argv);
int run_boilerplate(const dgmi_command *command, int argc, char **argv);
int run_topics(const dgmi_command *command, int argc, char **argv);
int run_synonyms(const dgmi_command *command, int argc, char **argv);
int run_eval(const dgmi_command *command, int argc, char **argv);
int run_stats(const dgmi_command *command, int argc, char **argv);
int run_verify(const dgmi_command *command, int argc, char **argv);
int run_limits(const dgmi_command *command, int argc, char **argv);
int run_syntax(const dgmi_command *command, int argc, char **argv);
int run_schema(const dgmi_command *command, int argc, char **argv);
int run_help(const dgmi_command *command, int argc, char **argv);

/* The story of this id, for `show`. */
int show_story(const dgmi_command *command, const char *data, bool json, const char *id);

/* Prints "dragoman NAME: text" on stderr and gives the exit code that the status calls
 * for. */
int report(const dgmi_command *command, dgm_status status, const dgm_error *err);
/* The same for a wrong use of the command line, with a pointer to --help. */
int report_usage(const dgmi_command *command, const dgm_error *err);

/* The options of `search`, which are those of the request table as well; made once. */
const dgmi_option *search_options(void);

/* --data, in the table of every command that has an archive. */
#define DATA_OPTION                                                                      \
    {                                                                                    \
        "data", 'd', "DIR",                                                              \
            "The data directory. Standard: $DRAGOMAN_DATA, else ./dragoman-data."        \
    }

/* A parameter as an option, with its help in `help` (search.c). */
#define PARAM_HELP 640
dgmi_option param_option(const dgm_param *p, char help[PARAM_HELP]);

/* The parameters that choose items, but for the query, behind options[*n], `most` in all
 * (common.c). */
void add_choosing_options(dgmi_option *options, size_t *n, size_t most,
                          char (*help)[PARAM_HELP]);
/* Whether a table has a parameter of this name. */
bool has_param(const dgm_param *(*at)(size_t i), const char *name);

/* All operands, joined by blanks, are the query (common.c). */
dgm_status take_operands(dgm_request *request, int argc, char **argv, dgm_error *err);

/* The options of `trends` and `compare`; made once. */
const dgmi_option *trends_options(void);
const dgmi_option *compare_options(void);

/* The options of `watchlist`; made once. */
const dgmi_option *watchlist_options(void);

/* Watchlists, their state and their alerts for people (watchlist_print.c). */
void put_watches(dgmi_buf *out, const dgm_watches *watches, bool state);
void put_alerts(dgmi_buf *out, const dgm_alerts *alerts);
void put_try(dgmi_buf *out, const dgm_page *page);

/* Writes every hit of the request, which it takes over, to standard output (export.c).
 * resumed: what came before is elsewhere already. */
int export_hits(const dgmi_command *command, dgm *desk, dgm_request *request,
                const dgmi_export *form, bool resumed);

/* Answers each line of a file ("-": standard input) as a query (queries.c). */
int search_batch(const dgmi_command *command, dgm *desk, dgm_request *request,
                 const char *path, bool json);

/* What subcommands that only look take: --data and --json. take_data_run is their
 * dgmi_option_fn. */
typedef struct data_run {
    const char *data;
    bool json;
} data_run;
/* Prints the versions of an item (history.c). */
int print_history(const dgmi_command *command, const dgm_history *history, bool json);
dgm_status take_data_run(void *user, const char *name, const char *value, dgm_error *err);

/* --format, --jobs and --memory, of every command that writes; others change nothing. */
dgm_status take_writer_option(dgm_ingest_options *options, const char *name,
                              const char *value, dgm_error *err);

/* --data, else $DRAGOMAN_DATA, else ./dragoman-data. Borrowed. */
const char *data_dir(const char *option);

/* Writes a buffer to stdout; EXIT_DATA with a message if it is incomplete or the pipe is
 * gone. */
int print_buf(const dgmi_command *command, dgmi_buf *out);

/* Messages of the library on stderr: warnings and errors, and with DRAGOMAN_DEBUG set
 * all. */
void log_to_stderr(void *user, const char *level, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman`: finds the subcommand and runs it. Depends on indexer.h. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "indexer.h"
#include "str.h"

#define JSON_OPTION                                                                      \
    {                                                                                    \
        "json", 0, NULL, "Print JSON."                                                   \
    }
#define FEEDS_OPTION                                                                     \
    {                                                                                    \
        "feeds", 0, "FILE",                                                              \
            "The list of feeds, INI or OPML. Standard: feeds.ini in the data directory." \
    }
#define FORMAT_OPTION                                                                    \
    {                                                                                    \
        "format", 'f', "NAME",                                                           \
            "Read every input as this format instead of telling it from its content. "   \
            "\"dragoman index --formats\" lists the names."                              \
    }
#define JOBS_OPTION                                                                      \
    {                                                                                    \
        "jobs", 'j', "N", "Threads of a bulk build. Standard: one a processor."          \
    }
#define MEMORY_OPTION                                                                    \
    {                                                                                    \
        "memory", 0, "MB",                                                               \
            "What the writer may use of memory, in megabytes. Standard: 256."            \
    }

static const dgmi_option index_options[] = {
    DATA_OPTION,
    FORMAT_OPTION,
    { "formats", 0, NULL, "List the formats that can be read." },
    JOBS_OPTION,
    MEMORY_OPTION,
    { "quiet", 'q', NULL, "No progress." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option watch_options[] = {
    DATA_OPTION,
    { "feeds", 0, "FILE",
      "Ask the feeds of this list, too, each when it is due: INI or OPML, as under "
      "\"dragoman fetch\"." },
    FORMAT_OPTION,
    { "done", 0, "NAME",
      "The folder below the watched one for files that were taken. Standard: done." },
    { "rejects", 0, "NAME",
      "The folder below the watched one for files of which nothing could be taken. "
      "Standard: rejects." },
    { "deep", 0, NULL, "Watch the folders below, too." },
    { "poll", 0, "SECONDS",
      "Look into the folders so often, whatever the system tells. Standard: 1 on network "
      "file systems, else 60." },
    JOBS_OPTION,
    MEMORY_OPTION,
    { "quiet", 'q', NULL, "Say only what went wrong." },
    { "json", 0, NULL, "Print a JSON object for each file." },
    { 0 },
};
static const dgmi_option reindex_options[] = {
    DATA_OPTION, JOBS_OPTION, MEMORY_OPTION, { "quiet", 'q', NULL, "No progress." },
    JSON_OPTION, { 0 },
};
static const dgmi_option fetch_options[] = {
    DATA_OPTION,
    FEEDS_OPTION,
    { "due", 0, NULL,
      "Only the feeds that are due by their interval and by what they asked for. "
      "Standard: all of the list." },
    { "gone", 0, NULL, "Ask those that said they are gone for good (410), too." },
    { "settings", 0, NULL, "Print all settings of a list, as Markdown." },
    JOBS_OPTION,
    MEMORY_OPTION,
    { "quiet", 'q', NULL, "Say only what went wrong." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option feeds_options[] = {
    DATA_OPTION, FEEDS_OPTION, JSON_OPTION, { 0 }
};
static const dgmi_option data_options[] = { DATA_OPTION, JSON_OPTION, { 0 } };
static const dgmi_option sources_options[] = {
    DATA_OPTION,
    { "now", 0, "DATE",
      "Measure silence by this moment. Standard: now while items keep coming in, else "
      "the "
      "time of the newest item." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option show_options[] = {
    DATA_OPTION,
    { "versions", 0, NULL, "List the versions of the item, newest first, instead." },
    { "diff", 0, NULL, "With --versions: what changed, word by word." },
    { "story", 0, "ID",
      "Print the story of this id instead: its items, the earliest first, with what each "
      "cut or added against that one." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option boilerplate_options[] = {
    DATA_OPTION,
    { "learn", 0, NULL, "Look at the archive now, before the report." },
    { "approve", 0, NULL, "Set LINE aside, whatever the counts say." },
    { "forbid", 0, NULL, "Never set LINE aside." },
    { "forget", 0, NULL, "Drop what was decided or learned of LINE." },
    { "scope", 0, "SCOPE",
      "Only in this source: source:NAME, provider:NAME or host:NAME. Standard for "
      "--approve, --forbid and --forget: wherever LINE is known; for the report: all." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option eval_options[] = {
    DATA_OPTION,
    { "queries", 0, "FILE", "One query a line: its id, a tab, its text." },
    { "qrels", 0, "FILE",
      "Judgements: query id, item id and grade (0: not relevant), parted by tabs." },
    { "run", 0, "FILE",
      "Write the ranking there: query id, item id, rank and score, parted by tabs." },
    { "syntax", 0, NULL,
      "Read the queries as the query language. Standard: plain words, because the "
      "queries of collections are prose, whose quotes and capitals mean nothing." },
    { "match", 0, "MODE", "all, most or any of the words. Standard: any." },
    { "set", 0, "NAME=VALUE",
      "A parameter of the searches, such as expand=1; can be given more than once." },
    { "depth", 0, "N", "How many hits to rank for each query. Standard: 1000." },
    { "explain-losses", 0, "N",
      "List the N queries whose nDCG@10 is lowest: which of the wanted items stand below "
      "the first ten, what stands there instead, and the parts of their scores." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option topics_options[] = {
    DATA_OPTION,
    { "days", 0, "N",
      "How far back a backtest looks from the newest item on. Standard: 30." },
    { "force", 0, NULL, "Build the index anew even if no topic differs." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option synonyms_options[] = {
    DATA_OPTION,
    { "try", 0, "FILE",
      "Search with FILE in place of the archive's own synonyms, and print what "
      "changes." },
    { "queries", 0, "FILE",
      "Queries to try, one a line; what stands before a tab is passed over." },
    JSON_OPTION,
    { 0 },
};
static const dgmi_option help_options[] = {
    { "man", 0, NULL, "Print the manual page of all commands, as roff source." },
    { 0 },
};
static const dgmi_option no_options[] = { { 0 } };
static const dgmi_option syntax_options[] = { JSON_OPTION, { 0 } };

const dgmi_command indexer_commands[] = {
    { "index", "PATH...", "Take news items into the archive and make them searchable.",
      "Each PATH is a file, a folder (all files below it, in the order of their names) "
      "or - for standard "
      "input. Files may be packed (gzip, zstd, xz, bzip2) or be archives (zip, tar). An "
      "item that is in the archive "
      "already, unchanged, "
      "changes nothing; the same id with a newer version replaces it.\n\n"
      "What cannot be read is kept under DIR/rejects with the reason, named on standard "
      "error, and "
      "makes the exit code 1; everything else is indexed.",
      index_options, run_index },
    { "fetch", "", "Ask feeds once, and take what is new in them.",
      "The list of feeds is an INI file with a section for each feed, or OPML; "
      "doc/fetching.md tells how to write one, and \"dragoman fetch --settings\" what "
      "can stand in it. What a feed answered is remembered under DIR/feeds, so that the "
      "next time it need only say that nothing changed; Retry-After and 410 (gone) are "
      "kept to. \"dragoman watch --feeds\" does the same and stays, asking each feed "
      "when it is due.\n\n"
      "The exit code is 1 if a feed failed or something in one could not be read.",
      fetch_options, run_fetch },
    { "feeds", "", "Print how the feeds are doing.",
      "One line a feed: when it last answered well, when it is asked next, how many "
      "items came of it, and what went wrong last.",
      feeds_options, run_feeds },
    { "watch", "[FOLDER...]",
      "Take news items from files as they come into folders, and from feeds.",
      "A file that is moved into a FOLDER, or written there and closed, can be found "
      "within a second. Once that is durable it is moved to FOLDER/done, or, when "
      "nothing "
      "of it could be taken, to FOLDER/rejects with the reasons beside it in a file that "
      "ends in .reason.txt; what could not be taken of a file in part is kept under "
      "DIR/rejects as \"dragoman index\" does. What lies there at the start is taken "
      "first. "
      "A name that is in use there gets the time as a suffix.\n\n"
      "Names that begin with a dot or end in ~, .tmp, .part, .partial or .filepart are "
      "left alone until they are renamed, and so are pipes and files that a "
      "program still has open for writing. A kill at any moment loses nothing and takes "
      "nothing twice.\n\n"
      "Ends when it receives SIGTERM or SIGINT, after the file at hand. While the "
      "archive "
      "cannot be written (another program writes, the disk is full) files stay where "
      "they "
      "are and are tried again.",
      watch_options, run_watch },
    { "reindex", "", "Build the index anew from the archive.",
      "The new generation is built beside the live one, checked, and swapped in; "
      "searching goes on "
      "meanwhile. Needed after an upgrade that changes the index layout, or when verify "
      "finds "
      "differences.",
      reindex_options, run_reindex },
    { "search", "QUERY...", "Search, and print the best hits.",
      "Words, \"exact phrases\", -exclusion, AND OR NOT with parentheses, field:value "
      "and prefix* as "
      "dragoman-query(7) tells. The options are the parameters of GET /v1/search; those "
      "that can be given more "
      "than once are joined with OR. With --json the output is the same object that the "
      "server sends.\n\n"
      "With --batch each line of a file is a query, literal unless --syntax is given. "
      "For "
      "each there is a line with its count, the query, and the id and title of its best "
      "hit, parted by tabs; with --json that object, with the number of the line. A "
      "query "
      "that cannot be read is a line with its error; the others are answered, and the "
      "exit code is 1.",
      NULL, run_search },
    { "trends", "QUERY...", "Count matches over time, and by whom.",
      "Matching items of every interval beside all items that the filters leave, so that "
      "a busy month does not pass for a rise; with --by parted by source, region or "
      "another field, each value with its first and last match. The options are the "
      "parameters of GET /v1/trends, and with --json the output is what it answers "
      "with.",
      NULL, run_trends },
    { "compare", "[QUERY...]", "Set two sides against each other: words, first, silent.",
      "Each side has a query and filters of its own (--a-q, --a-region, --b-q and so "
      "on); "
      "QUERY and options without a side hold for both. Told of each side: how many items "
      "it has, the words and names that it over-uses against the other with the items "
      "that have them on either side, who spoke first and how much later the others did, "
      "and who had other items but none of these. With --json the output is what GET "
      "/v1/compare answers with.",
      NULL, run_compare },
    { "sources", "", "List who publishes how often, and who is silent.",
      "One line a source: whether it keeps to its habit (regular, quiet, silent), its "
      "last "
      "item, how many items it has, how many on a day that has some, and the weekdays on "
      "which it publishes. New ones have too little history for a habit, ended ones had "
      "nothing for 120 days. doc/trends.md tells how a habit is found.",
      sources_options, run_sources },
    { "show", "ID", "Print one whole item, or a story.",
      "Interviews are shown with their turns, and what was set aside as boilerplate at "
      "the end. With --versions every text that was received under this id is listed "
      "with its number, its times, its place in the archive (segment and byte) and what "
      "changed; one that came under the same time and number is marked as a silent edit. "
      "With --diff, text that went is in [-brackets-] and text that came in {+braces+}, "
      "on "
      "a terminal in colour.",
      show_options, run_show },
    { "cite", "FILE", "Check a citation against the archive.",
      "FILE (- for standard input) is what dragoman search --json --cite 1, or "
      "/v1/search?cite=1, printed, or its member cite alone. Each item is same (what was "
      "cited is what is found), changed (a later version is found), gone (withdrawn), "
      "other (that id, but not that text) or missing. Of items that are changed or gone "
      "the archive still has the record that was cited; show --versions tells them "
      "apart. The exit code is 1 unless all are same.",
      data_options, run_cite },
    { "watchlist", "ACTION [NAME [QUERY...]]",
      "Keep saved queries that tell of new items.",
      "What a search would find is told once a story, as a feed under "
      "/v1/watch/NAME.atom, .rss and .json, and to a webhook; doc/watchlists.md tells "
      "how. ACTION is one of:\n\n"
      "add NAME [QUERY...]: makes a watchlist of the query and the options, and lists "
      "what "
      "is there already without delivering it; with --replace it takes the place of one "
      "of its name, whose alerts are kept.\n\n"
      "list, status [NAME]: what there is; how each is doing.\n\n"
      "show NAME: its alerts, newest first, or with --since those behind a place.\n\n"
      "test NAME: what its search finds now; with --send a test is posted to its "
      "webhook.\n\n"
      "run: looks for alerts, prints those that are new, and delivers; with --loop it "
      "stays. Beside a server with a writer there is no need for it: that does the same, "
      "and whoever comes second does nothing.\n\n"
      "mute NAME UNTIL (a date, or off): nothing is delivered before that.\n\n"
      "unpark NAME: deliveries begin again, once the webhook works.\n\n"
      "remove NAME: forgets it, and all it told.\n\n"
      "The exit code is 1 if a watchlist cannot be looked after or a delivery failed.",
      NULL, run_watchlist },
    { "boilerplate", "[LINE]",
      "Report lines that recur in a source, or decide about one.",
      "Lines that recur near the beginning or the end of the items of a source are set "
      "aside from searching when items are indexed; the archive keeps them. The report "
      "has, "
      "for each, its state (learned, approved, forbidden, gone: it no longer occurs; "
      "candidate: it came in the place of one that is gone, or is a sentence that "
      "recurs, and "
      "waits for a person), in how many items of how "
      "many "
      "it stands, since when and until when, its source and the line. A * before the "
      "state "
      "says that items indexed earlier follow at the next reindex.",
      boilerplate_options, run_boilerplate },
    { "topics",
      "[list | show NAME | test [PATH...] | add PATH... | remove NAME... | backtest "
      "PATH... | apply]",
      "Name items by the policy topics whose queries they match.",
      "A topic is a file NAME.topic: a label, a query in the language of searches, and "
      "sentences that it must match or must not. Those in DIR/topics name items as they "
      "come in: beside their own topics, in facets, filters and topic:. A PATH is a "
      "file, "
      "a folder of them, or the name of a topic that the archive has.\n\n"
      "\"list\" counts the items that have each topic. \"test\" tries the sentences and "
      "names each that is not met. \"backtest\" tells what a topic would have caught in "
      "the last days, how many sources that is from, and what it would change. \"add\" "
      "takes a topic up if its sentences are met. \"apply\" brings topics to the items "
      "that were indexed before, by building the index anew.",
      topics_options, run_topics },
    { "synonyms", "[list | check [FILE] | QUERY...]",
      "List, check and try words that stand for others in a search.",
      "Rules are built in (corpus/synonyms.tsv, which tells how a line looks), and an "
      "archive's own stand in DIR/synonyms.tsv, which is read again as soon as it "
      "changes. \"list\" prints them all. \"check\" reads FILE, or the archive's, and "
      "names each line that is no rule; a file with one is not used.\n\n"
      "With --try, each QUERY is searched twice, as the archive answers now and as it "
      "would with FILE as its own rules: how many items are found before and after, "
      "which "
      "are new among the first ten (+) and which are gone from there (-). The table at "
      "the "
      "end tells, for each rule of FILE that holds for a query, for how many of them, "
      "how "
      "many of their first ten hits have the synonym, and how many items of the archive "
      "do.",
      synonyms_options, run_synonyms },
    { "eval", "", "Measure ranking against judgements.",
      "Prints nDCG@10, mean average precision, recall@100 and mean reciprocal rank over "
      "the queries "
      "that have a relevant item. nDCG uses the grade itself as gain and log2(rank + 1) "
      "as discount.",
      eval_options, run_eval },
    { "stats", "", "Print counts and sizes of the archive and its index.",
      "Items, generation, revision, sizes in bytes, and the newest item.", data_options,
      run_stats },
    { "verify", "", "Compare archive and index.",
      "Each difference is printed; the exit code is 1 if there is one. \"dragoman "
      "reindex\" mends them: "
      "the archive is the truth.",
      data_options, run_verify },
    { "schema", "", "Print the index layout as Markdown.",
      "Every field with its term prefix and value slots: what doc/schema.md holds.",
      no_options, run_schema },
    { "syntax", "", "Print the query language as a table.",
      "Every form with what it finds and an example; dragoman-query(7) tells the whole.",
      syntax_options, run_syntax },
    { "limits", "", "Print the bounds of a search.",
      "Each with its value and what becomes of more.", syntax_options, run_limits },
    { "help", "[COMMAND]", "Print help on a command, or name all of them.",
      "The same as --help after a command.", help_options, run_help },
    { 0 },
};

static const dgmi_command *find_command(const char *name)
{
    for (const dgmi_command *c = indexer_commands; c->name; c++)
        if (!strcmp(c->name, name))
            return c;
    return NULL;
}

static void print_overview(FILE *to)
{
    fputs("Usage: dragoman COMMAND [OPTION]...\nSearch for translated official "
          "news.\n\nCommands:\n",
          to);
    for (const dgmi_command *c = indexer_commands; c->name; c++)
        fprintf(to, "  %-11s %s\n", c->name, c->summary);
    fputs("\n\"dragoman COMMAND --help\" tells more. Exit codes: 0 done, 1 some inputs "
          "rejected or a "
          "check failed,\n2 wrong usage, 3 data directory unusable.\n",
          to);
}

/* Of the commands whose options are the parameters of a request. */
static const dgmi_option *made_options(const dgmi_command *command)
{
    return command->run == run_trends      ? trends_options()
           : command->run == run_compare   ? compare_options()
           : command->run == run_watchlist ? watchlist_options()
                                           : search_options();
}

static int print_help(const dgmi_command *command)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 20);
    dgmi_command shown = *command;
    if (!shown.options)
        shown.options = made_options(command);
    dgmi_options_help(&out, "dragoman", &shown);
    return print_buf(command, &out);
}

static int print_manual(const dgmi_command *command)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 20);
    dgmi_buf_puts(&out,
                  ".\\\" Made by \"dragoman help --man\".\n.TH DRAGOMAN 1 \"\" "
                  "\"Dragoman " DGM_VERSION
                  "\"\n.SH NAME\ndragoman \\- index and search translated official news\n"
                  ".SH SYNOPSIS\n\\fBdragoman\\fR COMMAND [OPTION]...\n.SH COMMANDS\n");
    for (const dgmi_command *c = indexer_commands; c->name; c++) {
        dgmi_command shown = *c;
        if (!shown.options)
            shown.options = made_options(c);
        dgmi_options_man(&out, "dragoman", &shown);
    }
    dgmi_buf_puts(
        &out, ".SH EXIT STATUS\n0 done; 1 some inputs rejected or a check failed; 2 "
              "wrong usage; "
              "3 data directory unusable.\n.SH ENVIRONMENT\n.TP\nDRAGOMAN_DATA\nThe data "
              "directory when \\-\\-data is not given.\n.TP\nDRAGOMAN_DEBUG\nWhen set, "
              "everything "
              "that the library says goes to standard error.\n.TP\nTMPDIR\nWhere former "
              "versions lie while a search with \\-\\-as_of needs them; standard: /tmp, "
              "else the data directory.\n.SH SEE ALSO\n"
              "dragoman\\-query(7), dragomand(8)\n");
    return print_buf(command, &out);
}

static dgm_status take_help(void *user, const char *name, const char *value,
                            dgm_error *err)
{
    (void)name, (void)value, (void)err;
    *(bool *)user = true;
    return DGM_OK;
}

int run_help(const dgmi_command *command, int argc, char **argv)
{
    bool man = false;
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_options_read(command, argc, argv, take_help, &man, &first, &err) != DGM_OK)
        return report_usage(command, &err);
    if (man)
        return print_manual(command);
    if (first >= argc) {
        print_overview(stdout);
        return EXIT_DONE;
    }
    const dgmi_command *asked = find_command(argv[first]);
    if (asked)
        return print_help(asked);
    fprintf(stderr, "dragoman help: %s: no such command\n", argv[first]);
    return EXIT_USAGE;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return true;
    return false;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* JSON and TSV have a point, wherever we run */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("dragoman %s\n", dgm_version());
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        print_overview(stdout);
        return EXIT_DONE;
    }
    const dgmi_command *command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "dragoman: %s: no such command; \"dragoman --help\" names them\n",
                argv[1]);
        return EXIT_USAGE;
    }
    if (wants_help(argc - 1, argv + 1))
        return print_help(command);
    return command->run(command, argc - 1, argv + 1);
}

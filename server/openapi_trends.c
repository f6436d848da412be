/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Schemas of counts over time. Depends on routes.h. */
#include "routes.h"

#define COUNTS                                                                           \
    "\"items\":{\"type\":\"integer\"},\"of\":{\"type\":\"integer\",\"description\":"     \
    "\"Items that the filters leave, whatever the query text.\"},"                       \
    "\"share\":{\"type\":[\"number\",\"null\"]},\"stories\":{\"type\":\"integer\"}"
#define SERIES                                                                           \
    COUNTS ",\"undated\":{\"type\":\"integer\"},\"undated_of\":{\"type\":\"integer\"},"  \
           "\"first\":{\"$ref\":\"#/components/schemas/Said\"},"                         \
           "\"last\":{\"$ref\":\"#/components/schemas/Said\"}"
#define SERIES_NAMES                                                                     \
    "\"items\",\"of\",\"share\",\"stories\",\"undated\",\"undated_of\",\"first\","       \
    "\"last\""
#define INTERVALS                                                                        \
    "\"intervals\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"      \
    "Interval\"}}"

#define QUERY                                                                            \
    "\"query\":{\"type\":\"object\",\"required\":[\"text\",\"parsed\"],"                 \
    "\"properties\":{\"text\":{\"$ref\":\"#/components/schemas/Text\"},"                 \
    "\"parsed\":{\"$ref\":\"#/components/schemas/Text\"}}}"
#define LAG                                                                              \
    "\"lag_s\":{\"type\":[\"integer\",\"null\"],\"description\":\"Seconds behind the "   \
    "first.\"}"
#define TOLD(name)                                                                       \
    "\"" name "\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"       \
    "Told\"}}"

const char dgms_openapi_trends[] =
    ",\"Said\":{\"type\":[\"object\",\"null\"],\"description\":\"An item that was the "
    "first, or the last.\",\"required\":[\"id\",\"title\",\"source\",\"published\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},"
    "\"title\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"source\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"published\":{\"$ref\":\"#/components/schemas/Time\"}}},"

    "\"Interval\":{\"type\":\"object\",\"required\":[\"from\",\"items\",\"of\","
    "\"share\",\"stories\"],\"properties\":{"
    "\"from\":{\"type\":\"string\",\"format\":\"date-time\"}," COUNTS "}},"

    "\"Trends\":{\"type\":\"object\",\"required\":[\"query\",\"took_ms\",\"revision\","
    "\"interval\",\"tz\",\"by\",\"total\",\"intervals\",\"warnings\"],\"properties\":"
    "{" QUERY ","
    "\"took_ms\":{\"type\":\"number\"},\"revision\":{\"type\":\"string\"},"
    "\"interval\":{\"enum\":[\"hour\",\"day\",\"week\",\"month\",\"year\"]},"
    "\"tz\":{\"type\":\"string\"},\"by\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"total\":{\"type\":\"object\",\"required\":[" SERIES_NAMES
    "],\"properties\":{" SERIES "}}," INTERVALS ","
    "\"series\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"value\"," SERIES_NAMES ",\"intervals\"],\"properties\":{"
    "\"value\":{\"type\":\"string\"}," SERIES "," INTERVALS "}}},"
    "\"values\":{\"type\":\"integer\",\"description\":\"That matches have, in all.\"},"
    "\"without\":{\"type\":\"integer\",\"description\":\"Matches that have no value.\"},"
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}},"

    "\"Sources\":{\"type\":\"object\",\"required\":[\"revision\",\"clock\",\"sources\"],"
    "\"properties\":{\"revision\":{\"type\":\"string\"},"
    "\"clock\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"sources\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"source\",\"state\",\"items\",\"first\",\"last\",\"habit\"],\"properties\":{"
    "\"source\":{\"type\":\"string\"},\"state\":{\"enum\":[\"regular\",\"quiet\","
    "\"silent\",\"ended\",\"new\"]},\"items\":{\"type\":\"integer\"},"
    "\"first\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"last\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"habit\":{\"type\":[\"object\",\"null\"],\"required\":[\"per_day\",\"weekdays\","
    "\"gap_days\",\"missed_days\"],\"properties\":{"
    "\"per_day\":{\"type\":\"integer\"},\"weekdays\":{\"type\":\"array\","
    "\"items\":{\"type\":\"string\"}},\"gap_days\":{\"type\":\"integer\"},"
    "\"missed_days\":{\"type\":\"integer\"}}}}}}}},"

    "\"Completeness\":{\"type\":\"object\",\"description\":\"There if sources that the "
    "search could have found items of are silent for longer than is their habit.\","
    "\"required\":[\"silent\",\"more\"],\"properties\":{"
    "\"silent\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"source\",\"last\",\"per_day\",\"missed_days\"],\"properties\":{"
    "\"source\":{\"type\":\"string\"},\"last\":{\"$ref\":\"#/components/schemas/Time\"},"
    "\"per_day\":{\"type\":\"integer\"},\"missed_days\":{\"type\":\"integer\"}}}},"
    "\"more\":{\"type\":\"integer\"}}},"

    "\"Told\":{\"type\":\"object\",\"description\":\"A word with the items of either "
    "side "
    "that have it in any of its forms.\",\"required\":[\"word\",\"a\",\"b\",\"score\"],"
    "\"properties\":{\"word\":{\"type\":\"string\"},\"a\":{\"type\":\"integer\"},"
    "\"b\":{\"type\":\"integer\"},\"score\":{\"type\":\"number\"}}},"

    "\"Side\":{\"type\":\"object\",\"required\":[\"query\",\"total\",\"intervals\","
    "\"voices\",\"values\",\"without\",\"silent\",\"silent_values\",\"words\",\"names\","
    "\"looked_at\"],\"properties\":{" QUERY ",\"total\":{\"type\":\"object\","
    "\"required\":[" SERIES_NAMES "],\"properties\":{" SERIES "}}," INTERVALS ","
    "\"voices\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"value\",\"items\",\"of\",\"share\",\"stories\",\"first\",\"last\",\"lag_s\"],"
    "\"properties\":{\"value\":{\"type\":\"string\"}," COUNTS ","
    "\"first\":{\"$ref\":\"#/components/schemas/Said\"},"
    "\"last\":{\"$ref\":\"#/components/schemas/Time\"}," LAG "}}},"
    "\"values\":{\"type\":\"integer\"},\"without\":{\"type\":\"integer\"},"
    "\"silent\":{\"type\":\"array\",\"description\":\"Who has other items, but none of "
    "these.\",\"items\":{\"type\":\"object\",\"required\":[\"value\",\"of\",\"last\"],"
    "\"properties\":{\"value\":{\"type\":\"string\"},\"of\":{\"type\":\"integer\"},"
    "\"last\":{\"$ref\":\"#/components/schemas/Time\"}}}},"
    "\"silent_values\":{\"type\":\"integer\"}," TOLD("words") "," TOLD(
        "names") ","
                 "\"looked_at\":{\"type\":\"integer\",\"description\":\"Items that the "
                 "words were "
                 "found in.\"}}},"

                 "\"Comparison\":{\"type\":\"object\",\"required\":[\"query\",\"took_"
                 "ms\","
                 "\"revision\",\"interval\",\"tz\",\"by\",\"both\",\"lag_s\",\"words_"
                 "exact\",\"a\","
                 "\"b\",\"warnings\"],\"properties\":{" QUERY
                 ",\"took_ms\":{\"type\":\"number\"},"
                 "\"revision\":{\"type\":\"string\"},"
                 "\"interval\":{\"enum\":[\"hour\",\"day\",\"week\",\"month\",\"year\"]},"
                 "\"tz\":{\"type\":\"string\"},\"by\":{\"type\":\"string\"},"
                 "\"both\":{\"type\":\"integer\"}," LAG ","
                 "\"words_exact\":{\"type\":\"boolean\",\"description\":\"Whether words "
                 "are counted in "
                 "all items, and not only in those looked at.\"},"
                 "\"a\":{\"$ref\":\"#/components/schemas/Side\"},"
                 "\"b\":{\"$ref\":\"#/components/schemas/Side\"},"
                 "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}";

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
    "\"interval\",\"tz\",\"by\",\"total\",\"intervals\",\"warnings\"],\"properties\":{"
    "\"query\":{\"type\":\"object\",\"required\":[\"text\",\"parsed\"],\"properties\":{"
    "\"text\":{\"$ref\":\"#/components/schemas/Text\"},"
    "\"parsed\":{\"$ref\":\"#/components/schemas/Text\"}}},"
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
    "\"warnings\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}";

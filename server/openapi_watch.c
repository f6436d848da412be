/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Schemas of watchlists and their alerts. Depends on routes.h. */
#include "routes.h"

#define TEXT "{\"$ref\":\"#/components/schemas/Text\"}"
#define TIME "{\"$ref\":\"#/components/schemas/Time\"}"
#define STRING "{\"type\":\"string\"}"
#define NUMBER "{\"type\":\"integer\"}"
#define BOOLEAN "{\"type\":\"boolean\"}"

const char dgms_openapi_watch[] =
    ",\"Watchlist\":{\"type\":\"object\",\"required\":[\"name\",\"label\",\"query\","
    "\"search\",\"webhook\",\"created\",\"looked\",\"alerts\",\"place\",\"waiting\","
    "\"failures\",\"parked\"],\"properties\":{\"name\":" STRING ",\"label\":" TEXT
    ",\"query\":" TEXT ",\"search\":" TEXT ",\"webhook\":" BOOLEAN ",\"created\":" TIME
    ",\"looked\":" TIME ",\"alerts\":" NUMBER ",\"place\":" TEXT ",\"waiting\":" NUMBER
    ",\"failures\":" NUMBER ",\"parked\":" BOOLEAN "}},"

    "\"Watchlists\":{\"type\":\"object\",\"required\":[\"watchlists\"],\"properties\":{"
    "\"watchlists\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
    "Watchlist\"}}}},"

    "\"Alert\":{\"type\":\"object\",\"description\":\"hit is null of what was "
    "withdrawn.\",\"required\":[\"id\",\"kind\",\"watch\",\"place\",\"found\",\"item\","
    "\"matches\",\"matched\",\"hit\"],\"properties\":{\"id\":" STRING
    ",\"kind\":{\"enum\":[\"new\",\"corrected\",\"withdrawn\"]},\"watch\":" STRING
    ",\"place\":" STRING ",\"found\":" TIME ",\"item\":" STRING ",\"replaces\":" STRING
    ",\"matches\":" BOOLEAN ",\"matched\":{\"type\":\"array\",\"items\":" STRING "},"
    "\"hit\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Hit\"},{\"type\":\"null\"}]}}},"

    "\"AlertFeed\":{\"type\":\"object\",\"description\":\"A JSON Feed.\",\"required\":["
    "\"version\",\"title\",\"home_page_url\",\"feed_url\",\"items\",\"_dragoman\"],"
    "\"properties\":{\"version\":" STRING ",\"title\":" STRING
    ",\"home_page_url\":" STRING ",\"feed_url\":" STRING ",\"next_url\":" STRING
    ",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\","
    "\"title\",\"date_published\",\"date_modified\",\"_dragoman\"],\"properties\":{"
    "\"id\":" STRING ",\"url\":" STRING ",\"title\":" STRING ",\"content_html\":" STRING
    ",\"content_text\":" STRING ",\"date_published\":" TIME ",\"date_modified\":" TIME
    ",\"language\":" STRING ",\"authors\":{\"type\":\"array\"},\"tags\":{\"type\":"
    "\"array\",\"items\":" STRING "},\"_dragoman\":{\"$ref\":\"#/components/schemas/"
    "Alert\"}}}},"
    "\"_dragoman\":{\"type\":\"object\",\"required\":[\"watch\",\"label\",\"query\","
    "\"search\",\"next\",\"more\",\"gap\"],\"properties\":{\"watch\":" STRING
    ",\"label\":" STRING ",\"query\":" TEXT ",\"search\":" TEXT ",\"next\":" TEXT
    ",\"more\":" BOOLEAN ",\"gap\":" BOOLEAN "}}}}";

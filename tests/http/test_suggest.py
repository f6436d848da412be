# SPDX-License-Identifier: GPL-2.0-or-later
"""Suggestions for browsers, scripts and the page."""

import xml.etree.ElementTree as ElementTree

import requests

NAMESPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def get(server, path, **params):
    return requests.get(f"{server.url}/{path}", params=params, timeout=30)


def test_suggestions_have_a_kind_a_query_and_a_count_that_it_finds(server):
    reply = get(server, "v1/suggest", q="minis", limit=3)
    assert reply.status_code == 200 and reply.headers["Content-Type"] == "application/json"
    body = reply.json()
    assert set(body) == {"q", "revision", "suggestions"} and body["q"] == "minis"
    assert 0 < len(body["suggestions"]) <= 3
    for one in body["suggestions"]:
        assert set(one) == {"kind", "text", "query", "count"}
        assert server.search(q=one["query"])["total"]["value"] >= one["count"] > 0


def test_browsers_get_the_form_of_opensearch(server):
    reply = get(server, "suggest", q="minis")
    assert reply.headers["Content-Type"] == "application/x-suggestions+json"
    typed, texts = reply.json()
    assert typed == "minis" and "ministers" in texts


def test_the_same_suggestions_are_not_sent_twice(server):
    reply = get(server, "v1/suggest", q="minis")
    again = requests.get(reply.url, headers={"If-None-Match": reply.headers["ETag"]}, timeout=30)
    assert again.status_code == 304 and not again.content


def test_what_is_no_parameter_is_refused(server):
    for params in ({"q": "a", "x": "1"}, {"q": ["a", "b"]}, {"q": "a", "limit": "0"},
                   {"q": "a", "limit": "21"}, {"q": "a", "limit": "-1"}, {"q": "a", "limit": "1x"}):
        reply = get(server, "v1/suggest", **params)
        assert reply.status_code == 400, params
        assert reply.json()["errors"][0]["name"] in ("x", "q", "limit")


def test_nothing_typed_has_no_suggestions(server):
    assert get(server, "v1/suggest").json()["suggestions"] == []
    assert get(server, "suggest", q="").json() == ["", []]


def test_the_description_names_this_server(server):
    reply = get(server, "opensearch.xml")
    assert reply.headers["Content-Type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(reply.text)
    assert len(root.find(NAMESPACE + "ShortName").text) <= 16
    urls = {url.get("rel") or url.get("type"): url.get("template")
            for url in root.findall(NAMESPACE + "Url")}
    assert urls["suggestions"] == server.url + "/suggest?q={searchTerms}"
    assert urls["self"] == server.url + "/opensearch.xml"
    for name in ("text/html", "application/json", "suggestions"):
        assert requests.get(urls[name].replace("{searchTerms}", "a"), timeout=30).ok

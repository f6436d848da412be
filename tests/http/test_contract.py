# SPDX-License-Identifier: GPL-2.0-or-later
"""What every route answers, to the letter of the contract."""

import gzip
import json
from urllib.parse import quote

import pytest
import requests

from conftest import BIG_ID, BIG_PARAGRAPHS
from dragomand import index, read_reply, request

PAGE = {"query", "took_ms", "revision", "total", "hits", "facets", "histogram", "next", "warnings"}
HIT = {"id", "score", "title", "snippet", "published", "region", "country", "source", "language",
       "translated", "url", "topics", "turn"}


def check_problem(reply, status, name=None):
    assert reply.status_code == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Cache-Control"] == "no-store"
    body = reply.json()
    assert body["type"] == "about:blank" and body["status"] == status
    assert body["title"] and body["detail"]
    names = [error["name"] for error in body.get("errors", [])]
    assert names == ([name] if name else [])
    return body


def test_a_search_has_the_members_of_the_contract(server):
    page = server.search(q="treaty", facets="region,year", histogram="year", limit=3)
    assert set(page) == PAGE
    assert set(page["query"]) == {"text", "parsed", "suggestion"}
    assert page["query"]["text"] == "treaty"
    assert page["total"] == {"value": 30, "relation": "eq"}
    assert len(page["hits"]) == 3
    for hit in page["hits"]:
        assert set(hit) - {"relaxed", "title_html"} == HIT | {"story"}
        assert "<mark>" in hit.get("title_html", "<mark>")
        assert "<mark>" in hit["snippet"]
        assert hit["published"].endswith("Z")
    assert sum(v["count"] for v in page["facets"]["region"]) == 30
    assert sum(v["count"] for v in page["facets"]["year"]) == 30
    assert sum(v["count"] for v in page["histogram"]) == 30
    assert page["next"] and page["warnings"] == []


def test_no_parameters_find_everything(server):
    page = server.search()
    assert page["total"] == {"value": 121, "relation": "eq"}
    assert len(page["hits"]) == 10


def test_pages_follow_each_other_without_gap_or_repetition(server):
    seen, cursor = [], None
    for _ in range(8):
        page = server.search(q="ministers", limit=20, **({"cursor": cursor} if cursor else {}))
        seen += [hit["id"] for hit in page["hits"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 120


def test_repeatable_parameters_are_joined_with_or(server):
    page = server.get("/v1/search?region=Australia&region=New+Zealand&limit=100").json()
    assert page["total"]["value"] == 80
    assert {hit["region"] for hit in page["hits"]} == {"Australia", "New Zealand"}


@pytest.mark.parametrize("query, name", [
    ("colour=red", "colour"),
    ("q=a&Q=b", "Q"),
    ("q=a&q=b", "q"),
    ("limit=1&limit=1", "limit"),
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=-1", "limit"),
    ("match=some", "match"),
    ("sort=best", "sort"),
    ("from=2021-02-31", "from"), ("to=yesterday", "to"),
    ("facets=region,colour", "facets"),
    ("histogram=decade", "histogram"),
    ("explain=2", "explain"),
    ("cursor=forged", "cursor"), ("cursor=%00", "cursor"),
    ("q=%", "q"), ("q=%zz", "q"), ("q=a%00b", "q"), ("q=%ff", "q"), ("q=%C0%AF", "q"),
    ("%ff=1", "%ff"),
    ("=1", ""),
])
def test_a_wrong_parameter_is_named(server, query, name):
    with server.connect() as s:  # requests would mend the escapes
        s.sendall(request("/v1/search?" + query))
        reply, _ = read_reply(s)
    body = reply.json()
    assert reply.status == body["status"] == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert [error["name"] for error in body["errors"]] == [name]


def test_a_query_that_is_refused_points_at_the_byte(server):
    body = check_problem(server.get("/v1/search", params={"q": "(" * 400 + "a"}), 400, "q")
    assert isinstance(body["offset"], int)


def test_any_query_text_is_answered(server):
    for text in ['"', "(", ")))", "*", "-", "AND", "a AND", "OR OR", "NOT", 'a "b', "title:", ":", "\\", "'",
                 "кибер", "网络安全", "\u0627\u0644\u0623\u0645\u0646", "\U0001f600", "a" * 4000, "\n\t", "<script>", "' OR 1=1"]:
        reply = server.get("/v1/search", params={"q": text})
        assert reply.status_code in (200, 400), (text, reply.status_code)
        assert isinstance(reply.json(), dict)


def test_plus_is_a_space_in_the_query_alone(server):
    assert server.get("/v1/search?q=grain+railway").json()["query"]["text"] == "grain railway"
    assert server.get("/v1/search?q=grain%2Brailway").json()["query"]["text"] == "grain+railway"
    check_problem(server.get("/v1/items/item+001"), 404, "id")


def test_an_item_comes_whole(server):
    item = server.get("/v1/items/item-001").json()
    assert item["id"] == "item-001" and item["region"] == "New Zealand"
    assert len(item["body"]) == 2 and item["topics"] == ["border", "treaty"]
    big = server.get("/v1/items/" + quote(BIG_ID, safe="")).json()
    assert big["id"] == BIG_ID and len(big["body"]) == BIG_PARAGRAPHS


def test_items_that_are_not_there(server):
    check_problem(server.get("/v1/items/nothing"), 404, "id")
    check_problem(server.get("/v1/items/held"), 404, "id")
    check_problem(server.get("/v1/items/gone"), 410, "id")
    check_problem(server.get("/v1/items/" + "x" * 5000), 404, "id")
    check_problem(server.get("/v1/items/item-001?q=1"), 400, "q")


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/", "/v1/items/", "/v1/search/",
                                  "/v1/items/a/b", "//", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/x"])
def test_unknown_paths_are_404(server, path):
    with server.connect() as s:  # requests would tidy the path
        s.sendall(request(path))
        reply, _ = read_reply(s)
        assert reply.status == 404 and reply.json()["status"] == 404


@pytest.mark.parametrize("path", ["/v1/search?q=treaty", "/v1/items/item-001", "/v1/items/gone", "/healthz",
                                  "/readyz", "/openapi.json", "/", "/main.js", "/nothing", "/v1/search?x=1"])
def test_head_is_get_without_the_body(server, path):
    volatile = {"date", "x-request-id", "content-length"}
    with server.connect() as s:
        s.sendall(request(path))
        got, _ = read_reply(s)
        s.sendall(request(path, method="HEAD") + request("/healthz"))
        head, rest = read_reply(s, head=True)
        after, _ = read_reply(s, rest)
    assert head.status == got.status
    assert set(head.headers) == set(got.headers)
    assert {k: v for k, v in head.headers.items() if k not in volatile} == \
        {k: v for k, v in got.headers.items() if k not in volatile}
    assert after.json() == {"status": "alive", "writer": "running"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "TRACE", "FOO"])
def test_other_methods_are_405(server, method):
    for path in ("/v1/search", "/", "/main.js"):
        reply = requests.request(method, server.url + path, timeout=30, data=b"x=1" if method == "POST" else None)
        check_problem(reply, 405)
        assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options_tells_the_methods_of_a_path(server):
    for path, allow in (("/v1/search", "GET, HEAD, OPTIONS"), ("/push_binary", "POST, OPTIONS")):
        reply = requests.options(server.url + path, timeout=30)
        assert (reply.status_code, reply.content) == (204, b"")
        assert reply.headers["Allow"] == allow
    check_problem(requests.options(server.url + "/v1/nothing", timeout=30), 404)


def test_an_unknown_path_is_404_whatever_the_method(server):
    for method in ("POST", "PUT", "DELETE", "FOO"):
        check_problem(requests.request(method, server.url + "/v1/nothing/here", timeout=30), 404)


# ---- Caching ----

@pytest.mark.parametrize("path", ["/v1/search?q=treaty", "/v1/items/item-001", "/openapi.json", "/", "/style.css"])
def test_a_known_tag_gets_304(server, path):
    first = server.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == ("max-age=60" if path == "/style.css" else "no-cache")
    for given in (tag, tag[2:], f'"other", {tag}', "*"):
        again = server.get(path, headers={"If-None-Match": given})
        assert again.status_code == 304 and again.content == b""
        assert again.headers["ETag"] == tag
        assert "Content-Length" not in again.headers
        assert again.headers["Vary"] == "Accept-Encoding"
    assert server.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_requests_that_mean_the_same_have_the_same_tag(server):
    a = server.get("/v1/search?q=treaty&limit=10&match=all&region=Australia").headers["ETag"]
    b = server.get("/v1/search?region=Australia&q=treaty").headers["ETag"]
    c = server.get("/v1/search?region=Australia&q=treaty&limit=11").headers["ETag"]
    assert a == b != c


def test_a_commit_changes_the_tag_of_searches(start, own_archive):
    server = start(own_archive)
    first = server.get("/v1/search?q=treaty")
    item = server.get("/v1/items/item-001").headers["ETag"]
    index(own_archive, [{"id": "new", "title": "A new treaty", "body": "Signed."}])
    again = server.get("/v1/search?q=treaty", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]
    assert again.json()["total"]["value"] == first.json()["total"]["value"] + 1
    assert again.json()["revision"] != first.json()["revision"]
    assert server.get("/v1/items/item-001", headers={"If-None-Match": item}).status_code == 304


# ---- Packing ----

def body_with(server, path, accept):
    with server.connect() as s:
        s.sendall(request(path, f"Accept-Encoding: {accept}"))
        reply, _ = read_reply(s)
    assert reply.headers["vary"] == "Accept-Encoding"
    return reply


@pytest.mark.parametrize("path", ["/v1/search?q=ministers&limit=50", "/v1/items/" + quote(BIG_ID, safe=""),
                                  "/openapi.json", "/", "/main.js"])
def test_long_replies_are_packed_when_asked(server, path):
    plain = body_with(server, path, "identity")
    packed = body_with(server, path, "br;q=1, gzip;q=0.5")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body)
    assert packed.headers["content-type"] == plain.headers["content-type"]
    unpacked = gzip.decompress(packed.body)
    if "search" in path:  # two replies differ in took_ms
        assert json.loads(unpacked)["hits"] == json.loads(plain.body)["hits"]
    else:
        assert unpacked == plain.body
    assert "content-encoding" not in body_with(server, path, "gzip;q=0, *;q=0").headers


def test_short_replies_are_not_packed(server):
    assert "content-encoding" not in body_with(server, "/healthz", "gzip").headers
    assert "content-encoding" not in body_with(server, "/v1/search?q=treaty&limit=1", "gzip").headers


# ---- The page ----

@pytest.mark.parametrize("path, kind", [("/", "text/html"), ("/index.html", "text/html"), ("/main.js", "text/javascript"),
                                        ("/style.css", "text/css"), ("/icon.svg", "image/svg+xml")])
def test_the_page_and_its_files(server, path, kind):
    reply = server.get(path + "?q=anything&x=1")
    assert reply.status_code == 200 and reply.content
    assert reply.headers["Content-Type"].split(";")[0] == kind
    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"


def test_files_that_the_page_has_not_are_404(server):
    check_problem(server.get("/main.jsx"), 404)
    check_problem(server.get("/assets.h"), 404)

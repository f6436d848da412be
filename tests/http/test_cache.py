# SPDX-License-Identifier: GPL-2.0-or-later
"""Replies that are kept to be sent again (--cache-bytes): the same bytes, and never those of another state."""

import re
import threading

import pytest

from dragomand import Server, index, until

HITS = "dragoman_cache_hits_total"
MISSES = "dragoman_cache_misses_total"

# Values of search parameters that change the answer to q=border; of others it is "1".
ASKED = {
    "q": "grain", "match": "any", "from": "2020", "to": "2020", "region": "Australia", "country": "NZ",
    "source": "Ministry 1", "language": "de", "topic": "grain", "speaker": "Nobody", "sort": "oldest", "limit": "2",
    "facets": "region,topic", "histogram": "year", "group": "story", "highlight": "text", "explain": "1",
    "exact": "1", "literal": "1", "synonyms": "1", "expand": "1", "versions": "all", "similar": "item-001",
    "related": "1", "half_life": "3", "recency": "0.5", "as_of": "1:1",
}


AGING = {"recency", "cite"} # the answer tells the moment of its making


def without_time(reply):
    return re.sub(r'"took_ms":[0-9.e+-]+', '"took_ms":0', reply.text)


@pytest.fixture
def own(own_archive, tmp_path):
    one = Server(own_archive, tmp_path / "stderr")
    yield own_archive, one
    one.stop()


def parameters(server):
    operation = server.get("/openapi.json").json()["paths"]["/v1/search"]["get"]
    return {p["name"] for p in operation["parameters"] if p["in"] == "query"}


def test_replies_are_the_same_with_and_without(server, archive, start):
    bare = start(archive, "--cache-bytes", "0")
    cursor = server.search(q="border", limit=2)["next"]
    cases = [{"q": "border"}, {"q": "border", "limit": 2, "cursor": cursor}]
    cases += [{"q": "border"} | {name: ASKED.get(name, "1")} for name in parameters(server) - {"cursor"}]
    cases += [{"q": "vaccin treaty", "match": "all"}, {"q": "bordar"}, {"facets": "year", "histogram": "month"}]
    for case in cases:
        for packing in ("identity", "gzip"):
            head = {"Accept-Encoding": packing}
            first, again = (server.get("/v1/search", params=case, headers=head) for _ in range(2))
            alone = bare.get("/v1/search", params=case, headers=head)
            assert first.status_code == again.status_code == alone.status_code, case
            if not AGING & set(case):
                assert without_time(first) == without_time(again) == without_time(alone), case
            same = [name for name in alone.headers if name not in ("Date", "X-Request-Id", "Content-Length")]
            if not AGING & set(case):
                assert [again.headers.get(n) for n in same] == [alone.headers.get(n) for n in same], case
    assert bare.metric(HITS) == bare.metric(MISSES) == bare.metric("dragoman_cache_bytes") == 0
    assert server.metric(HITS) > len(cases) and server.metric("dragoman_cache_bytes") > 0


def test_similar_by_path_and_by_parameter_are_kept(server):
    before = server.metric(HITS)
    first, again = (server.get("/v1/items/item-001/similar") for _ in range(2))
    other = server.get("/v1/items/item-002/similar")
    assert first.text == again.text != other.text and server.metric(HITS) == before + 1


def test_a_new_item_is_in_the_next_answer(own):
    data, server = own
    for i in range(5):
        before = server.search(q="kept")
        assert before["total"]["value"] == i and server.search(q="kept") == before
        index(data, [{"id": f"new-{i}", "title": "Kept for later", "body": "A text.", "published": "2021-01-01"}])
        until(lambda: server.search(q="kept")["total"]["value"] == i + 1)
        after = server.search(q="kept")
        assert after["revision"] != before["revision"]


@pytest.mark.parametrize("name, line", [
    ("synonyms.tsv", "seaport\t>\tharbour\n"),
    ("names.tsv", "p\tSeaport\tHarbour\n"),
])
def test_a_table_that_changes_makes_kept_replies_useless(own, name, line):
    data, server = own
    for text in ("", line, "", line):
        (data / name).write_text(text)
        fresh = Server(data, data.parent / "fresh", "--cache-bytes", "0", "--writer", "off")
        wanted = fresh.get("/v1/search", params={"q": "seaport", "synonyms": "1"})
        fresh.stop()
        for _ in range(2):
            assert without_time(server.get("/v1/search", params={"q": "seaport", "synonyms": "1"})) == without_time(wanted), text


def test_what_depends_on_the_clock_is_not_kept(server):
    kept = server.metric(HITS), server.metric(MISSES)
    replies = [server.get("/v1/search", params={"q": "border", "recency": "0.5", "limit": 2}) for _ in range(3)]
    assert (server.metric(HITS), server.metric(MISSES)) == kept
    assert all("ETag" not in r.headers and r.headers["Cache-Control"] == "no-store" for r in replies)
    known = server.get("/v1/search", params={"q": "border", "recency": "0.5"}, headers={"If-None-Match": "*"})
    assert known.status_code == 200
    # Its later pages count from the moment of the first one, so they may be.
    later = {"q": "border", "recency": "0.5", "limit": 2, "cursor": replies[0].json()["next"]}
    first, again = (server.get("/v1/search", params=later) for _ in range(2))
    assert first.text == again.text and server.metric(HITS) == kept[0] + 1


def test_errors_are_not_kept(server):
    before = server.metric(HITS)
    for case in ({"q": "a", "cursor": "nonsense"}, {"q": "a", "limit": "0"}, {"similar": "no such item"}):
        statuses = {server.get("/v1/search", params=case).status_code for _ in range(3)}
        assert len(statuses) == 1 and statuses < {400, 404}
    assert server.metric(HITS) == before


def test_a_small_budget_holds(archive, start):
    small = start(archive, "--cache-bytes", "20000")
    for i in range(1, 51):
        small.search(q="border", limit=1, highlight="none", facets="region" if i % 2 else "topic", half_life=i)
    assert 10000 < small.metric("dragoman_cache_bytes") <= 20000
    assert small.metric("dragoman_cache_evictions_total") > 0


def test_posting_lists_are_kept_within_their_bytes_and_change_no_answer(archive, start):
    kept, none, small = (start(archive, "--cache-bytes", "0", "--threads", "1", "--posting-bytes", n)
                         for n in ("33554432", "0", "300"))
    for words in ("border", "vaccine OR treaty", "border OR grain OR treaty", "grain -border", '"the border"'):
        first, second, third = (s.get("/v1/search", params={"q": words, "facets": "region"}) for s in (kept, none, small))
        assert without_time(first) == without_time(second) == without_time(third) and first.json()["hits"], words
        assert none.metric("dragoman_posting_bytes") == 0
        assert small.metric("dragoman_posting_bytes") <= 450  # a query may add half
    assert kept.metric("dragoman_posting_bytes") > 450


def test_many_that_ask_the_same_at_once_search_once(server):
    crowd = 12
    start, replies = threading.Barrier(crowd), []
    before = server.metric('dragoman_searches_total{result="ok"}')

    def ask():
        start.wait()
        replies.append(server.get("/v1/search", params={"q": "ministers statement energy", "facets": "region,topic"}))

    threads = [threading.Thread(target=ask) for _ in range(crowd)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({r.text for r in replies}) == 1 and len(replies) == crowd
    assert server.metric('dragoman_searches_total{result="ok"}') == before + 1

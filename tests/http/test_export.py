# SPDX-License-Identifier: GPL-2.0-or-later
"""Exports: every hit, in order, whole or in part, to clients of any speed."""

import csv
import io
import json

import pytest

from dragomand import index, read_all, until

MANY = 4500  # more than two windows of ids
LONG = "The ministers spoke about grain at length and at leisure. " * 40


def make_many():
    return [{"id": f"many-{i:04}", "title": f"Grain report {i}", "published": f"20{10 + i % 10}-03-{1 + i % 28:02}",
             "body": [LONG] * (1 + i % 3) + ["Harbour news."] * (i % 2), "source": f"Office {i % 5}",
             "language": "en", "topics": ["trade", "grain"]} for i in range(MANY)]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    data = tmp_path_factory.mktemp("many") / "data"
    index(data, make_many())
    return data


def export(server, **params):
    reply = server.get("/v1/export", params=params)
    assert reply.status_code == 200, reply.text
    return reply


def lines(reply):
    return [json.loads(line) for line in reply.text.splitlines()]


def paged(server, **params):
    ids, cursor = [], {}
    while True:
        page = server.search(limit=100, highlight="none", **params, **cursor)
        ids += [hit["id"] for hit in page["hits"] if not hit.get("relaxed")]
        if not page["next"]:
            return ids
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("params", [{"sort": "newest"}, {"sort": "oldest"}, {"q": "harbour grain"},
                                    {"q": "harbour", "sort": "newest", "source": "Office 3"}])
def test_an_export_has_every_hit_in_the_order_of_the_pages(start, many, params):
    server = start(many)
    reply = export(server, fields="id", **params)
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    got = [line["id"] for line in lines(reply)]
    assert got == paged(server, **params)
    assert len(set(got)) == len(got)


def test_an_export_has_the_items_as_they_are_served_alone(server):
    for line in lines(export(server, q="treaty")):
        alone = server.get("/v1/items/" + line["id"]).json()
        assert line == alone


def test_hits_that_only_fill_a_page_are_no_part_of_an_export(server):
    page = server.search(q="treaty border praised")
    assert any(hit.get("relaxed") for hit in page["hits"])
    assert len(lines(export(server, q="treaty border praised"))) == page["total"]["value"]


def test_a_search_that_finds_nothing_is_exported_as_nothing(server):
    assert export(server, q="nosuchword").text == ""
    assert export(server, q="nosuchword", format="csv", fields="id,title").text == "id,title\r\n"


@pytest.mark.parametrize("params", [{"q": "harbour"}, {"sort": "newest"}, {"sort": "oldest"}])
def test_an_export_goes_on_at_any_of_its_cursors(start, many, params):
    server = start(many)
    whole = lines(export(server, fields="id,cursor", **params))
    marks = [i for i, line in enumerate(whole) if line["cursor"]]
    assert marks[:2] == [99, 199] and marks[-1] == len(whole) - 1
    for mark in (marks[0], marks[len(marks) // 2], marks[-1]):
        rest = lines(export(server, fields="id", cursor=whole[mark]["cursor"], **params))
        assert [line["id"] for line in rest] == [line["id"] for line in whole[mark + 1:]]


def test_an_export_goes_on_where_a_page_ended(server):
    page = server.search(q="treaty", limit=4)
    rest = lines(export(server, q="treaty", fields="id", cursor=page["next"]))
    assert [hit["id"] for hit in page["hits"]] + [line["id"] for line in rest] == paged(server, q="treaty")


def test_a_csv_is_read_back_as_it_was(tmp_path, start):
    data = tmp_path / "odd"
    texts = ['say "no", twice', "two\nlines", "comma, here", "Заявление", "plain"]
    index(data, [{"id": f"odd-{i}", "title": f"t{i}", "body": [text, "second"], "topics": ["a", "b"],
                  "published": f"2021-01-0{i + 1}", "translated": i % 2 == 0} for i, text in enumerate(texts)])
    server = start(data)
    reply = export(server, format="csv", sort="oldest", fields="id,body,topics,translated,published,author")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="export.csv"'
    assert reply.content.count(b"\r\n") == 6
    rows = list(csv.reader(io.StringIO(reply.content.decode(), newline="")))
    assert rows[0] == ["id", "body", "topics", "translated", "published", "author"]
    for i, row in enumerate(rows[1:]):
        alone = server.get(f"/v1/items/odd-{i}").json()
        assert row == [f"odd-{i}", "\n\n".join(alone["body"]), "a; b", str(i % 2 == 0).lower(),
                       f"2021-01-0{i + 1}T00:00:00Z", ""]
    later = export(server, format="csv", sort="oldest", fields="id",
                   cursor=server.search(sort="oldest", limit=3)["next"])
    assert later.text == "odd-3\r\nodd-4\r\n"  # the row of names came with the beginning


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "＝1+1", "＠x"])
def test_no_cell_of_a_csv_is_a_formula(tmp_path, start, title):
    data = tmp_path / "formula"
    index(data, [{"id": "f", "title": title, "body": "A body.", "author": "=HYPERLINK(\"http://x\")"}])
    rows = list(csv.reader(io.StringIO(export(start(data), format="csv", fields="title,author").text)))
    assert [cell[0] for cell in rows[1]] == ["'", "'"]


@pytest.mark.parametrize("query,name", [
    ("limit=5", "limit"), ("facets=region", "facets"), ("histogram=day", "histogram"),
    ("highlight=none", "highlight"), ("explain=1", "explain"), ("related=1", "related"), ("format=xml", "format"),
    ("fields=id,colour", "fields"), ("fields=id,id", "fields"), ("format=csv&format=csv", "format"),
    ("colour=red", "colour"), ("q=date:2021-02-31", "q"), ("cursor=made-up", "cursor")])
def test_what_an_export_cannot_do_is_refused_by_name(server, query, name):
    reply = server.get("/v1/export?" + query)
    assert reply.status_code == 400, reply.text
    assert [error["name"] for error in reply.json()["errors"]] == [name]


def test_head_of_an_export_has_no_body(server):
    import requests
    reply = requests.head(server.url + "/v1/export?q=treaty", timeout=30)
    assert reply.status_code == 200 and not reply.content


def test_a_client_that_does_not_read_holds_neither_worker_nor_memory(start, many):
    server = start(many, "--threads", "1")
    before = server.metric("process_resident_memory_bytes")
    slow = []
    for _ in range(20):
        slow.append(server.connect(receive_buffer=4096))
        slow[-1].sendall(b"GET /v1/export HTTP/1.1\r\nHost: x\r\n\r\n")
    assert all(s.recv(1) == b"H" for s in slow)
    assert server.search(q="harbour")["total"]["value"] == MANY // 2
    grown = server.metric("process_resident_memory_bytes") - before
    assert grown < 48 << 20, grown  # the items of one export alone are 20 MB
    for s in slow:
        s.close()
    until(lambda: server.metric("dragoman_requests_aborted_total") >= 20)


def test_an_export_over_http_1_0_ends_with_the_connection(server):
    got = server.send(b"GET /v1/export?q=treaty&fields=id HTTP/1.0\r\n\r\n")
    assert len(got.split(b"\r\n\r\n", 1)[1].splitlines()) == 30


def test_items_that_come_during_an_export_are_no_part_of_it(start, many, tmp_path):
    import shutil
    data = shutil.copytree(many, tmp_path / "data")
    server = start(data)
    with server.connect(receive_buffer=4096) as s:
        s.sendall(b"GET /v1/export?sort=newest HTTP/1.0\r\n\r\n")
        got = s.recv(1)
        index(data, [{"id": f"late-{i}", "title": "Late grain", "body": "Late.", "published": "2015-03-02"}
                     for i in range(50)])
        until(lambda: server.search(q="late")["total"]["value"] == 50)
        got += read_all(s)
    ids = [json.loads(line)["id"] for line in got.split(b"\r\n\r\n", 1)[1].splitlines()]
    assert len(ids) == MANY and not any(one.startswith("late") for one in ids)

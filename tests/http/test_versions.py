"""Corrections, silent edits, rewrites, kills and embargoes as a reader meets them over HTTP."""
import pytest

from dragomand import Server, index


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    data = folder / "data"
    first = {"id": "edited", "title": "Talks", "body": "The new talks are on Monday.", "published": "2021-06-01"}
    silent = dict(first, body="The new talks are on Tuesday.")
    index(data, [first])
    index(data, [silent])
    index(data, [dict(silent, title="Talks moved", body="The talks are on Tuesday.", updated="2021-06-03")])
    index(data, [
        {"id": "killed", "title": "Secret name", "body": "Secret.", "updated": "2021-06-01"},
        {"id": "back", "title": "Secret name", "body": "Secret.", "updated": "2021-06-01"},
        {"id": "later", "title": "Secret plan", "body": "Secret.", "embargo": "2999-01-01"},
        {"id": "held", "title": "Secret plan", "body": "Secret.", "status": "withheld"},
        {"id": "old", "title": "Ferry late", "body": "Ferry.", "updated": "2021-06-01"},
    ])
    index(data, [
        {"id": "killed", "title": "Secret kill", "updated": "2021-06-02", "status": "cancelled"},
        {"id": "back", "title": "Secret kill", "updated": "2021-06-02", "status": "unpublished"},
        {"id": "next", "title": "Ferry sails", "body": "Ferry.", "updated": "2021-06-02",
         "links": {"evolved_from": "old"}},
    ])
    index(data, [
        {"id": "killed", "title": "Secret name", "body": "Secret again.", "updated": "2021-06-01T12:00:00Z"},
        {"id": "back", "title": "Cleared", "body": "Nothing of it.", "updated": "2021-06-03"},
    ])
    one = Server(data, folder / "stderr")
    yield one
    one.stop()


def versions(server, name, **params):
    reply = server.get(f"/v1/items/{name}/versions", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()["versions"]


def test_versions_are_listed_with_what_changed(server):
    newest, silent, first = versions(server, "edited", diff="1")
    assert newest["current"] and not silent["current"]
    assert newest["changed"] == {"fields": ["title"], "words_added": 0, "words_removed": 1}
    assert {"removed": "new "} in newest["diff"]
    assert silent["silent"] and "silent" not in newest
    assert {"added": "Tuesday"} in silent["diff"]
    assert "changed" not in first
    assert "diff" not in versions(server, "edited")[0]
    for one in (newest, silent, first):
        assert len(one["sha256"]) == 64 and ":" in one["place"] and one["fetched"]


def test_versions_of_what_may_not_be_shown_are_not_listed(server):
    for name, status in [("held", 404), ("later", 404), ("nosuch", 404), ("killed", 410)]:
        for path in (f"/v1/items/{name}", f"/v1/items/{name}/versions"):
            reply = server.get(path)
            assert reply.status_code == status, path
            assert "Secret" not in reply.text
    assert server.search(q="secret")["total"]["value"] == 0


def test_what_a_kill_took_stays_untold_when_the_item_comes_back(server):
    reply = server.get("/v1/items/back/versions?diff=1")
    assert "Secret" not in reply.text
    newest, kill, first = reply.json()["versions"]
    assert newest["current"] and newest["title"] == "Cleared" and "changed" not in newest
    assert kill["status"] == "canceled" and first["killed"]


def test_a_rewritten_item_names_what_follows_and_leaves_searches(server):
    assert server.get("/v1/items/old").json()["successor"] == "next"
    following = server.get("/v1/items/next").json()
    assert following["ancestors"] == ["old"] and following["original_id"] == "old"
    assert [hit["id"] for hit in server.search(q="ferry")["hits"]] == ["next"]
    assert server.search(q="ferry", versions="all")["total"]["value"] == 2


def test_versions_take_one_parameter(server):
    for query, name in [("x=1", "x"), ("diff=2", "diff"), ("diff=1&diff=1", "diff")]:
        reply = server.get("/v1/items/edited/versions?" + query)
        assert reply.status_code == 400
        assert reply.json()["errors"][0]["name"] == name


def test_versions_known_to_the_client_are_not_sent_again(server):
    tag = server.get("/v1/items/edited/versions").headers["ETag"]
    reply = server.get("/v1/items/edited/versions", headers={"If-None-Match": tag})
    assert reply.status_code == 304

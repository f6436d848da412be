# SPDX-License-Identifier: GPL-2.0-or-later
"""Citations, earlier moments and age, over HTTP."""

from dragomand import index, until


def test_the_permalink_of_a_reply_gives_the_same_hits(server):
    reply = server.search(q="treaty", cite=1, limit=5)
    cite = reply["cite"]
    assert [h["id"] for h in cite["hits"]] == [h["id"] for h in reply["hits"]]
    again = server.get(cite["permalink"])
    assert again.status_code == 200
    assert again.json()["hits"] == reply["hits"] and again.json()["total"] == reply["total"]


def test_a_reply_that_tells_its_own_time_has_no_tag(server):
    for params in ({"cite": 1}, {"recency": "0.5"}):
        reply = server.get("/v1/search", params={"q": "treaty", **params})
        assert reply.status_code == 200 and "ETag" not in reply.headers
    for params in ({}, {"recency": "0.5", "as_of": server.search(q="treaty", cite=1)["cite"]["place"] + ",2024"}):
        assert "ETag" in server.get("/v1/search", params={"q": "treaty", **params}).headers


def test_a_moment_that_never_was_is_refused_by_name(server):
    for value in ("9999", "1:3", "1:999999999999", "yesterday", "77-77"):
        reply = server.get("/v1/search", params={"q": "treaty", "as_of": value})
        assert reply.status_code == 400, value
        assert reply.json()["errors"][0]["name"] == "as_of"


def test_an_earlier_moment_has_fewer_items(server):
    assert server.search(q="treaty", as_of="2001")["total"]["value"] == 0
    assert server.search(q="treaty", as_of="1:0")["total"]["value"] == 0
    now = server.search(q="treaty", cite=1)
    assert server.search(q="treaty", as_of=now["cite"]["place"])["total"] == now["total"]


def test_values_outside_their_range_are_refused_by_name(server):
    for name, value in (("recency", "1.5"), ("recency", "x"), ("half_life", "0"), ("cite", "2")):
        reply = server.get("/v1/search", params={"q": "treaty", name: value})
        assert reply.status_code == 400 and reply.json()["errors"][0]["name"] == name


def test_age_changes_scores_and_no_counts(server):
    plain = server.search(q="treaty", facets="region", limit=50)
    aged = server.search(q="treaty", facets="region", limit=50, recency=1, half_life=30, explain=1)
    assert aged["total"] == plain["total"] and aged["facets"] == plain["facets"]
    before = {h["id"]: h["score"] for h in plain["hits"]}
    for hit in aged["hits"]:
        assert hit["score"] < before[hit["id"]]
        assert any(p["what"] == "recency" and p["weight"] < 0 for p in hit["explain"])


def long_items(version):
    for i in range(200):
        words = " ".join(f"copper{(i * 1009 + k * 31 + version) % 7919}" for k in range(600))
        yield {"id": f"long{i}", "title": f"Version {version}", "updated": f"2021-02-0{version}", "body": words}


def test_a_moment_is_read_back_search_by_search(start, tmp_path):
    """Each within its time limit: what is not whole yet says so, has no tag and is not kept, and goes on."""
    data = tmp_path / "data"
    index(data, long_items(1))
    place = f"1:{(data / 'archive/000001.ndjson').stat().st_size}"
    index(data, long_items(2))
    server = start(data, "--threads", "1", "--deadline-ms", "100")
    missing = []
    for _ in range(400):
        reply = server.get("/v1/search", params={"q": "title:version", "as_of": place, "limit": 1})
        assert reply.status_code in (200, 504), reply.text
        if reply.status_code == 200:
            page = reply.json()
            if not page.get("partial"):
                break
            assert "ETag" not in reply.headers and page["next"] is None and page["total"]["relation"] == "gte"
            warning = page["warnings"][0]
            if " of 200 items of the whole archive that changed since" in warning:
                missing.append(int(warning.split()[0]))
    assert page["total"] == {"value": 200, "relation": "eq"} and page["hits"][0]["title"] == "Version 1"
    assert page["warnings"] == [] and "ETag" in reply.headers
    assert missing == sorted(missing, reverse=True)
    assert server.get("/v1/export", params={"q": "title:version", "as_of": place}).text.count('"title":"Version 1"') == 200


def test_idle_threads_make_ready_what_one_of_them_was_asked_for(start, tmp_path):
    data = tmp_path / "data"
    index(data, long_items(1))
    place = f"1:{(data / 'archive/000001.ndjson').stat().st_size}"
    index(data, long_items(2))
    server = start(data, "--threads", "3", "--deadline-ms", "20", "--cache-bytes", "0")
    asked = {"q": "title:version", "as_of": place, "limit": 1}
    for again in range(2):
        server.get("/v1/search", params=asked)
        assert again or server.metric("dragoman_moments_behind") > 0
        until(lambda: server.metric("dragoman_moments_behind") == 0)
        for _ in range(12):  # whichever thread answers
            page = server.get("/v1/search", params=asked).json()
            assert "partial" not in page and page["total"] == {"value": 200, "relation": "eq"}
            assert page["hits"][0]["title"] == "Version 1"
        index(data, [{"id": f"long{i}", "title": "Version 3", "updated": "2021-02-03"} for i in range(5)])

# SPDX-License-Identifier: GPL-2.0-or-later
"""Two sides against each other."""

import pytest


def test_sides_count_what_a_search_finds(server):
    reply = server.get("/v1/compare", params={"q": "treaty", "a.to": "2021-12", "b.from": "2022", "by": "region"})
    assert reply.status_code == 200
    compared = reply.json()
    assert compared["a"]["total"]["items"] == server.search(q="treaty", to="2021-12")["total"]["value"]
    assert compared["b"]["total"]["items"] == server.search(q="treaty", **{"from": "2022"})["total"]["value"]
    assert compared["query"]["parsed"] == "treaty" and compared["by"] == "region"
    again = server.get("/v1/compare", params={"q": "treaty", "a.to": "2021-12", "b.from": "2022", "by": "region"},
                       headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    swapped = server.get("/v1/compare", params={"q": "treaty", "b.to": "2021-12", "a.from": "2022", "by": "region"})
    assert swapped.headers["ETag"] != reply.headers["ETag"]
    assert swapped.json()["b"]["total"] == compared["a"]["total"]


@pytest.mark.parametrize("query, name", [
    ("a.limit=3", "a.limit"), ("c.q=x", "c.q"), ("a.=x", "a."), ("by=none", "by"), ("words=0", "words"),
    ("a.q=x&a.q=y", "a.q"), ("interval=day&interval=day", "interval"), ("b.from=never", "b.from"), ("sort=newest", "sort")])
def test_what_cannot_be_is_a_400_that_names_it(server, query, name):
    reply = server.get("/v1/compare?" + query)
    assert reply.status_code == 400 and reply.json()["errors"][0]["name"] == name

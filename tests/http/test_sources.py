# SPDX-License-Identifier: GPL-2.0-or-later
"""Sources and their habits."""


def test_sources_are_those_of_the_facet(server):
    reply = server.get("/v1/sources")
    assert reply.status_code == 200
    told = {s["source"]: s["items"] for s in reply.json()["sources"]}
    facet = server.search(facets="source")["facets"]["source"]
    assert told == {value["value"]: value["count"] for value in facet}
    assert server.get("/v1/sources?q=x").status_code == 400

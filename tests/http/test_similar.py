# SPDX-License-Identifier: GPL-2.0-or-later
"""Items like another one."""

from urllib.parse import quote

from conftest import BIG_ID


def test_similar_items_come_as_a_page_without_the_item(server):
    reply = server.get("/v1/items/item-007/similar", params={"limit": 5, "facets": "region"})
    assert reply.status_code == 200
    page = reply.json()
    ids = [hit["id"] for hit in page["hits"]]
    assert len(ids) == 5 and "item-007" not in ids
    same = server.search(similar="item-007", limit=5, facets="region")
    assert [hit["id"] for hit in same["hits"]] == ids and same["facets"] == page["facets"]
    again = server.get("/v1/items/item-007/similar", params={"limit": 5, "facets": "region"},
                       headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_not_there_has_nothing_similar(server):
    for item in ("nothing", "gone", "held"):
        assert server.get(f"/v1/items/{item}/similar").status_code == 404
    assert server.get(f"/v1/items/{quote(BIG_ID, safe='')}/similar").status_code == 200


def test_the_path_names_the_item_alone(server):
    reply = server.get("/v1/items/item-007/similar", params={"similar": "item-008"})
    assert reply.status_code == 400 and reply.json()["errors"][0]["name"] == "similar"

# SPDX-License-Identifier: GPL-2.0-or-later
"""Stories over HTTP: near copies as one hit, and what each cut or added."""

import pytest

from dragomand import Server, index

FIRST = ("The port authority of Velmora closed its northern basin on Tuesday after a crane fell across two barges "
         "loaded with rapeseed, and nobody was hurt in the accident.")
SECOND = ("Harbour master Ilse Brandt told reporters that divers would look at the quay wall before the first of "
          "the waiting vessels was let in again.")
ITEMS = [
    {"id": "first", "title": "Crane falls", "source": "Port Authority", "region": "Norway",
     "published": "2024-03-05T09:00:00Z", "body": [FIRST, SECOND]},
    {"id": "cut", "title": "Basin closed", "source": "Evening Wire", "region": "Chile",
     "published": "2024-03-05T18:00:00Z", "body": [FIRST]},
    {"id": "other", "title": "Cargo ships and a crane", "source": "Evening Wire", "region": "Chile",
     "published": "2024-03-06T18:00:00Z", "body": ["Something else about a crane was said that day by nobody in particular."]},
]


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")
    index(folder / "data", ITEMS)
    server = Server(folder / "data", folder / "log")
    yield server
    server.stop()


def test_a_grouped_search_counts_stories_everywhere(stories):
    plain = stories.search(q="crane", facets="region,source", histogram="month")
    page = stories.search(q="crane", facets="region,source", histogram="month", group="story")
    assert "grouped" not in plain and plain["total"] == {"value": 3, "relation": "eq"}
    assert page["grouped"] == "story"
    assert page["total"] == {"value": 2, "relation": "eq", "items": 3, "stories": 2}
    assert len(page["hits"]) == 2
    assert page["facets"]["source"] == [{"value": "Evening Wire", "count": 2}, {"value": "Port Authority", "count": 1}]
    assert [bucket["count"] for bucket in page["histogram"]] == [2]


def test_a_hit_leads_to_its_story_and_that_to_what_was_cut(stories):
    hit = next(h for h in stories.search(q="crane")["hits"] if h["id"] == "cut")
    assert hit["story"]["items"] == 2
    assert [copy["id"] for copy in hit["story"]["copies"]] == ["first"]
    story = stories.get("/v1/stories/" + hit["story"]["id"]).json()
    assert story["id"] == hit["story"]["id"] and story["items"] == 2
    assert [m["id"] for m in story["members"]] == ["first", "cut"]
    first, cut = story["members"]
    assert first["change"] is None and first["passages"] == []
    assert cut["change"] == "cut" and cut["words"] == {"cut": len(SECOND.split()), "added": 0}
    assert [(p["kind"], p["text"]) for p in cut["passages"]] == [("cut", SECOND)]


def test_a_story_that_did_not_change_is_not_sent_again(stories):
    path = "/v1/stories/" + stories.search(q="crane")["hits"][0]["story"]["id"]
    tag = stories.get(path).headers["ETag"]
    assert stories.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("story, status", [("0123456789abcdef", 404), ("first", 400), ("0123456789ABCDEF", 400),
                                           ("0123456789abcdef0", 400)])
def test_what_is_no_story_is_a_problem_that_names_the_id(stories, story, status):
    reply = stories.get("/v1/stories/" + story)
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["errors"][0]["name"] == "id"

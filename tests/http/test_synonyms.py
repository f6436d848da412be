# SPDX-License-Identifier: GPL-2.0-or-later
"""An archive's synonyms while the server runs."""

import pytest

from dragomand import Server


@pytest.fixture
def own(own_archive, tmp_path):
    one = Server(own_archive, tmp_path / "stderr")
    yield own_archive, one
    one.stop()


def test_synonyms_are_read_again_without_a_restart(own):
    data, server = own
    before = server.get("/v1/search", params={"q": "seaport", "synonyms": "1"})
    assert before.json()["total"]["value"] == 0
    (data / "synonyms.tsv").write_text("seaport\t>\tharbour\n")
    tag = {"If-None-Match": before.headers["ETag"]}
    after = server.get("/v1/search", params={"q": "seaport", "synonyms": "1"}, headers=tag)
    assert after.status_code == 200 and after.json()["total"]["value"] == server.search(q="harbour")["total"]["value"] > 0
    assert after.json()["query"]["synonyms"] == [
        {"words": "seaport", "synonym": "harbour", "from": "archive", "line": 1}]
    assert all(hit["synonyms"] == ["harbour"] for hit in after.json()["hits"])
    again = server.get("/v1/search", params={"q": "seaport", "synonyms": "1"}, headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304


def test_a_bad_file_changes_nothing_and_is_told_in_the_metrics(own):
    data, server = own
    (data / "synonyms.tsv").write_text("seaport\t>\tharbour\n")
    good = server.search(q="seaport", synonyms="1")["total"]["value"]
    assert good > 0 and "\ndragoman_synonyms_fault 0\n" in server.get("/metrics").text
    (data / "synonyms.tsv").write_text("seaport\t>\tharbour\nsea\n")
    told = server.get("/metrics").text
    assert '\ndragoman_synonyms_fault{fault="synonyms.tsv:2: fewer than three columns, which tabs part"} 1\n' in told


def test_a_cursor_of_other_synonyms_is_a_400(own):
    data, server = own
    (data / "synonyms.tsv").write_text("seaport\t>\tharbour\n")
    first = server.search(q="seaport", synonyms="1", limit=2)
    (data / "synonyms.tsv").write_text("seaport\t>\trailway\n")
    late = server.get("/v1/search", params={"q": "seaport", "synonyms": "1", "limit": 2, "cursor": first["next"]})
    assert late.status_code == 400 and "synonyms" in late.json()["detail"]

# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of the best hits as further words of the query: what moves, what is only related, what stays."""
import pytest

from desk import Desk, item

QUAY = "quay crane dredging pilotage mooring stevedore berth tugboat"
ITEMS = [item(f"port{i}", f"The harbour has a {QUAY}.", title="Harbour") for i in range(6)]
ITEMS += [
    item("hall", "The harbour hall has a roof of oak, a floor of stone and a door of iron.", title="Hall"),
    item("docks", f"A {QUAY} on the river.", title="Docks"),
    item("crane", "A crane over the meadow.", title="Bird"),
]
ITEMS += [item(f"other{i}", f"The committee number{i} met on water supply.", title="Water") for i in range(12)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("expand") / "data")
    made.take(*ITEMS)
    return made


def test_what_has_only_words_of_the_best_hits_is_marked_and_not_counted(desk):
    plain, wide = desk.search("harbour"), desk.search("harbour", "--expand=1")
    assert plain["total"] == wide["total"] == {"value": 7, "relation": "eq"}
    more = {h["id"]: h for h in wide["hits"][7:]}
    assert list(more) == ["docks"] and more["docks"]["expanded"] and more["docks"]["relaxed"]
    assert not any("expanded" in h for h in wide["hits"][:7])
    assert "docks" not in [h["id"] for h in plain["hits"]]


def test_a_hit_that_lacks_a_word_is_relaxed_and_not_marked(desk):
    wide = desk.search("harbour oak", "--expand=1", "--limit=20")
    marks = {h["id"]: h.get("expanded", False) for h in wide["hits"] if h.get("relaxed")}
    assert marks["port0"] is False


def test_words_of_the_best_hits_order_what_is_found(desk):
    wide = desk.search("harbour", "--expand=1", "--explain=1")
    ids = [h["id"] for h in wide["hits"]]
    assert ids.index("hall") == 6
    first = wide["hits"][0]
    assert any(part["what"].startswith("related:") for part in first["explain"])
    assert sum(part["weight"] for part in first["explain"]) == pytest.approx(first["score"])


def test_pages_of_an_expanded_search_repeat_and_skip_nothing_while_items_come(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.take(*ITEMS)
    whole = [h["id"] for h in desk.search("harbour", "--expand=1", "--limit=7")["hits"]]
    seen, cursor = [], None
    for round_ in range(20):
        page = desk.search("harbour", "--expand=1", "--limit=2", *(["--cursor", cursor] if cursor else []))
        seen += [h["id"] for h in page["hits"]]
        cursor = page["next"]
        if cursor is None:
            break
        desk.take(item(f"new{round_}", "The harbour has a lighthouse, a beacon and a buoy.", title="Harbour harbour"))
    assert seen == whole


def test_filters_hold_for_what_is_only_related(desk):
    page = desk.search("harbour", "--expand=1", "--from=2022")
    assert page["hits"] == [] and page["total"]["value"] == 0


@pytest.mark.parametrize("args", [["--sort=newest"], ["--similar=port0"]])
def test_where_there_is_nothing_to_expand_a_warning_says_so(desk, args):
    assert any("expand" in w for w in desk.search("harbour", "--expand=1", *args)["warnings"])

"""Names in several spellings: what is found, in which order, and what is said of it."""
import pytest

from desk import Desk, item

ITEMS = [
    item("kyiv", "The delegation arrived in Kyiv on Monday, said President Zelensky.", title="Talks", source="Alpha"),
    item("kiev", "The delegation arrived in Kiev on Monday, said President Zelenskyy.", title="Talks", source="Beta"),
    item("kiev2", "Grain left Kiev by rail.", title="Grain", source="Beta"),
    item("initials", "V.V. Putin said that the SVO goes on.", title="Speech"),
    item("full", "Vladimir Putin said that the special military operation goes on.", title="Speech"),
    item("address", "Dear Vladimir Vladimirovich, thank you for the dam.", title="Letter"),
    item("mao", "A book on Mao Tse-tung was shown.", title="Book"),
    item("shoigu2023", "Shoigu inspected the troops.", title="Army", published="2023-02-01"),
    item("shoigu2025", "Shoigu inspected the council.", title="Council", published="2025-02-01"),
    item("belousov", "Belousov inspected the troops.", title="Army", published="2025-02-01"),
    item("khar1", "The council heard Kharlamov on ferries.", title="Ferries"),
    item("khar2", "The council heard Harlamov on bridges.", title="Bridges"),
    item("sheikh", "The sheikh Khalifah spoke of khaleefa, a word of old.", title="Words"),
    item("pet1", "A. Petrov opened the ferry line.", title="Line"),
    item("pet2", "Andrei Petrov opened the ferry port.", title="Port"),
    item("pet3", "Oleg Petrov opened the ferry school.", title="School"),
    item("role", "The Russian defence minister inspected the troops.", title="Army", published="2025-02-01"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("names") / "data")
    made.take(*ITEMS)
    return made


def strict(reply):
    return [h["id"] for h in reply["hits"] if not h.get("relaxed")]


FOUND = [
    ("Kyiv", ["kyiv", "kiev", "kiev2"]),
    ("kiev", ["kiev", "kiev2", "kyiv"]),
    ("Kyiv Monday", ["kyiv", "kiev"]),
    ("Zelenskiy", ["kiev", "kyiv"]),
    ("title:kyiv", []),
    ("Mao Zedong", ["mao"]),
    ("Vladimir Putin", ["full", "initials", "address"]),
    ("V.V. Putin", ["initials", "full", "address"]),
    ("V. Putin", ["full", "initials", "address"]),
    ("Vladimir Vladimirovich", ["address", "full", "initials"]),
    ("SMO", ["initials", "full"]),
    ("Russian defence minister", ["role", "belousov", "shoigu2023"]),
    ("minister of defence of the Russian Federation", ["belousov", "shoigu2023"]),
    ("kyiv NEAR/5 Monday", ["kyiv", "kiev"]),
    ("Kyiv AND grain", ["kiev2"]),
    ("ferry Andrei Petrov", ["pet1", "pet2"]),
    ("ferry A. Petrov", ["pet1", "pet2", "pet3"]),  # "a" is a stopword
    ("ferry O. Petrov", ["pet3"]),
    ("ferry Oleg Petrov", ["pet3"]),
    ("ferry andrei petrov", ["pet2"]),
    ("Kharlamov spoke", []),
    ("the council heard Kharlamov", ["khar1", "khar2"]),
    ("heard kharlamov", ["khar1"]),
    ("spoke Khaleefah", ["sheikh"]),
    ("spoke Khaleefa", ["sheikh"]),
]


@pytest.mark.parametrize("query,ids", FOUND, ids=[q for q, _ in FOUND])
def test_a_name_is_found_in_all_its_spellings(desk, query, ids):
    reply = desk.search(query)
    assert sorted(strict(reply)) == sorted(ids)
    assert reply["total"] == {"value": len(ids), "relation": "eq"}


@pytest.mark.parametrize("query,first", [("Kyiv", "kyiv"), ("Kiev", "kiev2"), ("zelenskyy", "kiev"), ("V.V. Putin", "initials"),
                                         ("Vladimir Putin", "full"), ("Russian defence minister", "role")])
def test_the_spelling_of_the_query_ranks_first(desk, query, first):
    assert desk.ids(query)[0] == first


@pytest.mark.parametrize("query,ids", [
    ("exact:Kyiv", {"kyiv"}), ('"Kyiv"', {"kyiv"}), ('exact:"Kyiv"', {"kyiv"}), ("exact:(Kiev Grain)", {"kiev2"}),
    ("Kyiv -Kiev", {"kyiv"}), ("exact:SVO", {"initials"})])
def test_exact_and_quoted_and_excluded_words_stay_as_they_are_spelled(desk, query, ids):
    assert set(strict(desk.search(query))) == ids


def test_the_parameter_exact_turns_variants_off(desk):
    reply = desk.search("Kyiv", "--exact", "1", "--facets", "variants")
    assert [h["id"] for h in reply["hits"]] == ["kyiv"]
    assert reply["facets"] == {"variants": []} and "variants" not in reply["hits"][0]


def test_each_hit_says_which_spellings_it_has(desk):
    assert {h["id"]: h["variants"] for h in desk.search("Kyiv")["hits"]} == {
        "kyiv": ["Kyiv"], "kiev": ["Kiev"], "kiev2": ["Kiev"]}
    assert {h["id"]: h["variants"] for h in desk.search("Vladimir Putin")["hits"]} == {
        "full": ["Vladimir Putin"], "initials": ["V.V. Putin"], "address": ["Vladimir Vladimirovich"]}
    assert "variants" not in desk.search("grain")["hits"][0]


def test_the_facet_tells_who_writes_a_name_how(desk):
    assert desk.search("Kyiv", "--facets", "variants")["facets"]["variants"] == [
        {"value": "Kiev", "count": 2}, {"value": "Kyiv", "count": 1}]
    assert desk.search("Kyiv", "--facets", "variants", "--source", "Alpha")["facets"]["variants"] == [
        {"value": "Kyiv", "count": 1}]


def test_snippets_mark_the_spelling_that_matched(desk):
    found = {h["id"]: h["snippet"] for h in desk.search("Kyiv Monday")["hits"]}
    assert "<mark>Kiev</mark>" in found["kiev"] and "<mark>Kyiv</mark>" in found["kyiv"]
    assert "<mark>V.V. Putin</mark>" in {h["id"]: h["snippet"] for h in desk.search("Vladimir Putin")["hits"]}["initials"]


@pytest.mark.parametrize("query", ["Kyiv", "Vladimir Putin", "SVO", "Russian defence minister", "Kyiv NEAR/5 Monday"])
def test_parts_of_a_score_sum_to_it(desk, query):
    for hit in desk.search(query, "--explain", "1")["hits"]:
        assert sum(p["weight"] for p in hit["explain"]) == pytest.approx(hit["score"], abs=1e-9)


@pytest.mark.parametrize("query", ["Kyiv", "Vladimir Putin", "Russian defence minister"])
def test_pages_of_one_hit_give_the_order_of_the_whole(desk, query):
    whole, ids, cursor = desk.ids(query), [], []
    for _ in whole:
        page = desk.search(query, "--limit", "1", *cursor)
        ids += [h["id"] for h in page["hits"]]
        cursor = ["--cursor", page["next"]] if page["next"] else []
    assert ids == whole and cursor == []


def test_the_printed_form_of_exact_reads_back(desk):
    parsed = desk.search("exact:Kiev grain")["query"]["parsed"]
    assert parsed == "(exact:kiev AND grain)"
    assert desk.search(parsed)["query"]["parsed"] == parsed


def test_an_archive_has_names_of_its_own_and_takes_them_up_at_once(tmp_path):
    desk = Desk(tmp_path / "data")
    desk.take(item("a", "The Northwind dam."), item("b", "The Nordwind dam."), item("c", "In Kiev."))
    assert desk.ids("Northwind") == ["a"] and desk.ids("Kyiv") == ["c"]
    (desk.path / "names.tsv").write_text("Northwind\tNorthwind\tplace\t\t\tus\nNorthwind\tNordwind\tplace\t\t\tus\nKyiv\tKiev\t-\n")
    assert desk.ids("Northwind") == ["a", "b"] and desk.ids("Kyiv") == []
    (desk.path / "names.tsv").write_text("Northwind\tNordwind\tvillage\n")
    reply = desk.search("Northwind")
    assert [h["id"] for h in reply["hits"]] == ["a"]
    assert reply["warnings"] == ["names.tsv: line 1 is no name, variant, kind, dates and source"]


def test_plain_output_names_the_spellings(desk):
    assert "spelled Kiev\n" in desk.run("search", "Kyiv").out

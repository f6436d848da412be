"""`dragoman compare`: two sides against each other."""
import pytest

from desk import Desk, item

SHARED = "On the road to the port number {0} the envoys spoke of grain, and "


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("compare") / "data")
    items = []
    for i in range(25):
        number = i * 7919
        items.append(item(f"m{i}", SHARED.format(number) + "praised the corridors that Ankara had asked for.",
                          source="Ministry", region="Turkey", published=f"2022-08-{i + 1:02}T08:00:00Z"))
        items.append(item(f"a{i}", SHARED.format(number + 1) + "complained of a blockade which Brussels condemned.",
                          source="Agency", region="Russia", published=f"2022-08-{i + 1:02}T11:00:00Z"))
    items.append(item("fish", "Catches of cod fell.", source="Bureau", region="Norway"))
    made.take(*items)
    return made


def compare(desk, *args):
    done = desk.run("compare", "--json", *args)
    assert done.code == 0, done
    return done.json


def words(side, kind="words"):
    return {w["word"]: (w["a"], w["b"]) for w in side[kind]}


def test_each_side_is_told_with_its_words(desk):
    reply = compare(desk, "--a-source", "Ministry", "--b-source", "Agency", "grain")
    assert set(reply) == {"query", "took_ms", "revision", "interval", "tz", "by", "both", "lag_s", "words_exact", "a", "b",
                          "warnings"}
    assert words(reply["a"])["corridors"] == (25, 0) and words(reply["b"])["blockade"] == (0, 25)
    assert words(reply["a"], "names") == {"Ankara": (25, 0)}
    assert reply["lag_s"] == 3 * 3600 and reply["both"] == 0 and reply["words_exact"] is True
    assert sum(i["items"] for i in reply["a"]["intervals"]) == reply["a"]["total"]["items"] == 25


def test_counts_of_words_are_those_of_a_search(desk):
    reply = compare(desk, "--a-source", "Ministry", "--b-source", "Agency", "grain")
    for word, (in_a, in_b) in words(reply["b"]).items():
        assert desk.search(f"grain {word}", "--source", "Ministry")["total"]["value"] == in_a
        assert desk.search(f"grain {word}", "--source", "Agency")["total"]["value"] == in_b


def test_sides_have_queries_of_their_own(desk):
    reply = compare(desk, "--a-q", "corridors", "--b-q", "blockade", "--by", "region")
    assert reply["a"]["query"]["parsed"] == "corridors" and reply["a"]["total"]["items"] == 25
    assert [v["value"] for v in reply["a"]["voices"]] == ["Türkiye"] or reply["a"]["voices"][0]["items"] == 25
    assert {s["value"] for s in reply["b"]["silent"]} >= {"Norway"} and reply["b"]["silent_values"] == 2


def test_the_table_is_for_people(desk):
    done = desk.run("compare", "--a-source", "Ministry", "--b-source", "Agency", "grain")
    assert "corridors 25:0" in done.out and "A spoke first, 3 h before the other" in done.out


@pytest.mark.parametrize("args", [("--words", "0"), ("--by", "none"), ("--a-limit", "3"), ("--c-q", "x"), ("--a-from", "x")])
def test_what_cannot_be_is_refused(desk, args):
    done = desk.run("compare", *args)
    assert done.code == 2 and done.out == "" and done.err

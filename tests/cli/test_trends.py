"""`dragoman trends`: counts over time as a table, JSON and CSV."""
import csv
import io

import pytest

from desk import Desk, item

ITEMS = [
    item("jan", "The dam on the river holds.", title="Dam", source="Ministry of Water", region="Egypt",
         published="2021-01-10T08:00:00Z"),
    item("mar", "Talks on the dam failed.", title="Talks", source="Ministry of Water", region="Ethiopia",
         published="2021-03-02T08:00:00Z"),
    item("mar2", "Talks on the dam go on, says the agency.", title="Talks again", source="=Agency", region="Egypt",
         published="2021-03-20T08:00:00Z"),
    item("fish", "Catches of cod fell.", title="Quota cut", source="=Agency", region="Norway",
         published="2021-02-20T08:00:00Z"),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("trends") / "data")
    made.take(*ITEMS)
    return made


def trends(desk, *args):
    done = desk.run("trends", "--json", *args)
    assert done.code == 0, done
    return done.json


def test_the_reply_has_the_shape_of_the_contract(desk):
    reply = trends(desk, "--interval", "month", "dam")
    assert set(reply) == {"query", "took_ms", "revision", "interval", "tz", "by", "total", "intervals", "warnings"}
    assert [(i["from"][:7], i["items"], i["of"], i["share"]) for i in reply["intervals"]] == [
        ("2021-01", 1, 1, 1), ("2021-02", 0, 1, 0), ("2021-03", 2, 2, 1)]
    assert reply["total"]["items"] == 3 and reply["total"]["of"] == 4 and reply["total"]["share"] == 0.75
    assert reply["total"]["first"]["id"] == "jan" and reply["total"]["last"]["id"] == "mar2"


def test_series_tell_who_said_it_first_and_last(desk):
    reply = trends(desk, "--interval", "month", "--by", "source", "dam")
    first, second = reply["series"]
    assert (first["value"], first["items"], first["of"]) == ("Ministry of Water", 2, 2)
    assert first["first"]["id"] == "jan" and first["last"]["id"] == "mar"
    assert (second["value"], second["items"], second["of"], second["share"]) == ("=Agency", 1, 2, 0.5)
    assert reply["values"] == 2 and reply["without"] == 0


def test_filters_hold_for_the_denominator_and_words_do_not(desk):
    reply = trends(desk, "--interval", "year", "--region", "Egypt", "talks")
    assert (reply["total"]["items"], reply["total"]["of"]) == (1, 2)


def test_counts_are_those_of_a_search(desk):
    for query in ("dam", "dam OR cod", "talks -agency", 'source:"ministry of water"'):
        found = desk.search(query)["total"]["value"]
        assert trends(desk, query)["total"]["items"] == found > 0


def test_an_earlier_moment_counts_what_was_there(desk):
    assert trends(desk, "--as_of", "2000", "dam")["total"]["of"] == 0
    assert trends(desk, "--as_of", desk.stats()["revision"], "dam")["total"]["items"] == 3


def test_csv_is_for_spreadsheets_and_holds_no_formula(desk):
    done = desk.run("trends", "--csv", "--interval", "month", "--by", "source", "dam")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert set(rows[0]) == {"from", "value", "items", "of", "share", "stories"}
    assert sum(int(r["items"]) for r in rows if r["value"] == "") == 3
    assert {r["value"] for r in rows} == {"", "Ministry of Water", "'=Agency"}


def test_the_table_is_for_people(desk):
    done = desk.run("trends", "--interval", "month", "--by", "source", "dam")
    assert "3 of        4   75.00 %" in done.out and "2021-02" in done.out and "Ministry of Water" in done.out


@pytest.mark.parametrize("args", [("--interval", "decade"), ("--by", "colour"), ("--series", "0"), ("--tz", "Moscow"),
                                  ("--limit", "3")])
def test_what_cannot_be_is_refused_by_name(desk, args):
    done = desk.run("trends", *args, "dam")
    assert done.code == 2 and args[0].lstrip("-") in done.err and done.out == ""

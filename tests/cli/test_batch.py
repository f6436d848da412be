"""`dragoman search --batch`: many queries in one run."""
import json

import pytest

ITEMS = [{"id": "a", "title": "Port of Odesa", "body": "Grain left the port of Odesa.", "published": "2024-02-02"},
         {"id": "b", "title": "O'Brien (AND) sons", "body": "The company of O'Brien bought grain."}]


@pytest.fixture
def lines(desk):
    desk.take(*ITEMS)

    def ask(*queries, options=()):
        found = desk.run("search", "--batch", "-", *options, stdin="\n".join(queries).encode("utf-8", "surrogateescape"))
        return found, found.out.splitlines()
    return ask


def test_each_line_has_its_count_and_its_best_hit(lines):
    found, rows = lines("grain", "port Odesa", "nothing here")
    assert found.code == 0
    assert rows == ["2\tgrain\t" + rows[0].split("\t", 2)[2], "1\tport Odesa\ta\tPort of Odesa", "0\tnothing here\t\t"]


def test_lines_are_literal_unless_the_language_is_asked_for(lines):
    pasted = ['O\'Brien (AND "sons', "region:Odesa -port", "date:1999-02-31 grain"]
    found, rows = lines(*pasted)
    assert found.code == 0 and not any(row.startswith("error") for row in rows)
    found, rows = lines("grain -Odesa", options=["--syntax"])
    assert rows[0].startswith("1\tgrain -Odesa\tb\t")


def test_a_line_that_cannot_be_read_fails_alone_and_names_the_place(lines):
    found, rows = lines("grain", "date:1999-02-31", "Odesa", options=["--syntax", "--json"])
    rows = [json.loads(row) for row in rows]
    assert found.code == 1 and [row["line"] for row in rows] == [1, 2, 3]
    assert "no date" in rows[1]["error"]["detail"] and rows[1]["error"]["offset"] == 5
    assert [rows[i]["total"]["value"] for i in (0, 2)] == [2, 1]
    assert rows[2]["hits"][0]["id"] == "a"
    found, rows = lines("date:1999-02-31", "grain", options=["--syntax"])
    assert rows[0].startswith("error\tdate:1999-02-31\t") and rows[1].startswith("2\tgrain\t")


def test_empty_lines_are_passed_over_and_keep_their_numbers(lines):
    found, rows = lines("", "grain\r", "", options=["--json"])
    assert [json.loads(row)["line"] for row in rows] == [2] and found.code == 0


def test_any_bytes_make_a_line(lines):
    found, rows = lines("gr\udcffain", "x" * 5000, "grain", options=["--json"])
    rows = [json.loads(row) for row in rows]
    assert found.code == 1 and len(rows) == 3 and "error" in rows[1] and rows[2]["total"]["value"] == 2


def test_filters_hold_for_every_line(lines):
    _, rows = lines("grain", "Odesa", options=["--from", "2024"])
    assert [row.split("\t")[0] for row in rows] == ["1", "1"]


@pytest.mark.parametrize("options", [["--syntax"], ["--batch", "-", "words"], ["--batch", "-", "--export", "csv"],
                                     ["--batch", "-", "--syntax", "--literal", "1"], ["--batch", "/nowhere/at/all"]])
def test_what_does_not_go_together_is_wrong_use(desk, options):
    desk.take(*ITEMS)
    found = desk.run("search", *options)
    assert found.code == 2 and found.err.startswith("dragoman search: ")

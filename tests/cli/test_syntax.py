"""The table of the query language, and what else tells of it."""
import html
import json
import re

import pytest

from desk import ROOT, run

FORMS = json.loads(run("syntax", "--json").out)
MANUAL = (ROOT / "doc/dragoman-query.7").read_text("utf-8").replace("\\(dq", '"').replace("\\-", "-")
PAGE = html.unescape((ROOT / "server/web/index.html").read_text("utf-8"))


@pytest.mark.parametrize("form", FORMS, ids=[f["form"] for f in FORMS])
def test_example_of_a_form_is_searched_without_a_warning(desk, form):
    desk.take({"id": "a", "title": "One", "body": "text", "published": "2024-02-02"})
    found = desk.run("search", "--json", "--", form["example"])
    assert found.code == 0, found
    warnings = [w for w in found.json["warnings"] if "also stands for" not in w]
    assert warnings == []


@pytest.mark.parametrize("form", FORMS, ids=[f["form"] for f in FORMS])
def test_manual_and_page_tell_of_each_form(form):
    row = f'.TP\n.B {form["form"]}\n{form["help"]}\nExample:\n.B {form["example"]}\n'
    assert row in MANUAL
    assert f'<code>{form["example"]}</code></th><td>{form["help"]}</td>' in PAGE


def test_every_operator_of_the_parser_is_in_the_table():
    source = (ROOT / "lib/search/operators.c").read_text()
    for name in re.findall(r'{ "([A-Z]+)", DGMI_OP', source):
        assert any(re.search(rf"\b{name}\b", form["form"]) for form in FORMS), name


def test_plain_output_has_a_line_for_each_form_and_its_example():
    out = run("syntax").out
    for form in FORMS:
        assert form["form"] in out and form["example"] in out

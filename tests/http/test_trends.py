# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts over time."""

import csv
import io

import pytest


def test_intervals_add_up_to_the_total_of_a_search(server):
    found = server.search(q="treaty")["total"]["value"]
    reply = server.get("/v1/trends", params={"q": "treaty", "interval": "month", "by": "region"})
    assert reply.status_code == 200
    trends = reply.json()
    total = trends["total"]
    assert total["items"] == found > 0
    assert sum(i["items"] for i in trends["intervals"]) + total["undated"] == found
    assert sum(s["items"] for s in trends["series"]) + trends["without"] == found
    assert total["of"] == server.search()["total"]["value"]
    again = server.get("/v1/trends", params={"q": "treaty", "interval": "month", "by": "region"},
                       headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    other = server.get("/v1/trends", params={"q": "treaty", "interval": "year", "by": "region"})
    assert other.headers["ETag"] != reply.headers["ETag"]


def test_csv_comes_as_a_file(server):
    reply = server.get("/v1/trends", params={"q": "treaty", "format": "csv", "interval": "year"})
    assert reply.headers["Content-Type"].startswith("text/csv") and "trends.csv" in reply.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert sum(int(row["items"]) for row in rows) > 0


@pytest.mark.parametrize("query, name", [
    ("limit=3", "limit"), ("colour=red", "colour"), ("interval=decade", "interval"), ("by=colour", "by"),
    ("series=0", "series"), ("tz=Moscow", "tz"), ("format=xml", "format"), ("interval=day&interval=day", "interval"),
    ("from=1066&interval=hour", "interval"), ("region=", "region")])
def test_what_cannot_be_is_a_400_that_names_it(server, query, name):
    reply = server.get("/v1/trends?" + query)
    assert reply.status_code == 400 and reply.json()["errors"][0]["name"] == name

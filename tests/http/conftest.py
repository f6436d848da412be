# SPDX-License-Identifier: GPL-2.0-or-later
"""A small archive and servers on it."""

import shutil

import pytest

from dragomand import Server, index

WORDS = "treaty border harbour grain railway energy vaccine satellite fishing tariff".split()
REGIONS = [("Russian Federation", "RU"), ("New Zealand", "NZ"), ("Australia", "AU")]
BIG_ID = "https://news.example/?p=1&x=a/b c"
BIG_PARAGRAPHS = 2000
BIG_PARAGRAPH = "Заявление " + "!?" * 2000


def make_items():
    items = []
    for i in range(120):
        region, country = REGIONS[i % 3]
        first, second = WORDS[i % 10], WORDS[(i // 10) % 10]
        items.append({
            "id": f"item-{i:03}",
            "title": f"Ministers discuss the {first} and the {second}, part {i}",
            "body": [f"The ministers spoke about the {first} on day {i}. Cooperation goes on.",
                     f"A statement on the {second} followed; experts praised the agreement."],
            "published": f"{2018 + i % 5}-{1 + i % 12:02}-{1 + i % 28:02}T08:00:00Z",
            "region": region, "country": country, "source": f"Ministry {i % 4}", "language": "en",
            "topics": [first, second],
        })
    items.append({"id": "gone", "title": "Withdrawn words", "body": "Nothing.", "status": "canceled"})
    items.append({"id": "held", "title": "Embargoed words", "body": "Later.", "status": "withheld"})
    items.append({"id": BIG_ID, "title": "A big one <with> markup & accents é",
                  "body": [BIG_PARAGRAPH] * BIG_PARAGRAPHS, "published": "2020-02-29"})
    return items


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """An archive that no test writes to."""
    data = tmp_path_factory.mktemp("archive") / "data"
    index(data, make_items())
    return data


@pytest.fixture
def own_archive(archive, tmp_path):
    """A copy that a test may write to."""
    return shutil.copytree(archive, tmp_path / "data")


@pytest.fixture(scope="module")
def server(archive, tmp_path_factory):
    """A server with standard settings, for tests that leave it as it is."""
    one = Server(archive, tmp_path_factory.mktemp("log") / "stderr")
    yield one
    one.stop()


@pytest.fixture
def start(tmp_path):
    """Starts servers with settings of the test's own: start(data, *options)."""
    running = []

    def run(data, *options):
        running.append(Server(data, tmp_path / f"stderr-{len(running)}", *options))
        return running[-1]

    yield run
    for one in running:
        one.stop()

"""Fixtures: a data directory of one's own, and the sample items indexed once a file."""
import pytest

from desk import ROOT, Desk
from feedlist import Feeds
from publisher import publishing

CORPUS = ("corpus/milosi", "corpus/rss", "corpus/ndjson")


@pytest.fixture
def desk(tmp_path):
    """An archive that is not there yet."""
    return Desk(tmp_path / "data")


@pytest.fixture
def web():
    """A publisher on loopback."""
    with publishing() as publisher:
        yield publisher


@pytest.fixture
def feeds(desk, web):
    """A list of that publisher's feeds."""
    return Feeds(desk, web)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """The sample items, for tests that only read."""
    made = Desk(tmp_path_factory.mktemp("corpus") / "data")
    done = made.index("--json", *CORPUS, cwd=ROOT)
    assert done.code == 0, done
    made.counts = done.json
    return made

"""Fixtures that nobody here wrote: how many items each folder gives, what is rejected, and whether feeds give what their
authors say that they hold. Skipped where the data are not there. See fixtures.py."""
import json
import subprocess

import pytest

import fixtures
from desk import run

# The least that each folder gives, and the most that it may reject for another reason than having no text at all.
FOLDERS = {
    "feeds-feedparser": (2107, 505, 4),
    "ninjs": (190, 112, 14),
    "newsml-g2-examples": (35, 15, 12),
    "superdesk-fixtures": (54, 51, 2),
}
# How many claims of the feeds hold at least, of how many.
CLAIMS = {"author": (15, 15), "body": (251, 259), "date": (12, 14), "id": (15, 18), "language": (10, 11),
          "link": (14, 16), "source": (320, 328), "tags": (7, 13), "title": (51, 54)}


def needs(folder):
    if not fixtures.archive(folder).exists():
        pytest.skip(f"{folder} is not there")
    if not fixtures.READOUT.exists():
        pytest.skip("readout is not built")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_gives_fewer_items_than_it_did(folder):
    needs(folder)
    files, items, empty, reasons = fixtures.count(fixtures.read(fixtures.archive(folder)))
    least_files, least_items, most_other = FOLDERS[folder]
    print(f"{folder}: {files} files, {items} items, {empty} without entries, {dict(reasons)}")
    assert files >= least_files
    assert items >= least_items, reasons
    other = sum(n for reason, n in reasons.items() if reason != "neither a title nor a body")
    assert other <= most_other, reasons


def test_each_format_has_seeds_that_give_items():
    """These are ours, and always there."""
    if not fixtures.READOUT.exists():
        pytest.skip("readout is not built")
    for name in run("index", "--formats").out.split():
        target = {"html": "htmlpage"}.get(name, name)
        seeds = sorted((fixtures.ROOT / "tests/fuzz/corpus" / f"fuzz_{target}").iterdir())
        rows = [json.loads(line) for line in subprocess.run(
            [fixtures.READOUT, *seeds], stdout=subprocess.PIPE, check=True).stdout.splitlines()]
        assert any("item" in row for row in rows), name


def test_only_feeds_may_be_empty_without_a_word():
    for folder in list(FOLDERS)[1:]:
        needs(folder)
        silent = [name for name, rows in fixtures.read(fixtures.archive(folder)).items() if not rows]
        assert not silent


def test_feeds_give_what_they_say_that_they_hold(tmp_path):
    needs("feeds-feedparser")
    table, differences = fixtures.compare(fixtures.with_headlines(tmp_path))
    print(table)
    for kind, (least, of) in CLAIMS.items():
        agree, total = table[kind]
        assert total >= of, f"claims of {kind} are not looked at"
        assert agree >= least, [row for row in differences if row[0] == kind]

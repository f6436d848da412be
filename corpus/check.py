#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check the sample items against their own lists: corpus/check.py prints the counts, exit 1 on a fault.
Depends on Python's standard library alone, so that the lists are judged by other code than ours."""
import hashlib
import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

HERE = Path(__file__).resolve().parent
IDS = dict(line.split("\t") for line in (HERE / "ids.tsv").read_text("utf-8").splitlines())
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
AT_LEAST = {"items": 150, "regions": 10, "interview": 25, "near-copy": 15,
            "correction": 12, "variant": 30, "language": 5, "queries": 60}
faults = []


def fault(text):
    faults.append(text)


def rows(name, width):
    out = []
    for n, line in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != width or not all(cells):
            fault(f"{name}:{n}: {len(cells)} fields, {width} wanted")
        else:
            out.append(cells)
    return out


def read_milosi():
    for path in sorted((HERE / "milosi").glob("*.txt")):
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        found = re.search(r"^(?:MIL OSI )?Translation\. Region: (.+?) –$", text, re.M)
        if not found:
            fault(f"{path.name}: no region line")
        number = "sha256-" + hashlib.sha256(raw).hexdigest()[:16]
        if IDS.get(path.stem) != number:
            fault(f"ids.tsv: {path.stem} is now {number}")
        yield number, found.group(1) if found else "", text, []


def read_feeds():
    for path in sorted((HERE / "rss").glob("*.xml")):
        root = ET.parse(path).getroot()
        for e in root.iter("item"):
            tags = [c.text for c in e.findall("category")]
            yield e.findtext("guid"), tags[0], e.findtext("title") + e.findtext(CONTENT), tags[1:]
        for e in root.iter(ATOM + "entry"):
            tags = [c.get("term") for c in e.findall(ATOM + "category")]
            yield (e.findtext(ATOM + "id"), tags[0],
                   e.findtext(ATOM + "title") + e.findtext(ATOM + "content"), tags[1:])


def read_ndjson():
    for path in sorted((HERE / "ndjson").glob("*.ndjson")):
        for line in path.read_text("utf-8").splitlines():
            d = json.loads(line)
            yield d["id"], d["region"], d["title"] + "\n" + d["body"], d["topics"]


def check_lists(versions):
    planted = rows("planted.tsv", 3)
    corrected = {i for kind, i, _ in planted if kind == "correction"}
    for i, n in versions.items():
        if n != (2 if i in corrected else 1):
            fault(f"{i}: {n} versions")
    for kind, i, other in planted:
        if i not in versions or (kind == "near-copy" and other not in versions):
            fault(f"planted.tsv: no such item: {i} {other}")
    for i, *_ in rows("interviews.tsv", 4):
        if i not in versions:
            fault(f"interviews.tsv: no such item: {i}")
    queries = {q for q, _ in rows("judgements/queries.tsv", 2)}
    judged = rows("judgements/qrels.tsv", 3)
    for q, i, grade in judged:
        if q not in queries or i not in versions or grade not in "123":
            fault(f"qrels.tsv: bad row: {q} {i} {grade}")
    for q in queries - {q for q, *_ in judged}:
        fault(f"{q}: no judgement")
    count = {k: len({i for kind, i, _ in planted if kind == k}) for k in sorted({p[0] for p in planted})}
    return count | {"queries": len(queries), "judgements": len(judged)}


def main():
    versions, regions, topics, records = {}, set(), set(), 0
    for reader in (read_milosi, read_feeds, read_ndjson):
        mine = 0
        for i, region, text, tags in reader():
            versions[i] = versions.get(i, 0) + 1
            regions.add(region)
            topics.update(t.lower() for t in tags)
            mine += 1
            if not i or len(text) < 60:
                fault(f"{i}: no id or hardly any text")
        records += mine
        print(f"{reader.__name__[5:]}\t{mine}")
    count = {"items": len(versions), "records": records, "regions": len(regions), **check_lists(versions)}
    for name, n in count.items():
        print(f"{name}\t{n}")
        if n < AT_LEAST.get(name, 0):
            fault(f"{name}: {n}, at least {AT_LEAST[name]} wanted")
    for text in faults:
        print(text, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

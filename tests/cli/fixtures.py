"""What the readers make of fixtures that nobody here wrote, and what those say of themselves. Depends on Python's
standard library alone. `python3 tests/cli/fixtures.py` prints both tables, and each difference with -v."""
import ast
import collections
import html
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT.parent / "shared" / "data"
READOUT = pathlib.Path(os.environ.get("B", ROOT / "build")) / "tests/tools/readout"
FOLDERS = ("feeds-feedparser", "ninjs", "newsml-g2-examples", "superdesk-fixtures")


def archive(folder):
    return DATA / folder / "files.tar.gz"


def rows_of(path):
    """(name, item, reason) of each line that the readers give for an archive."""
    out = subprocess.run([READOUT, path], stdout=subprocess.PIPE, check=True).stdout.decode()
    for line in out.splitlines():
        row = json.loads(line)
        yield row["where"][len(str(path)) + 1:], row.get("item"), row.get("reason")


def read(path):
    """{file: [(item or None, reason or None)]} of all files of an archive, those that gave nothing included."""
    with tarfile.open(path) as files:
        found = {member.name: [] for member in files if member.isfile()}
    for name, item, reason in rows_of(path):
        name = name if name in found else re.sub(r":item \d+$", "", name)
        if name not in found:  # of what lies in a file
            name = max((f for f in found if name.startswith(f + ":")), key=len)
        found[name].append((item, reason))
    return found


def count(found):
    """Files, items, files that are empty feeds, and rejections by their reason."""
    reasons = collections.Counter(reason.split(": ")[0] for rows in found.values() for _, reason in rows if reason)
    items = sum(item is not None for rows in found.values() for item, _ in rows)
    return len(found), items, sum(not rows for rows in found.values()), reasons


# ---- What feedparser's files expect: "Expect: not bozo and entries[0]['title'] == 'Example'" ----

DATES = {"published", "updated", "date", "issued", "created", "modified"}


def expectation(text):
    match = re.search(r"Expect:(.*?)(?:-->|\n\s*\n)", text, re.S)
    if not match:
        return None
    try:
        return ast.parse(" ".join(match.group(1).split()), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def clauses(node):
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from clauses(value)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        yield node


def path_of(node):
    """["entries", 0, "title"] of entries[0]['title']; None of anything else."""
    path = []
    while isinstance(node, ast.Subscript):
        if not isinstance(node.slice, ast.Constant):
            return None
        path.insert(0, node.slice.value)
        node = node.value
    return [node.id, *path] if isinstance(node, ast.Name) else None


def plain(text):
    text = re.sub(r"(?s)<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[A-Za-z!?/][^>]*>", " ", str(text))
    return " ".join(html.unescape(html.unescape(text)).split())


def read_once(text):
    """The same where what is escaped is text: "the &lt;blink&gt; tag"."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", str(text))).split())


def squeezed(text):
    return re.sub(r"[\W_]+", "", plain(text))


def seconds(text):
    return time.strptime(text, "%Y-%m-%dT%H:%M:%SZ") if text else None


def claim(path):
    """Which member of an item a path speaks of: (kind, index of the entry, index in it), or None."""
    if path in (["feed", "title"], ["feed", "language"]):
        return {"title": "source", "language": "language"}[path[1]], 0, 0
    if path is None or len(path) < 3 or path[0] != "entries" or not isinstance(path[1], int):
        return None
    entry, key, rest = path[1], path[2], path[3:]
    if key in ("title", "link", "id", "guid", "author", "language") and not rest:
        return {"guid": "id"}.get(key, key), entry, 0
    if (key, rest) in (("title_detail", ["value"]), ("author_detail", ["name"])):
        return key.split("_")[0], entry, 0
    if key == "tags" and len(rest) == 2 and rest[1] in ("term", "label"):
        return "tags", entry, rest[0]
    if key == "category" and not rest:
        return "tags", entry, 0
    if key.endswith("_parsed") and key[:-7] in DATES and not rest:
        return "date", entry, 0
    if (key in ("summary", "description") and not rest) or (key == "summary_detail" and rest == ["value"]) or (
            key == "content" and rest == [0, "value"]):
        return "body", entry, 0
    return None


def holds(kind, item, wanted):
    """Whether the item says what is wanted of it."""
    if kind == "date":
        dates = [seconds(item.get(name)) for name in ("published", "updated")]
        return any(date and tuple(date[:6]) == tuple(wanted[:6]) for date in dates)
    if kind == "tags":
        return plain(wanted) in item.get("topics", [])
    if kind == "body":
        text = item["body"] + [a["text"] for a in item.get("boilerplate", [])] + [item.get("summary", "")]
        text = re.sub(r"[\W_]+", "", " ".join(text))
        return squeezed(wanted) in text or re.sub(r"[\W_]+", "", read_once(wanted)) in text
    if kind in ("id", "link"):
        return item.get({"id": "id", "link": "url"}[kind]) == " ".join(str(wanted).split())
    if kind == "language":
        return item.get("language") == wanted.lower().split("-")[0]
    names = {plain(wanted), read_once(wanted), re.sub(r" ?\([^)]*@[^)]*\)", "", plain(wanted))}
    return " ".join((item.get(kind) or "").split()) in names


def whole(data):
    """The file with a headline in its first entry, or with an entry, where it has none: what it says of dates, links
    and feeds shows in items only so. None where that cannot be put in."""
    text = re.sub(rb"<!--.*?-->", lambda m: b"x" * len(m.group()), data, flags=re.S)
    entry = re.search(rb"<(\w+:)?(entry|item)\b[^>]*(?<!/)>", text, re.I)
    if entry:
        title = (b"TITLE" if entry.group(2).isupper() else b"title").join((b"<" + (entry.group(1) or b""), b">"))
        return data[:entry.end()] + title + b"Headline" + title.replace(b"<", b"</") + data[entry.end():]
    end = re.search(rb"</(channel|feed)>", text, re.I)
    if not end:
        return None
    kind = {b"channel": b"item", b"CHANNEL": b"ITEM"}.get(end.group(1), b"entry")
    title = b"TITLE" if kind == b"ITEM" else b"title"
    return (data[:end.start()] + b"<" + kind + b"><" + title + b">Headline</" + title + b"></" + kind + b">" +
            data[end.start():])


def with_headlines(folder):
    """An archive in this folder of the feeds, those that give no item made whole."""
    path = pathlib.Path(folder) / "whole.tar"
    found = read(archive("feeds-feedparser"))
    with tarfile.open(archive("feeds-feedparser")) as files, tarfile.open(path, "w") as out:
        for name, rows in found.items():
            data = files.extractfile(name).read()
            if not any(item for item, _ in rows):
                data = whole(data) or data
            member = tarfile.TarInfo(name)
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return path


def compare(path):
    """({kind: (hold, all)}, differences) over what the feeds of an archive claim."""
    agree, total, differences = collections.Counter(), collections.Counter(), []
    found = read(path)
    with tarfile.open(archive("feeds-feedparser")) as files:
        for name, rows in found.items():
            text = files.extractfile(name).read().decode("utf-8", "replace")
            items = [item for item, _ in rows]
            for node in clauses(expectation(text)) if expectation(text) else ():
                what = claim(path_of(node.left))
                try:
                    wanted = ast.literal_eval(node.comparators[0])
                except ValueError:
                    continue
                if what is None or not wanted or (what[0] in ("title", "body") and not squeezed(wanted)):
                    continue
                kind, entry, _ = what
                item = items[entry] if entry < len(items) else None
                total[kind] += 1
                if item and holds(kind, item, wanted):
                    agree[kind] += 1
                else:
                    differences.append((kind, name, wanted, item and {k: item[k] for k in item if k not in (
                        "dgm", "fetched", "sha256", "status", "translated")}, [r for _, r in rows if r]))
    return {kind: (agree[kind], total[kind]) for kind in sorted(total)}, differences


def main():
    for folder in FOLDERS:
        found = read(archive(folder))
        files, items, empty, reasons = count(found)
        print(f"{folder}: {files} files, {items} items, {empty} files with nothing to read, "
              f"{sum(reasons.values())} rejected")
        for reason, n in reasons.most_common():
            print(f"    {n:5} {reason}")
        if folder == FOLDERS[0]:
            with tempfile.TemporaryDirectory() as made:
                table, differences = compare(with_headlines(made))
            for kind, (agree, total) in table.items():
                print(f"    claims of {kind}: {agree} of {total} hold")
            if "-v" in sys.argv:
                for row in differences:
                    print("   ", *row, sep=" | ")


if __name__ == "__main__":
    main()

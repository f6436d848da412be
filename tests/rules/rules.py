#!/usr/bin/python3
"""The project's own rules, as far as a machine can see them. Prints what breaks one; exit 1 if any."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|alloca|strtok|asctime|ctime|mktemp|tmpnam|"
                    r"abort|system|popen)\s*\(")
ENDING = re.compile(r"\b(exit|_exit|assert)\s*\(")
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK|for now)\b")
PLACES = re.compile(r"/(work|home|root|tmp)/[a-z]")
LINES_MOST = 600


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [ROOT / name for name in out.stdout.decode().split("\0") if name and (ROOT / name).exists()]


def strip_comments(text):
    """Comments and strings blanked, line numbers kept."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def code_rules(path, text):
    name = path.relative_to(ROOT).as_posix()
    code = strip_comments(text)
    library = name.startswith(("lib/", "server/"))
    if not text.startswith("/* SPDX-License-Identifier: GPL-2.0-or-later */"):
        yield 1, "the licence line is missing"
    if "\n/* " not in text[:200]:
        yield 2, "the second line does not say what the file is"
    if text.count("\n") > LINES_MOST:
        yield LINES_MOST, f"over {LINES_MOST} lines: move a wall"
    for number, line in enumerate(code.split("\n"), 1):
        if BANNED.search(line) and not name.startswith("tests/fuzz/"):
            yield number, "a banned call: " + line.strip()
        if library and ENDING.search(line):
            yield number, "ends the process: " + line.strip()
        if re.search(r"\bcatch\s*\(", line) and not name.startswith("lib/xapian/guard."):
            yield number, "a catch outside the one guard"
        if re.search(r"\bMHD_[a-z]", line) and name != "server/http.c":
            yield number, "libmicrohttpd outside server/http.c"
        if re.search(r"#\s*include\s*<jansson.h>", line) and not name.startswith(("lib/wire/", "tests/")):
            yield number, "jansson outside lib/wire"
        if re.search(r"#\s*include\s*<archive(_entry)?.h>", line) and not name.startswith(("lib/read/", "tests/")):
            yield number, "libarchive outside lib/read"
        if re.search(r"#\s*include\s*<curl/", text.split("\n")[number - 1]) and not name.startswith("lib/fetch/"):
            yield number, "libcurl outside lib/fetch"
        if "libxml/" in line and not name.startswith(("lib/read/", "tests/")):
            yield number, "libxml2 outside lib/read"


def text_rules(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if LATER.search(line) and path.name != "rules.py":
            yield number, "promises later work: " + line.strip()[:80]
        if PLACES.search(line) and path.suffix in (".c", ".h", ".cc", ".py", ".md", ".sh", ""):
            if path.name != "rules.py" and "/tmp/" not in line:
                yield number, "a place of one machine: " + line.strip()[:80]


def header_rules():
    """Every function of the public headers says what it needs to (Owner, Errors or Threads nearby)."""
    whole = (ROOT / "include/dragoman.h").read_text()
    for path in tracked("include/*.h", "include/dragoman/*.h"):
        text = path.read_text()
        for match in re.finditer(r"^DGM_API [^;]*?(dgm_\w+)\(", text, re.M):
            before = text[: match.start()].rstrip()
            follows = before.endswith(";")  # shares the comment of the line above
            if not before.endswith("*/") and not follows:
                yield path, text[: match.start()].count("\n") + 1, f"{match.group(1)} has no comment"
        if path.parent.name == "dragoman" and f'#include "dragoman/{path.name}"' not in whole:
            yield path, 1, "dragoman.h does not include it"


def readme_rules():
    """The README's table of formats is the one of lib/read/formats.c."""
    readme = (ROOT / "README.md").read_text()
    source = (ROOT / "lib/read/formats.c").read_text()
    for match in re.finditer(r'\{ "(\w+)",\s*((?:"[^"]*"\s*)+),', source):
        text = "".join(re.findall(r'"([^"]*)"', match.group(2)))
        if f"| `{match.group(1)}` | {text} |" not in readme:
            yield 1, f"the row of format {match.group(1)} is not as in lib/read/formats.c"


def pains_rules():
    """The tests that doc/pains.md names are there."""
    path = ROOT / "doc/pains.md"
    for number, line in enumerate(path.read_text().split("\n"), 1):
        for folder, name in re.findall(r"`(unit|cli|http|fuzz)/(\w+)`", line):
            places = [ROOT / "tests" / folder / f"{start}_{name}{end}" for start in ("test", "fuzz") for end in (".c", ".py")]
            if not any(place.exists() for place in places):
                yield path, number, f"there is no test {folder}/{name}"


def main():
    found = [(ROOT / "README.md", n, what) for n, what in readme_rules()]
    for path in tracked("*.c", "*.h", "*.cc", "*.hh"):
        text = path.read_text()
        found += [(path, n, what) for n, what in code_rules(path, text)]
    for path in tracked("*.c", "*.h", "*.cc", "*.hh", "*.py", "*.sh", "*.md", "*.js", "*.css", "Makefile"):
        found += [(path, n, what) for n, what in text_rules(path, path.read_text())]
    found += header_rules()
    found += pains_rules()
    for path, number, what in found:
        print(f"{path.relative_to(ROOT)}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

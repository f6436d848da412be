"""Runs every example of doc/http-api.md against a server with the sample items."""
import http.client
import json
import os
import re
import shlex
import subprocess

import pytest

from desk import ROOT, environment

DRAGOMAND = os.environ.get("DRAGOMAND", str(ROOT / "build/dragomand"))
PAGE = (ROOT / "doc/http-api.md").read_text("utf-8")


def examples():
    """(curl command, what the page shows below it or None)."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
    for i, (kind, text) in enumerate(blocks):
        commands = [line for line in text.splitlines() if line.startswith("curl")] if kind == "sh" else []
        follows = blocks[i + 1] if i + 1 < len(blocks) and blocks[i + 1][0] != "sh" else None
        for command in commands:
            yield command, follows if len(commands) == 1 else None


EXAMPLES = list(examples())


@pytest.fixture(scope="module")
def address(corpus):
    server = subprocess.Popen([DRAGOMAND, "--data", corpus.path, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment())
    try:
        yield re.search(r"http://([\d.:]+)/", server.stdout.readline()).group(1)
    finally:
        server.terminate()
        assert server.wait(timeout=30) == 0


def fetch(address, command):
    words = shlex.split(command)
    headers = dict(words[i + 1].split(": ", 1) for i, w in enumerate(words) if w == "-H")
    target = words[-1].split("127.0.0.1:8080", 1)[1]
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", target, headers=headers)
    reply = connection.getresponse()
    body = reply.read().decode("utf-8")
    connection.close()
    return reply, body


def shape(value):
    """What members there are, and of which kind; null may be anything, a list is its first element."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def same(shown, got, where=""):
    if shown in ("NoneType", []) or got in ("NoneType", []):
        return
    assert type(shown) is type(got), where
    if isinstance(shown, dict):
        assert shown.keys() == got.keys(), where
        for key in shown:
            same(shown[key], got[key], f"{where}.{key}")
    elif isinstance(shown, list):
        same(shown[0], got[0], where + "[]")
    else:
        assert shown == got, where


@pytest.mark.parametrize("command, shown", EXAMPLES, ids=[c.split("8080")[1][:60] for c, _ in EXAMPLES])
def test_the_example_works(address, command, shown):
    reply, body = fetch(address, command)
    kind, text = shown or ("", "")
    if kind == "json":
        wanted = json.loads(text)
        status = wanted.get("status") if isinstance(wanted.get("status"), int) else 200
        assert reply.status == status, body
        same(shape(wanted), shape(json.loads(body)))
        if status != 200:
            assert json.loads(body) == wanted
    elif text.startswith("HTTP/1.1"):
        assert f"HTTP/1.1 {reply.status} {reply.reason}" == text.strip()
    else:
        assert reply.status == 200, body
        assert text.strip() in body
    if "/v1/search" in command and reply.status == 200:
        assert json.loads(body)["hits"] and not json.loads(body)["warnings"]


def test_the_page_lists_every_parameter(address):
    _, body = fetch(address, "curl '127.0.0.1:8080/openapi.json'")
    get = json.loads(body)["paths"]["/v1/search"]["get"]
    table = PAGE.split("### Parameters")[1].split("###")[0]
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.M)))) - {"name"}
    assert listed == {p["name"] for p in get["parameters"]}


def test_the_page_lists_every_path_and_metric(address):
    _, body = fetch(address, "curl '127.0.0.1:8080/openapi.json'")
    assert {p for p in json.loads(body)["paths"] if p != "/{file}"} == set(re.findall(r"^\| `(/\S*)` \|", PAGE, re.M))
    _, body = fetch(address, "curl '127.0.0.1:8080/metrics'")
    named = set(re.findall(r"`((?:dragoman|process)_\w+)`", PAGE))
    assert set(re.findall(r"^# TYPE (\w+)", body, re.M)) == named

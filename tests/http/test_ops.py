# SPDX-License-Identifier: GPL-2.0-or-later
"""What those who run the server see: readiness, metrics, OpenAPI, the access log, start and settings."""

import json
import os
import re
import signal
import socket
import subprocess

import pytest
import requests

from dragomand import index, program, read_reply, request, until

DAEMON = ("DRAGOMAND", "dragomand")


def run(*words, **more):
    return subprocess.run([program(*DAEMON), *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, **more)


# ---- Health ----

def test_an_archive_without_an_index_is_served_and_becomes_ready(start, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    server = start(data)
    assert server.get("/healthz").json() == {"status": "alive", "writer": "running"}
    reply = server.get("/readyz")
    assert reply.status_code == 503 and reply.headers["Content-Type"] == "application/problem+json"
    assert server.metric("dragoman_index_ready") == 0
    assert server.search(q="anything")["hits"] == []
    index(data, [{"id": "1", "title": "Anything", "body": "At all."}])
    until(lambda: server.get("/readyz").status_code == 200)
    ready = server.get("/readyz").json()
    page = server.search(q="anything")
    assert ready == {"status": "ready", "revision": page["revision"], "writer": "running"}
    assert page["total"]["value"] == 1
    assert server.metric("dragoman_index_ready") == 1


def dragoman(*words):
    done = subprocess.run([program("DRAGOMAN", "dragoman"), *map(str, words)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300)
    assert done.returncode == 0, done.stdout


def test_a_new_generation_is_followed_without_an_error(start, own_archive):
    server = start(own_archive)
    before = server.search(q="treaty")
    dragoman("reindex", "--data", own_archive, "--quiet")
    after = until(lambda: (page := server.search(q="treaty"))["revision"] != before["revision"] and page)
    assert int(after["revision"].split("-")[0]) == int(before["revision"].split("-")[0]) + 1
    assert [hit["id"] for hit in after["hits"]] == [hit["id"] for hit in before["hits"]]
    assert server.get("/readyz").json()["revision"] == after["revision"]


def test_a_lost_index_is_an_error_until_it_is_built_again(start, own_archive):
    server = start(own_archive)
    assert server.search(q="treaty")["hits"]
    (own_archive / "index").rename(own_archive / "lost")
    for _ in range(4):
        reply = server.get("/v1/search?q=treaty")
        assert reply.status_code in (200, 500, 503), reply.text
    dragoman("reindex", "--data", own_archive, "--quiet")
    until(lambda: server.get("/readyz").status_code == 200)
    for _ in range(4):  # each thread's reader
        assert server.search(q="treaty")["total"]["value"] == 30


# ---- Metrics ----

def parse_metrics(text):
    """{(name, labels): value} of the Prometheus text format, every line of it checked."""
    values, types = {}, {}
    for line in text.splitlines():
        found = re.fullmatch(r"# (HELP|TYPE) ([a-z_]+) (.+)", line)
        if found:
            if found.group(1) == "TYPE":
                assert found.group(2) not in types
                types[found.group(2)] = found.group(3)
            continue
        found = re.fullmatch(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? ([-+0-9.eE]+|\+Inf|NaN)', line)
        assert found, line
        base = re.sub(r"_(bucket|sum|count)$", "", found.group(1))
        assert found.group(1) in types or types.get(base) == "histogram", line
        key = (found.group(1), found.group(2) or "")
        assert key not in values, line
        values[key] = float(found.group(3))
    return values, types


def test_metrics_can_be_parsed_and_count_what_happened(start, archive):
    server = start(archive)
    for word in ("treaty", "border", "treaty", "grain"): # the third is kept
        server.search(q=word)
    server.get("/v1/search?limit=0")
    server.get("/nothing/here")
    reply = server.get("/metrics")
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    values, types = parse_metrics(reply.text)
    name = "dragoman_http_request_duration_seconds"
    assert types[name] == "histogram"
    assert values[name + "_count", 'route="/v1/search",code="200"'] == 4
    assert values[name + "_count", 'route="/v1/search",code="400"'] == 1
    assert values[name + "_count", 'route="none",code="404"'] == 1
    assert values["dragoman_searches_total", 'result="ok"'] == 3
    assert values["dragoman_search_duration_seconds_count", ""] == 3
    assert values["dragoman_http_connections", ""] >= 1
    assert values["process_resident_memory_bytes", ""] > 1e6
    assert any(key[0] == "dragoman_build_info" and 'version="' in key[1] for key in values)
    revision = server.search()["revision"]
    assert values["dragoman_index_info", f'revision="{revision}"'] == 1
    series = 'route="/v1/search",code="200",'
    buckets = [v for (n, labels), v in values.items() if n == name + "_bucket" and labels.startswith(series)]
    assert buckets == sorted(buckets) and buckets[-1] == 4


# ---- OpenAPI ----

def resolve(document, ref):
    assert ref.startswith("#/")
    for part in ref[2:].split("/"):
        document = document[part]
    return document


def walk(node):
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from walk(child)


def test_openapi_is_sound(server):
    document = server.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] and document["info"]["version"]
    for node in walk(document):
        if isinstance(node, dict) and "$ref" in node:
            assert isinstance(resolve(document, node["$ref"]), dict)
    ids = []
    for path, item in document["paths"].items():
        assert path.startswith("/") and item and set(item) <= {"get", "post", "delete"}
        check_operations(path, item)
        ids += [operation["operationId"] for operation in item.values()]
    assert len(ids) == len(set(ids))


def check_operations(path, item):
    for operation in item.values():
        assert operation["summary"]
        for code, answer in operation["responses"].items():
            assert re.fullmatch(r"[2-5]\d\d", code) and answer["description"]
        variables = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
        assert variables == re.findall(r"\{(\w+)\}", path)
        for parameter in operation["parameters"]:
            assert parameter["description"] and parameter["schema"]
            assert parameter["in"] == "query" or parameter["required"] is True
        names = [(p["in"], p["name"]) for p in operation["parameters"]]
        assert len(names) == len(set(names))


def test_openapi_lists_what_the_server_answers(server):
    document = server.get("/openapi.json").json()
    fill = {"file": "main.js"}
    story = server.search(q="treaty", limit=1)["hits"][0]["story"]["id"]
    assert {"/v1/search", "/v1/items/{id}", "/healthz", "/readyz", "/metrics", "/openapi.json", "/"} <= set(document["paths"])
    for path, item in document["paths"].items():
        fill["id"] = story if "stories" in path else "item-001"
        if "get" not in item or "{token}" in path or "{name}" in path:  # test_websub.py, test_watch.py
            continue
        real = re.sub(r"\{(\w+)\}", lambda m: fill[m.group(1)], path)
        reply = server.get(real)
        if path.startswith("/push"):  # off without a token
            assert reply.status_code == 403
            continue
        assert reply.status_code == 200, real
        kinds = item["get"]["responses"]["200"]["content"]
        assert "{file}" in path or reply.headers["Content-Type"] in kinds


def test_openapi_lists_the_parameters_of_a_search(server):
    document = server.get("/openapi.json").json()
    parameters = {p["name"]: p for p in document["paths"]["/v1/search"]["get"]["parameters"]}
    assert set(parameters) == {"q", "match", "from", "to", "region", "country", "source", "language", "topic",
                               "speaker", "provider", "agency", "sort", "limit", "cursor", "facets", "histogram", "group", "highlight", "explain",
                               "exact", "synonyms", "expand", "literal", "versions", "similar", "related", "recency", "half_life", "as_of", "cite"}
    limit = parameters["limit"]["schema"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 100, 10)
    assert parameters["match"]["schema"]["enum"] == ["all", "most", "any"]
    assert parameters["facets"]["explode"] is False and parameters["region"]["explode"] is True
    for name, parameter in parameters.items():
        values = parameter["schema"].get("items", parameter["schema"]).get("enum", [])
        for value in values:
            reply = server.get("/v1/search", params={name: value})
            assert reply.status_code == 200, (name, value, reply.text)


def test_replies_have_the_shape_that_openapi_says(server):
    document = server.get("/openapi.json").json()

    def check(value, schema, where):
        if "$ref" in schema:
            return check(value, resolve(document, schema["$ref"]), where)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        tests = {"string": lambda v: isinstance(v, str), "null": lambda v: v is None, "boolean": lambda v: isinstance(v, bool),
                 "integer": lambda v: isinstance(v, int), "number": lambda v: isinstance(v, (int, float)),
                 "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list)}
        assert not kinds or any(tests[kind](value) for kind in kinds), where
        assert "const" not in schema or value == schema["const"], where
        assert "enum" not in schema or value in schema["enum"], where
        if isinstance(value, dict):
            assert set(schema.get("required", [])) <= set(value), where
            for name, child in value.items():
                inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
                if inner:
                    check(child, inner, f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for i, child in enumerate(value):
                check(child, schema["items"], f"{where}[{i}]")
        return None

    schemas = document["components"]["schemas"]
    page = server.search(q="treaty", facets="region", histogram="year", explain="1")
    assert page["hits"][0]["explain"]
    check(page, schemas["Page"], "page")
    check(server.get("/v1/items/item-001").json(), schemas["Item"], "item")
    grouped = server.search(q="treaty", group="story")
    check(grouped, schemas["Page"], "grouped page")
    check(server.get("/v1/stories/" + grouped["hits"][0]["story"]["id"]).json(), schemas["Story"], "story")
    check(server.get("/v1/trends?q=treaty&by=source").json(), schemas["Trends"], "trends")
    check(server.get("/v1/sources").json(), schemas["Sources"], "sources")
    check(server.get("/v1/compare?a.q=treaty").json(), schemas["Comparison"], "comparison")
    check(server.get("/v1/search?limit=0").json(), schemas["Problem"], "problem")
    check(server.get("/readyz").json(), schemas["Ready"], "ready")
    check(server.get("/healthz").json(), schemas["Health"], "health")


# ---- The access log ----

def test_each_request_is_a_line_of_json(start, archive, tmp_path):
    log = tmp_path / "access.log"
    server = start(archive, "--access-log", str(log))
    reply = server.get("/v1/search?q=%22treaty%22", headers={"Accept-Encoding": "identity"})
    server.get("/nothing/" + "x" * 2000)
    with server.connect() as s:
        s.sendall(b"HEAD /\xff\xfe\"\\ HTTP/1.1\r\nHost: desk\r\n\r\n")
        read_reply(s, head=True)
    lines = until(lambda: len(log.read_text().splitlines()) == 3 and log.read_text().splitlines())
    first, second, third = map(json.loads, lines)
    assert list(first) == ["time", "remote", "method", "target", "status", "bytes", "ms", "id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert (first["remote"], first["method"], first["status"]) == ("127.0.0.1", "GET", 200)
    assert first["target"] == "/v1/search?q=%22treaty%22"
    assert first["bytes"] == len(reply.content) and first["ms"] > 0
    assert first["id"] == reply.headers["X-Request-Id"]
    assert second["status"] == 404 and len(second["target"]) <= 512
    assert (third["method"], third["status"], third["bytes"]) == ("HEAD", 400, 0)


def test_the_log_is_opened_anew_on_sighup(start, archive, tmp_path):
    log, old = tmp_path / "access.log", tmp_path / "access.log.1"
    server = start(archive, "--access-log", str(log))
    server.get("/healthz")
    until(lambda: log.read_text())
    log.rename(old)
    server.process.send_signal(signal.SIGHUP)
    until(log.exists)
    server.get("/readyz")
    until(lambda: "/readyz" in log.read_text())
    assert "/healthz" in old.read_text() and "/readyz" not in old.read_text()


# ---- Starting ----

def test_no_data_directory_is_exit_3(tmp_path):
    done = run("--data", tmp_path / "nothing", "--listen", "127.0.0.1:0")
    assert done.returncode == 3 and done.stdout == b""
    assert b"no such directory" in done.stderr and done.stderr.count(b"\n") == 1


def test_a_damaged_archive_is_exit_3(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "current").write_text("nonsense")
    done = run("--data", tmp_path, "--listen", "127.0.0.1:0")
    assert done.returncode == 3 and done.stderr.startswith(b"dragomand: ")


def test_wrong_usage_is_exit_2(tmp_path):
    for words in (["--nonsense"], ["--threads", "many"], ["operand"], ["--listen", "nowhere", "--data", tmp_path],
                  ["--listen", "127.0.0.1:99999", "--data", tmp_path], ["--listen", "::1:80", "--data", tmp_path],
                  ["--config", tmp_path / "none"]):
        done = run(*words)
        assert done.returncode == 2, (words, done.stderr)
        assert done.stderr.startswith(b"dragomand: ") and done.stdout == b""


def test_an_address_in_use_is_exit_1(start, archive):
    server = start(archive)
    done = run("--data", archive, "--listen", f"127.0.0.1:{server.port}")
    assert done.returncode == 1 and b"cannot listen" in done.stderr


def test_it_listens_on_ipv6(start, archive, tmp_path):
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 here")
    server = start(archive, "--listen", "[::1]:0")
    assert server.url.startswith("http://[::1]:")
    assert requests.get(server.url + "/healthz", timeout=30).status_code == 200


def test_settings_come_from_a_file(start, archive, tmp_path):
    config = tmp_path / "dragomand.ini"
    config.write_text("[dragomand]\nurl-bytes = 300\ngzip-min = 0\n")
    server = start(archive, "--config", str(config))
    with server.connect() as s:
        s.sendall(request("/" + "a" * 300))
        assert read_reply(s)[0].status == 414


def words_of(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower())


def test_help_and_the_manual_say_the_same(tmp_path):
    shown = run("--help")
    assert shown.returncode == 0 and b"--listen ADDR:PORT" in shown.stdout
    page = run("--man").stdout.decode()
    plain = re.sub(r"\\f[BRI]|\\&", "", page).replace("\\-", "-").replace("\\e", "\\")
    for option in re.split(r"\n(?=  (?:-\w, |    )--)", shown.stdout.decode().split("Options:\n")[1]):
        assert words_of(option).strip() in words_of(plain), option
    source = os.path.join(os.path.dirname(__file__), "../../doc/dragomand.8")
    with open(source, encoding="utf-8") as file:
        assert file.read() == page, "doc/dragomand.8 is not what dragomand --man prints: make docs"


def test_the_version_is_told():
    assert re.fullmatch(rb"dragomand \d+\.\d+\.\d+\n", run("--version").stdout)

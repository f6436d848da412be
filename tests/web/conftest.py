# SPDX-License-Identifier: GPL-2.0-or-later
"""What the browser tests stand on: a server with the sample corpus, and a browser.

DRAGOMAN and DRAGOMAND name the two programs; DRAGOMAND_URL a server that runs already.
Screenshots go to SHOTS. Without Chromium, its driver or selenium every test is skipped.
"""

import os
import pathlib
import re
import selectors
import shutil
import subprocess
import time

import pytest

from page import Page

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync
--disable-dev-shm-usage --disable-default-apps --hide-scrollbars --lang=en""".split()
START_SECONDS = 20


def program(variable, fallback):
    path = os.environ.get(variable) or str(ROOT / "build" / fallback)
    if not os.access(path, os.X_OK):
        pytest.fail(f"{variable} names no program: {path}")
    return path


def read_address(process):
    """The line that a server prints once it listens; the wait for it is bounded."""
    waiting = selectors.DefaultSelector()
    waiting.register(process.stdout, selectors.EVENT_READ)
    end = time.monotonic() + START_SECONDS
    seen = ""
    while time.monotonic() < end and process.poll() is None:
        if not waiting.select(timeout=0.5):
            continue
        chunk = os.read(process.stdout.fileno(), 4096).decode("utf-8", "replace")
        if not chunk:
            break
        seen += chunk
        found = re.search(r"http://127\.0\.0\.1:\d+/", seen)
        if found:
            return found.group(0)
    raise AssertionError(f"the server named no address; it printed {seen!r}")


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Address of a server that holds the sample corpus, with a slash at its end."""
    given = os.environ.get("DRAGOMAND_URL")
    if given:
        yield given.rstrip("/") + "/"
        return
    indexer = program("DRAGOMAN", "dragoman")
    daemon = program("DRAGOMAND", "dragomand")
    data = tmp_path_factory.mktemp("web") / "data"
    log = (tmp_path_factory.getbasetemp() / "dragomand.log").open("wb")
    corpus = ROOT / "corpus"
    feeds = sorted(p for p in corpus.iterdir() if p.is_dir() and p.name not in ("judgements", "topics"))
    subprocess.run([indexer, "index", "--data", data, *(feeds or [corpus])], check=True,
                   stdout=log, stderr=log, timeout=300)
    process = subprocess.Popen([daemon, "--data", data, "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, stderr=log)
    try:
        yield read_address(process)
    finally:
        stop(process)
        log.close()


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    from selenium.webdriver.chrome.service import Service

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(chromedriver))
    browser.set_page_load_timeout(30)
    yield browser
    browser.quit()


@pytest.fixture
def page(driver, server):
    """The page, not yet opened, in a light window of desktop size."""
    shots = pathlib.Path(os.environ.get("SHOTS") or ROOT / "build" / "shots")
    shots.mkdir(parents=True, exist_ok=True)
    view = Page(driver, server, shots)
    driver.get("about:blank")
    driver.get_log("browser")
    view.size(1280, 900)
    view.dark(False)
    yield view
    view.forget_fakes()

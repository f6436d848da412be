# SPDX-License-Identifier: GPL-2.0-or-later
"""The page as a test sees it: what one can do to it and read from it.

May depend on selenium, which is imported late so that its absence skips tests.
"""

import json
import time
import urllib.parse

FAKE = """
window.fetched = [];
const answers = %s;
const real = window.fetch;
window.fetch = async (path, options) => {
  const full = new URL(path, document.baseURI);
  window.fetched.push(full.pathname + full.search);
  const fake = answers.find((a) => (full.pathname + full.search).includes(a.when));
  if (!fake) return real(path, options);
  if (fake.once) answers.splice(answers.indexOf(fake), 1);
  if (fake.down) throw new TypeError("Failed to fetch");
  return new Response(JSON.stringify(fake.body), {status: fake.status ?? 200, headers: {
    "Content-Type": fake.type ?? "application/json", ...(fake.headers ?? {})}});
};
"""


class Page:
    def __init__(self, driver, server, shots):
        self.driver = driver
        self.server = server
        self.shots = shots
        self.fakes = []

    # Preparing

    def size(self, width, height, mobile=False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile})

    def dark(self, on):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if on else "light"}]})

    def fake(self, *answers):
        """Before the next open: answer requests whose path contains `when` without the server."""
        added = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument",
                                            {"source": FAKE % json.dumps(answers)})
        self.fakes.append(added["identifier"])

    def forget_fakes(self):
        for identifier in self.fakes:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument",
                                        {"identifier": identifier})
        self.fakes.clear()

    # Doing

    def open(self, **params):
        self.driver.get(self.server + ("?" + urllib.parse.urlencode(params, True) if params else ""))

    def search(self, query, **params):
        """Open a search by its address and wait for the hits."""
        self.open(q=query, **params)
        self.settled()

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains
        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, selector):
        node = self.one(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", node)
        node.click()

    def shot(self, name):
        self.driver.save_screenshot(str(self.shots / f"{name}.png"))

    # Reading

    def run(self, script, *args):
        return self.driver.execute_script(script, *args)

    def all(self, selector):
        from selenium.webdriver.common.by import By
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.until(lambda: self.all(selector), f"there is a {selector}")[0]

    def text(self, selector):
        """The text as it stands in the document, seen or not."""
        return self.run("return document.querySelector(arguments[0])?.textContent ?? null", selector)

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])]"
                        ".map((n) => n.textContent)", selector)

    def shown(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].some((n) =>"
                        "n.checkVisibility({visibilityProperty: true}))", selector)

    def params(self):
        """The parameters of the address, each as a list."""
        query = urllib.parse.urlsplit(self.driver.current_url).query
        return urllib.parse.parse_qs(query, keep_blank_values=True)

    def focus(self):
        return self.run("const n = document.activeElement;"
                        "return n.id || n.closest('.hit')?.dataset.id || n.tagName")

    def ids(self):
        return self.run("return [...document.querySelectorAll('#hits .hit')]"
                        ".map((n) => n.dataset.id)")

    def total(self):
        """The exact number above the list."""
        head = self.text("#status strong") or ""
        digits = "".join(c for c in head if c.isdigit())
        return int(digits) if digits else 0

    def complaints(self):
        """Severe lines of the browser's console since the last look."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE"]

    # Waiting

    def until(self, happens, what, seconds=15):
        """Wait for a condition; what it returned is the answer."""
        end = time.monotonic() + seconds
        while True:
            result = happens()
            if result:
                return result
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s in vain until {what}")
            time.sleep(0.03)

    def settled(self):
        """Until the list is complete, or an error is shown."""
        self.until(lambda: self.run(
            "return document.getElementById('busy')?.hidden"
            " && (!!document.querySelector('#status strong, #notice .notice'))"),
            "the search has settled")

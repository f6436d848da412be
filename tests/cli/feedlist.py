"""A list of feeds and the commands that read it, for the tests of fetching."""
import email.utils
import json
import time


class Feeds:
    """A list of feeds and the commands that read it."""

    def __init__(self, desk, web):
        self.desk, self.web, self.sections = desk, web, {}
        self.common = {"gap": "0s", "allow-private": "127.0.0.1", "timeout": "20s"}
        desk.path.mkdir()

    def add(self, path, name=None, **settings):
        url = path if "://" in path else self.web.base + path
        self.sections[name or path.strip("/")] = {"url": url, **settings}
        return self

    def write(self):
        text = "[fetch]\n" + "".join(f"{k} = {v}\n" for k, v in self.common.items())
        for name, settings in self.sections.items():
            text += f"[{name}]\n" + "".join(f"{k.replace('_', '-')} = {v}\n" for k, v in settings.items())
        (self.desk.path / "feeds.ini").write_text(text)

    def fetch(self, *args, code=0):
        self.write()
        done = self.desk.run("fetch", "--json", *args)
        assert done.code == code, done
        self.told = done.err
        return json.loads(done.out) if done.out else None

    def state(self, name):
        done = self.desk.run("feeds", "--json")
        assert done.code == 0, done
        return next(f for f in done.json["feeds"] if f["name"] == name)

    def wait_of(self, name):
        """Seconds from the last poll to the next."""
        state = self.state(name)
        at = [email.utils.parsedate_to_datetime(time.strftime(
            "%a, %d %b %Y %H:%M:%S +0000", time.strptime(state[k], "%Y-%m-%dT%H:%M:%SZ")))
            for k in ("last_poll", "next_poll")]
        return (at[1] - at[0]).total_seconds()

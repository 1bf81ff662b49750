"""A small synthetic county with a real server on it, for the tests that look at the whole from outside.

The county is made once for a test run (20 s of work); each worker serves a copy of its own, so that tests may write.
"""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

PASSWORD = "Fangxin-2024"
TODAY = "2024-11-25"
SCALE = "0.02"
# Whoever builds writes this last; whoever waits looks for it.
FINISHED = "finished"
LONGEST_BUILD = 600
# The neighbour county, which no province has, and the office that must see nothing of this one.
NEIGHBOUR = ("99", "9901", "990102")


def command_environment(folder: Path) -> dict[str, str]:
    """The environment of a demonstration: nothing of the test run's own settings goes along."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FANGXIN_", "DJANGO_", "PYTEST"))}
    key = folder / "demo-signing-key.pem"
    return kept | {
        "FANGXIN_DEMO": "1",
        "FANGXIN_DATA_DIR": str(folder),
        "FANGXIN_TODAY": TODAY,
        "FANGXIN_SIGNING_KEY": str(key) if key.exists() else "",
    }


def built_county(shared: Path) -> Path:
    """The folder of the county, made by the first of the workers that asks."""
    folder = shared / "county"
    try:
        os.close(os.open(shared / "county.lock", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        _wait_for(shared / FINISHED)
        return folder
    try:
        _run([sys.executable, "-m", "fangxin.surfaces.cli", "demo", "--no-serve", "--scale", SCALE], folder)
        _run([sys.executable, "-m", "tests.county"], folder)
    finally:
        # Also after a failure: the others then fail at once for want of the folder instead of waiting.
        (shared / FINISHED).touch()
    return folder


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, env=command_environment(folder), cwd=Path(__file__).parents[1],
        capture_output=True, text=True, check=False, timeout=LONGEST_BUILD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def _wait_for(mark: Path) -> None:
    deadline = time.monotonic() + LONGEST_BUILD
    while not mark.exists():
        assert time.monotonic() < deadline, "another worker never finished the county"
        time.sleep(0.3)


@contextmanager
def served(folder: Path) -> Iterator["County"]:
    """The county behind a real server on a free port, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "fangxin.surfaces.cli", "serve", "--no-jobs", "--workers", "2", "--port", str(port)],
            env=command_environment(folder), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        county = County(folder, f"http://127.0.0.1:{port}", log)
        try:
            _wait_for_answer(county, server)
            yield county
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for_answer(county: "County", server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, county.log.read_text()[-3000:]
        try:
            if requests.get(f"{county.base}/verify/", timeout=5).status_code == 200:
                return
        except requests.RequestException:  # not there yet, or too busy to answer
            time.sleep(0.3)
    raise AssertionError("the server did not answer: " + county.log.read_text()[-3000:])


@dataclass
class Page:
    """One answer of the server, looked at as a page."""

    path: str
    status: int
    text: str
    headers: Any

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text) if self.text.strip() else html.fromstring("<p></p>")

    def links(self) -> list[str]:
        """Addresses on this server to which the page leads, without the fragment."""
        base = self.path
        found = (urljoin(base, a).split("#")[0] for a in self.tree.xpath("//a/@href"))
        return [address for address in dict.fromkeys(found) if address.startswith("/")]

    def forms(self) -> list["Form"]:
        return [Form.read(self.path, element) for element in self.tree.xpath("//form")]


@dataclass(frozen=True)
class Form:
    action: str
    method: str
    fields: dict[str, str]
    files: tuple[str, ...]

    @classmethod
    def read(cls, path: str, element: Any) -> "Form":
        fields = {n: str(element.fields[n] or "") for n in element.fields if n and n != "csrfmiddlewaretoken"}
        for button in element.xpath(".//button[@name]"):
            fields[button.get("name")] = button.get("value", "")
        files = tuple(element.xpath('.//input[@type="file"]/@name'))
        return cls(urljoin(path, element.get("action") or path), element.get("method", "get").lower(), fields, files)


@dataclass
class County:
    folder: Path
    base: str
    log: Path
    _visitors: dict[str, "Visitor"] = field(default_factory=dict)

    def visitor(self, username: str = "") -> "Visitor":
        """A person at the door: signed in once, then known. Without a name, the public."""
        if username not in self._visitors:
            visitor = Visitor(self)
            if username:
                visitor.sign_in(username)
            self._visitors[username] = visitor
        return self._visitors[username]

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """What the database says, read beside the server."""
        connection = sqlite3.connect(f"file:{self.folder / 'fangxin.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def one(self, sql: str, *values: Any) -> Any:
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def ledger_length(self) -> int:
        """Entries that say something was done; looking and coming in are not changes."""
        return int(
            self.one(
                "SELECT count(*) FROM ledger_entry WHERE event NOT IN "
                "('people.signed_in', 'people.signed_out', 'screens.exported', 'console.evidence.opened')"
            )
        )

    def troubles(self) -> str:
        """What the server wrote about errors of its own."""
        found = re.findall(
            r"^[^\n]*Internal Server Error.*?(?=^\d{4}-|\Z)", self.log.read_text(), re.MULTILINE | re.DOTALL
        )
        return "\n".join(found)


class Visitor:
    """One person's browser, without the screen."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.session = requests.Session()
        self.session.trust_env = False

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        self.get("/people/sign-in/")
        page = self.post("/people/sign-in/", {"username": username, "password": password})
        assert page.status == 302, f"{username} could not sign in: {page.status} {page.text[:300]}"
        return page

    def get(self, path: str, **options: Any) -> Page:
        return self._ask("GET", path, **options)

    def post(self, path: str, data: Any = None, *, csrf: bool = True, **options: Any) -> Page:
        headers = dict(options.pop("headers", {}))
        if csrf:
            headers["X-CSRFToken"] = self.session.cookies.get("csrftoken", "")
        return self._ask("POST", path, data=data, headers=headers, **options)

    def _ask(self, method: str, path: str, **options: Any) -> Page:
        options.setdefault("timeout", 60)
        options.setdefault("allow_redirects", False)
        answer = self.session.request(method, self.county.base + path, **options)
        plain = answer.headers.get("Content-Type", "").startswith("text/")
        return Page(path, answer.status_code, answer.text if plain else "", answer.headers)


@contextmanager
def county_of_a_file(factory: Any) -> Iterator[County]:
    """A served copy of the county for one file of tests; `factory` is pytest's `tmp_path_factory`."""
    # Workers lie side by side under the folder of the run; a run without workers is its own.
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = factory.mktemp("county") / "data"
    shutil.copytree(built_county(shared), folder)
    with served(folder) as county:
        yield county


def add_neighbour() -> None:
    """Another county's office in the same installation. It must not see that this county exists."""
    from datetime import date

    from fangxin.kernel.people import api as people

    day = date(2020, 1, 1)
    names = (("云岭省", "province"), ("云安市", "prefecture"), ("河湾县", "county"))
    people.add_divisions(
        [people.Division(code=c, name=n, kind=k, valid_from=day) for c, (n, k) in zip(NEIGHBOUR, names, strict=True)],
        by=None,
    )
    code = NEIGHBOUR[-1]
    agency = people.create_agency(
        name="河湾县食安办", short_name="河湾食安办", kind="office", division_code=code, by=None
    )
    user = people.create_user(username="neighbour", name="江流", password=PASSWORD, by=None)
    people.set_password(user=user, password=PASSWORD, by=None)
    people.give_post(user=user, agency=agency, role="office", division_code=code, starts_on=day, by=None)


if __name__ == "__main__":
    from fangxin.surfaces.cli.platform import start_django

    start_django()
    add_neighbour()

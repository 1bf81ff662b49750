"""The tree as a whole keeps the house's rules."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from fangxin.kernel.contributing import api as contribute

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "fangxin"
PYTHON = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT, capture_output=True, text=True, check=False,
).stdout.split()  # fmt: skip


def test_imports_go_down():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_list_of_tolerated_imports_is_empty():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert not [c["name"] for c in contracts if c.get("ignore_imports")]


def test_engines_have_no_clock_and_no_hidden_randomness():
    forbidden = re.compile(r"\b(datetime\.now|date\.today|datetime\.utcnow|time\.time|random\.random|uuid4)\(")
    found = [p for p in PYTHON if "engines" in p.parts and forbidden.search(p.read_text(encoding="utf-8"))]
    assert not found


def test_no_countys_name_stands_in_the_code():
    names = re.compile(r"卢氏|三门峡|411224|豫食考核")
    found = [str(p.relative_to(ROOT)) for p in SOURCE.rglob("*") if p.is_file() and p.suffix in {".py", ".html", ".js"}
             and "locale" not in p.parts and names.search(p.read_text(encoding="utf-8"))]  # fmt: skip
    assert not found


def test_every_recorded_event_is_offered():
    used = set()
    for path in PYTHON:
        used |= set(
            re.findall(r'(?:ledger\.)?(?:record|build_entry)\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8"))
        )
    assert used
    assert not used - {event.name for event in contribute.events}


def test_every_ability_asked_for_is_offered():
    offered = {ability.name for ability in contribute.abilities}
    used = set()
    for path in PYTHON:
        text = path.read_text(encoding="utf-8")
        used |= set(
            re.findall(r'(?:needs|\.can|refuse_unless|prefixes|own_agencies)\((?:request, )?"([a-z_.]+)"', text)
        )
        used |= set(re.findall(r'ability(?:: str)? = "([a-z_.]+)"', text))
    assert not used - offered


def test_every_app_says_what_it_is_for():
    apps = {p.parent for p in SOURCE.rglob("apps.py")}
    assert not [str(a.relative_to(ROOT)) for a in apps if not (a / "README.md").exists()]


@pytest.mark.parametrize(
    "pattern", [r"\bTODO\b|\bFIXME\b|\bXXX\b", r"/[w]ork/|/[t]mp/bash", r"[\U0001F300-\U0001FAFF]"]
)
def test_nothing_unfinished_nothing_of_this_machine(pattern):
    kinds = {".py", ".md", ".toml", ".html", ".js", ".css", ".txt"}
    texts = [ROOT / n for n in TRACKED if Path(n).suffix in kinds and ROOT / n != Path(__file__)]
    found = [p for p in texts if p.is_file() and re.search(pattern, p.read_text(encoding="utf-8", errors="ignore"))]
    assert not found


def test_no_address_of_a_registry_and_no_copied_asset():
    hosts = re.compile(r'index-url[ =]|"resolved": *"http|registry *= *"http|https?://[^ "]*/simple')
    for name in TRACKED:
        path = ROOT / name
        if path == Path(__file__) or not path.is_file():
            continue
        assert not re.search(r"\.min\.(js|css)$|(^|/)(vendor|third_party|node_modules)/", name), name
        if path.suffix in {".txt", ".in", ".toml", ".json", ".cfg"} or path.name in {"Makefile", ".npmrc"}:
            assert not hosts.search(path.read_text(encoding="utf-8", errors="ignore")), name


def test_every_dependency_says_why():
    for name in ("run.in", "test.in"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        bare = [line for line in lines if line and not line.startswith(("#", "-r")) and "#" not in line]
        # The test tools whose names say it all.
        assert set(bare) <= {"pytest", "pytest-django", "mypy", "ruff"}


def test_files_stay_one_room():
    long = {str(p.relative_to(ROOT)): n for p in PYTHON if (n := len(p.read_text(encoding="utf-8").splitlines())) > 500}
    assert not long

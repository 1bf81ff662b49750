"""Backup while running, restore into an empty place, the ledger verifies itself. Real processes, real files."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

CLI = [sys.executable, "-m", "fangxin.surfaces.cli"]
WRITE = """
import django; django.setup()
from fangxin.kernel.jobs.api import write_schedules
from fangxin.kernel.ledger import api as ledger
for n in range(20):
    ledger.record("ledger.verified", of=None, by=None, data={"n": n})
ledger.store_evidence(name="note.txt", content="证据".encode(), by=None)
ledger.seal_pending()
"""


def _env(folder: Path) -> dict[str, str]:
    """A data folder of its own on SQLite, whatever the test run's database is."""
    kept = {k: v for k, v in os.environ.items() if k != "FANGXIN_DATABASE_URL"}
    return {**kept, "FANGXIN_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "fangxin.config.settings"}


def _run(command, env, expect=0):
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Made once: a place with twenty entries and one evidence file."""
    folder = tmp_path_factory.mktemp("written") / "data"
    folder.mkdir()
    _run([sys.executable, "-m", "django", "migrate", "-v0"], _env(folder))
    _run([sys.executable, "-c", WRITE], _env(folder))
    return folder


@pytest.fixture
def source(written, tmp_path):
    shutil.copytree(written, tmp_path / "source")
    return _env(tmp_path / "source")


@pytest.fixture
def target(tmp_path):
    return _env(tmp_path / "target")


def test_what_was_backed_up_comes_back_and_verifies(source, target, tmp_path):
    file = tmp_path / "backup.tar.gz"
    _run([*CLI, "backup", str(file)], source)
    assert "ledger entries hold" in _run([*CLI, "restore", str(file)], target)
    stored = list((tmp_path / "target" / "evidence").glob("??/*"))
    assert [p.read_text() for p in stored] == ["证据"]


def test_a_backup_is_not_restored_over_something(source, tmp_path):
    file = tmp_path / "backup.tar.gz"
    _run([*CLI, "backup", str(file)], source)
    assert "empty place" in _run([*CLI, "restore", str(file)], source, expect=1)


def _repack(file, damaged, change):
    """The same archive with `change(name, content)` applied to each file."""
    with tarfile.open(file) as old, tarfile.open(damaged, "w:gz") as new:
        for member in old:
            name, content = change(member.name, old.extractfile(member).read())
            info = tarfile.TarInfo(name)
            info.size = len(content)
            new.addfile(info, BytesIO(content))


def _flip_in_database(name, content):
    if name != "database.sqlite3":
        return name, content
    middle = len(content) // 2
    return name, content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(source, target, tmp_path):
    file, damaged = tmp_path / "backup.tar.gz", tmp_path / "damaged.tar.gz"
    _run([*CLI, "backup", str(file)], source)
    _repack(file, damaged, _flip_in_database)
    assert "damaged" in _run([*CLI, "restore", str(damaged)], target, expect=1)
    assert not (tmp_path / "target" / "fangxin.sqlite3").exists()


def test_a_backup_that_reaches_outside_is_refused(source, target, tmp_path):
    file, harmful = tmp_path / "backup.tar.gz", tmp_path / "harmful.tar.gz"
    _run([*CLI, "backup", str(file)], source)
    _repack(file, harmful, lambda name, content: (f"../{name}", content))
    assert "no backup of ours" in _run([*CLI, "restore", str(harmful)], target, expect=1)
    assert not (tmp_path / "database.sqlite3").exists()


def test_what_is_no_backup_is_misuse(target, tmp_path):
    (tmp_path / "x").write_text("no archive")
    _run([*CLI, "restore", str(tmp_path / "x")], target, expect=2)


def test_verify_says_yes_and_names_the_first_bad_entry(source):
    assert _run([*CLI, "ledger", "verify"], source).startswith("holds: 2")
    spoil = (
        "import django; django.setup()\nfrom django.db import connection\nc = connection.cursor()\n"
        "c.execute('DROP TRIGGER ledger_entry_no_update')\n"
        "c.execute(\"UPDATE ledger_entry SET actor = 'x' WHERE id = 5\")\n"
    )
    _run([sys.executable, "-c", spoil], source)
    assert "entry 5:" in _run([*CLI, "ledger", "verify"], source, expect=1)


def test_a_key_pair_is_made_once_and_not_overwritten(target, tmp_path):
    key = tmp_path / "key.pem"
    _run([*CLI, "ledger", "new-key", str(key)], target)
    assert key.stat().st_mode & 0o077 == 0
    _run([*CLI, "ledger", "new-key", str(key)], target, expect=2)

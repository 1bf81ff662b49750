"""An empty database founded at once has the tables that the migrations make step by step."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path


def migrate(folder: Path, *apps: str) -> None:
    env = {**os.environ, "FANGXIN_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "fangxin.config.settings"}
    env.pop("FANGXIN_DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0", *apps], env=env, check=True)


def schema(folder: Path) -> dict[str, object]:
    with sqlite3.connect(folder / "fangxin.sqlite3") as database:
        ask = lambda sql: database.execute(sql).fetchall()  # noqa: E731
        tables = ask("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        found: dict[str, object] = {name: _table(ask, name, sql) for name, sql in tables}
        for kind, name, sql in ask("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"):
            if sql is not None:
                found[f"{kind} {name}"] = " ".join(sql.split())
        found["applied"] = sorted(ask("SELECT app, name FROM django_migrations"))
        return found


def _table(ask, name: str, sql: str) -> tuple[object, ...]:
    """Columns, foreign keys and constraints, whatever their order."""
    columns = sorted(row[1:] for row in ask(f'PRAGMA table_info("{name}")'))
    keys = sorted(row[2:5] for row in ask(f'PRAGMA foreign_key_list("{name}")'))
    return columns, keys, sorted(re.findall(r'CONSTRAINT "(\w+)" (\w+)', sql))


def test_a_founded_database_is_what_the_migrations_make(tmp_path):
    at_once, by_steps = tmp_path / "at-once", tmp_path / "by-steps"
    for folder in (at_once, by_steps):
        folder.mkdir()
    migrate(at_once)
    # With one application there the database is not empty, and the rest goes step by step.
    migrate(by_steps, "ledger")
    migrate(by_steps)
    assert schema(at_once) == schema(by_steps)

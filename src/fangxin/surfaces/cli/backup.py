"""`fangxin backup FILE`: the database and the evidence in one file, while the platform runs."""

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection

from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.platform import start_django

FORMAT = 1
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


def register(commands: Any) -> None:
    parser = commands.add_parser("backup", help="write everything into one file")
    parser.add_argument("file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    start_django()
    path = Path(args.file)
    if path.exists():
        print(f"{path} exists already; choose another name", file=sys.stderr)
        return MISUSE
    part = path.with_name(path.name + ".part")
    with TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / DATABASE[connection.vendor]
        dump_database(dump)
        write_archive(part, dump)
    part.replace(path)
    print(f"{path}: {path.stat().st_size} bytes")
    return 0


def dump_database(target: Path) -> None:
    """A consistent copy of the database, taken while others write."""
    if connection.vendor == "sqlite":
        source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
        copy = sqlite3.connect(target)
        with source, copy:
            source.backup(copy)
        source.close()
        copy.close()
        return
    subprocess.run(["pg_dump", "--format=custom", f"--file={target}", *postgres_address()], check=True)


def postgres_address() -> list[str]:
    values = connection.get_connection_params()
    address = [f"--dbname={values['dbname']}"]
    for option in ("host", "port", "user"):
        if values.get(option):
            name = "username" if option == "user" else option
            address.append(f"--{name}={values[option]}")
    return address


def write_archive(target: Path, dump: Path) -> None:
    """Database first, then evidence: a file named in the database copy is on the disk already."""
    sums = {}
    with tarfile.open(target, "w:gz") as archive:
        for name, file in [(dump.name, dump), *_evidence()]:
            archive.add(file, arcname=name)
            sums[name] = _digest(file)
        manifest = json.dumps({"format": FORMAT, "vendor": connection.vendor, "sha256": sums}, sort_keys=True).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(manifest)
        archive.addfile(info, BytesIO(manifest))


def _evidence() -> list[tuple[str, Path]]:
    root = Path(settings.EVIDENCE_DIR)
    # Files being written have no hash for a name yet.
    files = sorted(p for p in root.glob("??/*") if len(p.name) >= 64)
    return [(f"evidence/{p.relative_to(root)}", p) for p in files]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

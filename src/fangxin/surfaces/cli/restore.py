"""`fangxin restore FILE`: a backup into an empty place, checked byte for byte and then by the ledger itself."""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection

from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.backup import DATABASE, FORMAT, postgres_address
from fangxin.surfaces.cli.platform import start_django


class Refused(Exception):
    """The backup is not whole, or the place is not empty."""


def register(commands: Any) -> None:
    parser = commands.add_parser("restore", help="bring back a backup into an empty place")
    parser.add_argument("file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    start_django()
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        refuse_unless_empty()
        with TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            manifest = unpack(Path(args.file), Path(folder))
            put_in_place(Path(folder), manifest["vendor"])
    except (OSError, tarfile.TarError, subprocess.CalledProcessError) as error:
        print(f"cannot read the backup: {error}", file=sys.stderr)
        return MISUSE
    except Refused as error:
        print(error)
        return 1
    return _verify()


def refuse_unless_empty() -> None:
    if _has_database():
        raise Refused("there is a database here already; restore into an empty place")
    if any(Path(settings.EVIDENCE_DIR).glob("??/*")):
        raise Refused("there is evidence here already; restore into an empty place")


def _has_database() -> bool:
    if connection.vendor == "sqlite":
        # Asking SQLite itself would make the file.
        return Path(settings.DATABASES["default"]["NAME"]).exists()
    return "ledger_entry" in connection.introspection.table_names()


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack and check every file against the manifest before anything is put in place."""
    with tarfile.open(file, "r:gz") as archive:
        for member in archive:
            _write_member(archive, member, folder)
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        sums = manifest["sha256"]
        vendor = manifest["vendor"]
    except (OSError, ValueError, KeyError) as error:
        raise Refused("this is not a whole backup: its list of contents is missing") from error
    if manifest.get("format") != FORMAT or vendor != connection.vendor:
        raise Refused(f"this backup is of another kind ({vendor}); this place runs on {connection.vendor}")
    for name, expected in sums.items():
        path = folder / name
        if not path.is_file() or _digest(path) != expected:
            raise Refused(f"the backup is damaged: {name}")
    return dict(manifest)


def _write_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files below the folder and nothing else: a backup from elsewhere may be made to do harm."""
    path = Path(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        raise Refused(f"this is no backup of ours: it holds {member.name!r}")
    source = archive.extractfile(member)
    if source is None:
        return
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    with source, (folder / path).open("wb") as target:
        shutil.copyfileobj(source, target)


def put_in_place(folder: Path, vendor: str) -> None:
    connection.close()
    dump = folder / DATABASE[vendor]
    if (folder / "evidence").is_dir():
        shutil.copytree(folder / "evidence", settings.EVIDENCE_DIR, dirs_exist_ok=True)
    if vendor == "sqlite":
        shutil.move(dump, settings.DATABASES["default"]["NAME"])
        return
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", *postgres_address(), str(dump)], check=True)


def _verify() -> int:
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415  (only now is there a ledger)

    answer = ledger.verify()
    if not answer.holds:
        print(f"restored, but the ledger does not hold: {answer.problem}")
        return 1
    print(f"restored: {answer.sealed} ledger entries hold")
    return 0


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

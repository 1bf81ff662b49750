"""Run a command beside a PostgreSQL of its own: `python -m tests.postgresql COMMAND …`.

The server lives in a temporary folder, listens on a socket there and nowhere else, and goes away with the command.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_USER = "postgres"


def _bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    if initdb is None:
        raise SystemExit("PostgreSQL is not installed; run: python -m tests.prerequisites")
    return Path(initdb).parent


def _as_server(command: list[str]) -> None:
    """PostgreSQL refuses to run as root; its Debian package brings a user for it."""
    wrapped = ["runuser", "-u", SERVER_USER, "--", *command] if os.geteuid() == 0 else command
    subprocess.run(wrapped, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def running() -> Iterator[str]:
    """A fresh server; gives the URL of its database."""
    folder = Path(tempfile.mkdtemp(prefix="fangxin-postgresql-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(SERVER_USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, tools = folder / "data", _bin()
    _as_server([str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "fangxin", "-E", "UTF8", "--no-sync"])
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=256MB -c max_connections=50"
    _as_server([str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
    try:
        _as_server([str(tools / "createdb"), "-h", str(folder), "-U", "fangxin", "fangxin"])
        yield f"postgresql://fangxin@/fangxin?host={folder}"
    finally:
        _as_server([str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    with running() as url:
        return subprocess.run(command, env={**os.environ, "FANGXIN_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

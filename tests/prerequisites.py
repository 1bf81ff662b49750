"""What the tests need from the system: Chromium, PostgreSQL, Chinese fonts. Installs what is missing where that is
allowed (Debian, root), and says plainly what is missing where it is not."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def _chromium() -> bool:
    return shutil.which("chromium") is not None


def _postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None


def _surveillance() -> bool:
    return Path("/usr/lib/R/site-library/surveillance").is_dir()


def _chinese_fonts() -> bool:
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


NEEDS: dict[str, list[tuple[str, Callable[[], bool], list[str]]]] = {
    "browser": [
        ("Chromium", _chromium, ["chromium"]),
        (
            "a Chinese font",
            lambda: shutil.which("fc-list") is not None and _chinese_fonts(),
            ["fontconfig", "fonts-noto-cjk"],
        ),
    ],
    "catalogue": [("gettext", lambda: shutil.which("xgettext") is not None, ["gettext"])],
    "postgresql": [("PostgreSQL 15 or newer", _postgresql, ["postgresql"])],
    "r": [("R's package surveillance", _surveillance, ["r-cran-surveillance"])],
}
# A peer of the benchmarks; no test needs it.
ONLY_WHEN_ASKED = {"r"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(NEEDS))
    only = parser.parse_args().only
    asked = {only} if only else set(NEEDS) - ONLY_WHEN_ASKED
    needs = [need for kind, group in NEEDS.items() if kind in asked for need in group]
    missing = [need for need in needs if not need[1]()]
    if not missing:
        return 0
    packages = [package for _name, _present, names in missing for package in names]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print("Missing: " + ", ".join(name for name, _present, _packages in missing))
        print("Install the Debian packages: " + " ".join(packages))
        return 1
    install(packages)
    still = [name for name, present, _packages in missing if not present()]
    if still:
        print("Still missing after installing: " + ", ".join(still))
    return 1 if still else 0


def install(packages: list[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing " + " ".join(packages), flush=True)
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        env=quiet, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

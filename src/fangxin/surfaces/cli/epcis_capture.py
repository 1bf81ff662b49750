"""`fangxin epcis capture FILE`: events of a document into the database, each once."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fangxin.engines.epcis import EpcisError
from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.platform import prepare, start_django

REFUSED = 1


def main(argv: Sequence[str]) -> int:
    """0: all events are kept, durably. 1: the document is wrong; what was told to be kept before that is kept."""
    parser = argparse.ArgumentParser(prog="fangxin epcis capture")
    parser.add_argument("file", type=Path, help="JSON-LD or XML, of any size")
    parser.add_argument(
        "--as", dest="username", default="", help="the account in whose name; without it the platform's"
    )
    args = parser.parse_args(argv)
    start_django()
    prepare()
    from fangxin.kernel.people import api as people  # noqa: PLC0415  needs the settings
    from fangxin.kernel.supply import api as supply  # noqa: PLC0415

    by = people.User.objects.filter(username=args.username, is_active=True).first() if args.username else None
    if args.username and by is None:
        print(f"fangxin epcis capture: no account {args.username!r}", file=sys.stderr)
        return MISUSE
    total = fresh = 0
    try:
        with args.file.open("rb") as file:
            for kept in supply.capture_file(file, by=by):
                total, fresh = total + kept.events, fresh + kept.fresh
                print(f"{total} events kept", file=sys.stderr)
    except EpcisError as error:
        print(f"fangxin epcis capture: {args.file}: {error} ({total} events before it are kept)", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"fangxin epcis capture: {args.file}: {error.strerror or error}", file=sys.stderr)
        return MISUSE
    supply.derive_waiting()
    print(f"{total} events, {fresh} new")
    return 0

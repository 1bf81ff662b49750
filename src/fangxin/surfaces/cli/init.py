"""`fangxin init [--plan FILE] [--division CODE]`: from an empty place to one where the first person can sign in."""

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from fangxin.surfaces.cli import MISUSE

PASSWORD_VARIABLE = "FANGXIN_ADMIN_PASSWORD"  # noqa: S105  (a variable's name)


def register(commands: Any) -> None:
    parser = commands.add_parser("init", help="prepare the database, load the standards and a plan")
    parser.add_argument("--plan", metavar="FILE", help="a plan to review: .docx, .txt, or reviewed facts in .toml")
    parser.add_argument("--division", metavar="CODE", help="the county's code; needed when several are on file")
    parser.add_argument("--administrator", metavar="USERNAME", default="admin", help="the first account")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from fangxin.surfaces.cli.platform import prepare, start_django  # noqa: PLC0415

    start_django()
    prepare()
    from django.core.exceptions import ValidationError  # noqa: PLC0415

    try:
        return _fill(args)
    except ValidationError as error:
        print("\n".join(error.messages), file=sys.stderr)
        return 1


def _fill(args: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415

    from fangxin.kernel.catalog import api as catalog  # noqa: PLC0415

    report = catalog.load_directory(path=settings.STANDARDS_DIR, by=None)
    print(f"rules: {len(report.loaded)} loaded, {len(report.replaced)} replaced, {report.unchanged} unchanged")
    county = _load_divisions(args.division)
    if county is None:
        return MISUSE
    if not _first_administrator(args.administrator, county):
        return MISUSE
    return _read_plan(args.plan, county) if args.plan else 0


def _load_divisions(wanted: str | None) -> str | None:
    """The county's code once its divisions are there; None when it is not clear which county is meant."""
    from django.conf import settings  # noqa: PLC0415

    from fangxin.engines.places import load_places  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415
    from fangxin.sim.loading import load_divisions  # noqa: PLC0415

    files = {path.stem: path for path in sorted((Path(settings.STANDARDS_DIR) / "places").glob("*.toml"))}
    county = wanted or (next(iter(files)) if len(files) == 1 else None)
    if county is None:
        print(f"--division CODE is needed; on file: {', '.join(files) or 'none'}", file=sys.stderr)
        return None
    if county in files:
        made = load_divisions(load_places(files[county].read_text(encoding="utf-8")))
        print(f"divisions: {made} added for {people.division_name(county)}")
    elif not people.list_divisions(county).exists():
        print(f"no divisions are on file for {county}; enter them under 行政区划 after signing in", file=sys.stderr)
    return county


def _first_administrator(username: str, county: str) -> bool:
    """One account that may make the others. A password is asked for or taken from the environment, never invented."""
    from django.db import transaction  # noqa: PLC0415

    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    if people.Post.objects.filter(role="administrator").exists():
        return True
    password = _password(username)
    if password is None:
        return False
    with transaction.atomic():
        office = people.list_agencies(county).filter(kind="office").first() or people.create_agency(
            name=f"{people.division_name(county)}食品安全委员会办公室",
            short_name="食安办", kind="office", division_code=county, by=None,
        )  # fmt: skip
        user = people.create_user(username=username, name="系统管理员", password=password, by=None)
        people.give_post(
            user=user, agency=office, role="administrator", division_code=county, starts_on=ledger.clock.today(),
            by=None,
        )  # fmt: skip
    print(f"administrator: {username}; the password has to be changed at the first sign-in")
    return True


def _password(username: str) -> str | None:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        print(f"no administrator yet: set {PASSWORD_VARIABLE}, or run this at a terminal", file=sys.stderr)
        return None
    first = getpass.getpass(f"password for {username}: ")
    if first != getpass.getpass("again: "):
        print("the two were not the same; nothing was made", file=sys.stderr)
        return None
    return first


def _read_plan(name: str, county: str) -> int:
    """The plan as a draft: a person reviews and confirms it on screen."""
    from fangxin.engines.plans import BrokenFacts, load_plan_facts  # noqa: PLC0415
    from fangxin.oversight.plans.data import PlanError  # noqa: PLC0415
    from fangxin.oversight.plans.services.reading import draft_from_facts, read_upload  # noqa: PLC0415

    path = Path(name)
    try:
        if path.suffix == ".toml":
            facts = load_plan_facts(path.read_text(encoding="utf-8"))
            plan = draft_from_facts(facts=facts, division_code=county, by=None)
        else:
            plan = read_upload(name=path.name, content=path.read_bytes(), division_code=county, by=None)
    except (OSError, UnicodeDecodeError) as error:
        print(f"cannot read the plan: {error}", file=sys.stderr)
        return MISUSE
    except (PlanError, BrokenFacts) as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"plan kept as a draft: {plan.title}; review and confirm it under 三年方案")
    return 0

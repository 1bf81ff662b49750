"""`fangxin jobs`: the worker of the job queue. Run as many as wanted, on either database."""

import argparse
from typing import Any

from django.core.management import call_command

from fangxin.surfaces.cli.platform import prepare, start_django


def register(commands: Any) -> None:
    commands.add_parser("jobs", help="run the worker of the job queue").set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    start_django()
    prepare()

    from django.db import connection  # noqa: PLC0415  (after Django has started)

    from fangxin.kernel.jobs import api as jobs  # noqa: PLC0415

    if connection.vendor == "sqlite":
        jobs.release_left_over()
    call_command("qcluster")
    return 0

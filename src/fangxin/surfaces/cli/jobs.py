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
    call_command("qcluster")
    return 0

"""What the commands that run the platform share."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured

from fangxin.surfaces.cli import MISUSE


def start_django() -> None:
    """Load the settings, or say plainly what is missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangxin.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        raise SystemExit(MISUSE) from None


def prepare() -> None:
    """Bring the database and the folders to the state this version needs."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from fangxin.kernel.jobs import api as jobs  # noqa: PLC0415

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    jobs.write_schedules()

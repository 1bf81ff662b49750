"""Find every app's `contributions` module once at start, in the fixed order of INSTALLED_APPS."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


def discover() -> None:
    for config in apps.get_app_configs():
        if not config.name.startswith("fangxin."):
            continue
        name = f"{config.name}.contributions"
        if find_spec(name) is not None:
            import_module(name)

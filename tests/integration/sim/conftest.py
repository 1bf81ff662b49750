from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from fangxin.sim.life import build
from fangxin.sim.truth import Truth


@pytest.fixture(scope="module")
def truth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Truth]:
    """A small county, lived whole; taken back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(seed=7, scale=0.02)
        transaction.set_rollback(True)

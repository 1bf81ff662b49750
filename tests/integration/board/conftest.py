"""The plan's indicators in force, and a register small enough to count by hand."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.integration.board.registers import OTHER_TOWN, TOWN, load_shops

from fangxin.kernel.catalog import api as catalog


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> None:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.SIGNING_KEY_FILE = ""


@pytest.fixture
def rules(db: None) -> None:
    catalog.load_directory(path=Path(settings.STANDARDS_DIR), by=None)


@pytest.fixture
def shops(rules: None, office: Any) -> dict[str, int]:
    """Five rural shops: three of four reach the standard in one township, one of one in the other: 4/5 = 80 %."""
    return load_shops(4, town=TOWN, passed=3, by=office) | load_shops(1, town=OTHER_TOWN, passed=1, by=office)


@pytest.fixture
def client(office: Any, client_for: Any) -> Any:
    return client_for(office)

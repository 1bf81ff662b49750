"""The invented county gets an ordinance of its own: another province is another file, and nothing else."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fangxin.actions.small_operators.services import applications, deciding
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.registry import api as registry

ROOT = Path(__file__).parents[3]
TOWN = "990101100"
VILLAGE = "990101100201"
OTHER_TOWN = "990101200"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="session")
def invented_standards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules") / "standards"
    shutil.copytree(ROOT / "standards", folder)
    for name, old, new in (
        ("small_operators", 'divisions = ["41"]', 'divisions = ["99"]'),
        ("statutes", 'division = "41"', 'division = "99"'),
    ):
        for path in folder.glob(f"{name}/henan*.toml"):
            text = path.read_text(encoding="utf-8").replace("-41", "-99")
            path.with_name(path.name.replace("henan", "cloud-ridge")).write_text(
                text.replace(old, new), encoding="utf-8"
            )
    return folder


@pytest.fixture(autouse=True)
def own_ordinance(settings: Any, invented_standards: Path) -> None:
    settings.STANDARDS_DIR = invented_standards


@pytest.fixture
def values() -> Callable[..., dict[str, Any]]:
    """What an applicant fills in."""

    def make(kind: str = "small_shop", **more: Any) -> dict[str, Any]:
        stall = kind == "stall"
        filled = {
            "kind": kind, "division_code": VILLAGE, "holder_name": "石门镇老魏经营部",
            "operator_kind": "individual" if stall else "self_employed",
            "uscc": "" if stall else make_credit_code(division="410101", serial=31), "principal": "魏某",
            "phone": "13800000001", "sign_name": "老魏便民店", "address": "石门镇解放路12号", "products": "糕点\n散装食品",
            "water": "public" if kind == "small_workshop" else "",
        }  # fmt: skip
        return filled | more

    return make


@pytest.fixture
def hand_in(values: Any) -> Callable[..., Any]:
    """An application on the desk, with all its papers unless some are left out."""

    def make(
        by: Any, kind: str = "small_shop", *, without: tuple[str, ...] = (), agency: Any = None, **more: Any
    ) -> Any:
        row = applications.draft(purpose="new", by=by, agency=agency, **values(kind, **more))
        for paper in applications.papers_of(row):
            if paper.given == "file" and paper.code not in without:
                applications.add_paper(
                    application=row,
                    document=paper.code,
                    name=f"{paper.code}.pdf",
                    content=PDF + paper.code.encode(),
                    by=by,
                )
        return applications.submit(application=row, by=by)

    return make


@pytest.fixture
def issued(hand_in: Any, department: Any) -> Callable[..., Any]:
    """An application that was granted at the counter."""

    def make(kind: str = "small_shop", by: Any = None, **more: Any) -> Any:
        row = hand_in(by or department, kind, **more)
        deciding.accept(application=row, by=department)
        return deciding.issue_on_the_spot(application=row, by=department)

    return make


@pytest.fixture
def stall(office: Any) -> Callable[..., Any]:
    """A stall of the register with its card."""

    def make(name: str, division_code: str = VILLAGE, **more: Any) -> Any:
        owner = registry.register_operator(name=name, kind="individual", division_code=division_code, by=office)
        place = registry.register_premises(
            operator=owner, name=name, kind="stall", division_code=division_code, by=office, **more
        )
        registry.issue_credential(
            premises=place, kind="stall_card", number=f"TD-{place.pk}", issued_on=date(2022, 3, 1), by=office
        )
        return place

    return make

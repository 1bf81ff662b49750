"""`fangxin init`: rules, divisions, one administrator, a plan as a draft; twice is as good as once."""

import argparse
from pathlib import Path

import pytest

from fangxin.kernel.people import api as people
from fangxin.oversight.plans.models import Plan
from fangxin.surfaces.cli import init

pytestmark = pytest.mark.django_db
PLAN = next((Path(__file__).parents[3] / "standards/plans").glob("*.toml"))


def _fill(plan: str | None = None) -> int:
    return init._fill(argparse.Namespace(division=None, administrator="admin", plan=plan))


def test_no_password_is_invented(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(init.PASSWORD_VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert _fill() == 2
    assert init.PASSWORD_VARIABLE in capsys.readouterr().err
    assert not people.User.objects.exists()


def test_the_first_administrator_manages_accounts_and_no_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(init.PASSWORD_VARIABLE, "Long-enough-2024")
    assert (_fill(), _fill()) == (0, 0)
    user = people.User.objects.get()
    assert user.can("people.manage")
    assert not user.can("registry.view")
    assert user.must_change_password
    assert people.Division.objects.count() == 23


def test_a_plan_is_kept_as_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(init.PASSWORD_VARIABLE, "Long-enough-2024")
    assert _fill(str(PLAN)) == 0
    assert Plan.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("name", "text", "code"), [("absent.txt", None, 2), ("news.txt", "今天天气很好。", 1), ("x.toml", "id = 3", 1)]
)
def test_what_is_no_plan_is_refused(
    name: str, text: str | None, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(init.PASSWORD_VARIABLE, "Long-enough-2024")
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert _fill(str(tmp_path / name)) == code
    assert not Plan.objects.exists()

"""`fangxin plan read`: the result on standard output, everything else on standard error, and the exit code."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.unit.plans.samples import CITY, CLEAN
from tests.unit.plans.word_files import from_text

from fangxin.engines.plans import DefectKind, Refusal, Unreadable
from fangxin.surfaces.cli import main, plan

KEYS = [
    "title",
    "document_number",
    "issuer",
    "issued_on",
    "period",
    "based_on",
    "actions",
    "goals",
    "deadlines",
    "defects",
    "sources",
]


def run(capsysbinary: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, str, str]:
    try:
        code = main(["plan", "read", *words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsysbinary.readouterr()
    return code, out.decode(), err.decode()


def test_json_has_the_keys_of_the_contract(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(CLEAN.text, encoding="utf-8")
    code, out, err = run(capsysbinary, str(path), "--json")
    got = json.loads(out)
    assert (code, err) == (0, "")
    assert list(got) == KEYS
    assert list(got["period"]) == ["start", "end"]
    assert list(got["actions"][0]) == ["number", "title", "lead", "cooperating", "townships", "measures"]
    assert list(got["goals"][0]) == ["action", "text", "metric", "comparison", "value", "unit", "due"]
    assert list(got["deadlines"][0]) == ["kind", "date", "month_day", "what", "who"]
    assert list(got["defects"][0]) == ["kind", "quote"]
    assert got["goals"][0]["value"] == 95
    assert list(got["sources"]["/title"]) == ["offset", "quote"]


def test_word_and_gzip_give_the_same_as_text(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    answers = []
    for name, data in (
        ("a.txt", CITY.text.encode()),
        ("a.docx", from_text(CITY.text)),
        ("a.txt.gz", gzip.compress(CITY.text.encode())),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        code, out, _ = run(capsysbinary, str(path), "--json")
        assert code == 0
        got = json.loads(out)
        answers.append({key: got[key] for key in KEYS if key not in ("sources", "defects")})
    assert answers[0] == answers[1] == answers[2]


def test_without_json_a_person_can_read_it(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(CLEAN.text, encoding="utf-8")
    code, out, _ = run(capsysbinary, str(path))
    assert code == 0
    assert "牵头：县卫健委；配合：县农业农村局、县市场监管局" in out
    assert "每年 06-20：各牵头单位，工作总结" in out
    assert "百分比超过 100%" in out


def test_another_text_is_refused_with_one(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "news.txt"
    path.write_text("今天下雨。", encoding="utf-8")
    code, out, err = run(capsysbinary, str(path), "--json")
    assert (code, out) == (1, "")
    assert err.startswith("没有读取：")


@pytest.mark.parametrize("content", [None, b"\x89PNG\x00\x00"], ids=["missing", "picture"])
def test_an_unreadable_file_is_misuse(
    content: bytes | None, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "x.txt"
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(capsysbinary, str(path))
    assert (code, out) == (2, "")
    assert err.strip()


def test_an_unknown_option_is_misuse(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(capsysbinary, "x.txt", "--jsom")[0] == 2


def test_every_reason_has_its_words() -> None:
    assert set(plan._REFUSALS) == set(Refusal)
    assert set(plan._UNREADABLE) == set(Unreadable)
    assert set(plan._DEFECTS) == set(DefectKind)

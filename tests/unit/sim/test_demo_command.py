"""`fangxin demo` never leaves half a county and never touches what is no demonstration."""

import subprocess
from pathlib import Path

import pytest

from fangxin.surfaces.cli import demo, main


def _whole(folder: Path) -> None:
    (folder / "sim").mkdir(parents=True)
    (folder / "sim" / "truth.json").write_text("{}", encoding="utf-8")


def _builder(whole: bool, code: int):  # type: ignore[no-untyped-def]
    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--build-into") + 1])
        (folder / "fangxin.sqlite3").write_text("half", encoding="utf-8")
        if whole:
            _whole(folder)
        return subprocess.CompletedProcess(command, code)

    return run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FANGXIN_DEMO", "FANGXIN_TODAY", "FANGXIN_SIGNING_KEY", "FANGXIN_DATABASE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("FANGXIN_DATA_DIR", str(tmp_path / "demo"))
    return tmp_path / "demo"


def test_a_cut_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.subprocess, "run", _builder(whole=False, code=-9))
    assert main(["demo", "--no-serve"]) != 0
    assert list(folder.parent.iterdir()) == []


def test_a_whole_county_is_moved_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo.subprocess, "run", _builder(whole=True, code=0))
    assert main(["demo", "--no-serve"]) == 0
    assert (folder / "fangxin.sqlite3").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["demo"]
    assert "office" in capsys.readouterr().out


def test_a_county_that_is_there_is_used_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _whole(folder)
    monkeypatch.setattr(demo.subprocess, "run", _builder(whole=False, code=1))
    assert main(["demo", "--no-serve"]) == 0


def test_a_cut_while_making_afresh_keeps_the_county_of_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _whole(folder)
    monkeypatch.setattr(demo.subprocess, "run", _builder(whole=False, code=-9))
    assert main(["demo", "--no-serve", "--fresh"]) != 0
    assert (folder / "sim" / "truth.json").exists()


def test_a_folder_with_other_things_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "fangxin.sqlite3").write_text("real", encoding="utf-8")
    monkeypatch.setattr(demo.subprocess, "run", _builder(whole=True, code=0))
    assert main(["demo", "--no-serve", "--fresh"]) == 2
    assert (folder / "fangxin.sqlite3").read_text(encoding="utf-8") == "real"


def test_a_scale_that_makes_no_sense_is_misuse() -> None:
    assert main(["demo", "--scale", "0"]) == 2
    assert main(["demo", "--scale", "100000"]) == 2

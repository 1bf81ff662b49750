import gzip
import json
import stat
import subprocess
import sys

import pytest
from tests.unit.sampling.invented import PUBLIC, SALT, SEED, plan_values

from fangxin.engines.sampling import Bar, Difference, PlanFault, Reason
from fangxin.surfaces.cli import draw as command
from fangxin.surfaces.cli import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "plan.json", plan_values())
    write(tmp_path / "seed.json", {"seed": SEED.hex(), "salt": SALT.hex()})
    return tmp_path


def write(path, values):
    data = json.dumps(values, ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def run_draw(*options, plan="plan.json", out="result.json"):
    return main(["draw", "run", plan, "--out", out, "--seed-file", "seed.json", "--public", PUBLIC, *options])


def test_run_and_verify(folder, capsys):
    assert run_draw() == 0
    out, err = capsys.readouterr()
    assert out.startswith("40 个对象中抽取 9 个，结果摘要 ")
    assert (out.count("\n"), err) == (1, "")
    assert main(["draw", "verify", "result.json"]) == 0
    out, err = capsys.readouterr()
    assert out == "已复现：2023年第二季度双随机抽查，40 个对象中抽取 9 个。\n"
    assert "--announced" in err


def test_packed_files_are_read_and_written(folder):
    write(folder / "plan.json.gz", plan_values())
    assert run_draw(plan="plan.json.gz", out="result.json.gz") == 0
    assert main(["draw", "verify", "result.json.gz"]) == 0
    assert run_draw() == 0
    assert gzip.decompress((folder / "result.json.gz").read_bytes()) == (folder / "result.json").read_bytes()


def test_the_plan_may_reveal_its_own_seed(folder):
    reveal = {"seed": SEED.hex(), "salt": SALT.hex(), "public_value": PUBLIC}
    write(folder / "open.json", plan_values() | {"reveal": reveal})
    assert run_draw() == 0
    assert main(["draw", "run", "open.json", "--out", "open-result.json"]) == 0
    assert (folder / "open-result.json").read_bytes() == (folder / "result.json").read_bytes()


def test_without_a_seed_none_is_made(folder, capsys):
    assert main(["draw", "run", "plan.json", "--out", "result.json", "--public", PUBLIC]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "不自行生成种子" in err
    assert not (folder / "result.json").exists()


def test_without_a_public_value_nothing_is_drawn(folder, capsys):
    for options in ([], ["--public", " "]):
        assert main(["draw", "run", "plan.json", "--out", "r.json", "--seed-file", "seed.json", *options]) == 2
        assert "--public" in capsys.readouterr().err
    assert not (folder / "r.json").exists()


def test_another_seed_than_the_committed_one_is_refused(folder, capsys):
    write(folder / "seed.json", {"seed": SALT.hex(), "salt": SEED.hex()})
    assert run_draw() == 1
    assert "承诺" in capsys.readouterr().err
    assert not (folder / "result.json").exists()


def test_a_plan_that_is_wrong_is_refused_field_by_field(folder, capsys):
    write(folder / "plan.json", plan_values(team_size=1, title=""))
    assert run_draw() == 1
    assert capsys.readouterr().err.splitlines() == [
        "抽查计划不成立，没有抽取。",
        "/title：不能为空。",
        "/team_size：超出允许的范围（1）。",
    ]
    write(folder / "plan.json", plan_values() | {"reveal": {"sede": "x"}})
    assert run_draw() == 1
    assert "（sede）" in capsys.readouterr().err


def test_a_changed_file_is_not_reproduced_and_the_place_is_named(folder, capsys):
    run_draw()
    path = folder / "result.json"
    values = json.loads(path.read_text())
    values["targets"][4]["drawn"] = not values["targets"][4]["drawn"]
    path.write_text(json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
    capsys.readouterr()
    assert main(["draw", "verify", "result.json"]) == 1
    out, err = capsys.readouterr()
    assert out == "未能复现\n"
    assert err.startswith("/targets/4/drawn：重算结果与文件不一致，应为 ")
    path.write_bytes(b"")
    assert main(["draw", "verify", "result.json"]) == 2


def test_the_announced_digest_is_what_verify_compares(folder, capsys):
    assert main(["draw", "announce", "plan.json"]) == 0
    announced = json.loads(capsys.readouterr().out)
    assert set(announced) == {"title", "plan_digest", "commitment", "public_source"}
    run_draw()
    assert main(["draw", "verify", "result.json", "--announced", announced["plan_digest"]]) == 0
    assert main(["draw", "verify", "result.json", "--announced", "0" * 64]) == 1
    assert "不是事先公布的那一份" in capsys.readouterr().err


def test_commit_keeps_the_seed_to_its_owner_and_never_overwrites_one(folder, capsys):
    assert main(["draw", "commit", "new.json"]) == 0
    commitment = capsys.readouterr().out.strip()
    assert stat.S_IMODE((folder / "new.json").stat().st_mode) == 0o600
    before = (folder / "new.json").read_bytes()
    assert main(["draw", "commit", "new.json"]) == 2
    assert (folder / "new.json").read_bytes() == before
    write(folder / "plan.json", plan_values(commitment=commitment))
    assert run_draw("--seed-file", "new.json") == 0


def test_a_target_without_inspectors_is_said_on_the_side_and_is_an_answer(folder, capsys):
    write(folder / "plan.json", plan_values(inspectors=1))
    assert run_draw() == 0
    err = capsys.readouterr().err
    assert err.count("无法配齐检查人员") == 9
    assert "需要 2 人" in err
    assert len(json.loads((folder / "result.json").read_text())["unserved"]) == 9


def test_what_cannot_be_read_or_written_is_misuse(folder, capsys):
    (folder / "broken.gz").write_bytes(gzip.compress(b"{}" * 99)[:-9])
    (folder / "text.json").write_text("no json")
    for name in ("absent.json", "broken.gz", "text.json", "."):
        assert run_draw(plan=name) == 2
        assert main(["draw", "verify", name]) == 2
    assert run_draw(out="absent/result.json") == 2
    assert run_draw("--seed-file", "text.json") == 2
    assert capsys.readouterr().out == ""


def test_every_token_has_its_sentence():
    assert set(command._FAULTS) == set(PlanFault)
    assert set(command._DIFFERENCES) == set(Difference)
    assert set(command._REASONS) == set(Reason)
    assert set(command._BARS) == set(Bar)


def test_the_command_needs_no_django():
    code = "import sys; import fangxin.surfaces.cli.draw; sys.exit('django' in sys.modules)"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0

import argparse
import subprocess
import sys
from datetime import date

import pytest

from fangxin.engines.evidence import new_signing_key
from fangxin.engines.indicators import ProofFault, ProofHeader, Row, publish, seal_gzip, tally, write_proof
from fangxin.engines.indicators.reading import read_definitions
from fangxin.surfaces.cli import indicators

PRIVATE, PUBLIC = new_signing_key()
DEFINITIONS = read_definitions(
    [{"code": "A", "name": "a", "subject": "shop", "denominator": "True", "numerator": "passed"}]
)
ROWS = [Row(str(n), "990101100001", {"passed": n < 4}) for n in range(6)]


@pytest.fixture
def proof():
    figure = publish(DEFINITIONS[0], "990101", tally(DEFINITIONS[0], ROWS))
    header = ProofHeader("安平县", date(2024, 9, 25), {"990101": "安平县"}, DEFINITIONS)
    return b"".join(write_proof(header, [figure], {"shop": ROWS}, private_key_pem=PRIVATE))


@pytest.fixture
def run(tmp_path, capsys):
    def run(data, *options):
        path = tmp_path / "proof"
        if data is not None:
            path.write_bytes(data)
        parser = argparse.ArgumentParser()
        indicators.register(parser.add_subparsers())
        args = parser.parse_args(["indicators", "verify", str(path), *options])
        return args.run(args), *capsys.readouterr()

    return run


def test_a_proof_that_holds_ends_with_0_and_one_line(run, proof, tmp_path):
    key = tmp_path / "key.pem"
    key.write_bytes(PUBLIC)
    for data in (proof, b"".join(seal_gzip([proof]))):
        code, out, err = run(data, "--key", str(key))
        assert code == 0
        assert out.startswith("成立：安平县 截至 2024-09-25 公布的 1 个指标值，1 个由 6 行记录重新算出且一致，")
        assert out.count("\n") == 1
        assert "相符" in err


def test_without_a_key_it_says_what_was_not_shown(run, proof):
    code, _, err = run(proof)
    assert code == 0
    assert "--key" in err


def test_a_changed_bit_ends_with_1_and_names_the_place(run, proof):
    code, out, err = run(proof.replace(b'"passed":false', b'"passed":true', 1))
    assert (code, out) == (1, "不成立\n")
    assert err == "第 7 行：内容与写出时不一致。\n"


def test_the_key_of_another_county_ends_with_1(run, proof, tmp_path):
    key = tmp_path / "key.pem"
    key.write_bytes(new_signing_key()[1])
    code, out, err = run(proof, "--key", str(key))
    assert (code, out) == (1, "不成立\n")
    assert "另一把密钥" in err


def test_what_cannot_be_read_ends_with_2(run, proof, tmp_path):
    key = tmp_path / "key.pem"
    key.write_bytes(b"no key")
    assert run(None)[0] == 2
    assert run(proof, "--key", str(key))[0] == 2
    assert run(proof, "--key", str(tmp_path / "absent"))[0] == 2
    code, out, err = run(proof, "--key", str(tmp_path))
    assert (code, out) == (2, "")
    assert "无法读取" in err


def test_every_fault_has_its_sentence():
    assert set(indicators._FAULTS) == set(ProofFault)


def test_a_wrong_figure_is_named_with_both_values():
    problem = indicators.ProofProblem(
        ProofFault.FIGURE_DIFFERS, code="A", division="990101", part="numerator", expected="4", found="5"
    )
    assert indicators.describe(problem) == (
        "指标 A（区划 990101）：公布值与重新计算的结果不一致，分子应为 4，文件中为 5。"
    )


def test_the_command_needs_no_django():
    code = "import sys; import fangxin.surfaces.cli.indicators; sys.exit('django' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False).returncode
        == 0
    )

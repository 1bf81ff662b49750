"""`fangxin indicators verify FILE`: check a proof file anywhere, without database, settings or network."""

import argparse
import sys
from pathlib import Path

from fangxin.engines.evidence import SigningKeyError
from fangxin.engines.indicators import Authenticity, ProofFault, ProofProblem, ProofReport, verify_proof

_FAULTS = {
    ProofFault.CONTAINER: "压缩包与写出时不一致",
    ProofFault.CHANGED: "内容与写出时不一致",
    ProofFault.CUT_OFF: "文件不完整，后面的内容缺失",
    ProofFault.TOO_LARGE: "超出允许的大小",
    ProofFault.NOT_A_PROOF: "不是指标证明文件",
    ProofFault.WRONG_SHAPE: "内容不符合证明文件的格式",
    ProofFault.OUT_OF_ORDER: "内容的次序不对或有重复",
    ProofFault.FIGURE_DIFFERS: "公布值与重新计算的结果不一致",
    ProofFault.SUMS_DIFFER: "末行的合计与全文不一致",
    ProofFault.CHECKPOINT_INVALID: "留痕检查点的签名不成立",
    ProofFault.SIGNATURE_INVALID: "签名不成立",
    ProofFault.NOT_SIGNED: "文件没有签名，无法用给出的公钥核对",
    ProofFault.OTHER_KEY: "文件由另一把密钥签名",
}
_PARTS = {
    "formula": "公式版本",
    "rows": "记录数",
    "inputs": "记录摘要",
    "numerator": "分子",
    "denominator": "分母",
    "value": "指标值",
    "figures": "指标值个数",
    "digest": "全文摘要",
    "format": "格式版本",
}
_TOKENS = {"verified": "核实标记", "status": "达标结论"}
_AUTHENTICITY = {
    Authenticity.CONFIRMED: "签名与给出的公钥相符。",
    Authenticity.EMBEDDED_KEY: "签名只对照了文件自带的公钥，只说明文件前后一致；"
    "要确认由谁公布，请用 --key 给出从公布单位另行取得的公钥。",
    Authenticity.UNSIGNED: "文件没有签名，只说明文件前后一致，不能说明由谁公布。",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `indicators` with its sub-commands; the chosen one is found as `args.run`."""
    parser = subparsers.add_parser("indicators", help="指标：核验证明文件")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="由记录重新计算每个公布值，核对摘要和签名")
    verify.add_argument("file", metavar="FILE", help="证明文件（.jsonl 或 .gz）")
    verify.add_argument("--key", metavar="PUBLIC.pem", help="公布单位的公钥；给出后文件必须由它签名")
    verify.set_defaults(run=run_verify)


def run_verify(args: argparse.Namespace) -> int:
    """0 the file holds, 1 it does not, 2 it or the key cannot be read."""
    try:
        key = Path(args.key).read_bytes() if args.key else None
        with Path(args.file).open("rb") as stream:
            report = verify_proof(stream, key)
    except OSError as error:
        print(
            f"无法读取 {error.filename or args.file}：{error.strerror}。请检查文件是否存在、能否打开。", file=sys.stderr
        )
        return 2
    except SigningKeyError:
        print(f"{args.key} 不是可用的公钥。请使用 Ed25519 公钥的 PEM 文件。", file=sys.stderr)
        return 2
    return _tell(report)


def _tell(report: ProofReport) -> int:
    if report.problem is not None:
        print("不成立")
        print(describe(report.problem), file=sys.stderr)
        return 1
    stated = report.figures - report.recounted
    print(
        f"成立：{report.platform} 截至 {report.as_of} 公布的 {report.figures} 个指标值，"
        f"{report.recounted} 个由 {report.rows} 行记录重新算出且一致，{stated} 个为签报值或节点事项，未重新计算。"
    )
    print(_AUTHENTICITY[report.authenticity], file=sys.stderr)
    return 0


def describe(problem: ProofProblem) -> str:
    """What does not hold and where, in one sentence."""
    where = f"第 {problem.line} 行：" if problem.line else ""
    if problem.code:
        where = f"指标 {problem.code}（区划 {problem.division or '全部'}）：{where}"
    sentence = f"{where}{_FAULTS[problem.fault]}"
    if problem.part in _PARTS:
        sentence += f"，{_PARTS[problem.part]}应为 {problem.expected or '空'}，文件中为 {problem.found or '空'}"
    elif problem.part in _TOKENS:
        sentence += f"，{_TOKENS[problem.part]}不一致"
    return f"{sentence}。"

"""`fangxin draw commit|announce|run|verify`: the replayable draw from files, without database, settings or network."""

import argparse
import gzip
import json
import os
import secrets
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fangxin.engines.sampling import (
    SECRET_BYTES,
    Bar,
    CommitmentDiffers,
    Difference,
    DrawPlan,
    DrawResult,
    FirstDifference,
    NotAResult,
    PlanFault,
    PlanProblem,
    PlanRefused,
    Reason,
    Unserved,
    commitment_of,
    draw,
    is_public_value,
    parse_json,
    plan_digest,
    plan_from,
    result_digest,
    secret_from,
    verify_result,
    write_result,
)

DONE, REFUSED, MISUSE = 0, 1, 2
MAX_BYTES = 512 * 1024**2

_FAULTS = {
    PlanFault.MISSING: "缺少这一项",
    PlanFault.UNKNOWN_KEY: "不认识这一项，请检查写法",
    PlanFault.WRONG_KIND: "值的类型不对",
    PlanFault.EMPTY: "不能为空",
    PlanFault.OUT_OF_RANGE: "超出允许的范围",
    PlanFault.TOO_PRECISE: "小数超过六位",
    PlanFault.NOT_A_CHOICE: "不在可选的值之内",
    PlanFault.NOT_HEX: "应为 64 位十六进制摘要",
    PlanFault.REPEATED: "重复出现",
    PlanFault.NO_SUCH_TARGET: "回避的对象不在名单内",
    PlanFault.QUOTA_FORM: "名额应写明 counts、rates（加 rounding）、shares（加 total）三种中的一种",
    PlanFault.QUOTA_MISSING: "这一层没有名额，其中的对象没有机会被抽到；请给出至少 1 个名额，或把这些对象移出名单",
    PlanFault.QUOTA_WITHOUT_TARGETS: "有名额，但名单内没有这一层的对象",
    PlanFault.QUOTA_TOO_LARGE: "名额多于名单内的对象",
    PlanFault.SHARES_NOT_ONE: "各层份额之和应为 1",
    PlanFault.TOTALS_DIFFER: "两种名额的总数不相等",
    PlanFault.IMPOSSIBLE_TOGETHER: "两种名额无法同时满足，这一层还差",
    PlanFault.TOO_MANY_QUOTAS: "最多按两种口径同时设名额，且 all 只能单独使用",
}
_DIFFERENCES = {
    Difference.VALUE: "重算结果与文件不一致",
    Difference.MISSING: "文件中缺少这一项",
    Difference.SURPLUS: "文件中多出这一项",
    Difference.PLAN_REFUSED: "文件中的抽查计划不成立",
    Difference.COMMITMENT: "公开的种子与事先公布的承诺不符",
    Difference.NOT_ANNOUNCED: "文件中的抽查计划不是事先公布的那一份",
    Difference.FORM: "内容一致，但文件的写法被改动过",
}
_REASONS = {
    Reason.TOO_FEW_ALLOWED: "可以派出的检查人员不足",
    Reason.NO_VISITS_LEFT: "可以派出的检查人员次数已满，且无法调换",
}
_BARS = {Bar.RECUSED: "回避", Bar.OWN_TOWNSHIP: "属地", Bar.LAST_VISIT: "上次检查过"}


class _Stop(Exception):
    """End with this code, having said this."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `draw` with its sub-commands."""
    commands = subparsers.add_parser("draw", help="双随机抽查").add_subparsers(required=True, metavar="COMMAND")
    commit = commands.add_parser("commit", help="生成新的种子文件（保密保存），输出应事先公布的承诺")
    commit.add_argument("file", metavar="SEED.json")
    commit.set_defaults(work=run_commit)
    announce = commands.add_parser("announce", help="输出应在公共随机值产生之前公布的内容")
    announce.add_argument("file", metavar="PLAN.json")
    announce.set_defaults(work=run_announce)
    run_parser = commands.add_parser("run", help="抽取对象和检查人员，写出任何人都能复核的结果文件")
    run_parser.add_argument("file", metavar="PLAN.json")
    run_parser.add_argument("--out", required=True, metavar="FILE", help="结果文件（.gz 则压缩）")
    run_parser.add_argument("--seed-file", metavar="SEED.json", help="draw commit 写出的种子文件")
    run_parser.add_argument("--public", metavar="TEXT", help="公共随机值，按公布的原文")
    run_parser.set_defaults(work=run_draw)
    verify = commands.add_parser("verify", help="只凭结果文件重新抽取，逐项核对")
    verify.add_argument("file", metavar="FILE")
    verify.add_argument("--announced", metavar="DIGEST", default="", help="事先公布的计划摘要")
    verify.set_defaults(work=run_verify)
    for parser in (commit, announce, run_parser, verify):
        parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 done, 1 refused or not reproduced, 2 misuse or unreadable."""
    try:
        return int(args.work(args))
    except _Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except OSError as error:
        print(f"无法读写 {error.filename or args.file}：{error.strerror}。请检查路径和权限。", file=sys.stderr)
        return MISUSE


def run_commit(args: argparse.Namespace) -> int:
    seed, salt = secrets.token_bytes(SECRET_BYTES), secrets.token_bytes(SECRET_BYTES)
    text = json.dumps({"seed": seed.hex(), "salt": salt.hex()}) + "\n"
    try:
        target = os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # A seed that somebody committed to is never overwritten.
        raise _Stop(MISUSE, f"{args.file} 已存在。请换一个文件名。") from None
    with os.fdopen(target, "w", encoding="utf-8") as file:
        file.write(text)
    print(commitment_of(seed, salt))
    print("抽查计划写入上面的承诺并公布计划摘要（draw announce）；种子文件在抽取之前不得公开。", file=sys.stderr)
    return DONE


def run_announce(args: argparse.Namespace) -> int:
    plan, _ = _read_plan(args.file)
    values = {
        "title": plan.title,
        "plan_digest": plan_digest(plan),
        "commitment": plan.commitment,
        "public_source": plan.public_source,
    }
    _print(json.dumps(values, ensure_ascii=False, indent=1))
    return DONE


def run_draw(args: argparse.Namespace) -> int:
    plan, reveal = _read_plan(args.file)
    if args.seed_file:
        kept = _parse(args.seed_file)
        reveal = {**reveal, **(kept if isinstance(kept, Mapping) else {})}
    seed, salt = secret_from(reveal.get("seed")), secret_from(reveal.get("salt"))
    if seed is None or salt is None:
        raise _Stop(
            MISUSE,
            "没有可用的种子。本命令不自行生成种子：请先用 draw commit 生成并公布承诺，"
            "抽取时用 --seed-file 给出种子文件，或写在计划的 reveal 中（seed、salt 各 64 位小写十六进制）。",
        )
    public = args.public if args.public is not None else reveal.get("public_value")
    if not isinstance(public, str) or not is_public_value(public):
        raise _Stop(MISUSE, "没有公共随机值，或其首尾有空格。请用 --public 按公布的原文给出。")
    try:
        result = draw(plan, seed=seed, salt=salt, public=public)
    except PlanRefused as refused:
        raise _refusal(refused) from None
    except CommitmentDiffers:
        raise _Stop(REFUSED, "种子与计划中的承诺不符，没有抽取。请使用作出承诺时的种子文件。") from None
    _write(Path(args.out), write_result(result))
    _tell(result)
    return DONE


def run_verify(args: argparse.Namespace) -> int:
    data = _read(args.file)
    try:
        checked = verify_result(data, announced=args.announced)
    except NotAResult:
        raise _Stop(MISUSE, f"{args.file} 不是抽取结果文件。") from None
    if checked.difference is not None:
        _print("未能复现")
        raise _Stop(REFUSED, describe(checked.difference))
    if checked.result is not None:
        result = checked.result
        _print(f"已复现：{result.plan.title}，{len(result.targets)} 个对象中抽取 {len(result.drawn)} 个。")
        print(f"计划摘要 {result.plan_digest}，承诺 {result.plan.commitment}", file=sys.stderr)
    if not args.announced:
        print("这只说明文件前后一致；是否即事先公布的计划，请用 --announced 给出公布过的计划摘要。", file=sys.stderr)
    return DONE


def describe(difference: FirstDifference) -> str:
    """The first difference in one sentence."""
    if difference.kind is Difference.FORM:
        return f"{_DIFFERENCES[difference.kind]}，从第 {difference.pointer} 字节开始。"
    sentence = f"{difference.pointer or '/'}：{_DIFFERENCES[difference.kind]}"
    if difference.kind is Difference.PLAN_REFUSED:
        reason = _FAULTS[PlanFault(difference.expected)]
        return f"{sentence}，{reason}{f'（{difference.found}）' if difference.found else ''}。"
    if difference.kind in (Difference.VALUE, Difference.NOT_ANNOUNCED):
        sentence += f"，应为 {difference.expected or '空'}，文件中为 {difference.found or '空'}"
    return f"{sentence}。"


def _read_plan(name: str) -> tuple[DrawPlan, Mapping[str, Any]]:
    """The plan, and what the file reveals besides."""
    values = _parse(name)
    reveal: Any = {}
    if isinstance(values, Mapping) and "reveal" in values:
        reveal = values["reveal"]
        values = {key: value for key, value in values.items() if key != "reveal"}
    strange = sorted(reveal.keys() - {"seed", "salt", "public_value"}) if isinstance(reveal, Mapping) else ["reveal"]
    if strange:
        raise _refusal(PlanRefused((PlanProblem("/reveal", PlanFault.UNKNOWN_KEY, strange[0]),)))
    try:
        return plan_from(values), reveal
    except PlanRefused as refused:
        raise _refusal(refused) from None


def _refusal(refused: PlanRefused) -> _Stop:
    lines = [
        f"{problem.pointer or '/'}：{_FAULTS[problem.fault]}{f'（{problem.found}）' if problem.found else ''}。"
        for problem in refused.problems
    ]
    return _Stop(REFUSED, "\n".join(["抽查计划不成立，没有抽取。", *lines]))


def _parse(name: str) -> Any:
    try:
        return parse_json(_read(name))
    except NotAResult:
        raise _Stop(MISUSE, f"{name} 不是 JSON 文件。") from None


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(name) if packed else Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _Stop(MISUSE, f"{name} 的压缩包已损坏。") from None
    if len(data) > MAX_BYTES:
        raise _Stop(MISUSE, f"{name} 超出允许的大小。")
    return data


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all. The same plan and seed give the same bytes, so an earlier file may be replaced."""
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(gzip.compress(data, mtime=0) if target.suffix == ".gz" else data)
    part.replace(target)


def _tell(result: DrawResult) -> None:
    _print(f"{len(result.targets)} 个对象中抽取 {len(result.drawn)} 个，结果摘要 {result_digest(result)}")
    for unserved in result.unserved:
        print(_unserved(unserved), file=sys.stderr)


def _unserved(unserved: Unserved) -> str:
    barred = "、".join(f"{_BARS[bar]} {count} 人" for bar, count in unserved.barred if count)
    return (
        f"{unserved.target} 已抽中但无法配齐检查人员：{_REASONS[unserved.reason]}，"
        f"需要 {unserved.needed} 人，可派 {unserved.allowed} 人{f'（{barred}）' if barred else ''}。"
        "请另行指定符合条件的检查人员。"
    )


def _print(text: str) -> None:
    # Bytes, so that the output is UTF-8 whatever the terminal believes.
    sys.stdout.buffer.write((text + "\n").encode())
    sys.stdout.buffer.flush()

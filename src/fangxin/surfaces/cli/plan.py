"""`fangxin plan read FILE [--json]`: what a plan document says, without database, settings or secret."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fangxin.engines.plans import (
    Comparison,
    Deadline,
    DefectKind,
    Goal,
    NotAPlan,
    PlanReading,
    Refusal,
    Unreadable,
    UnreadableFile,
    read_plan,
    read_text,
    to_json,
)
from fangxin.engines.plans.contract import plain_number

DONE, REFUSED, MISUSE = 0, 1, 2

_REFUSALS = {
    Refusal.EMPTY: "文件里没有文字。",
    Refusal.MARKUP: "文件是网页或其他标记文本，不是方案正文。请另存为 .txt 或 .docx 后再读。",
    Refusal.OTHER_DOCUMENT: "这是另一类文件（如通报、总结、解读、办法或日常检查计划），不是攻坚行动方案。",
    Refusal.OTHER_SUBJECT: "这份方案不是关于食品安全的。",
    Refusal.NO_PLAN_TITLE: "没有找到方案的标题。请确认文件包含方案正文。",
    Refusal.INSIDE_ONE_INSTITUTION: "这是一个单位内部的方案，不是县（市、区）的攻坚行动方案。",
    Refusal.NO_ACTIONS: "没有找到写明任务和责任单位的各项行动。请确认文件完整。",
}
_UNREADABLE = {
    Unreadable.TOO_LARGE: "文件太大，或文字超出一份方案的篇幅，没有读取。请只保留方案正文。",
    Unreadable.BROKEN: "文件已损坏，读不出文字。请重新保存后再试。",
    Unreadable.NOT_TEXT: "文件里不是文字。请提供 .txt 或 .docx 文件。",
    Unreadable.OLD_WORD: "这是旧版 Word 文件（.doc）。请用 Word 或 WPS 另存为 .docx 后再读。",
    Unreadable.PDF: "这是 PDF 文件。请先转换为 .docx 或 .txt 后再读。",
    Unreadable.UNKNOWN_ENCODING: "认不出文字编码。请另存为 UTF-8 编码的 .txt 后再读。",
}
_COMPARISONS = {
    Comparison.ABOVE: "超过",
    Comparison.AT_LEAST: "不低于",
    Comparison.EQUAL: "等于",
    Comparison.BELOW: "低于",
    Comparison.AT_MOST: "不超过",
    Comparison.DECLINE: "下降",
    Comparison.MILESTONE: "达成",
}
_DEFECTS = {
    DefectKind.PERCENT_ABOVE_HUNDRED: "百分比超过 100%",
    DefectKind.DECLINE_WITHOUT_BASE_YEAR: "写了下降，没有写与哪一年相比",
    DefectKind.CONTRADICTORY_BOUND: "界限前后矛盾",
    DefectKind.APPROXIMATE_VALUE: "数值只写了大约",
    DefectKind.ACTION_WITHOUT_UNIT: "行动没有写责任单位",
    DefectKind.SEVERAL_LEADS: "牵头单位不止一个",
    DefectKind.DUPLICATE_AGENCY: "同一单位重复出现",
    DefectKind.DUPLICATE_ACTION_NUMBER: "行动序号重复",
    DefectKind.MISSING_ACTION_NUMBER: "行动序号不连续",
    DefectKind.GOAL_COUNT_DIFFERS: "目标段数与行动数不一致",
    DefectKind.GOAL_DUE_BEFORE_ISSUE: "目标期限早于印发日期",
    DefectKind.DEADLINE_BEFORE_ISSUE: "报送期限早于印发日期",
}
_UNKNOWN = "未写明"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan read FILE [--json]` to the command."""
    plan = subparsers.add_parser("plan", help="读取攻坚行动方案")
    verbs = plan.add_subparsers(dest="verb", required=True)
    read = verbs.add_parser("read", help="读出方案的行动、单位、目标和期限")
    read.add_argument("file", metavar="FILE", help="方案文件：.txt、.docx，或其 .gz")
    read.add_argument("--json", action="store_true", help="输出 JSON")
    read.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the file and print the result; 0 done, 1 no such plan, 2 unreadable file."""
    path = Path(args.file)
    try:
        data = path.read_bytes()
    except OSError:
        return _say(MISUSE, f"打不开文件：{args.file}。请检查路径和权限。")
    try:
        reading = read_plan(read_text(data, path.name))
    except UnreadableFile as error:
        return _say(MISUSE, _UNREADABLE[error.reason])
    except NotAPlan as error:
        return _say(REFUSED, f"没有读取：{_REFUSALS[error.reason]}")
    text = json.dumps(to_json(reading), ensure_ascii=False, indent=2) if args.json else summarize(reading)
    # Bytes, so that the output is UTF-8 whatever the terminal believes.
    sys.stdout.buffer.write((text + "\n").encode())
    sys.stdout.buffer.flush()
    return DONE


def _say(code: int, message: str) -> int:
    print(message, file=sys.stderr)
    return code


def summarize(reading: PlanReading) -> str:
    """The reading as a page of Chinese for a person."""
    parts = [
        reading.title,
        "",
        f"文号：{reading.document_number or _UNKNOWN}",
        f"印发机关：{reading.issuer or _UNKNOWN}",
        f"成文日期：{reading.issued_on or _UNKNOWN}",
        f"期限：{reading.period.start or _UNKNOWN} 至 {reading.period.end or _UNKNOWN}",
        *(f"依据：{name}" for name in reading.based_on),
        "",
        f"行动（{len(reading.actions)} 项）",
        *_actions(reading),
        "",
        f"目标（{len(reading.goals)} 条）",
        *(_goal(g) for g in reading.goals),
        "",
        f"期限（{len(reading.deadlines)} 个）",
        *(_deadline(d) for d in reading.deadlines),
        "",
        f"文字上需要核实的地方（{len(reading.defects)} 处）",
        *(f"  {_DEFECTS[d.kind]}：{' '.join(d.quote.split())}" for d in reading.defects),
    ]
    return "\n".join(parts)


def _actions(reading: PlanReading) -> list[str]:
    lines = []
    for action in reading.actions:
        lines.append(f"  {action.number}. {action.title}（措施 {len(action.measures)} 条）")
        lower = "，下级政府参与" if action.townships else ""
        lines.append(f"     牵头：{action.lead or _UNKNOWN}；配合：{'、'.join(action.cooperating) or '无'}{lower}")
    return lines


def _goal(goal: Goal) -> str:
    owner = f"行动 {goal.action}" if goal.action is not None else "总体"
    due = f"，{goal.due} 前" if goal.due else ""
    if goal.comparison is Comparison.MILESTONE:
        return f"  [{owner}] {goal.text}（里程碑{due}）"
    value = f" {plain_number(goal.value)}{goal.unit or ''}" if goal.value is not None else ""
    return f"  [{owner}] {goal.metric}：{_COMPARISONS[goal.comparison]}{value}{due}"


def _deadline(deadline: Deadline) -> str:
    when = deadline.date or f"每年 {deadline.month_day}"
    return f"  {when}：{deadline.who or _UNKNOWN}，{deadline.what}"

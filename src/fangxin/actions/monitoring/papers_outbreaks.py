"""Papers of an investigation as .docx, and its line list as a sheet. A paper holds counts, never a person."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import analysis, grading, line_lists
from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.models import Investigation, OutbreakPaper
from fangxin.engines import papers
from fangxin.engines.outbreak.epidemiology import Estimate
from fangxin.engines.papers import Block, Heading, Paragraph, Table
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import to_xlsx, xlsx_response

Kind = OutbreakPaper.Kind
MOST_FOODS = 15


@transaction.atomic
def make(*, investigation: Investigation, kind: str, by: Any) -> OutbreakPaper:
    """Laid out from what is known now; earlier ones stay."""
    name = f"{investigation.number} {Kind(kind).label}.docx"
    file = ledger.store_evidence(name=name, content=_content(investigation, kind), by=by)
    row: OutbreakPaper = ledger.insert(
        OutbreakPaper(
            investigation=investigation, kind=kind, file=file, made_at=ledger.clock.now(), made_by=ledger.who(by)
        )
    )
    ledger.record("monitoring.outbreak_paper.made", of=investigation, by=by, data={"kind": kind, "digest": file.digest})
    return row


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def _content(row: Investigation, kind: str) -> bytes:
    to = [agency for party in ("health", "market") if (agency := rules.party(party, row.division_code)) is not None]
    recipients = tuple(a.name for a in to if a.pk != row.agency_id) or (row.agency.name,)
    try:
        return papers.render(
            papers.dispatch_paper(
                papers.Dispatch(row.agency.name, ledger.clock.today(), ""), form=papers.Form.LETTER,
                title=f"{row.title}{Kind(kind).label}", recipients=recipients, body=tuple(_body(row, kind)),
            )
        )  # fmt: skip
    except papers.PaperError as error:
        raise ledger.Refused(
            _("文书中有不能打印的内容（%(field)s：%(detail)s），请修改后再制作。")
            % {"field": error.field, "detail": error.detail or error.problem}
        ) from error


def _body(row: Investigation, kind: str) -> Iterable[Block]:
    yield Paragraph(f"调查编号：{row.number}。立项：{_day(row.opened_at)}。")
    yield Heading(1, "基本情况")
    yield from _facts(row)
    if kind in (Kind.VERIFICATION, Kind.PLAN, Kind.PRELIMINARY, Kind.FINAL):
        yield Heading(1, "信号和核实")
        yield from _signals(row)
    if kind in (Kind.PLAN, Kind.PRELIMINARY, Kind.FINAL):
        yield Heading(1, "病例定义")
        definition = line_lists.latest_definition(row)
        yield Paragraph(f"第 {definition.version} 版：{definition.text}" if definition else "尚未制定。")
    if kind in (Kind.PRELIMINARY, Kind.FINAL):
        yield from _findings(row)
    if kind in (Kind.PRELIMINARY, Kind.FINAL, Kind.NOTICE, Kind.CLOSING):
        yield Heading(1, "控制措施")
        yield from _measures(row)
    if kind in (Kind.FINAL, Kind.NOTICE, Kind.CLOSING):
        yield Heading(1, "结论")
        yield from papers.text_blocks(row.conclusion) or (Paragraph("尚无结论。"),)
    if kind == Kind.CLOSING:
        yield Heading(1, "办理经过")
        yield _steps(row)
        yield Heading(1, "报告和通报")
        yield _duties(row)
        yield Heading(1, "评估")
        yield from papers.text_blocks(row.assessment) or (Paragraph("尚未评估。"),)


def _day(moment: Any) -> str:
    return moment.astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%d %H:%M") if moment else "不详"


def _facts(row: Investigation) -> Iterable[Block]:
    yield Table(
        ("项目", "内容"),
        (
            ("场所", f"{row.get_setting_display()} {row.place}".strip()), ("可疑餐次", _day(row.meal_at)),
            ("暴露人数", "不详" if row.exposed is None else str(row.exposed)), ("发病人数", str(row.ill)),
            ("住院人数", str(row.hospitalised)), ("死亡人数", str(row.died)), ("可疑食品", row.food or "不详"),
            ("病原或毒物", row.agent or "不详"), ("引发因素", row.factor or "不详"),
            ("事故分级", grading.label(row.grade) if row.grade else "未分级"),
        ),
    )  # fmt: skip


def _signals(row: Investigation) -> Iterable[Block]:
    for signal in row.signals.all():
        yield Paragraph(f"{signal.number}（{signal.get_kind_display()}，{_day(signal.raised_at)}）：{signal.text}")
        yield Paragraph(f"核实：{signal.finding}")


def _findings(row: Investigation) -> Iterable[Block]:
    found = analysis.analyse(row)
    yield Heading(1, "流行病学分析")
    if found is None:
        yield Paragraph("没有个案一览表。")
        return
    counts = "，".join(f"{analysis.class_label(kind)} {found.count(kind)} 人" for kind in analysis.CASES)
    yield Paragraph(f"个案一览表第 {found.version} 版，共 {len(found.people)} 人：{counts}。")
    if found.symptoms:
        yield Paragraph("主要症状：" + "、".join(f"{name} {n} 人" for name, n in found.symptoms[:8]) + "。")
    if found.curve.bins:
        bins = "；".join(f"{_day(b.start)} 起 {b.cases} 例" for b in found.curve.bins if b.cases)
        yield Paragraph(f"流行曲线（每格 {found.curve.width} 小时）：{bins}。")
    if found.agents:
        yield Paragraph(
            "按潜伏期排列的可能病因：" + "、".join(f"{r.agent.name}（{r.share:.0%}）" for r in found.agents[:3]) + "。"
        )
    if found.foods:
        yield Table(
            ("食品", "吃了发病/未发病", "没吃发病/未发病", "RR（95% CI）", "OR（95% CI）", "Fisher P"),
            tuple(_food_line(t) for t in found.foods[:MOST_FOODS]),
        )


def _food_line(table: analysis.FoodTable) -> tuple[str, ...]:
    m = table.measures
    a, b, c, d = m.table.cells
    return table.food, f"{a}/{b}", f"{c}/{d}", ratio(m.risk_ratio), ratio(m.odds_ratio), f"{m.fisher_p:.4f}"


def ratio(found: Estimate | None) -> str:
    return "—" if found is None else f"{found.value:.2f}（{found.low:.2f}～{found.high:.2f}）"


def _measures(row: Investigation) -> Iterable[Block]:
    lines = [(m.get_kind_display(), m.text, m.get_state_display()) for m in row.measures.all()]
    yield Table(("措施", "内容", "状态"), tuple(lines)) if lines else Paragraph("没有登记措施。")


def _steps(row: Investigation) -> Block:
    labels = dict(Investigation.State.choices)
    return Table(
        ("时间", "步骤", "说明"),
        tuple((_day(s.at), str(labels[s.after]) + ("（撤回）" if s.undoes else ""), s.text) for s in row.steps.all()),
    )


def _duties(row: Investigation) -> Block:
    lines = [
        (d.text, d.recipient, _day(d.due_at), _day(d.told_at) if d.told_at else "未报告")
        for d in row.duties.exclude(state="cancelled")
    ]
    return Table(("事项", "对象", "时限", "报告时间"), tuple(lines)) if lines else Paragraph("没有报告责任。")


def line_list_sheet(row: Investigation, user: Any) -> HttpResponse:
    saved = row.line_lists.order_by("-version").first()
    columns = {**{key: str(label) for key, label in line_lists.COLUMNS.items()}}
    columns |= {line_lists.FOOD + food: food for food in (saved.foods if saved else ())}
    rows = ([line["cells"].get(key, "") for key in columns] for line in (saved.rows if saved else ()))
    name = _("%(number)s 个案一览表") % {"number": row.number}
    content = to_xlsx(list(columns.values()), rows, title=name)
    ledger.record("screens.exported", of=row, by=user, data={"list": name, "query": ""})
    return xlsx_response(name, content)

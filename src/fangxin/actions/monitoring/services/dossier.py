"""The dossier of a consultation (会商材料): what lies on the table, laid out as an official paper."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import describing, ranking, rules
from fangxin.actions.monitoring.models import Assessment, Consultation
from fangxin.engines import papers
from fangxin.engines.papers import Block, Heading, Paragraph, Table
from fangxin.kernel.ledger import api as ledger

MOST_RANKED = 15


@transaction.atomic
def make_dossier(*, consultation: Consultation, by: Any) -> Consultation:
    """Lay it out anew from what is known now; earlier ones stay among the evidence."""
    content = _content(consultation)
    name = f"{consultation.number} 风险会商材料.docx"
    consultation.dossier = ledger.store_evidence(name=name, content=content, by=by)
    consultation.save(update_fields=["dossier"])
    ledger.record(
        "monitoring.consultation.dossier_made", of=consultation, by=by, data={"digest": consultation.dossier.digest}
    )
    return consultation


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def _content(row: Consultation) -> bytes:
    agencies = [p.agency for p in row.participants.select_related("agency")]
    dispatch = papers.Dispatch(row.convened_by.name, ledger.clock.today(), "")
    try:
        return papers.render(
            papers.dispatch_paper(
                dispatch, form=papers.Form.LETTER, title=f"食品安全风险会商研判材料（{row.number}）",
                recipients=tuple(a.name for a in agencies if a.pk != row.convened_by_id) or (row.convened_by.name,),
                body=tuple(_body(row)),
            )
        )  # fmt: skip
    except papers.PaperError as error:
        raise rules.Refused(
            _("材料中有不能打印的内容（%(field)s：%(detail)s），请修改后再制作。")
            % {"field": error.field, "detail": error.detail or error.problem}
        ) from error


def _body(row: Consultation) -> list[Block]:
    return [
        Paragraph(f"会商事项：{row.title}。计划日期：{papers.format_date_zh(row.planned_on)}。"),
        Paragraph(str(describing.NOT_A_VERDICT)),
        Heading(1, "背景"),
        *(papers.text_blocks(row.background) or (Paragraph("没有填写。"),)),
        Heading(1, "风险信号"),
        *_signals(row),
        Heading(1, "膳食暴露评估"),
        *_assessments(row),
        Heading(1, "危害排序"),
        *_ranking(row),
        Heading(1, "各单位意见"),
        *_opinions(row),
        Heading(1, "结论和决定"),
        *_conclusion(row),
    ]


def _signals(row: Consultation) -> list[Block]:
    rows = tuple(
        (
            s.number, str(s.get_kind_display()), f"{s.text}{'核实：' + s.finding if s.finding else ''}",
            str(s.get_state_display()),
        )
        for s in row.signals.order_by("number")
    )  # fmt: skip
    if not rows:
        return [Paragraph("本次会商没有列入风险信号。")]
    return [Table(("编号", "类型", "情况", "状态"), rows, widths=(2, 2, 8, 2))]


def _assessments(row: Consultation) -> list[Block]:
    found = list(row.assessments.order_by("number"))
    if not found:
        return [Paragraph("本次会商没有列入暴露评估。")]
    return [block for assessment in found for block in _assessment(assessment)]


def _assessment(row: Assessment) -> list[Block]:
    found = row.results
    bounds = tuple(
        (str(describing.BOUNDS[name]), describing.figure(part["exposure"]), describing.meaning(part))
        for name, part in found["bounds"].items()
    )
    foods = found["foods"]
    shares = tuple(
        Decimal(str(round(100 * f["share"]["upper"], 1))) if f["share"]["upper"] is not None else None for f in foods
    )
    name = f"{rules.hazard_name(row.hazard)}，{rules.people_name(row.people)}（{row.number}）"
    return [
        Heading(2, name),
        Paragraph(
            f"采样时段 {row.since} 至 {row.until}，结果 {found['count']} 条，未定量 {describing.percent(found['censored_share'])}。"
            f"参考值：{rules.point(row.reference_point).label}。摄入量来源：{found['intake_source']}。"
        ),
        Table(("处理方式", "暴露（μg/kg体重/天）", "与参考值相比"), bounds, widths=(5, 4, 4)),
        Paragraph(describing.statement(row)),
        *(Paragraph(text) for text in describing.caveats(row)),
        papers.BarChart(
            title="各类食物的贡献（上限，%）",
            categories=tuple(rules.food_name(f["food"]) for f in foods),
            series=(papers.Series("贡献", shares),),
        ),
        Paragraph(f"输入摘要：{row.inputs_digest}。"),
    ]


def _ranking(row: Consultation) -> list[Block]:
    lines = ranking.rank(row.division_code, ledger.clock.today())[:MOST_RANKED]
    if not lines:
        return [Paragraph("没有可以排序的监测结果。")]
    rows = tuple(
        (
            str(place),
            f"{rules.food_name(line.ranked.food)}·{rules.hazard_name(line.ranked.hazard)}",
            f"{line.ranked.score:.1f}{'（暂定）' if line.ranked.provisional else ''}",
            "；".join(describing.factor(r) for r in line.ranked.reasons),
        )
        for place, line in enumerate(lines, start=1)
    )
    return [Table(("序号", "食物·危害物", "分值", "理由"), rows, widths=(1, 3, 2, 7))]


def _opinions(row: Consultation) -> list[Block]:
    rows = tuple(
        (p.agency.name, "已到会" if p.came else "未到会", p.opinion or "未记录意见")
        for p in row.participants.select_related("agency")
    )
    return [Table(("单位", "到会", "意见"), rows, widths=(4, 2, 7))] if rows else [Paragraph("没有参加单位。")]


def _conclusion(row: Consultation) -> list[Block]:
    if not row.conclusion:
        return [Paragraph("会商尚未形成结论。")]
    blocks: list[Block] = [Paragraph(f"风险研判：{row.get_level_display()}。"), *papers.text_blocks(row.conclusion)]
    rows = tuple(
        (d.text, d.owner.name, str(d.due_on), d.matter.number) for d in row.decisions.select_related("owner", "matter")
    )
    if rows:
        blocks.append(Table(("决定事项", "责任单位", "完成时限", "问题编号"), rows, widths=(6, 4, 2, 3)))
    return blocks

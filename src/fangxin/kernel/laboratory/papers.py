"""The laboratory's papers: test report, notice to those concerned, recall order."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import Notice, RecallOrder, Regime, Report, Test, Verdict, Whole
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.selectors_results import standing_verdicts
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


def document_number(mark: str, agency_id: int, on: date) -> str:
    """The next number of an agency under its mark (发文机关代字)."""
    mark = mark.strip()
    if not papers.is_document_number(papers.format_document_number(mark, on.year, 1)):
        raise Refused({"mark": _("发文代字只写机关代字，例如“某市监责改”，不要带括号、空格和年份。")})
    serial = ledger.next_number(f"paper:{agency_id}:{mark}"[:60], on.year)
    return papers.format_document_number(mark, on.year, serial)


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def test_report(report: Report, *, signed_by: str, on: date) -> bytes:
    """Every item with its limit and verdict; blind samples are told by their number only."""
    sample = report.sample
    tests = list(Test.objects.filter(sample=sample, state=Test.State.VERIFIED).order_by("pk"))
    verdicts = standing_verdicts(tests)
    blocks: tuple[papers.Block, ...] = (
        papers.Table(("项目", "内容"), tuple(_about(report)), widths=(1, 3)),
        papers.Heading(1, "检验结果"),
        papers.Table(
            ("检验项目", "检验方法", "结果", "限量", "判定依据", "单项结论"),
            tuple(_item(test, verdicts[test.pk]) for test in tests),
            widths=(3, 3, 3, 2, 4, 2),
            note="“未检出”后括号内为方法检出限。标“参考”的项目不参与样品结论。",
        ),
        papers.Heading(1, "检验结论"),
        papers.Paragraph(_conclusion(report)),
        papers.Table(
            ("编制", "审核", "批准"),
            ((_person(report.drafted_by), "、".join(_verifiers(tests)), signed_by),),
            widths=(1, 1, 1),
        ),
        papers.Paragraph("本报告涂改无效；未经本机构书面同意，不得部分复制。"),
    )
    dispatch = papers.Dispatch(report.laboratory.name, on)
    return _render(papers.dispatch_paper(
        dispatch, form=papers.Form.DOCUMENT, title=f"检验报告（{report.number}）", recipients=(), body=blocks
    ))  # fmt: skip


def _about(report: Report) -> list[tuple[str, str]]:
    sample = report.sample
    return [
        ("样品编号", sample.number),
        ("样品名称", _line(sample.food)),
        ("被抽样单位", "盲样" if sample.blind else _line(sample.subject_name)),
        ("标称生产者", _line(sample.producer) or "—"),
        ("批号", _line(sample.batch) or "—"),
        ("生产日期", sample.production_on.isoformat() if sample.production_on else "—"),
        ("抽样日期", sample.sampled_on.isoformat()),
        ("委托单位", sample.agency.name),
        ("任务类别", str(sample.get_purpose_display())),
    ]


def _item(test: Test, verdict: Verdict) -> tuple[str, str, str, str, str, str]:
    limit = f"{verdict.limit} {verdict.limit_unit}".strip() or "—"
    basis = " ".join(part for part in (verdict.standard, verdict.clause) if part) or "—"
    name = f"{_line(test.analyte)}（参考）" if test.reference_only else _line(test.analyte)
    return name, _line(test.method) or "—", _results(test, verdict), limit, basis, str(verdict.get_outcome_display())


def _results(test: Test, verdict: Verdict) -> str:
    """All replicates: of a microbiological plan each counts, a mean says nothing."""
    rows = test.results.filter(replaced_by=None).order_by("replicate")
    return "；".join(rules.shown(row) for row in rows) or rules.shown(verdict.result)


def _conclusion(report: Report) -> str:
    conclusion = report.conclusion
    if report.sample.purpose in rules.MONITORING:
        return "本报告为风险监测数据，供会商研判使用，不作为行政处罚的依据。"
    if conclusion.outcome == Whole.NONCONFORMING:
        items = "、".join(row["item"] for row in conclusion.failed)
        return f"经检验，{items}项目不符合要求，样品检验结论为不合格。"
    if conclusion.outcome == Whole.CONFORMING:
        return "经检验，所检项目均符合要求，样品检验结论为合格。"
    return f"样品检验结论为：{conclusion.get_outcome_display()}。"


def _person(username: str) -> str:
    found = people.User.objects.filter(username=username).values_list("name", flat=True).first()
    return found or username


def _verifiers(tests: Sequence[Test]) -> list[str]:
    names = [row.verified_by for test in tests for row in test.verifications.order_by("-pk")[:1]]
    return [_person(name) for name in dict.fromkeys(names)] or ["—"]


@translation.override(settings.LANGUAGE_CODE)
def notice(row: Notice, *, on: date) -> bytes:
    """What failed, what must be done at once, and what rights there are with their days."""
    report = row.report
    farm = row.sample.regime == Regime.AGRICULTURE
    days = _within(Limit.REQUEST_RETEST_FARM if farm else Limit.REQUEST_RETEST, on)
    right = (
        "不合格项目为微生物指标，依规定不予复检。"
        if report.conclusion.micro_only
        else f"对检验结论有异议的，可自收到本告知书之日起{days}提出复检申请；逾期不予受理。"
    )
    failed = tuple((r["item"], r["result"], r["limit"] or "—", r["basis"] or "—") for r in report.conclusion.failed)
    sample = row.sample
    body: tuple[papers.Block, ...] = (
        papers.Paragraph(
            f"{papers.format_date_zh(sample.sampled_on)}抽取的{_line(sample.food)}"
            f"（抽样编号{sample.number}，被抽样单位{_line(sample.subject_name)}）经{report.laboratory.name}检验，"
            f"结论为不合格（报告编号{report.number}）。"
        ),
        papers.Table(("不合格项目", "结果", "限量", "判定依据"), failed or (("—",) * 4,), widths=(2, 2, 2, 4)),
        papers.Heading(1, "应当立即履行的义务"),
        papers.Paragraph(
            "立即封存库存的不合格食品，停止生产经营和使用，通知相关生产经营者和消费者，召回已售出的食品，排查原因并整改。"
            "复检和异议期间不停止履行上述义务。"
        ),
        papers.Heading(1, "权利"),
        papers.Paragraph(right),
        papers.Paragraph(
            f"对样品真实性、检验方法、标准适用有异议的，可自收到本告知书之日起{_within(Limit.OBJECT_RESULT, on)}书面提出。"
        ),
    )
    dispatch = papers.Dispatch(sample.agency.name, on)
    return _render(papers.dispatch_paper(
        dispatch, form=papers.Form.LETTER, title="食品安全抽样检验不合格结果告知书", recipients=(_line(row.name),), body=body
    ))  # fmt: skip


def _within(limit: Limit, on: date) -> str:
    """The term in words; before there was one, the law's own general words."""
    end = clocks.last_day(limit, on)
    return f"{clocks.clock(limit, on).length}个工作日内" if end is not None else "法定期限内"


@translation.override(settings.LANGUAGE_CODE)
def recall_order(order: RecallOrder, *, on: date) -> bytes:
    row = order.disposition
    body: tuple[papers.Block, ...] = (
        papers.Paragraph(f"经抽样检验，{_line(order.product)}不合格：{_line(row.failed)}。"),
        papers.Paragraph(
            f"依据《中华人民共和国食品安全法》第六十三条和《食品召回管理办法》，责令你单位实施{order.get_level_display()}："
            f"{order.start_within_hours}小时内启动召回，{papers.format_date_zh(order.finish_by)}前完成，"
            "并向本机关书面报告召回和处理情况。"
        ),
        papers.Paragraph("召回的食品应当采取无害化处理、销毁等措施，防止再次流入市场。"),
    )
    dispatch = papers.Dispatch(row.owner.name, on, order.number)
    return _render(papers.dispatch_paper(
        dispatch, form=papers.Form.LETTER, title="责令召回通知书", recipients=(_line(order.recipient),), body=body
    ))  # fmt: skip


def _render(paper: Any) -> bytes:
    try:
        return papers.render(paper)
    except papers.PaperError as error:
        raise Refused(
            _("文书中有不能打印的内容（%(field)s：%(detail)s），请修改后再制作。")
            % {"field": error.field, "detail": error.detail or error.problem}
        ) from error


def _line(text: str) -> str:
    """What was typed over several lines, on one."""
    return " ".join(text.split())

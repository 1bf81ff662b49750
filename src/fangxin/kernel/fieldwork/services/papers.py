"""Papers of an inspection: laid out, kept as they left the house."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.kernel.fieldwork import rules, selectors, standards
from fangxin.kernel.fieldwork.models import Finding, Inspection, InspectionPaper, InspectionStep, ItemResult
from fangxin.kernel.fieldwork.services.steps import move, named
from fangxin.kernel.ledger import api as ledger

Kind = InspectionPaper.Kind
Action = InspectionStep.Action


@transaction.atomic
def issue_paper(*, inspection: Inspection, kind: str, mark: str = "", by: Any) -> InspectionPaper:
    """Make one of the three papers. `mark` (发文机关代字) gives the order to correct a number of its own."""
    rules.check_move(inspection, Action.PAPER)
    if kind not in Kind.values:
        raise rules.Refused({"kind": _("请选择要制作的文书。")})
    today = ledger.clock.today()
    number = _number(inspection, mark) if mark.strip() else ""
    content = _content(inspection, kind, papers.Dispatch(inspection.agency.name, today, number))
    name = f"{inspection.number} {Kind(kind).label}.docx"
    paper = InspectionPaper(
        inspection=inspection,
        kind=kind,
        document_number=number,
        file=ledger.store_evidence(name=name, content=content, by=by),
        issued_at=ledger.clock.now(),
        issued_by=named(by),
    )
    paper.clean_fields(exclude=["file"])
    paper.save(force_insert=True)
    move(inspection, Action.PAPER, by=by, text=f"{paper.get_kind_display()} {number}".strip())
    return paper


def _number(inspection: Inspection, mark: str) -> str:
    today = ledger.clock.today()
    mark = mark.strip()
    if not papers.is_document_number(papers.format_document_number(mark, today.year, 1)):
        raise rules.Refused({"mark": _("发文代字只写机关代字，例如“某市监责改”，不要带括号、空格和年份。")})
    serial = ledger.next_number(f"paper:{inspection.agency_id}:{mark}"[:60], today.year)
    return papers.format_document_number(mark, today.year, serial)


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def _content(inspection: Inspection, kind: str, dispatch: papers.Dispatch) -> bytes:
    write = {Kind.RECORD: _record, Kind.RESULT_SHEET: _sheet, Kind.CORRECTION_ORDER: _order}[Kind(kind)]
    try:
        return papers.render(write(inspection, dispatch))
    except papers.PaperError as error:
        raise rules.Refused(
            _("文书中有不能打印的内容（%(field)s：%(detail)s），请修改后再制作。")
            % {"field": error.field, "detail": error.detail or error.problem}
        ) from error


def _record(inspection: Inspection, dispatch: papers.Dispatch) -> papers.Paper:
    return papers.on_site_record(dispatch, _facts(inspection))


def _sheet(inspection: Inspection, dispatch: papers.Dispatch) -> papers.Paper:
    return papers.result_sheet(dispatch, _facts(inspection))


def _order(inspection: Inspection, dispatch: papers.Dispatch) -> papers.Paper:
    findings = [f for f in inspection.findings.order_by("pk") if f.correct_by is not None]
    if not findings:
        raise rules.Refused(_("没有需要限期改正的问题，不必制作责令改正通知书。"))
    law, articles = standards.statute_for(inspection.premises_kind, inspection.started_on)
    order = papers.Rectification(
        recipient=inspection.premises_name,
        inspected_on=inspection.started_on,
        inspected_by=inspection.agency.name,
        findings=tuple(_to_rectify(finding) for finding in findings),
        basis=(f"《{law}》", articles),
    )
    return papers.rectification_order(dispatch, order)


def _to_rectify(finding: Finding) -> papers.FindingToRectify:
    due = finding.correct_by or finding.found_on
    return papers.FindingToRectify(_line(finding.text), finding.clause, str(finding.get_measure_display()), due)


def _facts(inspection: Inspection) -> papers.InspectionFacts:
    law, _articles = standards.statute_for(inspection.premises_kind, inspection.started_on)
    items = tuple(_item(item) for item in selectors.form_of(inspection) if item.answer is not None)
    findings = inspection.findings.order_by("pk")
    return papers.InspectionFacts(
        number=inspection.number,
        subject=inspection.premises_name,
        address=_line(inspection.premises.address),
        kind=str(inspection.get_kind_display()),
        statute=f"《{law}》",
        checklist=str(inspection.checklist),
        began=inspection.started_at.astimezone(ledger.clock.LOCAL),
        inspectors=tuple(o.user.name for o in inspection.officers.select_related("user")),
        items=items,
        problems=tuple(
            papers.FoundProblem(_line(f.text), f.clause, str(f.get_measure_display()), f.correct_by) for f in findings
        ),
        result=str(inspection.get_result_display()),
        opinion=inspection.opinion,
        publish_by=inspection.publish_due_on,
        signed_by=inspection.operator_signer if inspection.operator_signature_id else "",
        refusal=_line(inspection.refusal_reason),
        witness=inspection.witness,
        photos=inspection.photos.count(),
    )


def _item(item: Any) -> papers.InspectedItem:
    outcome = str(ItemResult.Outcome(item.answer.outcome).label)
    return papers.InspectedItem(item.code, _line(item.text), outcome, _line(item.answer.note), item.key)


def _line(text: str) -> str:
    """What was typed over several lines, on one."""
    return " ".join(text.split())

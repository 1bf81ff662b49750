"""The merged report of a period as an official paper."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import Return, ReturnPeriod, ReturnVersion
from fangxin.oversight.plans.services.returning import merge

IN_REPORT = (Return.State.ACCEPTED, Return.State.MERGED)


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def report_of(period: ReturnPeriod, *, agency: str) -> bytes:
    """The .docx: figures with denominators, progress by action, good practice, problems, who is missing."""
    versions = list(_accepted(period))
    if not versions:
        raise PlanError(_("本期还没有受理的总结，无法汇总。请先受理。"))
    facts = papers.Bulletin(
        subject=_("食品安全攻坚行动"),
        period=str(period),
        as_of=period.due_on,
        recipients=(_("各牵头单位、配合单位"),),
        figures=tuple(_figures(versions, period.due_on)),
        summary=_summary(period, versions),
        practices=tuple(
            papers.Practice(str(v.item.agency), str(v.item.action), v.practice) for v in versions if v.practice
        ),
        problems=tuple(
            papers.Shortcoming(str(v.item.action), v.problems, (str(v.item.agency),)) for v in versions if v.problems
        ),
        next_steps=tuple(line for v in versions for line in v.next_steps.splitlines() if line.strip()),
    )
    dispatch = papers.Dispatch(agency=agency, date=ledger.clock.today())
    try:
        return papers.render(papers.bulletin(dispatch, facts))
    except papers.PaperError as error:
        raise PlanError(
            _("报告无法生成：内容里有不能印刷的字符（%(detail)s）。请退回相应总结修改。") % {"detail": error.detail}
        ) from error


def _accepted(period: ReturnPeriod) -> Iterator[ReturnVersion]:
    rows = period.returns.filter(state__in=IN_REPORT).select_related("action", "agency").order_by("action__number")
    for item in rows.prefetch_related("versions"):
        version = max(item.versions.all(), key=lambda v: v.number)
        version.item = item
        yield version


def _summary(period: ReturnPeriod, versions: list[ReturnVersion]) -> str:
    lines = [_missing(period)]
    lines += [f"{v.item.action}（{v.item.agency}）：{v.progress}" for v in versions]
    return "\n".join(line for line in lines if line)


def _missing(period: ReturnPeriod) -> str:
    returns = list(period.returns.select_related("action", "agency").order_by("action__number"))
    late = [r for r in returns if r.days_late(ledger.clock.today())]
    text = _("本期应报%(due)s份，纳入汇总%(merged)s份。") % {
        "due": len(returns), "merged": sum(r.state in IN_REPORT for r in returns)
    }  # fmt: skip
    if not late:
        return text
    names = "、".join(f"{r.agency}（{r.action.number}）" for r in late)
    return text + _("迟报或未报：%(names)s。") % {"names": names}


def _figures(versions: list[ReturnVersion], as_of: date) -> Iterator[Any]:
    for version in versions:
        for entry in version.figures:
            if entry.get("code"):
                yield _figure(entry, date.fromisoformat(entry.get("as_of") or as_of.isoformat()))


def _figure(entry: dict[str, Any], as_of: date) -> papers.BoardFigure:
    numerator, denominator = _number(entry.get("numerator")), _number(entry.get("denominator"))
    ratio = denominator is not None or entry.get("unit") in ("%", "‰")
    unknown = numerator is None or (ratio and denominator is None)
    return papers.BoardFigure(
        name=entry["name"],
        as_of=as_of,
        numerator=numerator,
        denominator=denominator,
        unit=entry.get("unit") or "%",
        counted=not ratio,
        absent=_("平台尚无可计算的记录") if unknown else "",
        stated=_number(entry.get("typed_value")),
    )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text not in (None, "") else None


@transaction.atomic
def keep_report(*, period: ReturnPeriod, by: Any) -> ReturnPeriod:
    """Merge what was accepted and keep the paper as evidence under its hash."""
    office = people.list_agencies(period.plan.division_code).filter(
        kind="office", division_code=period.plan.division_code
    )
    agency = office.first()
    content = report_of(period, agency=agency.name if agency else period.plan.issuer or str(period.plan))
    stored = ledger.store_evidence(name=f"{period.code}.docx", content=content, by=by)
    return merge(period=period, report=stored, by=by)

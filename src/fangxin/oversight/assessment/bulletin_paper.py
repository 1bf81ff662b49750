"""A bulletin as an official paper. Figures come from the row alone; what was edited are the words around them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.engines.indicators import Form, Kind, Status
from fangxin.oversight.assessment.bulletin_facts import is_declining
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Bulletin, BulletinItem
from fangxin.oversight.board import api as board
from fangxin.oversight.plans.data import ACTION_CODES

PAPER_STATUS = {
    Status.MET: papers.Status.REACHED,
    Status.NOT_MET: papers.Status.NOT_REACHED,
    Status.NO_TARGET: papers.Status.NO_TARGET,
}
# More bars than these cannot be told apart on a page.
MOST_BARS = 8


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def paper_of(bulletin: Bulletin, *, sender: Any, number: str, day: date) -> bytes:
    """The .docx. Refuses text that cannot be printed, naming it."""
    try:
        facts = _facts(bulletin)
        dispatch = papers.Dispatch(agency=sender.name, date=day, document_number=number)
        return papers.render(papers.bulletin(dispatch, facts))
    except papers.PaperError as error:
        raise Refused(
            _("通报里有不能印刷的内容（%(detail)s），请修改后再办理。") % {"detail": error.detail or error.field}
        ) from error


def _facts(bulletin: Bulletin) -> papers.Bulletin:
    figures = tuple(paper_figures(bulletin))
    items = [item for item in bulletin.items.all() if item.included]
    balance = {name: count for name, count in bulletin.balance.items() if name != "open"}
    return papers.Bulletin(
        subject=bulletin.subject,
        period=bulletin.period_name,
        as_of=bulletin.as_of,
        recipients=(_("各乡镇（街道）"), _("各有关部门")),
        figures=figures,
        summary=bulletin.summary,
        charts=tuple(_charts(bulletin, figures)),
        balance=papers.MatterBalance(**balance) if balance else None,
        practices=tuple(
            papers.Practice(item.agencies or _("有关单位"), item.title, item.text)
            for item in items
            if item.kind == BulletinItem.Kind.PRACTICE
        ),
        problems=tuple(
            papers.Shortcoming(item.title, item.text, (item.agencies,) if item.agencies else (), item.due_on)
            for item in items
            if item.kind == BulletinItem.Kind.PROBLEM
        ),
        next_steps=tuple(line.strip() for line in bulletin.next_steps.splitlines() if line.strip()),
    )


def paper_figures(bulletin: Bulletin) -> Iterable[papers.BoardFigure | papers.Milestone]:
    due, in_time = bulletin.timeliness.get("due", 0), bulletin.timeliness.get("in_time", 0)
    if due:
        yield papers.BoardFigure(_("工作总结按时报送率"), bulletin.as_of, Decimal(in_time), Decimal(due))
    for entry in bulletin.figures:
        yield _figure(entry, bulletin.as_of)


def _figure(entry: Mapping[str, Any], as_of: date) -> papers.BoardFigure | papers.Milestone:
    status = Status(entry["status"])
    if entry["kind"] == Kind.MILESTONE or is_declining(entry):
        # Neither is a share of something: what stands in the paper is what was judged, in words.
        kept = PAPER_STATUS.get(status, papers.Status.UNKNOWN)
        return papers.Milestone(entry["name"], as_of, kept, _milestone_words(entry, status))
    counted = entry["form"] == Form.TOTAL
    numerator, denominator = _number(entry["numerator"]), _number(entry["denominator"])
    missing = numerator is None or (denominator is None and not counted)
    return papers.BoardFigure(
        name=entry["name"],
        as_of=as_of,
        numerator=numerator,
        denominator=denominator,
        unit=entry["unit"],
        per=entry["per"],
        counted=counted,
        target=papers.Target(papers.Comparison(entry["comparison"]), Decimal(entry["target"])),
        absent=str(board.STATUSES[status]) if missing else "",
        stated=_number(entry["stated"]),
    )


def _milestone_words(entry: Mapping[str, Any], status: Status) -> str:
    if entry["kind"] == Kind.MILESTONE or entry["value"] is None:
        return str(board.STATUSES[status])
    words = f"{entry['value']}{entry['unit']}"
    if entry["base_year"]:
        words += _("，与%(year)s年相比") % {"year": entry["base_year"]}
    return words


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _charts(bulletin: Bulletin, figures: Iterable[papers.BoardFigure | papers.Milestone]) -> Iterable[papers.Chart]:
    counts: dict[int, dict[str, int]] = {}
    for entry in bulletin.figures:
        row = counts.setdefault(entry["action"] or 0, {"met": 0, "not": 0, "open": 0})
        status = Status(entry["status"])
        row["met" if status is Status.MET else "not" if status is Status.NOT_MET else "open"] += 1
    if counts:
        series = (("met", _("已达到")), ("not", _("未达到")), ("open", _("无法判定")))
        yield papers.BarChart(
            _("各项行动目标达到情况"),
            tuple(_action_name(number) for number in sorted(counts)),
            tuple(
                papers.Series(label, tuple(Decimal(counts[number][key]) for number in sorted(counts)))
                for key, label in series
            ),
            unit=_("项"),
        )
    missed = [
        figure
        for figure in figures
        if isinstance(figure, papers.BoardFigure)
        and figure.unit == "%"
        and not figure.counted
        and papers.judge_figure(figure) is papers.Status.NOT_REACHED
    ]
    if missed:
        missed.sort(key=lambda figure: figure.value or Decimal(0))
        yield papers.figures_chart(
            missed[:MOST_BARS], title=_("未达到目标的比例指标（最低的%(n)s项）") % {"n": len(missed[:MOST_BARS])}
        )


def _action_name(number: int) -> str:
    return str(ACTION_CODES[number - 1][1]) if 1 <= number <= len(ACTION_CODES) else _("贯穿各项行动")

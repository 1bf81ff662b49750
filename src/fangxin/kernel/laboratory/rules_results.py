"""Facts carried to the judge and back, and what may follow from a result."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines import limits
from fangxin.kernel.laboratory.data_results import Entry, FollowUpRoute
from fangxin.kernel.laboratory.models import Finding, Purpose, Result, Sample, Test, Verdict, Whole
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.standards_results import follow_up_rules
from fangxin.kernel.people import api as people

# What a result of risk monitoring may lead to is consultation, never a penalty.
MONITORING = (Purpose.RISK_MONITORING,)
MOST_DIGITS = 30


# --- what was typed -------------------------------------------------------------------------------------------------


def number_in(text: str) -> str:
    """The number in a reported result; nothing where it is no plain number. The judge reads the text itself.

    >>> number_in(" ０．１２０ "), number_in("1,250"), number_in("未检出"), number_in("<0.01")
    ('0.120', '', '', '')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return ""
    if not value.is_finite() or len(plain) > MOST_DIGITS or abs(value) >= 10**18 or not plain.isascii():
        return ""
    return format(value, "f")


def checked(entry: Entry) -> Entry:
    """The entry with its figures in plain form, or the reason why it cannot be kept."""
    text = " ".join(unicodedata.normalize("NFKC", entry.text).split())
    if not text or "\0" in text:
        raise Refused({"text": _("请填写结果；没有检出的，填“未检出”。")})
    if len(entry.text) > 60:
        raise Refused({"text": _("结果最多60个字，请只填结果本身。")})
    _need_readable(entry.text.strip(), entry.expression.strip())
    return Entry(
        text=entry.text.strip(),
        unit=entry.unit.strip(),
        replicate=entry.replicate,
        lod=_figure(entry.lod, "lod", _("检出限")),
        loq=_figure(entry.loq, "loq", _("定量限")),
        expression=entry.expression.strip(),
        dry_basis=entry.dry_basis,
        moisture=_figure(entry.moisture, "moisture", _("水分")),
    )


def _need_readable(text: str, expression: str) -> None:
    """What nobody can read is asked of whoever writes it, while the instrument's record is at hand."""
    read = limits.read_expression(text, how=expression or None)
    if read.form is not limits.Form.UNREADABLE:
        return
    if read.probable is not None:
        told = _("结果“%(text)s”读不准，可能是 %(probable)s。请对照原始记录，改成小数点写法。")
        raise Refused({"text": told % {"text": text, "probable": format(read.probable, "f")}})
    told = _("结果“%(text)s”读不出来。请填数值，或者“未检出”“<0.01”“检出”这样的写法。")
    raise Refused({"text": told % {"text": text}})


def _figure(text: str, field: str, label: str) -> str:
    if not text.strip():
        return ""
    number = number_in(text)
    if not number or Decimal(number) < 0:
        raise Refused({field: _("%(label)s“%(text)s”不是数字，请填例如 0.01。") % {"label": label, "text": text[:20]}})
    return number


# --- to the judge and back ------------------------------------------------------------------------------------------


def measured(sample: Sample, result: Result, *, food: str, food_class: str, analyte: str) -> limits.Measured:
    return limits.Measured(
        sample_id=sample.number,
        food=food,
        food_class=food_class or None,
        analyte=analyte,
        value=result.text,
        expression=result.expression or None,
        unit=result.unit or None,
        lod=result.lod or None,
        loq=result.loq or None,
        dry_basis=result.dry_basis,
        moisture=result.moisture or None,
        sampled_on=sample.sampled_on,
        production_on=sample.production_on,
        replicate=result.replicate,
    )


def gravest(verdicts: Sequence[limits.Verdict]) -> int:
    """The place of the verdict that speaks for all replicates: one that fails, else the first."""
    failing = [n for n, one in enumerate(verdicts) if one.outcome is limits.Outcome.NONCONFORMING]
    return failing[0] if failing else 0


def columns_of(verdict: limits.Verdict) -> dict[str, Any]:
    """A verdict as the database keeps it: every value it stood on, copied."""
    return {
        "outcome": verdict.outcome.value,
        "lawful_use": verdict.lawful_use.value,
        "limit": format(verdict.limit, "f") if verdict.limit is not None else "",
        "limit_unit": verdict.limit_unit[:30],
        "standard": verdict.standard[:120],
        "edition": verdict.edition[:60],
        "clause": verdict.clause[:200],
        "match_path": list(verdict.match_path),
        "comparison": verdict.comparison[:400],
        "reason_code": verdict.reason.code[:60],
        "reason": verdict.text[:600],
        "missing": list(verdict.missing),
        "near_limit": verdict.near_limit,
        "provisional": verdict.provisional,
    }


SAYS = ("outcome", "lawful_use", "limit", "limit_unit", "standard", "edition", "clause", "provisional")


def differs(verdict: Verdict, columns: dict[str, Any]) -> bool:
    """Whether a new judging says something else, or says it from somewhere else."""
    return any(getattr(verdict, name) != columns[name] for name in SAYS)


def whole_of(judged: Iterable[tuple[Test, Verdict]]) -> tuple[str, list[Test]]:
    """The conclusion on a sample, and the tests that make it fail.

    One failing item is enough, unless it is a reference item or its limit is provisional. What then stands against
    conforming, or could not be told, leaves the sample undetermined. No limit anywhere makes a record, not a pass.
    """
    pairs = list(judged)
    failed = [
        test
        for test, verdict in pairs
        if verdict.outcome == Finding.NONCONFORMING and not test.reference_only and not verdict.provisional
    ]
    if failed:
        return Whole.NONCONFORMING, failed
    outcomes = [verdict.outcome for _test, verdict in pairs]
    open_ends = (Finding.NONCONFORMING, Finding.UNDETERMINED, Finding.PENDING_SPECIATION)
    if any(outcome in open_ends for outcome in outcomes) or all(test.reference_only for test, _verdict in pairs):
        return Whole.UNDETERMINED, []
    return (Whole.CONFORMING if Finding.CONFORMING in outcomes else Whole.NOT_REGULATED), []


def is_micro(analyte: str, on: date) -> bool:
    return any(word in analyte for word in follow_up_rules(on).micro_words)


def is_serious(analytes: Iterable[str], verdicts: Iterable[Verdict], on: date) -> bool:
    """A hazard of the list, or a substance that may not be used at all."""
    words = follow_up_rules(on).serious_words
    named = any(word in analyte for analyte in analytes for word in words)
    return named or any(verdict.lawful_use == Verdict.LawfulUse.UNLAWFUL for verdict in verdicts)


def route_for(stage: str, text: str, on: date) -> FollowUpRoute:
    """The line of the routing data that fits first; the last one fits everything."""
    return next(
        route
        for route in follow_up_rules(on).routes
        if (not route.stages or stage in route.stages)
        and (not route.words or any(word in text for word in route.words))
    )


def shown(result: Result) -> str:
    """A result as it is printed: what was not detected is told with the limit of detection."""
    text = f"{result.text} {result.unit}".strip() if result.number else result.text
    if result.lod and result.text.strip() in ("未检出", "ND", "nd", "N.D."):
        return _("未检出（<%(lod)s %(unit)s）") % {"lod": result.lod, "unit": result.unit}
    return text


def laboratory_of(sample: Sample) -> people.Agency:
    """The laboratory that tests it."""
    if sample.laboratory is None:
        raise Refused(_("这份样品还没有确定承检机构。"))
    return sample.laboratory


# --- goods of a failing batch -----------------------------------------------------------------------------------------


def imbalance(purchased: str, stock: str, sold: str, returned: str, destroyed: str) -> Decimal | None:
    """Purchased less what is accounted for; None while a figure is missing.

    >>> imbalance("100", "20", "60", "15", "5")
    Decimal('0')
    """
    parts = (purchased, stock, sold, returned, destroyed)
    if any(not part for part in parts):
        return None
    return Decimal(purchased) - sum((Decimal(part) for part in parts[1:]), Decimal(0))

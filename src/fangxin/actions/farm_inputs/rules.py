"""Facts of a batch carried to the engines and back: locks, problems, the words for both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.data import BatchStanding, LockLine
from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Product
from fangxin.engines import withholding
from fangxin.engines.limits import LawfulUse
from fangxin.engines.withholding import (
    Ban,
    HarvestOutcome,
    Interval,
    IntervalUnit,
    LabelLine,
    Lock,
    LockKind,
    LockReason,
    Problem,
    ProblemCode,
    Produce,
    Standing,
    Use,
)
from fangxin.kernel.catalog import api as catalog

# Problems that become a matter; the others are only said to the farmer.
GRAVE = (ProblemCode.BANNED_USE, ProblemCode.OFF_LABEL, ProblemCode.OVER_DOSE, ProblemCode.OVER_USES)
WITHIN = "within_interval"
BanFinder = Callable[[Product, str, Produce, date], tuple[Ban, ...]]


# --- from rows to values ----------------------------------------------------------------------------------------------


def ban_finder() -> BanFinder:
    """What the law says against using a product on a crop or animal on a day, by the rules in use now."""
    judge = catalog.the_judge()

    def bans_on(product: Product, food: str, produce: Produce, on: date) -> tuple[Ban, ...]:
        where = {"crop": food} if produce is Produce.CROP else {"animal": food}
        asked = [(name, *judge.lawful_use(name, on=on, **where)) for name in product.ingredient_names]
        return tuple(Ban(name, str(citation)) for name, lawful, citation in asked if lawful is LawfulUse.UNLAWFUL)

    return bans_on


def label_lines(product: Product) -> tuple[LabelLine, ...]:
    return tuple(
        LabelLine(
            line.target, Produce(line.produce), _interval(line.interval, line.interval_unit), line.most_uses,
            line.dose_low, line.dose_high, line.dose_unit,
        )
        for line in product.label_uses.all()
    )  # fmt: skip


def _interval(value: Decimal | None, unit: str) -> Interval | None:
    return None if value is None else Interval(value, IntervalUnit(unit))


def uses_of(batch: Batch, applications: Iterable[Application], bans: BanFinder) -> list[Use]:
    """The uses that stand. Whoever asks brings the rows, with products and their labels at hand."""
    produce = Produce(batch.produce)
    return [use_of(row, batch.food, produce, bans) for row in applications]


def use_of(row: Application, food: str, produce: Produce, bans: BanFinder) -> Use:
    product = row.product
    typed = _interval(row.label_interval, row.label_interval_unit)
    against = bans(product, food, produce, row.last_on) if product is not None else ()
    return Use(
        ref=str(row.pk), product=product.registration_no if product is not None else row.product_seen,
        last_on=row.last_on, began_on=row.began_on, label=label_lines(product) if product is not None else None,
        typed=typed, dose=row.dose, dose_unit=row.dose_unit, bans=against,
    )  # fmt: skip


def water_of(entries: Iterable[DiaryEntry]) -> dict[date, Decimal]:
    """The day's mean of what was measured; a day with two entries has their mean."""
    measured: dict[date, list[Decimal]] = {}
    for entry in entries:
        if entry.water_c is not None:
            measured.setdefault(entry.on, []).append(entry.water_c)
    return {day: sum(values, Decimal(0)) / len(values) for day, values in measured.items()}


def standing_of(
    batch: Batch,
    applications: Iterable[Application],
    water: Mapping[date, Decimal],
    on: date,
    bans: BanFinder,
) -> Standing:
    return withholding.judge_batch(
        batch.food,
        Produce(batch.produce),
        uses_of(batch, applications, bans),
        groups=standards.groups(on),
        water=water,
        on=on,
    )


# --- in words ---------------------------------------------------------------------------------------------------------


def told(batch: Batch, standing: Standing, names: Mapping[str, str], on: date) -> BatchStanding:
    """What the farmer reads: one sentence, and a line for each reason. `names` leads from a use to its product."""
    outcome = withholding.judge_harvest(on, standing)
    free = outcome is HarvestOutcome.FREE
    # Locks that are over need no line.
    before = [lock for lock in standing.locks if lock.use.last_on <= on]
    held = [lock for lock in before if lock.until is None or lock.until > on or _hour_left(lock, on)]
    lines = tuple(
        LockLine(lock, lock_text(lock, names.get(lock.use.ref, lock.use.product)), _tone(lock)) for lock in held
    )
    sentence, tone = _sentence(batch, standing, outcome, on)
    return BatchStanding(standing, free, standing.earliest, sentence, tone, lines)


def _hour_left(lock: Lock, on: date) -> bool:
    return lock.until == on and lock.until_at is not None


def _tone(lock: Lock) -> str:
    return "bad" if lock.kind is LockKind.BANNED else "warn"


def verb_of(produce: str) -> str:
    return {
        Produce.CROP: _("采收"), Produce.MEAT: _("出栏"), Produce.MILK: _("交奶"), Produce.EGG: _("卖蛋"),
        Produce.FISH: _("捕捞"),
    }[Produce(produce)]  # fmt: skip


def short_day(day: date, today: date) -> str:
    """The day as people say it; the year only where it is another one."""
    text = _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}
    return text if day.year == today.year else _("%(year)s年%(text)s") % {"year": day.year, "text": text}


def _sentence(batch: Batch, standing: Standing, outcome: HarvestOutcome, on: date) -> tuple[str, str]:
    verb = verb_of(batch.produce)
    if outcome is HarvestOutcome.BANNED:
        return _("用过禁用的药，不能%(verb)s出售。请联系乡镇农业服务中心处理。") % {"verb": verb}, "bad"
    if standing.open_locks:
        return _("还不能确定哪天可以%(verb)s，先不要%(verb)s。") % {"verb": verb}, "warn"
    if outcome is HarvestOutcome.FREE or standing.earliest is None:
        return _("现在可以%(verb)s") % {"verb": verb}, "good"
    values = {"day": short_day(standing.earliest, on), "verb": verb}
    if standing.earliest_at is not None:
        values["time"] = f"{standing.earliest_at:%H:%M}"
        return _("最早 %(day)s %(time)s 以后可以%(verb)s") % values, "warn"
    return _("最早 %(day)s 可以%(verb)s") % values, "warn"


_UNITS = {
    IntervalUnit.DAYS: lambda: _("天"),
    IntervalUnit.HOURS: lambda: _("小时"),
    IntervalUnit.DEGREE_DAYS: lambda: _("度日"),
}


def interval_text(interval: Interval) -> str:
    return f"{_plain(interval.value)} {_UNITS[interval.unit]()}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def lock_text(lock: Lock, product: str) -> str:
    """One line: what was used when, how long it keeps the produce back, and until when."""
    values: dict[str, Any] = {"product": product, "on": lock.use.last_on, "until": lock.until}
    if lock.reason is LockReason.BANNED:
        values["why"] = "；".join(f"{ban.substance}（{ban.citation}）" for ban in lock.use.bans)
        return _("%(on)s 用了%(product)s：禁止使用 %(why)s") % values
    if lock.reason is LockReason.NO_INTERVAL or lock.interval is None:
        return _("%(on)s 用了%(product)s：标签上没有找到间隔期。请看包装，把天数补上。") % values
    values["wait"] = interval_text(lock.interval)
    if lock.water is None:
        return _("%(on)s 用了%(product)s，要等 %(wait)s，到 %(until)s") % values
    values |= {"sum": _plain(lock.water.sum), "needed": _plain(lock.water.needed)}
    if lock.reason is LockReason.DEGREE_DAYS_REACHED:
        return _("%(on)s 用了%(product)s，水温累计已满 %(wait)s，到 %(until)s") % values
    if lock.reason is LockReason.DEGREE_DAYS_MISSING:
        values["days"] = len(lock.water.missing)
        return (
            _("%(on)s 用了%(product)s，水温累计 %(sum)s／%(needed)s 度日，有 %(days)s 天没有记水温，不能推算") % values
        )
    return _("%(on)s 用了%(product)s，水温累计 %(sum)s／%(needed)s 度日，还没有满") % values


def problem_text(problem: Problem, product: str, food: str) -> str:
    """What is wrong with a use, what it means, and what to do."""
    values = {"product": product, "food": food, "on": problem.use.last_on, **problem.values}
    texts = {
        ProblemCode.BANNED_USE: _("%(on)s 在%(food)s上用了%(product)s，其中%(substance)s禁止使用（%(citation)s）。产品不得出售，须封存并追查来源。"),
        ProblemCode.OFF_LABEL: _("%(on)s 在%(food)s上用了%(product)s，标签只登记了：%(targets)s。"),
        ProblemCode.OVER_DOSE: _("%(on)s %(product)s 用量 %(dose)s %(unit)s，超过标签范围（界限 %(bound)s %(unit)s）。"),
        ProblemCode.UNDER_DOSE: _("%(on)s %(product)s 用量 %(dose)s %(unit)s，低于标签范围（%(bound)s %(unit)s），可能没有效果。"),
        ProblemCode.OVER_USES: _("%(product)s 在这一季%(food)s上已用 %(uses)s 次，标签最多 %(most)s 次。"),
        ProblemCode.NO_INTERVAL: _("%(on)s 用了%(product)s，没有查到间隔（休药）期，不能确定哪天可以采收出栏。请按包装补记。"),
        ProblemCode.UNLISTED_PRODUCT: _("%(product)s 不在产品目录中，请核对包装上的登记证号。"),
    }  # fmt: skip
    return texts[problem.code] % values


def grave(problem: Problem, produce: str) -> bool:
    """Whether it becomes a matter. A drug without a known withdrawal period does; of a pesticide the farmer is told."""
    return problem.code in GRAVE or (problem.code is ProblemCode.NO_INTERVAL and produce != Produce.CROP)


def problems_of(standing: Standing, refs: Sequence[str]) -> list[Problem]:
    return [problem for problem in standing.problems if problem.use.ref in refs]


def harvest_text(batch: Batch, harvest: Any, why: str) -> str:
    values = {"on": harvest.on, "food": batch.food, "verb": verb_of(batch.produce), "why": why}
    return _("%(on)s 在间隔期内%(verb)s%(food)s：%(why)s。请封存未售出的，追回已售出的，送检后处理。") % values


def refusal_text(batch: Batch, on: date, held: BatchStanding) -> str:
    """Why a harvest is not written down as it is, and what to do."""
    values = {"on": on, "verb": verb_of(batch.produce), "why": "；".join(line.text for line in held.lines)}
    return (
        _(
            "%(on)s 还不能%(verb)s：%(why)s。如果没有%(verb)s，请不要登记；如果已经%(verb)s，请勾选“确实已经%(verb)s”，照实登记。"
        )
        % values
    )

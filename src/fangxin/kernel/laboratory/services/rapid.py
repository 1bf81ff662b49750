"""Rapid tests: they screen, and nothing more. A positive asks for a statutory sample."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import clocks
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.models import Purpose, RapidTest, Sample, SamplingTask, Stage
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services import tasks
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger

State, Result = RapidTest.State, RapidTest.Result
SERIES = "laboratory-rapid"
SAMPLE_DAYS = 7
# A dispute is settled by another kind of test than the one disputed.
RAPID_WORDS = ("快检", "快速", "胶体金", "试纸", "速测")


@transaction.atomic
def record_rapid_test(
    *, division_code: str, food: str, item: str, method: str, result: str, premises: Any = None, place: str = "",
    reading: str = "", tested_at: datetime | None = None, by: Any,
) -> RapidTest:  # fmt: skip
    now = ledger.clock.now()
    at = tested_at or now
    if at > now:
        raise Refused({"tested_at": _("检测时间还没有到，请核对。")})
    if premises is None and not place.strip():
        raise Refused({"place": _("请选择经营场所，或者写明地点、摊位。")})
    year = at.astimezone(ledger.clock.LOCAL).year
    row: RapidTest = insert(
        RapidTest(
            number=f"KJ{year}-{ledger.next_number(SERIES, year):06d}",
            division_code=premises.division_code if premises is not None else division_code, premises=premises,
            place=place.strip(), food=need_text(food, "food", _("请填写样品名称。"), most=120),
            item=need_text(item, "item", _("请填写快检项目。"), most=120),
            method=need_text(method, "method", _("请填写快检方法。"), most=120), result=result, reading=reading.strip(),
            state=State.FOLLOWED if result == Result.POSITIVE else State.DONE, tested_at=at, tested_by=named(by),
        )
    )  # fmt: skip
    ledger.record("laboratory.rapid.recorded", of=row, by=by, data={"item": item, "result": result})
    return row


@transaction.atomic
def load_rapid_tests(rows: Sequence[RapidTest], *, by: Any) -> list[RapidTest]:
    """Rapid tests of the past at once; each brings all but its number, its state and who tested."""
    by_year: dict[int, list[RapidTest]] = {}
    for row in rows:
        by_year.setdefault(row.tested_at.astimezone(ledger.clock.LOCAL).year, []).append(row)
    for year, group in by_year.items():
        for row, serial in zip(group, ledger.take_numbers(SERIES, year, len(group)), strict=True):
            row.number = f"KJ{year}-{serial:06d}"
            row.state = State.FOLLOWED if row.result == Result.POSITIVE else State.DONE
            row.tested_by = named(by)
    made = RapidTest.objects.bulk_create(rows, batch_size=500)
    ledger.record("laboratory.rapid.loaded", of=None, by=by, data={"count": len(made)})
    return made


@transaction.atomic
def tell(*, row: RapidTest, told_at: datetime | None = None, by: Any) -> RapidTest:
    """The result was handed over; the four hours for a dispute count from now."""
    now = ledger.clock.now()
    at = told_at or now
    if not row.tested_at <= at <= now:
        raise Refused({"told_at": _("告知时间应在检测之后、现在之前。")})
    end = clocks.due(Limit.DISPUTE_RAPID, at)
    changes = {"told_at": at, "told_by": named(by), "dispute_until": end.moment if end is not None else None}
    if RapidTest.objects.filter(pk=row.pk, told_at=None).update(**changes) != 1:
        raise MovedOn(_("已经登记过告知。"))
    row.refresh_from_db()
    ledger.record("laboratory.rapid.told", of=row, by=by, data={"until": str(row.dispute_until)})
    return row


@transaction.atomic
def dispute(*, row: RapidTest, text: str, disputed_at: datetime | None = None, by: Any) -> RapidTest:
    text = need_text(text, "text", _("请写明异议的内容。"), most=300)
    at = disputed_at or ledger.clock.now()
    if row.told_at is None or row.dispute_until is None:
        raise Refused(_("还没有登记结果告知，请先登记告知时间。"))
    if at < row.told_at or at > ledger.clock.now():
        raise Refused({"disputed_at": _("提出时间应在告知之后、现在之前。")})
    if at > row.dispute_until:
        until = row.dispute_until.astimezone(ledger.clock.LOCAL)
        raise Refused(_("异议应在收到结果后四小时内提出，已于%(until)s截止。") % {"until": f"{until:%Y-%m-%d %H:%M}"})
    since = (State.DONE, State.FOLLOWED)
    done: RapidTest = move(row, since, State.DISPUTED, "laboratory.rapid.disputed", by=by, dispute=text, disputed_at=at)
    return done


@transaction.atomic
def retest(*, row: RapidTest, method: str, result: str, by: Any) -> RapidTest:
    """Settled by a method that is no rapid one (Food Safety Law, article 88)."""
    method = need_text(method, "method", _("请填写复测方法。"), most=120)
    if method == row.method or any(word in method for word in RAPID_WORDS):
        raise Refused({"method": _("复测不得采用快速检测方法，请用标准检验方法复测。")})
    if result not in (Result.NEGATIVE, Result.POSITIVE):
        raise Refused({"result": _("请选择复测结果。")})
    positive = result == Result.POSITIVE
    done: RapidTest = move(
        row, (State.DISPUTED,), State.FOLLOWED if positive else State.DONE, "laboratory.rapid.retested", by=by,
        retest_method=method, retest_result=result, retested_on=ledger.clock.today(),
    )  # fmt: skip
    return done


@transaction.atomic
def ask_for_sample(*, row: RapidTest, food_class: str, regime: str, stage: str, agency: Any, by: Any) -> SamplingTask:
    """The statutory sample that a positive asks for; asked twice it stays one."""
    if row.state != State.FOLLOWED:
        raise Refused(_("只有阳性且没有异议的快检才安排法定检验。"))
    if stage not in Stage.values:
        raise Refused({"stage": _("请选择环节。")})
    task = tasks.add_task(
        reason=SamplingTask.Reason.RAPID_POSITIVE, purpose=Purpose.RAPID, regime=regime, stage=stage,
        division_code=row.division_code, food_class=food_class, food=row.food[:80], premises=row.premises,
        agency=agency, basis=_("快检%(number)s阳性：%(item)s") % {"number": row.number, "item": row.item},
        asked_from=asked_key(row), due_on=ledger.clock.today() + timedelta(days=SAMPLE_DAYS), by=by,
    )  # fmt: skip
    ledger.record("laboratory.rapid.sample_asked", of=row, by=by)
    return task


def asked_key(row: RapidTest) -> str:
    return f"laboratory.rapid:{row.number}"


def task_of(row: RapidTest) -> SamplingTask | None:
    return SamplingTask.objects.filter(asked_from=asked_key(row)).first()


@transaction.atomic
def finish(*, row: RapidTest, handled: str, by: Any) -> RapidTest:
    """A positive is done with when its statutory sample was taken, or the goods were given up for destruction."""
    handled = need_text(handled, "handled", _("请写明如何处理（送法定检验、自愿销毁等）。"), most=300)
    sample = Sample.objects.filter(task__asked_from=asked_key(row)).first()
    done: RapidTest = move(
        row, (State.FOLLOWED,), State.DONE, "laboratory.rapid.finished", by=by, handled=handled, sample=sample
    )
    return done

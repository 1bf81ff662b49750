"""Forecasts of pests: drafted, issued by whoever may, brought to the farms that grow the crop, and checked afterwards."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import (
    Batch,
    Forecast,
    ForecastCheck,
    ForecastNotice,
    ForecastProduct,
)
from fangxin.engines import forecasts as engine
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who
from fangxin.kernel.people import api as people

SERIES = "farm_inputs.forecast"
State = Forecast.State


def may_publish(agency: Any, division_code: str, on: date) -> bool:
    """Whether an agency is one of those that publish forecasts, for its own division or below it."""
    if not division_code.startswith(agency.division_code):
        return False
    names = {agency.short_name, *people.bare_names(agency.name, division_code[:6])}
    names |= set(agency.other_names.values_list("name", flat=True))
    return not names.isdisjoint(rules.forecast_issuers(on))


def issuer_for(user: Any, division_code: str, on: date) -> Any:
    """The agency in whose name the person may publish. Others may not, whatever they know of the pest."""
    for post in user.posts_today:
        if may_publish(post.agency, division_code, on):
            return post.agency
    raise ledger.Refused(
        _("病虫害预报只能由农业农村部门或者植保机构发布，您所在的单位不能发布。情况紧急的，请告知农业农村部门。")
    )


@transaction.atomic
def draft(*, division_code: str, products: Iterable[Any] = (), by: Any, **values: Any) -> Forecast:
    today = ledger.clock.today()
    agency = issuer_for(by, division_code, today)
    number = ledger.next_number(f"{SERIES}-{division_code[:6]}", today.year)
    row: Forecast = insert(
        Forecast(
            number=f"{division_code[:6]}-{today.year}-{number:03d}",
            agency=agency,
            division_code=division_code,
            drafted_at=ledger.clock.now(),
            drafted_by=who(by),
            **values,
        )
    )
    _name_products(row, products)
    ledger.record("farm_inputs.forecast.drafted", of=row, by=by)
    return row


def _name_products(row: Forecast, products: Iterable[Any]) -> None:
    row.named_products.all().delete()
    for product in products:
        ban = rules.ban_on(product, row.window_to)
        if ban is not None:
            text = _("%(name)s 自 %(day)s 起禁止使用，不能写进防治建议。")
            raise ledger.Refused({"products": text % {"name": product.name, "day": ban.since}})
        ForecastProduct.objects.create(forecast=row, product=product)


@transaction.atomic
def change(*, forecast: Forecast, products: Iterable[Any] = (), by: Any, **values: Any) -> Forecast:
    if forecast.state != State.DRAFT:
        raise ledger.Refused(_("已发布的预报不能修改。情况有变的，请撤回后另发一期。"))
    for name, value in values.items():
        setattr(forecast, name, value)
    forecast.full_clean()
    forecast.save()
    _name_products(forecast, products)
    ledger.record("farm_inputs.forecast.changed", of=forecast, by=by)
    return forecast


@transaction.atomic
def issue(*, forecast: Forecast, by: Any) -> Forecast:
    """Publish, and tell every farm that grows the crop."""
    today, now = ledger.clock.today(), ledger.clock.now()
    issuer_for(by, forecast.division_code, today)
    try:
        term = engine.term_of(today, forecast.window_to)
    except ValueError:
        raise ledger.Refused(_("预计发生期已经过去，不能再发布。请核对日期。")) from None
    fresh = Forecast.objects.filter(pk=forecast.pk, state=State.DRAFT)
    values = {"issued_on": today, "issued_at": now, "issued_by": who(by), "term": term.value}
    if fresh.update(state=State.ISSUED, **values) != 1:
        raise ledger.Refused(_("这一期刚刚已由他人办理，没有重复发布。请刷新后查看。"))
    forecast.refresh_from_db()
    told = _tell_growers(forecast)
    ledger.record("farm_inputs.forecast.issued", of=forecast, by=by, data={"term": term.value, "farms": told})
    return forecast


def growers_of(forecast: Forecast, on: date) -> dict[int, str]:
    """Farms with a batch of the crop that stood on a day in the forecast's division: key → division."""
    batches = Batch.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=on), people.under(forecast.division_code), farm__ended_on=None,
        started_on__lte=on, food__icontains=forecast.crop,
    )  # fmt: skip
    return dict(batches.order_by("farm").values_list("farm", "farm__division_code").distinct())


def _tell_growers(forecast: Forecast) -> int:
    rows = [
        ForecastNotice(forecast=forecast, farm_id=farm, division_code=place, told_at=ledger.clock.now())
        for farm, place in sorted(growers_of(forecast, ledger.clock.today()).items())
    ]
    ForecastNotice.objects.bulk_create(rows, batch_size=500)
    return len(rows)


@transaction.atomic
def load_notices(*, notices: Sequence[ForecastNotice], by: Any) -> int:
    """Notices of the past at once, for lists that come from elsewhere; with one ledger entry for all."""
    made = ForecastNotice.objects.bulk_create(notices, batch_size=500)
    if made:
        place = made[0].division_code[:6]
        ledger.record("farm_inputs.notices.loaded", of=None, by=by, division_code=place, data={"count": len(made)})
    return len(made)


@transaction.atomic
def withdraw(*, forecast: Forecast, why: str, by: Any) -> Forecast:
    why = why.strip()
    if not why:
        raise ledger.Refused({"why": _("请写明撤回原因，收到的农户会看到。")})
    issuer_for(by, forecast.division_code, ledger.clock.today())
    fresh = Forecast.objects.filter(pk=forecast.pk, state=State.ISSUED)
    if fresh.update(state=State.WITHDRAWN, withdrawn_why=why) != 1:
        raise ledger.Refused(_("只有已发布的预报可以撤回。"))
    forecast.refresh_from_db()
    ledger.record("farm_inputs.forecast.withdrawn", of=forecast, by=by, data={"why": why[:200]})
    return forecast


@transaction.atomic
def acknowledge(*, notice: ForecastNotice, by: Any) -> ForecastNotice:
    """The farm has read it. Said twice, the first time counts."""
    fresh = ForecastNotice.objects.filter(pk=notice.pk, read_at=None)
    if fresh.update(read_at=ledger.clock.now(), read_by=who(by)) == 1:
        notice.refresh_from_db()
        ledger.record("farm_inputs.forecast.read", of=notice, by=by)
    return notice


@transaction.atomic
def check(
    *,
    forecast: Forecast,
    surveyed_on: date,
    degree: int | None = None,
    measured: Decimal | None = None,
    peak_on: date | None = None,
    note: str = "",
    by: Any,
) -> ForecastCheck:
    """What the survey found. Where the pest has a scale and a value was measured, the degree follows from it."""
    if forecast.state != State.ISSUED or forecast.issued_on is None:
        raise ledger.Refused(_("只有已发布的预报需要回查。"))
    if not forecast.issued_on <= surveyed_on <= ledger.clock.today():
        raise ledger.Refused({"surveyed_on": _("调查日期应在发布之后、今天以前。")})
    if ForecastCheck.objects.filter(forecast=forecast).exists():
        raise ledger.Refused(_("这一期已经回查，没有重复登记。"))
    found = _observed_degree(forecast, degree, measured)
    if found and peak_on is None:
        raise ledger.Refused({"peak_on": _("发生了的，请填写实际发生盛期。")})
    expected = engine.Expected(forecast.degree, forecast.window_from, forecast.window_to)
    outcome = engine.judge_forecast(expected, engine.Observed(found, peak_on if found else None))
    row: ForecastCheck = insert(
        ForecastCheck(
            forecast=forecast,
            division_code=forecast.division_code,
            surveyed_on=surveyed_on,
            peak_on=peak_on if found else None,
            measured=measured,
            degree=found,
            outcome=outcome.value,
            note=note.strip(),
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.forecast.checked", of=forecast, by=by, data={"outcome": outcome.value})
    return row


def _observed_degree(forecast: Forecast, degree: int | None, measured: Decimal | None) -> int:
    if degree is not None:
        return degree
    scale = rules.scale_of(forecast.crop, forecast.pest, forecast.window_from)
    if measured is None or scale is None:
        raise ledger.Refused({"degree": _("请填写实际发生程度；没有发生填 0。")})
    return engine.degree_of(measured, scale[1]) if measured else 0

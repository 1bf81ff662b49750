"""The year's areas and amounts, and areas treated."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import ControlRecord, CropYear, UsageFigure
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who


@transaction.atomic
def state_area(*, by: Any, row: CropYear | None = None, **values: Any) -> CropYear:
    """Enter what was sown of a crop in a year, or change what was entered."""
    return _state(CropYear, row, "farm_inputs.area.stated", by=by, **values)  # type: ignore[no-any-return]


@transaction.atomic
def state_usage(*, by: Any, row: UsageFigure | None = None, **values: Any) -> UsageFigure:
    """Enter an amount used in a year as the statistics state it, or change what was entered."""
    return _state(UsageFigure, row, "farm_inputs.usage.stated", by=by, **values)  # type: ignore[no-any-return]


def _state(model: Any, row: Any, event: str, *, by: Any, **values: Any) -> Any:
    stated = {**values, "recorded_at": ledger.clock.now(), "recorded_by": who(by)}
    before = {}
    if row is None:
        row = insert(model(**stated))
    else:
        before = {name: str(getattr(row, name)) for name in values if getattr(row, name) != values[name]}
        for name, value in stated.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()
    ledger.record(event, of=row, by=by, data={"year": row.year, "before": before})
    return row


@transaction.atomic
def record_control(*, by: Any, **values: Any) -> ControlRecord:
    if values["on"] > ledger.clock.today():
        raise ledger.Refused({"on": _("日期还没有到，请核对。")})
    row: ControlRecord = insert(ControlRecord(**values, recorded_at=ledger.clock.now(), recorded_by=who(by)))
    data = {"professional": row.professional, "green": row.green}
    ledger.record("farm_inputs.control.recorded", of=row, by=by, data=data)
    return row

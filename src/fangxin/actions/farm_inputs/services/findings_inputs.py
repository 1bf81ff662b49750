"""What the rules find about dealers, codes and accounts becomes a finding and a matter, once."""

from typing import Any

from django.db import transaction

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import InputFinding
from fangxin.actions.farm_inputs.services.routing import open_matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who


@transaction.atomic
def find(*, code: str, key: str, text: str, division_code: str, by: Any, dealer: Any = None) -> InputFinding:
    """Open a matter for the owner by the routing rules. The same key is found once only."""
    earlier = InputFinding.objects.filter(key=key).first()
    if earlier is not None:
        return earlier
    today = ledger.clock.today()
    route = rules.route_of(code, today)
    matter = open_matter(
        code,
        hazard=f"{route.label}：{text}"[:500],
        division_code=division_code,
        subject=dealer,
        subject_name=dealer.name if dealer is not None else route.label,
        key=f"farm_inputs.{key}",
        by=by,
    )
    row: InputFinding = insert(
        InputFinding(
            key=key,
            dealer=dealer,
            division_code=division_code,
            code=code,
            text=text[:500],
            clause=route.clause,
            found_on=today,
            matter=matter,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.input.found", of=row, by=by, data={"code": code, "matter": matter.number})
    return row

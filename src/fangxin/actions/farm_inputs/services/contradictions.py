"""Contradictions between sales, use and fields become matters of the agriculture department."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import flows
from fangxin.actions.farm_inputs.models import InputFinding
from fangxin.actions.farm_inputs.services.findings_inputs import find
from fangxin.engines.reduction import Discrepancy
from fangxin.kernel.ledger import api as ledger


@transaction.atomic
def open_matters(*, prefix: str, year: int, words: Mapping[Discrepancy, str], by: Any) -> int:
    """One matter for each contradiction of a county and year that has none yet; returns how many were opened."""
    before = InputFinding.objects.count()
    for row in flows.flows(prefix, year, on=ledger.clock.today()):
        for one in row.contradictions:
            text = _("%(year)s 年 %(name)s：%(kind)s，%(more)s 千克对 %(less)s 千克，超出容差 %(excess)s 千克。") % {
                "year": year, "name": row.ingredient, "kind": words[one.kind], "more": _kg(one.more),
                "less": _kg(one.less), "excess": _kg(one.excess),
            }  # fmt: skip
            key = f"contradiction:{prefix}:{year}:{row.ingredient}:{one.kind}"[:120]
            find(code="contradiction", key=key, text=text, division_code=prefix, by=by)
    return InputFinding.objects.count() - before


def _kg(grams: Any) -> str:
    return f"{grams / 1000:.2f}"

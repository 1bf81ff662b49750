from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.matching import Certainty
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.comparing import propose_for_survey
from fangxin.kernel.registry.models import CensusEntry, CensusSurvey, Premises
from fangxin.kernel.registry.services.subjects import who


@transaction.atomic
def open_survey(
    *, name: str, division_code: str, started_on: date, by: Any, finished_on: date | None = None
) -> CensusSurvey:
    survey = CensusSurvey(
        name=name.strip(),
        division_code=division_code,
        started_on=started_on,
        finished_on=finished_on,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    survey.full_clean()
    survey.save()
    ledger.record("registry.survey.opened", of=survey, by=by)
    return survey


@transaction.atomic
def close_survey(*, survey: CensusSurvey, finished_on: date, by: Any) -> CensusSurvey:
    """From now on the survey is the denominator; an open one counts only where no other was finished."""
    survey.finished_on = finished_on
    survey.full_clean()
    survey.save()
    ledger.record("registry.survey.closed", of=survey, by=by, data={"on": finished_on})
    return survey


@transaction.atomic
def record_census_entry(
    *,
    survey: CensusSurvey,
    name_seen: str,
    kind_seen: str,
    division_code: str,
    seen_on: date,
    by: Any,
    address_seen: str = "",
    phone_seen: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    operating: bool = True,
) -> CensusEntry:
    entry = CensusEntry(
        survey=survey,
        division_code=division_code,
        name_seen=name_seen.strip(),
        address_seen=address_seen,
        phone_seen=phone_seen,
        kind_seen=kind_seen,
        latitude=latitude,
        longitude=longitude,
        operating=operating,
        seen_on=seen_on,
        seen_by=who(by),
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    if not division_code.startswith(survey.division_code):
        raise ValidationError({"division_code": _("这个地点不在普查范围内，请核对区划或另选普查。")})
    if not survey.started_on <= seen_on <= (survey.finished_on or ledger.clock.today()):
        raise ValidationError({"seen_on": _("查看日期不在普查期间内，请核对。")})
    entry.full_clean()
    entry.save()
    ledger.record("registry.census.recorded", of=entry, by=by, data={"survey": survey.pk, "kind": kind_seen})
    return entry


@transaction.atomic
def match_survey(*, survey: CensusSurvey, by: Any) -> int:
    """Link the entries that agree exactly with one row of the register; the rest waits for a person."""
    linked = 0
    for entry, found in propose_for_survey(survey):
        exact = [proposal for proposal in found if proposal.certainty is Certainty.EXACT]
        if len(exact) == 1:
            decide_match(
                entry=entry,
                match=CensusEntry.Match.MATCHED,
                premises=exact[0].premises,
                score=exact[0].score,
                reasons=exact[0].tokens,
                by=by,
            )
            linked += 1
    return linked


@transaction.atomic
def decide_match(
    *,
    entry: CensusEntry,
    match: str,
    by: Any,
    premises: Premises | None = None,
    score: Decimal | None = None,
    reasons: Sequence[str] = (),
) -> CensusEntry:
    """Say what an entry is. The entry must still be as the person saw it when deciding."""
    if match not in CensusEntry.Match.values or (match == CensusEntry.Match.MATCHED) != (premises is not None):
        raise ValidationError(_("请选择比对结果；认定为同一场所时须选定底册中的场所。"))
    if premises is not None and premises.merged_into_id is not None:
        raise ValidationError(_("所选场所已并入其他场所，请选择保留的那一个。"))
    open_again = match == CensusEntry.Match.UNMATCHED
    decided = CensusEntry.objects.filter(pk=entry.pk, match=entry.match, premises=entry.premises_id).update(
        match=match,
        premises=premises,
        match_score=score,
        match_reasons=list(reasons),
        matched_at=None if open_again else ledger.clock.now(),
        matched_by="" if open_again else who(by),
    )
    if decided != 1:
        raise ValidationError(_("这条记录刚刚已由他人认定，请刷新后查看。"))
    entry.refresh_from_db()
    ledger.record(
        "registry.census.matched",
        of=entry,
        by=by,
        data={"match": match, "premises": entry.premises_id, "reasons": list(reasons)},
    )
    return entry

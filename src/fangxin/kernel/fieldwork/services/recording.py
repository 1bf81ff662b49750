"""What is seen on the spot: items and pictures."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.pictures import read_picture
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.data import ItemAnswer, Spot
from fangxin.kernel.fieldwork.models import Inspection, ItemPhoto, ItemResult
from fangxin.kernel.fieldwork.services.steps import hold, named, need_officer, record
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

Outcome = ItemResult.Outcome
FULL_POINTS = Decimal(10)
COUNTY_LENGTH = 6
_PICTURE = re.compile(r"image/(jpeg|png|webp)")
_VALUES = (
    "outcome", "score", "safety_affected", "accident_potential", "corrected_on_site", "note", "recorded_at", "recorded_by",
)  # fmt: skip


def record_item(*, inspection: Inspection, answer: ItemAnswer, by: Any) -> ItemResult:
    return record_items(inspection=inspection, answers=[answer], by=by)[0]


@transaction.atomic
def record_items(*, inspection: Inspection, answers: Iterable[ItemAnswer], by: Any) -> list[ItemResult]:
    """Write down, or correct, what was seen. All or nothing; possible until the inspection is judged."""
    need_officer(inspection, by)
    hold(inspection, Inspection.State.STARTED)
    codes = {item.code for item in rules.chosen(inspection, standards.checklist_of(inspection.checklist))}
    found = [_result(inspection, answer, codes, named(by)) for answer in answers]
    ItemResult.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["inspection", "code"], update_fields=list(_VALUES)
    )
    told = {row.code: [row.outcome, None if row.score is None else str(row.score)] for row in found}
    record("fieldwork.inspection.items_recorded", inspection, by=by, data={"items": told})
    return found


def _result(inspection: Inspection, answer: ItemAnswer, codes: set[str], username: str) -> ItemResult:
    if answer.code not in codes:
        raise rules.Refused(_("项目“%(code)s”不在这次检查的项目中，请刷新页面。") % {"code": answer.code[:30]})
    failed = answer.outcome == Outcome.FAIL
    now = ledger.clock.now()
    row = ItemResult(
        inspection=inspection,
        code=answer.code,
        outcome=answer.outcome,
        score=_score(answer),
        # What is dangerous affects safety; nobody need say it twice.
        safety_affected=(answer.accident_potential or answer.safety_affected) if failed else None,
        accident_potential=failed and answer.accident_potential,
        corrected_on_site=failed and answer.corrected_on_site,
        note=answer.note.strip(),
        recorded_at=min(answer.recorded_at or now, now),
        recorded_by=username,
    )
    row.clean_fields(exclude=["inspection"])
    return row


def _score(answer: ItemAnswer) -> Decimal | None:
    if answer.score is None or answer.outcome == Outcome.NOT_APPLICABLE:
        return None
    if not answer.score.is_finite() or not 0 <= answer.score <= FULL_POINTS:
        raise rules.Refused({"score": _("每项得分为0到10分，可带一位小数。")})
    return answer.score


@transaction.atomic
def add_photo(
    *,
    inspection: Inspection,
    code: str = "",
    name: str = "",
    content: bytes | None = None,
    file: Any = None,
    taken_at: datetime | None = None,
    spot: Spot | None = None,
    note: str = "",
    by: Any,
) -> ItemPhoto:
    """Keep a picture of an item, given as bytes or as a file already kept.

    What the device does not tell, the picture itself may; what is doubtful about time and place is noted.
    """
    need_officer(inspection, by)
    hold(inspection, *rules.LIVE_STATES)
    kept = file or ledger.store_evidence(name=name, content=content or b"", by=by)
    if not _PICTURE.fullmatch(kept.media_type):
        raise rules.Refused(_("“%(name)s”不是照片。请选择JPG、PNG或者WebP格式的照片。") % {"name": name or kept.name})
    if code and code not in {i.code for i in rules.chosen(inspection, standards.checklist_of(inspection.checklist))}:
        raise rules.Refused(_("项目“%(code)s”不在这次检查的项目中，请刷新页面。") % {"code": code[:30]})
    earlier = ItemPhoto.objects.filter(inspection=inspection, code=code, file=kept).first()
    if earlier is not None:
        return earlier
    return _keep(inspection, code, kept, *_seen(kept, content, taken_at, spot), note=note, by=by)


def _seen(kept: Any, content: bytes | None, taken_at: datetime | None, spot: Spot | None) -> tuple[Any, Any]:
    """Time and place: from the device, else from the picture's own notes."""
    if taken_at is not None and spot is not None:
        return taken_at, spot
    own = read_picture(content if content is not None else ledger.read_evidence(kept))
    if own.taken_at is not None and taken_at is None:
        taken_at = own.taken_at.replace(tzinfo=ledger.clock.LOCAL)
    if spot is None and own.latitude is not None and own.longitude is not None:
        spot = Spot(own.latitude, own.longitude)
    return taken_at, spot


def _keep(
    inspection: Inspection, code: str, kept: Any, taken_at: datetime | None, spot: Spot | None, *, note: str, by: Any
) -> ItemPhoto:
    now = ledger.clock.now()
    photo = ItemPhoto(
        inspection=inspection,
        code=code,
        file=kept,
        taken_at=taken_at,
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
        doubts=rules.doubts(
            spot,
            taken_at,
            premises=_spot_of(inspection.premises),
            places=_places(inspection),
            started_at=inspection.started_at,
            now=now,
            practice=standards.practice(inspection.started_on),
        ),
        note=note.strip(),
        added_at=now,
        added_by=named(by),
    )
    photo.clean_fields(exclude=["inspection", "file"])
    photo.save(force_insert=True)
    record(
        "fieldwork.inspection.photo_added",
        inspection,
        by=by,
        data={"item": code, "digest": kept.digest, "doubts": photo.doubts},
    )
    return photo


def _spot_of(premises: Any) -> Spot | None:
    if premises.latitude is None or premises.longitude is None:
        return None
    return Spot(premises.latitude, premises.longitude)


def _places(inspection: Inspection) -> list[Spot]:
    """Every place of the county whose position is known, the premises itself among them."""
    rows = people.list_divisions(inspection.division_code[:COUNTY_LENGTH]).values_list("latitude", "longitude")
    known = [Spot(one, other) for one, other in rows if one is not None and other is not None]
    own = _spot_of(inspection.premises)
    return [*known, own] if own is not None and known else known

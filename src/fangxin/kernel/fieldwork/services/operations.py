"""What was done on a phone without network, applied when it arrives.

Every kind is idempotent by what it says: the same start, item, picture, judgement, signature and telling again change
nothing. What no longer fits, because somebody else went on meanwhile, is a conflict for a person and is not lost: the
caller keeps the operation.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import access, rules
from fangxin.kernel.fieldwork.data import ItemAnswer, OperationOutcome, Spot
from fangxin.kernel.fieldwork.models import Inspection, ItemResult
from fangxin.kernel.fieldwork.services import inspections, judging, recording, telling
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

APPLIED, CONFLICT, REFUSED = "applied", "conflict", "refused"
_LARGEST_KEY = 2**63 - 1


class _Unreadable(Exception):
    """The operation does not hold what its kind needs."""


def apply_operation(*, operation: Mapping[str, Any], by: Any, device_id: str) -> OperationOutcome:
    """Apply one operation of a phone as the person who made it.

    `operation`: kind (start, item, photo, judge, sign, tell), subject (the inspection's client key), made_at (aware;
    the corrected time), payload (a mapping of plain values), files (digests of files already kept). Nothing is raised
    for what the phone says; nothing is half applied.
    """
    try:
        with transaction.atomic():
            inspection = _KINDS[_text(operation, "kind")](_Said(operation, by))
            ledger.record(
                "fieldwork.operation.applied",
                of=inspection,
                by=by,
                data={"device": device_id, "kind": operation["kind"]},
            )
        return OperationOutcome(APPLIED, "", inspection.pk)
    except rules.MovedOn as error:
        return OperationOutcome(CONFLICT, " ".join(error.messages), _known(operation, by))
    except ValidationError as error:
        status = CONFLICT if _went_on(operation, by) else REFUSED
        return OperationOutcome(status, " ".join(error.messages), _known(operation, by))
    except (_Unreadable, KeyError, Http404):
        text = _("手机传来的记录不完整，或者对象不在您的辖区，没有保存。请联系管理员。")
        return OperationOutcome(REFUSED, text, _known(operation, by))


def _known(operation: Mapping[str, Any], by: Any) -> int | None:
    try:
        found = access.get_inspection_by_key(by, UUID(str(operation.get("subject"))))
    except ValueError:
        return None
    return None if found is None else found.pk


def _went_on(operation: Mapping[str, Any], by: Any) -> bool:
    """Whether the inspection has been carried on elsewhere, so that the operation comes too late rather than wrong."""
    pk = _known(operation, by)
    if pk is None or operation.get("kind") == "start":
        return False
    state = Inspection.objects.values_list("state", flat=True).get(pk=pk)
    fits = {"item": ("started",), "photo": rules.LIVE_STATES, "judge": ("started",)}
    return state not in fits.get(str(operation.get("kind")), ("judged",))


def _text(values: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = values.get(name, default)
    if not isinstance(value, str):
        raise _Unreadable(name)
    return value


class _Said:
    """One operation, read value by value."""

    def __init__(self, operation: Mapping[str, Any], by: Any) -> None:
        self.by = by
        payload = operation.get("payload", {})
        if not isinstance(payload, Mapping):
            raise _Unreadable("payload")
        self.payload = payload
        self.files = operation.get("files", ())
        self.made_at = _moment(operation.get("made_at"))
        try:
            self.subject = UUID(str(operation.get("subject")))
        except ValueError:
            raise _Unreadable("subject") from None

    def text(self, name: str, default: str | None = "") -> str:
        return _text(self.payload, name, default)

    def flag(self, name: str) -> bool | None:
        value = self.payload.get(name)
        if value is not None and not isinstance(value, bool):
            raise _Unreadable(name)
        return value

    def key(self, name: str) -> int | None:
        value = self.payload.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _LARGEST_KEY:
            raise _Unreadable(name)
        return value

    def keys(self, name: str) -> list[int]:
        values = self.payload.get(name, ())
        if not isinstance(values, list | tuple) or not all(type(v) is int and 0 < v <= _LARGEST_KEY for v in values):
            raise _Unreadable(name)
        return list(values)

    def texts(self, name: str) -> list[str]:
        values = self.payload.get(name, ())
        if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
            raise _Unreadable(name)
        return list(values)

    def number(self, name: str) -> float | None:
        value = self.payload.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise _Unreadable(name)
        return None if value is None else float(value)

    def spot(self) -> Spot | None:
        latitude, longitude = self.number("latitude"), self.number("longitude")
        if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return None
        return Spot(latitude, longitude, self.number("accuracy_m"))

    def score(self) -> Decimal | None:
        value = self.payload.get("score")
        try:
            return None if value is None else Decimal(str(value))
        except InvalidOperation:
            raise _Unreadable("score") from None

    def file(self, place: int = 0) -> Any:
        """A file that arrived before the operation."""
        if not isinstance(self.files, list | tuple) or len(self.files) <= place:
            return None
        kept = ledger.find_evidence_by_digest(str(self.files[place]))
        if kept is None:
            raise _Unreadable("files")
        return kept

    def inspection(self) -> Inspection:
        found = access.get_inspection_by_key(self.by, self.subject)
        if found is None:
            raise _Unreadable("subject")
        return found


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _Unreadable("made_at") from None
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise _Unreadable("made_at")
    return value


def _start(said: _Said) -> Inspection:
    earlier = Inspection.objects.filter(client_key=said.subject).first()
    if earlier is not None:
        return said.inspection()
    visit_key, premises_key, edition_key = said.key("visit"), said.key("premises"), said.key("edition")
    visit = access.get_visit(said.by, visit_key) if visit_key is not None else None
    premises = registry.get_premises(said.by, premises_key) if premises_key is not None else None
    if visit is None and premises is None:
        raise _Unreadable("premises")
    edition = catalog.Edition.objects.filter(pk=edition_key).first() if edition_key is not None else None
    officers = people.User.objects.filter(pk__in=[*said.keys("officers"), said.by.pk])
    # A clock that runs ahead is no reason to lose a day's work: what lies in the future began now.
    started_at = min(said.made_at, ledger.clock.now()) if said.made_at is not None else None
    return inspections.start(
        premises=premises,
        visit=visit,
        kind=said.text("kind"),
        edition=edition,
        officers=officers,
        client_key=said.subject,
        started_at=started_at,
        spot=said.spot(),
        chosen_items=said.texts("chosen_items"),
        suspicion=said.text("suspicion"),
        by=said.by,
    )


def _item(said: _Said) -> Inspection:
    inspection = said.inspection()
    answer = ItemAnswer(
        code=said.text("code", None),
        outcome=said.text("outcome", None),
        score=said.score(),
        safety_affected=said.flag("safety_affected"),
        accident_potential=bool(said.flag("accident_potential")),
        corrected_on_site=bool(said.flag("corrected_on_site")),
        note=said.text("note"),
        recorded_at=said.made_at,
    )
    earlier = ItemResult.objects.filter(inspection=inspection, code=answer.code[:30]).first()
    if earlier is not None and _as_said(earlier, answer):
        return inspection
    live = inspection.state == Inspection.State.STARTED
    if live and earlier is not None and answer.recorded_at is not None and earlier.recorded_at > answer.recorded_at:
        if earlier.recorded_by == said.by.username:
            return inspection  # the same person has thought better of it since
        raise rules.MovedOn(
            _("项目%(code)s已由另一名检查人员在此之后改为“%(outcome)s”，请两人核对后再改。")
            % {"code": earlier.code, "outcome": earlier.get_outcome_display()}
        )
    recording.record_item(inspection=inspection, answer=answer, by=said.by)
    return inspection


def _as_said(row: ItemResult, answer: ItemAnswer) -> bool:
    return (row.outcome, row.note, row.score) == (answer.outcome, answer.note.strip(), answer.score) and (
        row.safety_affected,
        row.accident_potential,
        row.corrected_on_site,
    ) == (answer.safety_affected, answer.accident_potential, answer.corrected_on_site)


def _photo(said: _Said) -> Inspection:
    inspection = said.inspection()
    file = said.file()
    if file is None:
        raise _Unreadable("files")
    if inspection.photos.filter(code=said.text("code"), file=file).exists():
        return inspection
    taken = said.payload.get("taken_at")
    recording.add_photo(
        inspection=inspection,
        code=said.text("code"),
        file=file,
        taken_at=_moment(taken) if taken is not None else said.made_at,
        spot=said.spot(),
        note=said.text("note"),
        by=said.by,
    )
    return inspection


def _judge(said: _Said) -> Inspection:
    inspection = said.inspection()
    opinion, result = said.text("opinion").strip(), said.text("result")
    same = inspection.judged_by == said.by.username and inspection.opinion == opinion
    if same and result in ("", inspection.result, inspection.basis.get("given", "")):
        return inspection
    return judging.judge(
        inspection=inspection,
        opinion=opinion,
        result=result,
        refusals=said.texts("refusals"),
        judged_at=said.made_at,
        by=said.by,
    )


def _sign(said: _Said) -> Inspection:
    inspection = said.inspection()
    user_key = said.key("officer") or said.by.pk
    signature = said.file()
    if signature is None:
        raise _Unreadable("files")
    officer = inspection.officers.filter(user=user_key).select_related("user").first()
    if officer is None:
        raise _Unreadable("officer")
    if officer.signature_id == signature.pk:
        return inspection
    telling.sign_officer(
        inspection=inspection, user=officer.user, signature=signature, signed_at=said.made_at, by=said.by
    )
    return inspection


def _tell(said: _Said) -> Inspection:
    inspection = said.inspection()
    refusal, signer = said.text("refusal_reason").strip(), said.text("signer").strip()
    file = said.file()
    told = (inspection.operator_signer, inspection.refusal_reason)
    if inspection.told_by == said.by.username and told == (signer, refusal):
        return inspection
    return telling.tell(
        inspection=inspection,
        operator_signer=signer,
        operator_signature=None if refusal else file,
        refusal_reason=refusal,
        witness=said.text("witness"),
        recording=file if refusal else None,
        told_at=said.made_at,
        by=said.by,
    )


_KINDS: Mapping[str, Callable[[_Said], Inspection]] = {
    "start": _start,
    "item": _item,
    "photo": _photo,
    "judge": _judge,
    "sign": _sign,
    "tell": _tell,
}

"""Every look at a code is kept, without anything about the person, and compared with the looks before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import certificates as engine
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.models import Certificate, Collection, Scan
from fangxin.kernel.supply.services import clues
from fangxin.kernel.supply.services.certificates import descendants, revoked_source

Outcome = Scan.Outcome
MOST_COMPARED = 200
MOST_FALSE_A_DAY = 2_000
_DAY = timedelta(days=1)


def look_up(text: str) -> tuple[str, Certificate | None, str]:
    """What a scanned or typed text is: (outcome, the certificate if it is ours, the number it claims)."""
    wanted = text.strip()
    if len(wanted) > engine.MOST_CODE + 200 or "\0" in wanted:
        return Outcome.UNKNOWN, None, ""
    by_number = _numbered(engine_number(wanted))
    if by_number is not None:
        return _standing(by_number, Outcome.UNSIGNED), by_number, by_number.number
    verdict = engine.verify(wanted, rules.keys())
    if verdict.statement is None:
        return Outcome.UNKNOWN, None, ""
    claimed = verdict.statement.number
    found = _numbered(claimed)
    if verdict.outcome is not engine.Outcome.GENUINE:
        return Outcome.FORGED, found, claimed
    if found is None or found.code != engine.code_in(wanted):
        # Signed by our key and not in our books: the key was stolen, or the books were cut.
        return Outcome.FORGED, found, claimed
    return _standing(found, Outcome.GENUINE), found, claimed


def engine_number(text: str) -> str:
    """The number in a typed text or in the address of an unsigned label."""
    return text.rstrip("/").rsplit("/", 1)[-1].strip().upper()


def _numbered(number: str) -> Certificate | None:
    if not number or len(number) > 24 or not number.isascii():
        return None
    return Certificate.objects.filter(number=number).select_related("premises__operator").first()


def _standing(row: Certificate, otherwise: str) -> str:
    if row.state == Certificate.State.WITHDRAWN:
        return Outcome.WITHDRAWN
    return Outcome.REVOKED if revoked_source(row) is not None else otherwise


@transaction.atomic
def record_scan(
    *, certificate: Certificate | None, outcome: str, claimed: str = "", premises: Any = None,
    longitude: float | None = None, latitude: float | None = None, by: Any = None,
) -> Scan | None:  # fmt: skip
    """Keep a look. None when so many came in a day that more tell nothing new."""
    now = ledger.clock.now()
    practice = standards.practice(ledger.clock.today())
    recent = Scan.objects.filter(at__gt=now - _DAY)
    same = recent.filter(certificate=certificate) if certificate else recent.filter(certificate=None)
    if same.count() >= (practice.kept_a_day if certificate else MOST_FALSE_A_DAY):
        return None
    row = Scan(certificate=certificate, claimed=claimed[:24], outcome=outcome, at=now, premises=premises)
    if premises is not None and premises.longitude is not None:
        longitude, latitude = premises.longitude, premises.latitude
    row.longitude, row.latitude = _coarse(longitude), _coarse(latitude)
    row.full_clean()
    row.save(force_insert=True)
    judge(row, by=by)
    return row


def _coarse(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 2)


@transaction.atomic
def place_scan(*, scan: Scan, longitude: float, latitude: float, by: Any = None) -> bool:
    """The person allowed the phone to tell about where it is; told once."""
    coarse = {"longitude": _coarse(longitude), "latitude": _coarse(latitude)}
    if Scan.objects.filter(pk=scan.pk, longitude=None).update(**coarse) != 1:
        return False
    scan.refresh_from_db()
    judge(scan, by=by)
    return True


def judge(scan: Scan, *, by: Any) -> None:
    """Compare a look with those before it. Revoked and withdrawn codes are no clue of copying: they are refused anyway."""
    certificate = scan.certificate
    if certificate is None:
        return
    if scan.outcome == Outcome.FORGED:
        text = _("有人使用假码冒用合格证编号 %(number)s，防伪签名不符。请到扫码地点附近核查。") % {
            "number": certificate.number
        }
        clues.note(certificate=certificate, kind=clues.Kind.FORGED, text=text, second=scan, by=by)
        return
    if scan.outcome not in (Outcome.GENUINE, Outcome.UNSIGNED):
        return
    practice = standards.practice(ledger.clock.today())
    seen = certificate.scans.exclude(outcome=Outcome.FORGED)
    excess = engine.too_many(seen.count(), certificate.quantity, certificate.unit, practice.copies)
    if excess is not None:
        text = _("合格证 %(number)s 已被查看 %(seen)s 次，按货量最多约 %(most)s 次。标签可能被大量复印，请核实。") % {
            "number": certificate.number, "seen": excess.seen, "most": excess.most,
        }  # fmt: skip
        clues.note(certificate=certificate, kind=clues.Kind.TOO_MANY, text=text, second=scan, by=by)
    if scan.longitude is not None:
        _compare(scan, certificate, practice, by=by)


def _compare(scan: Scan, certificate: Certificate, practice: standards.Practice, *, by: Any) -> None:
    since = scan.at - timedelta(hours=practice.window_hours)
    placed = certificate.scans.filter(at__gte=since, at__lte=scan.at).exclude(longitude=None)
    rows = list(placed.exclude(outcome=Outcome.FORGED).order_by("-at", "-pk")[:MOST_COMPARED])
    known = _known_places(certificate)
    sightings = {_sighting(row, known, practice.near_km): row for row in reversed(rows)}
    travel = engine.far_apart(list(sightings), practice.copies)
    if travel is None:
        return
    text = _(
        "合格证 %(number)s 在 %(minutes)s 分钟内出现在相距约 %(km)s 公里的两地，其中有地方不是已登记的去向。"
        "标签可能被复印套用，请核实两地的货物。"
    ) % {"number": certificate.number, "minutes": round(travel.minutes), "km": round(travel.km)}
    clues.note(
        certificate=certificate, kind=clues.Kind.FAR_APART, text=text, first=sightings[travel.first],
        second=sightings[travel.second], by=by,
    )  # fmt: skip


def _known_places(certificate: Certificate) -> Sequence[tuple[float, float]]:
    """Where goods of this certificate are known to be: the issuer and everybody who collected it or what came of it."""
    buyers = Collection.objects.filter(certificate__in=descendants([certificate.pk]), undone_at=None)
    places = [certificate.premises, *(row.premises for row in buyers.select_related("premises"))]
    return [
        (place.longitude, place.latitude)
        for place in places
        if place.longitude is not None and place.latitude is not None
    ]


def _sighting(row: Scan, known: Sequence[tuple[float, float]], near_km: float) -> engine.Sighting:
    # The question left out looks without a place.
    here = engine.Sighting(row.at, row.longitude or 0.0, row.latitude or 0.0)
    explained = any(
        engine.distance_km(here, engine.Sighting(row.at, longitude, latitude)) <= near_km
        for longitude, latitude in known
    )
    return replace(here, explained=explained)

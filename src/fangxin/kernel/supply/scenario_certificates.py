"""Certificates of the synthetic county: a year and a half of promises, buyers and looks, four copied labels, one forged, one
revoked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fangxin.engines import certificates as engine
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import SourceBatch
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply.data_certificates import PastCertificate, PastLook, PastTake
from fangxin.kernel.supply.models import Certificate
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.services import scans
from fangxin.kernel.supply.services.loading_certificates import load

MOST = 3_000
MONTHS_BACK = timedelta(days=548)
BUYERS = ("food_sales", "small_shop", "restaurant", "school_canteen", "canteen", "produce_market")
MOST_BUYERS = 300
# Grain is traded without this certificate.
WITHOUT = ("小麦", "玉米", "大豆", "花生")
COPIES = 4
# Degrees of longitude; about 150 km at this latitude.
FAR = 1.6


def live(stage: Any) -> None:
    course = _Course(stage)
    last = stage.ends - timedelta(days=1)
    stage.at(datetime.combine(last, time(8)), course.issue_all)
    for number in range(COPIES):
        stage.at(datetime.combine(last, time(10, 7 * number)), lambda n=number: course.copy(n))
        stage.at(datetime.combine(last, time(10, 7 * number + 5)), lambda n=number: course.copy_elsewhere(n))
    stage.at(datetime.combine(last, time(11)), course.forge)
    stage.at(datetime.combine(last, time(11, 30)), course.revoke)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng: Random = stage.rng("supply.certificates")
        self.made: list[Certificate] = []

    def issue_all(self) -> None:
        self.by = self.stage.user("agriculture")
        self.buyers = self._places(BUYERS)[:MOST_BUYERS]
        known = {fault.subject for fault in self.stage.planted}
        farms = [farm for farm in self._places(("farm",)) if farm.name not in known]
        rows = [row for farm in farms for batch in contribute.batches_at(farm.pk) for row in self._of(farm, batch)]
        self.made = load(sorted(rows[:MOST], key=lambda row: row.issued_at), by=self.by)

    def _places(self, kinds: tuple[str, ...]) -> list[Any]:
        rows = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind__in=kinds, merged_into=None, status="operating"
        )
        return list(rows.select_related("operator").order_by("number"))

    def _of(self, farm: Any, batch: SourceBatch) -> Iterator[PastCertificate]:
        """A harvest leaves in a few consignments, each under its own certificate; some is eaten at home."""
        day = batch.harvested_on
        if day is None or not batch.ready or batch.facts.food in WITHOUT or day < self.stage.ends - MONTHS_BACK:
            return
        parts = self.rng.randrange(3, 10)
        share = (batch.ready * 9 / 10 / parts).quantize(Decimal(1))
        for part in range(parts):
            at = datetime.combine(day + timedelta(days=part // 2), time(6 + part % 4, 20), tzinfo=ledger.clock.LOCAL)
            if share <= 0 or at.date() >= self.stage.ends:
                return
            tested = self.rng.random() < 0.35
            row = PastCertificate(
                farm, batch.facts.food, share, batch.unit, at, day, batch.facts.subject_type, batch.facts.subject_id,
                basis="own_test" if tested else "quality_control",
                basis_note=f"{day} 快检 3 项" if tested else "", issued_for=self.rng.random() < 0.2,
            )  # fmt: skip
            yield replace(row, takes=tuple(self._takes(row)), looks=tuple(self._looks(row)))

    def _takes(self, row: PastCertificate) -> Iterator[PastTake]:
        if not self.buyers or self.rng.random() < 0.3:
            return
        half = (row.quantity / 2).quantize(Decimal(1))
        for amount in (half, half)[: self.rng.randrange(1, 3)]:
            hours = self.rng.randrange(2, 9)
            if 0 < 2 * amount <= row.quantity:
                yield PastTake(self.rng.choice(self.buyers), row.issued_at + timedelta(hours=hours), amount)

    def _looks(self, row: PastCertificate) -> Iterator[PastLook]:
        for _number in range(self.rng.choice((0, 0, 1, 1, 2, 3))):
            at = row.issued_at + timedelta(hours=self.rng.randrange(3, 30), minutes=self.rng.randrange(60))
            place = (None, None)
            if row.premises.longitude is not None and self.rng.random() < 0.3:
                place = (round(row.premises.longitude, 2), round(row.premises.latitude, 2))
            yield PastLook(at, *place)

    # --- planted, through the same services as the screens --------------------------------------------------------------------

    def _planted(self, number: int) -> Certificate | None:
        """The newest certificates that nobody has taken, in the order of their numbers."""
        rows = [row for row in self.made if not row.taken]
        return rows[-1 - number] if number < len(rows) else None

    def copy(self, number: int) -> None:
        self._look(number, 0.0)

    def copy_elsewhere(self, number: int) -> None:
        """Five minutes later, a county further on."""
        row = self._look(number, FAR)
        if row is not None:
            self.stage.plant("copied_certificate", row.number, row.division_code)

    def _look(self, number: int, away: float) -> Certificate | None:
        row = self._planted(number)
        if row is None:
            return None
        longitude, latitude = row.premises.longitude or 111.0, row.premises.latitude or 34.0
        outcome = scans.Outcome.GENUINE if row.code else scans.Outcome.UNSIGNED
        scans.record_scan(
            certificate=row, outcome=outcome, claimed=row.number, longitude=longitude + away, latitude=latitude
        )
        return row

    def forge(self) -> None:
        """A stranger's key under the words of a true certificate."""
        row = self._planted(COPIES)
        if row is None:
            return
        seed = sha256(f"{self.stage.division_code}:forger".encode()).digest()
        pem = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        code = engine.Signer(pem).sign(replace(rules.statement_of(row), quantity=row.quantity * 3))
        outcome, found, claimed = scans.look_up(code)
        scans.record_scan(certificate=found, outcome=outcome, claimed=claimed)
        self.stage.plant("forged_certificate", row.number, row.division_code)

    def revoke(self) -> None:
        rows = [row for row in self.made if row.taken]
        if not rows:
            return
        row = rows[-1]
        services.revoke(certificate=row, reason="复检发现使用了禁用农药", by=self.by)
        self.stage.plant("revoked_certificate", row.number, row.division_code)

"""Certificates for everybody: what a code says, the look at it kept, public keys for checks without a network."""

from fangxin.engines import certificates as engine
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply.data_certificates import ScannedCode
from fangxin.kernel.supply.models import Scan
from fangxin.kernel.supply.selectors_certificates import public_certificate
from fangxin.kernel.supply.services import scans


def scan_code(text: str, *, seen_before: bool = False) -> ScannedCode:
    """Answer a look at a code and keep it. With `seen_before` the same telephone only loads the page again."""
    outcome, row, claimed = scans.look_up(text)
    kept = None
    if not seen_before:
        kept = scans.record_scan(certificate=row, outcome=outcome, claimed=claimed)
    # A false code shows nothing of the true certificate: its words would lend it weight.
    shown = public_certificate(row) if row is not None and outcome != Scan.Outcome.FORGED else None
    return ScannedCode(outcome, claimed, shown, kept.pk if kept else None)


def tell_place(scan: int, *, longitude: float, latitude: float) -> bool:
    """About where a kept look happened; told once, for looks of the last minutes."""
    row = Scan.objects.filter(pk=scan).select_related("certificate").first()
    return row is not None and scans.place_scan(scan=row, longitude=longitude, latitude=latitude)


def certificate_keys() -> str:
    """All public keys as one file, for `fangxin certificate verify` and for the page that checks without a network."""
    return engine.keys_to_json(rules.keys())

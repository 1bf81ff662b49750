"""The reviewed rule files of certificates, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines.certificates import CopyRule


@dataclass(frozen=True, slots=True)
class Basis:
    code: str
    text: str
    asks_note: bool


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """What a certificate says on a day: its title, what is promised, on what that may rest, how long it is kept."""

    edition: str
    title: str
    opening: str
    commitments: Mapping[str, str]
    bases: tuple[Basis, ...]
    groups: frozenset[str]
    produce: frozenset[str]
    obliged: frozenset[str]
    obliged_from: date
    keep_months: int
    source: str

    def basis_text(self, code: str) -> str:
        return next((basis.text for basis in self.bases if basis.code == code), code)


@dataclass(frozen=True, slots=True)
class ClueRoute:
    label: str
    clause: str
    owners: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Practice:
    withdraw_minutes: int
    near_km: float
    window_hours: int
    kept_a_day: int
    copies: CopyRule
    routes: Mapping[str, ClueRoute]


@cache
def _documents(folder: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.toml")))


def _edition(code: str, on: date) -> Mapping[str, Any]:
    for values in _documents(str(Path(settings.STANDARDS_DIR) / "certificates")):
        if values["code"] == code and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return values
    raise ValidationError(_("%(day)s 没有施行中的合格证规定，不能办理。请管理员核对规则文件。") % {"day": on})


def rules_on(on: date) -> CertificateRules:
    """The wording in force on a day. ValidationError before the first edition."""
    values = _edition("certificate-rules", on)
    return CertificateRules(
        edition=values["edition"],
        title=values["title"],
        opening=values["opening"],
        commitments={row["code"]: row["text"] for row in values["commitment"]},
        bases=tuple(Basis(row["code"], row["text"], row["asks_note"]) for row in values["basis"]),
        groups=frozenset(values["groups"]),
        produce=frozenset(values["produce"]),
        obliged=frozenset(values["obliged"]),
        obliged_from=values["obliged_from"],
        keep_months=values["keep_months"],
        source=values["source"],
    )


def practice(on: date) -> Practice:
    values = _edition("certificate-practice", on)
    copies = CopyRule(
        values["most_kmh"], values["least_km"], {unit: Decimal(least) for unit, least in values["smallest"].items()},
        values["scans_a_portion"], values["least_scans"],
    )  # fmt: skip
    routes = {
        row["code"]: ClueRoute(row["label"], row["clause"], tuple(row["owners"]), row["severity"])
        for row in values["finding"]
    }
    return Practice(
        values["withdraw_minutes"], values["near_km"], values["window_hours"], values["kept_a_day"], copies, routes,
    )  # fmt: skip

"""From a registration to a full licence: a checklist, and what lacks."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Upgrade, UpgradeItem
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, who
from fangxin.kernel.registry import api as registry

State = Upgrade.State
OPEN = (State.PREPARING, State.APPLIED)


@transaction.atomic
def begin_upgrade(*, premises: Any, becomes: str, note: str = "", by: Any) -> Upgrade:
    if premises.kind not in rules.KINDS:
        raise ledger.Refused(_("这一家不是“三小”，不需要升级。"))
    path = rules.upgrade_path(premises.kind, ledger.clock.today())
    if becomes not in path.becomes:
        raise ledger.Refused({"becomes": _("请选择升级为哪一类。")})
    upgrade: Upgrade = insert(
        Upgrade(
            premises=premises,
            division_code=premises.division_code,
            kind=premises.kind,
            becomes=becomes,
            note=note.strip(),
            begun_at=ledger.clock.now(),
            begun_by=who(by),
        )
    )
    ledger.record(
        "small_operators.upgrade.begun", of=upgrade, by=by, data={"becomes": becomes, "premises": premises.pk}
    )
    return upgrade


@transaction.atomic
def check_item(*, upgrade: Upgrade, code: str, met: bool, note: str = "", by: Any) -> UpgradeItem:
    """Say whether a condition is there now."""
    if code not in dict(conditions(upgrade)):
        raise ledger.Refused(_("条件清单里没有这一项。"))
    if upgrade.state not in OPEN:
        raise ledger.Refused(_("升级已经结束，不能再改。"))
    item, _made = UpgradeItem.objects.update_or_create(
        upgrade=upgrade,
        code=code,
        defaults={
            "met": met,
            "note": note.strip()[:300],
            "checked_at": ledger.clock.now(),
            "checked_by": who(by),
        },
    )
    ledger.record("small_operators.upgrade.checked", of=upgrade, by=by, data={"code": code, "met": met})
    return item


def conditions(upgrade: Upgrade) -> tuple[tuple[str, str], ...]:
    """The checklist, as it was in force on the day the upgrade began."""
    day = upgrade.begun_at.astimezone(ledger.clock.LOCAL).date()
    return rules.upgrade_path(upgrade.kind, day).items


def lacking(upgrade: Upgrade) -> list[str]:
    """Labels of what is not there yet; what nobody looked at is not there."""
    met = set(upgrade.items.filter(met=True).values_list("code", flat=True))
    return [label for code, label in conditions(upgrade) if code not in met]


@transaction.atomic
def apply_for_licence(*, upgrade: Upgrade, by: Any) -> Upgrade:
    still = lacking(upgrade)
    if still:
        raise ledger.Refused(_("还缺：%(items)s") % {"items": "；".join(still)})
    return move(  # type: ignore[no-any-return]
        upgrade, (State.PREPARING,), State.APPLIED, "small_operators.upgrade.applied", by=by
    )


@transaction.atomic
def finish_upgrade(*, upgrade: Upgrade, by: Any) -> Upgrade:
    """The licence is in the register: the small paper ends and the place changes its kind."""
    today, premises = ledger.clock.today(), upgrade.premises
    wanted = rules.upgrade_path(upgrade.kind, today).credential
    papers = registry.Credential.objects.filter(premises=premises, kind=wanted, revoked_on=None).order_by("-issued_on")
    licence = next((p for p in papers if registry.credential_status(p, today) == "valid"), None)
    if licence is None:
        raise ledger.Refused(_("底册里还没有这一家的有效许可证。请先登记许可证，再办结升级。"))
    move(
        upgrade, OPEN, State.LICENSED, "small_operators.upgrade.licensed", by=by, licence=licence,
        ended_at=ledger.clock.now(), ended_by=who(by),
    )  # fmt: skip
    for small in registry.Credential.objects.filter(
        premises=premises, kind__in=rules.CREDENTIALS, revoked_on=None, renewed_by=None
    ):
        registry.revoke_credential(credential=small, on=today, reason=_("已取得许可证"), by=by)
    registry.change_premises(premises=premises, kind=upgrade.becomes, effective_on=today, by=by)
    return upgrade


@transaction.atomic
def give_up(*, upgrade: Upgrade, by: Any) -> Upgrade:
    return move(  # type: ignore[no-any-return]
        upgrade, OPEN, State.GIVEN_UP, "small_operators.upgrade.given_up", by=by,
        ended_at=ledger.clock.now(), ended_by=who(by),
    )  # fmt: skip


@transaction.atomic
def take_up_again(*, upgrade: Upgrade, by: Any) -> Upgrade:
    return move(  # type: ignore[no-any-return]
        upgrade, (State.GIVEN_UP,), State.PREPARING, "small_operators.upgrade.taken_up_again", by=by,
        ended_at=None, ended_by="",
    )  # fmt: skip

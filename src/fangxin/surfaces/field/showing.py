"""An operation in words, for whoever decides about it."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.surfaces.field.models import SyncedOperation
from fangxin.surfaces.field.words import PAGE


def kind_word(kind: str) -> str:
    return str(PAGE.get(f"kind_{kind}", kind))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_value(one) for one in value)
    return str(PAGE.get(value, value)) if isinstance(value, str) else str(value)


def payload_lines(row: SyncedOperation) -> list[tuple[str, str]]:
    """What the phone says, name by name; names that mean nothing to a person are left out."""
    names = {
        "code": _("项目"), "outcome": _("结果"), "safety_affected": _("影响食品安全"),
        "accident_potential": _("有发生事故的危险"), "corrected_on_site": _("已当场改正"), "note": _("情况说明"),
        "result": _("检查结果"), "opinion": _("检查意见"), "signer": _("签字人"),
        "refusal_reason": _("拒绝签字的情况"), "witness": _("见证人"),
    }  # fmt: skip
    return [
        (label, _value(row.payload[name])) for name, label in names.items() if row.payload.get(name) not in (None, "")
    ]


def item_word(row: SyncedOperation, user: Any) -> str:
    """What the platform has for the same item now, if the person may see the inspection."""
    code, visit = row.payload.get("code"), None
    begun = SyncedOperation.objects.filter(device=row.device_id, subject=row.subject, kind="start").first()
    if begun is not None:
        visit = begun.payload.get("visit")
    rows = fieldwork.list_inspections(user)
    found = rows.filter(client_key=row.subject).first() or (rows.filter(visit=visit).first() if visit else None)
    if found is None:
        return ""
    item = found.items.filter(code=str(code)).first() if row.kind == "item" else None
    state = f"{found.number} {found.get_state_display()}"
    return f"{state} · {item.get_outcome_display()} {item.note}".strip() if item is not None else state

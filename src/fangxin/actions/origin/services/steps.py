"""What all writing of this action shares."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger


def not_later_than_today(day: Any, field: str) -> None:
    if day > ledger.clock.today():
        raise ledger.Refused({field: _("日期还没有到，请核对。")})

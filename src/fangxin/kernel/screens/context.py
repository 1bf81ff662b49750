"""What every page needs: the menu of the person, the clock if it is held."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import clock

GROUPS = {
    "today": _("工作"),
    "plan": _("三年方案"),
    "loop": _("闭环"),
    "registry": _("底册"),
    "actions": _("十二项行动"),
    "system": _("系统"),
}


def page(request: HttpRequest) -> dict[str, Any]:
    held = clock.today() if settings.CLOCK_HELD_AT else None
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"clock_held_at": held, "demo": settings.DEMO}
    return {"menu": menu_for(user), "clock_held_at": held, "demo": settings.DEMO}


def menu_for(user: Any) -> list[tuple[Any, list[Any]]]:
    order = list(GROUPS)
    mine = sorted((m for m in contribute.menus if user.can(m.ability)), key=lambda m: (order.index(m.group), m.order))
    return [(GROUPS[group], list(lines)) for group, lines in groupby(mine, key=lambda m: m.group)]

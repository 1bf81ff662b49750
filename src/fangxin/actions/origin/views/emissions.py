"""The page of enterprises, water and volatile organic compounds: what waits, and how the water is."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fangxin.actions.origin import offers_emissions, waterways
from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models.water import WaterClass
from fangxin.kernel.contributing.waiting import count_together
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs


@needs("origin.view")
def home(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    sections = selectors.with_latest_month(selectors.list_sections(user).filter(closed_on=None))
    months = selectors.list_months(user).filter(month__year=today.year)
    context = {
        "title": _("企业、水和挥发性有机物"),
        "tiles": tiles(user),
        "sections": [_line(row) for row in sections.order_by("division_code", "number")],
        "basins": waterways.basins_of(months),
        "year": today.year,
    }
    return render(request, "origin/emissions.html", context)


def _line(row: Any) -> tuple[Any, str, Any, str]:
    grade = WaterClass(row.last_class).label if row.last_class else "—"
    word, tone = waterways.met(row.last_meets) if row.last_month else (_("没有数据"), "plain")
    return row, str(grade), word, tone


def tiles(user: Any) -> list[tuple[str, int, str, str, bool]]:
    """(label, count, icon, list, late?) of what waits in the person's divisions."""
    rows = selectors.waiting(user)
    labels = {
        "notices": (_("灌溉水告知待签收"), "bell", False), "overdue": (_("重金属企业整治逾期"), "alert-triangle", True),
        "submitted": (_("重金属企业申请验收"), "send", False),
        "monitoring": (_("一年未自行监测"), "flask", True), "months": (_("断面缺上月数据"), "calendar-question", False),
        "leaks_late": (_("泄漏点逾期未修"), "droplet", True), "ldar": (_("泄漏检测超期"), "radar", True),
    }  # fmt: skip
    names = list(labels)
    counts = count_together({number: rows[name] for number, name in enumerate(names)})
    return [
        (labels[name][0], counts[number], labels[name][1], offers_emissions.link(name), labels[name][2])
        for number, name in enumerate(names)
    ]

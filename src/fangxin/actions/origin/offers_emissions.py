"""What enterprises, water and volatile organic compounds show elsewhere: work of today, answers to a search, lives."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models import MetalEnterprise, MetalMonitoring, VocFirm
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger

MOST_MOMENTS = 100
COUNTY_LENGTH = 6
# The queries of the lists behind the lines and the tiles.
LINKS = {
    "surveyed": ("origin:metals", "?state=surveyed"),
    "overdue": ("origin:metals", "?state=overdue"),
    "submitted": ("origin:metals", "?state=submitted"),
    "monitoring": ("origin:metals", "?when=monitoring"),
    "notices": ("origin:notices", "?when=open"),
    "notices_late": ("origin:notices", "?when=late"),
    "months": ("origin:sections", "?when=no_month"),
    "leaks": ("origin:leaks", "?when=open"),
    "leaks_late": ("origin:leaks", "?when=late"),
    "ldar": ("origin:voc_firms", "?when=ldar"),
}


def link(name: str) -> str:
    url_name, query = LINKS[name]
    return reverse(url_name) + query


def work(user: Any) -> Sequence[Waiting]:
    """Lines for those who can do something about them; above the counties it is a figure of the board."""
    if not user.can("origin.edit") or any(len(prefix) < COUNTY_LENGTH for prefix in user.prefixes("origin.edit")):
        return []
    return list(_lines(user))


def _lines(user: Any) -> Iterator[Waiting]:
    rows = selectors.waiting(user, "origin.edit")

    def line(kind: str, name: str, label: str) -> Waiting:
        return Waiting(kind, label, link(name), rows[name])

    yield line("overdue", "notices_late", _("%(n)s 份灌溉水超标告知超过一日没有签收"))
    yield line("due", "notices", _("%(n)s 份灌溉水超标告知待签收"))
    yield line("overdue", "overdue", _("%(n)s 家涉重金属企业整治逾期"))
    yield line("overdue", "monitoring", _("%(n)s 家涉重金属企业一年未自行监测土壤"))
    yield line("overdue", "leaks_late", _("%(n)s 个泄漏点超过时限没有修复"))
    yield line("overdue", "ldar", _("%(n)s 家企业泄漏检测已超期"))
    yield line("due", "months", _("%(n)s 个断面没有上月水质数据"))
    if user.can("origin.decide"):
        yield line("due", "submitted", _("%(n)s 家涉重金属企业申请验收"))
        yield line("new", "surveyed", _("%(n)s 家排查企业待决定是否列入清单"))


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("origin.view"):
        return []
    named = Q(name__icontains=text) | Q(number__startswith=text)
    firms = named | Q(uscc=text.upper())
    return [
        *(Hit(_("涉重金属企业"), r.name, r.get_absolute_url(), f"{r.number} {r.get_state_display()}")
          for r in selectors.list_metal(user).filter(firms)[:limit]),
        *(Hit(_("挥发性有机物企业"), r.name, r.get_absolute_url(), r.number)
          for r in selectors.list_firms(user).filter(firms)[:limit]),
        *(Hit(_("水质断面"), str(r), r.get_absolute_url(), r.number)
          for r in selectors.list_sections(user).filter(named | Q(river__icontains=text))[:limit]),
    ]  # fmt: skip


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """What the action did about an enterprise of the register, or about one of its own lists or sections."""
    if not subject_id.isdigit() or not user.can("origin.view"):
        return []
    about: list[Any] = []
    if subject_type == "registry.premises":
        about = [
            *selectors.list_metal(user).filter(premises=int(subject_id)),
            *selectors.list_firms(user).filter(premises=int(subject_id)),
        ]
    own = {
        "origin.metalenterprise": selectors.list_metal, "origin.vocfirm": selectors.list_firms,
        "origin.watersection": selectors.list_sections,
    }  # fmt: skip
    if subject_type in own:
        about = list(own[subject_type](user).filter(pk=int(subject_id)))
    found = [moment for row in about for moment in moments_of(row)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


def moments_of(row: MetalEnterprise | VocFirm | Any) -> Iterator[Moment]:
    """The life of one row, latest first, as the ledger tells it."""
    entries = ledger.entries_of(row._meta.label_lower, str(row.pk)).order_by("-pk")
    for entry in entries[:MOST_MOMENTS]:
        label = contribute.events.get(entry.event).label if entry.event in contribute.events else entry.event
        yield Moment(entry.at, label, entry.subject_name, row.get_absolute_url(), by=entry.actor_name)


def may_see_evidence(user: Any, file_pk: int) -> bool:
    """A report of monitoring or of an acceptance, for who may see the enterprise."""
    if not user.can("origin.view"):
        return False
    metals = selectors.list_metal(user)
    reports = MetalMonitoring.objects.filter(report=file_pk, enterprise__in=metals.order_by().values("pk"))
    return metals.filter(acceptance_file=file_pk).exists() or reports.exists()

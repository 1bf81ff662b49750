"""What certificates show elsewhere: work of today, search, a subject's life, facts for the board."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Hit, Moment, Waiting
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.api import EVERYBODY, EVERYONE_AT_WORK
from fangxin.kernel.supply import scenario_certificates
from fangxin.kernel.supply import selectors_certificates as selectors
from fangxin.kernel.supply.models import Certificate
from fangxin.kernel.supply.services import clues

COUNTY_LENGTH = 6
MOST_MOMENTS = 60


def work(user: Any) -> Iterator[Waiting]:
    # Above the counties it is a figure of the board, not work of the day.
    near = any(len(prefix) >= COUNTY_LENGTH for prefix in user.prefixes("certificate.clues"))
    if near and user.can("certificate.revoke"):
        rows = selectors.list_clues(user).filter(closed_at=None)
        yield Waiting("due", _("%(n)s 条合格证复制线索待核实"), reverse("supply:certificate_clues") + "?open=1", rows)
    if user.can("certificate.own"):
        told = selectors.to_heed(user)
        yield Waiting(
            "overdue", _("%(n)s 批进货的合格证已撤销，请停售并回报"), reverse("supply:certificates_mine"), told
        )


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("certificate.view"):
        return []
    rows = selectors.list_certificates(user).filter(Q(number=text) | Q(producer=text) | Q(food=text))
    return [
        Hit(_("合格证"), str(row), row.get_absolute_url(), row.producer)
        for row in rows.order_by("-issued_on", "-number")[:limit]
    ]


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """Certificates in the life of the place that issued them."""
    if subject_type != "registry.premises" or not subject_id.isdigit() or not user.can("certificate.view"):
        return []
    rows = selectors.list_certificates(user).filter(premises=int(subject_id)).order_by("-issued_on", "-number")
    about = {str(row.pk): row for row in rows[:MOST_MOMENTS]}
    entries = ledger.entries_of_any([(Certificate._meta.label_lower, key) for key in about])[:MOST_MOMENTS]
    return [
        Moment(
            entry.at, contribute.events.get(entry.event).label, entry.subject_name,
            about[entry.subject_id].get_absolute_url(), by=entry.actor_name,
        )
        for entry in entries
        if entry.event in contribute.events
    ]  # fmt: skip


def offer() -> None:
    _offer_abilities()
    for name, label in {
        "supply.certificate.issued": gettext_lazy("开具合格证"),
        "supply.certificate.issued_again": gettext_lazy("重新开具合格证"),
        "supply.certificate.withdrawn": gettext_lazy("撤回合格证"),
        "supply.certificate.revoked": gettext_lazy("撤销合格证"),
        "supply.certificate.collected": gettext_lazy("收取合格证"),
        "supply.certificate.collection_undone": gettext_lazy("撤销收取合格证"),
        "supply.certificates.loaded": gettext_lazy("成批装入合格证"),
        "supply.collection.heeded": gettext_lazy("回报已撤销合格证的处理"),
        "supply.copy_clue.found": gettext_lazy("发现合格证复制线索"),
        "supply.copy_clue.closed": gettext_lazy("合格证复制线索办结"),
    }.items():
        contribute.event(name, label)
    contribute.event("supply.certificate.key_begun", gettext_lazy("启用合格证签名密钥"), counted=False)
    contribute.listen("supply.copy_clue_closed", "matter.closed", clues.matter_closed)
    contribute.listen("supply.copy_clue_reopened", "matter.reopened", clues.matter_reopened)
    contribute.work("supply.certificates", work)
    contribute.search("supply.certificates", search)
    contribute.timeline("supply.certificates", timeline)
    contribute.scenario("supply.certificates", order=48, live=scenario_certificates.live)
    contribute.subject(
        "certificate",
        gettext_lazy("承诺达标合格证"),
        rows=selectors.certificate_rows,
        list_url="supply:certificates",
        key="number",
        fields={
            "made": gettext_lazy("开具方式"),
            "operator_kind": gettext_lazy("开具主体类型"),
            "revoked": gettext_lazy("当日已撤销"),
            "collected": gettext_lazy("有收取记录"),
            "scanned": gettext_lazy("有扫码记录"),
            "copied": gettext_lazy("有复制线索"),
        },
    )


def _offer_abilities() -> None:
    contribute.ability("certificate.view", gettext_lazy("查看合格证"), roles=EVERYBODY)
    contribute.ability("certificate.own", gettext_lazy("查看本单位的合格证和通知"), roles=("operator", "institution"))
    contribute.ability(
        "certificate.handle",
        gettext_lazy("开具、收取合格证"),
        roles=("operator", "institution", "township", "department"),
    )
    contribute.ability("certificate.issue_for", gettext_lazy("代开合格证"), roles=("township", "department"))
    contribute.ability("certificate.revoke", gettext_lazy("撤销合格证"), roles=("department", "inspector", "township"))
    contribute.ability("certificate.clues", gettext_lazy("查看合格证复制线索"), roles=EVERYONE_AT_WORK)
    contribute.menu(
        gettext_lazy("我的合格证"), "supply:certificates_mine", order=40, ability="certificate.own", group="loop",
        icon="certificate",
    )  # fmt: skip
    contribute.menu(
        gettext_lazy("合格证"), "supply:certificates", order=41, ability="certificate.view", group="loop",
        icon="rosette-discount-check",
    )  # fmt: skip
    contribute.menu(
        gettext_lazy("合格证复制线索"), "supply:certificate_clues", order=42, ability="certificate.clues", group="loop",
        icon="copy",
    )  # fmt: skip

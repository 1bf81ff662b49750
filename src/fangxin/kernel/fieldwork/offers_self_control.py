"""What the two responsibilities offer to the rest of the house."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.grading.self_control import period_of
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Waiting
from fangxin.kernel.fieldwork import scenario_self_control
from fangxin.kernel.fieldwork import selectors_guarantees as held
from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.api import EVERYBODY, EVERYONE_AT_WORK, STAFF

OWN = ("institution", "operator")


def offer() -> None:
    contribute.ability("selfcontrol.record", gettext_lazy("填写本单位自查记录"), roles=OWN)
    contribute.ability("selfcontrol.view", gettext_lazy("查看自查情况"), roles=EVERYBODY)
    contribute.menu(
        gettext_lazy("今日检查"), "fieldwork:self_today", order=5, ability="selfcontrol.record", group="today",
        icon="checkbox",
    )  # fmt: skip
    contribute.menu(
        gettext_lazy("自查情况"), "fieldwork:self_list", order=26, ability="selfcontrol.view", group="loop",
        icon="calendar-check",
    )  # fmt: skip
    contribute.ability("guarantee.view", gettext_lazy("查看包保督导"), roles=EVERYONE_AT_WORK)
    contribute.ability("guarantee.visit", gettext_lazy("记录包保督导、报告变更"), roles=STAFF)
    contribute.ability("guarantee.assign", gettext_lazy("分配包保干部"), roles=("office", "department"))
    contribute.menu(
        gettext_lazy("我的包保"), "fieldwork:guarantee_mine", order=27, ability="guarantee.visit", group="loop",
        icon="user-check",
    )  # fmt: skip
    contribute.menu(
        gettext_lazy("包保督导"), "fieldwork:guarantees", order=28, ability="guarantee.view", group="loop",
        icon="users-group",
    )  # fmt: skip
    for name, label in EVENTS.items():
        contribute.event(name, label)
    _attributes()
    contribute.work("fieldwork.self_control", work)
    contribute.scenario("fieldwork.self_control", order=16, live=scenario_self_control.live)
    contribute.schedule(
        "fieldwork.self_control", gettext_lazy("自查问题超期上报"),
        task="fangxin.kernel.fieldwork.tasks_self_control.daily", cron="50 6 * * *",
    )  # fmt: skip
    contribute.subject(
        "self_control_day",
        gettext_lazy("每日自查（本月）"),
        rows=selectors.day_rows,
        list_url="fieldwork:self_list",
        fields={
            "kind": gettext_lazy("类别"),
            "operating_days": gettext_lazy("本月营业天数"),
            "on_day": gettext_lazy("当日记录天数"),
            "late": gettext_lazy("补记天数"),
            "gaps": gettext_lazy("漏记天数"),
            "whole": gettext_lazy("每个营业日都当日记录"),
        },
    )
    contribute.subject(
        "guarantee_visit",
        gettext_lazy("包保对象"),
        rows=held.guarantee_rows,
        list_url="fieldwork:guarantees",
        fields={
            "tier": gettext_lazy("包保层级"),
            "visited": gettext_lazy("本期已督导"),
            "overdue": gettext_lazy("上期逾期未督导"),
        },
    )


EVENTS = {
    "fieldwork.self_control.appointed": gettext_lazy("任命食品安全管理人员"),
    "fieldwork.self_control.relieved": gettext_lazy("免去食品安全管理人员"),
    "fieldwork.self_control.closed_declared": gettext_lazy("申报停业"),
    "fieldwork.self_control.reopened": gettext_lazy("恢复营业"),
    "fieldwork.self_control.day_recorded": gettext_lazy("每日食品安全检查"),
    "fieldwork.self_control.problem_added": gettext_lazy("补充自查问题"),
    "fieldwork.self_control.problem_closed": gettext_lazy("自查问题整改完成"),
    "fieldwork.self_control.week_reported": gettext_lazy("每周排查治理"),
    "fieldwork.self_control.month_met": gettext_lazy("每月调度会议"),
    "fieldwork.self_control.manager_examined": gettext_lazy("抽查考核管理人员"),
    "fieldwork.self_control.escalated": gettext_lazy("自查问题超期上报"),
    "fieldwork.guarantee.cadre_registered": gettext_lazy("登记包保干部"),
    "fieldwork.guarantee.papers_attached": gettext_lazy("上传三清单一承诺"),
    "fieldwork.guarantee.assigned": gettext_lazy("分配包保对象"),
    "fieldwork.guarantee.ended": gettext_lazy("结束包保"),
    "fieldwork.guarantee.cadre_left": gettext_lazy("包保干部离任"),
    "fieldwork.guarantee.visited": gettext_lazy("包保督导"),
    "fieldwork.guarantee.change_noticed": gettext_lazy("登记包保对象变更"),
    "fieldwork.guarantee.change_reported": gettext_lazy("报告包保对象变更"),
}


def _attributes() -> None:
    """Facts that decide who needs a safety director."""
    contribute.attribute(
        selectors.DINERS, gettext_lazy("每餐平均用餐（供餐）人数"), clause="三（六）", kind="number", unit=gettext_lazy("人"),
        premises_kinds=("canteen", "school_canteen", "group_meal", "off_campus_supplier"),
    )  # fmt: skip
    contribute.attribute(
        "self_control.canteen_of", gettext_lazy("食堂所属单位"), clause="三（六）", premises_kinds=("canteen",),
        choices={"elder_home": gettext_lazy("养老机构"), "other": gettext_lazy("其他单位")},
    )  # fmt: skip
    contribute.attribute(
        "self_control.scale", gettext_lazy("企业规模"), clause="三（六）",
        premises_kinds=("food_producer", "food_sales", "health_food_shop", "importer"),
        choices={
            "special": gettext_lazy("特殊食品生产企业"), "large": gettext_lazy("大型"), "medium": gettext_lazy("中型"),
            "small": gettext_lazy("小型、微型"),
        },
    )  # fmt: skip


def work(user: Any) -> list[Waiting]:
    """For shops and schools what is to be written down; for inspectors who is to be examined again."""
    lines: list[Waiting] = []
    if user.can("selfcontrol.record"):
        today, home = ledger.clock.today(), reverse("fieldwork:self_today")
        own = reverse("fieldwork:self_list")
        problems = selectors.list_problems(user, "selfcontrol.record").filter(closed_at=None)
        lines += [
            Waiting("due", _("%(n)s个场所今天还没有做食品安全检查"), home, selectors.without_today(user), today),
            Waiting("due", _("%(n)s个场所本周还没有排查报告"), own, selectors.without_week(user)),
            Waiting("due", _("%(n)s个场所本月还没有开调度会"), own, selectors.without_meeting(user)),
            Waiting("due", _("%(n)s个自查问题还没有整改完"), own, problems),
        ]
    if user.can("inspection.work"):
        again = selectors.exams_to_repeat(user, ledger.clock.today())
        lines.append(Waiting("due", _("%(n)s名管理人员该补考了"), reverse("fieldwork:self_list"), again))
    return lines + _guarantees(user)


def _guarantees(user: Any) -> list[Waiting]:
    """For officials the places still to be visited, for the office what stands without one."""
    today, lines = ledger.clock.today(), []
    if user.can("guarantee.visit"):
        url, rows = reverse("fieldwork:guarantee_mine"), held.mine(user)
        waiting = rows.filter(visited=False)
        lines.append(Waiting("due", _("%(n)s个包保对象本季度还没有督导"), url, waiting, period_of(today)[1]))
        lines.append(Waiting("overdue", _("%(n)s个包保对象上季度没有督导"), url, rows.filter(overdue=True)))
        unreported = held.list_changes(user, "guarantee.visit").filter(reported_at=None)
        lines.append(Waiting("due", _("%(n)s项包保对象变更待报告"), reverse("fieldwork:changes"), unreported))
    if user.can("guarantee.assign"):
        reported = held.list_changes(user, "guarantee.assign").filter(reported_at__isnull=False, reassigned_at=None)
        lines.append(Waiting("due", _("%(n)s项变更待调整包保干部"), reverse("fieldwork:changes"), reported))
    return lines

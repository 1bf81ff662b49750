"""Rounds: the list, one round with its rankings, and the steps of a round."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.assessment import access, presenting, rules, selectors
from fangxin.oversight.assessment.forms import ConfirmForm, NoticeForm, ReasonForm, ReviewForm, StartForm, UntilForm
from fangxin.oversight.assessment.models import Adjustment, Appeal, Round, Score
from fangxin.oversight.assessment.services import rounds as services
from fangxin.oversight.assessment.views.common import act_page, bound
from fangxin.oversight.plans import api as plans

State = Round.State


class RoundTable(tables.Table):
    year = tables.Column(linkify=True)
    edition = tables.Column(accessor="edition__name", verbose_name=gettext_lazy("考核规则"))
    published_at = tables.DateTimeColumn(format="Y-m-d")

    class Meta:
        model = Round
        fields = ("year", "state", "edition", "published_at", "appeal_until")

    def render_year(self, record: Round) -> str:
        return str(record)

    def value_year(self, record: Round) -> int:
        return record.year

    def render_state(self, record: Round) -> Any:
        return badge(record.get_state_display(), presenting.round_tone(record))

    def value_state(self, record: Round) -> str:
        return str(record.get_state_display())


class RoundFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))

    class Meta:
        model = Round
        fields = ("state",)


class RoundList(ListScreen):
    ability = "assessment.view"
    title = gettext_lazy("评议考核")
    table_class = RoundTable
    filter_class = RoundFilter
    empty_text = gettext_lazy("还没有可以查看的考核。结果公布后，各单位都能在这里看到排名。")

    def rows(self) -> Any:
        return selectors.list_rounds(self.request.user)

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        links = [(_("启动考核"), reverse("assessment:start"), "plus")] if user.can("assessment.run") else []
        if user.can("assessment.details"):
            links.append((_("加减分和核定"), reverse("assessment:adjustments"), "plus-minus"))
        return {"actions": [*links, (_("申诉"), reverse("assessment:appeals"), "message-report")]}


@require_http_methods(["GET", "POST"])
@needs("assessment.run")
def start(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    division = user.prefixes("assessment.run")[0]
    form = StartForm(bound(request)[0], plan=plans.current_plan(division))
    return act_page(
        request,
        form,
        lambda data: services.start(division_code=division, by=user, **data),
        title=_("启动考核"),
        label=_("启动并计算"),
        intro=_(
            "%(place)s：平台读取各牵头部门和各乡镇（街道）的记录，按所选规则计算。启动后先由食安办查看，再请各单位自查。"
        )
        % {"place": people.division_name(division)},
        back=reverse("assessment:rounds"),
        done=_("已启动，并按现有记录完成第一次计算。"),
        target=lambda made: made.get_absolute_url(),
    )


@require_safe
@needs("assessment.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    round_ = access.get_round(user, pk)
    everything = access.sees_all(user, round_)
    frozen = rules.rules_of(round_)
    scores = list(selectors.ranking(round_)) if everything or round_.is_public else []
    if request.GET.get("_export") == "xlsx" and scores:
        return _export(user, round_, scores, frozen, everything)
    own = set(user.own_agencies("assessment.view"))
    context = {
        "title": f"{people.division_name(round_.division_code)}{round_}",
        "round": round_,
        "tone": presenting.round_tone(round_),
        "everything": everything,
        "may_adjust": user.can("assessment.adjust", round_.division_code),
        "indicators": frozen.indicators,
        "groups": presenting.rank_rows(scores, frozen),
        "mine": list(round_.participants.filter(agency__in=own).select_related("agency")),
        "provisional": any(score.provisional for score in scores),
        "as_of": max((score.as_of for score in scores), default=None),
        "buttons": _buttons(user, round_),
        "reviews": list(round_.reviews.select_related("reviewed_by")) if everything else [],
        "waiting": _waiting(round_) if everything else {},
    }
    return render(request, "assessment/round.html", context)


def _waiting(round_: Round) -> dict[str, int]:
    of_round = {"participant__round": round_}
    return {
        "adjustments": Adjustment.objects.filter(**of_round, state=Adjustment.State.PROPOSED).count(),
        "appeals": Appeal.objects.filter(**of_round, state=Appeal.State.LODGED).count(),
        "self_checks": round_.participants.exclude(self_checks=None).distinct().count(),
        "agencies": round_.participants.count(),
    }


def _export(user: Any, round_: Round, scores: list[Score], frozen: Any, everything: bool) -> HttpResponse:
    """The office gets every component; others the published ranking."""
    headers = [_("组别"), _("名次"), _("单位"), _("总分"), _("考核等次")]
    if everything:
        headers += [*(rule.title for rule in frozen.indicators), _("基础分"), _("加分"), _("减分"), _("说明")]
    lines = []
    for group, rows in presenting.rank_rows(scores, frozen):
        for row in rows:
            s = row.score
            line = [group, s.rank, s.participant.agency.name, s.total, presenting.grade_words(s)]
            lines.append(
                [*line, *(points for _title, points in row.earned), s.base, s.bonus, s.deduction, row.state]
                if everything
                else line
            )
    note = _("%(round)s，数据截至%(day)s，%(state)s，规则：%(rules)s") % {
        "round": round_, "day": max(s.as_of for s in scores), "state": round_.get_state_display(),
        "rules": round_.edition,
    }  # fmt: skip
    ledger.record("assessment.round.exported", of=round_, by=user)
    return xlsx_response(_("%(round)s排名") % {"round": round_}, to_xlsx(headers, lines, title=str(round_), note=note))


@dataclass(frozen=True, slots=True)
class Act:
    """A step of a round: when, by whom, with which form, through which service."""

    label: Any
    icon: str
    ability: str
    states: tuple[str, ...]
    form: type[forms.Form]
    perform: Callable[[Round, dict[str, Any], Any], Any]
    intro: Any


ACTS: dict[str, Act] = {
    "self-check": Act(
        gettext_lazy("开始单位自查"), "send", "assessment.run", (State.DRAFT,), UntilForm,
        lambda r, d, u: services.open_self_check(round_=r, by=u, **d),
        gettext_lazy("各单位将看到自己的读数和得分（不含排名），在截止日期前可以提交自查意见。"),
    ),
    "score": Act(
        gettext_lazy("评分"), "calculator", "assessment.run", (State.SELF_CHECK,), ConfirmForm,
        lambda r, d, u: services.score(round_=r, by=u),
        gettext_lazy("按现有记录和已同意的加减分计算，由您签署。之后须由食安办另一人复核。"),
    ),
    "review": Act(
        gettext_lazy("复核"), "checks", "assessment.review", (State.SCORED,), ReviewForm,
        lambda r, d, u: services.review(round_=r, by=u, **d),
        gettext_lazy("请打开各单位明细核对后再下结论。评分人不能复核自己的评分。"),
    ),
    "publish": Act(
        gettext_lazy("公布结果"), "speakerphone", "assessment.run", (State.REVIEWED,), NoticeForm,
        lambda r, d, u: services.publish(round_=r, by=u, **d),
        gettext_lazy("各单位会在“今天的工作”里收到通知，看到排名和本单位明细。自公布之日起五个工作日内可以申诉。"),
    ),
    "finish": Act(
        gettext_lazy("定案"), "lock", "assessment.run", (State.PUBLISHED,), ConfirmForm,
        lambda r, d, u: services.finish(round_=r, by=u),
        gettext_lazy("申诉期满、没有未处理的申诉时定案。定案后结果不再变动。"),
    ),
    "recompute": Act(
        gettext_lazy("重新计算"), "refresh", "assessment.run", services.COMPUTABLE, ConfirmForm,
        lambda r, d, u: services.recompute(round_=r, by=u),
        gettext_lazy("重新读取记录。有变化的单位生成新的评分，原来的评分保留。"),
    ),
    "cancel": Act(
        gettext_lazy("撤销本轮"), "x", "assessment.run", services.CANCELLABLE, ReasonForm,
        lambda r, d, u: services.cancel(round_=r, by=u, **d),
        gettext_lazy("用于误启动。记录保留，本年度可以重新启动。"),
    ),
}  # fmt: skip


def _may(user: Any, round_: Round, act: Act) -> bool:
    if round_.state not in act.states or not user.can(act.ability, round_.division_code):
        return False
    return not (act.ability == "assessment.review" and user.pk == round_.scored_by_id)


def _buttons(user: Any, round_: Round) -> list[tuple[str, Any, str]]:
    """The steps this person can take now; the first is the one that moves the round on."""
    found = [(name, act) for name, act in ACTS.items() if _may(user, round_, act)]
    if round_.appeal_until is None or ledger.clock.today() <= round_.appeal_until:
        found = [(name, act) for name, act in found if name != "finish"]
    return [(reverse("assessment:round_do", args=[round_.pk, name]), act.label, act.icon) for name, act in found]


@require_http_methods(["GET", "POST"])
@needs("assessment.run")
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    step = ACTS[act]
    user: Any = request.user
    round_ = access.get_round_to(user, pk, step.ability)
    if not _may(user, round_, step):
        raise PermissionDenied(
            _("考核现在是“%(state)s”，按状态或“换人办理”的要求，“%(step)s”不能由您办理。")
            % {"state": round_.get_state_display(), "step": step.label}
        )
    intro = str(step.intro)
    if act == "score" and ledger.clock.today() < round_.ends_on:
        intro += _("注意：考核年度还没有结束，数据只到今天。")
    if act == "publish" and round_.edition.needs_confirmation:
        intro += _("注意：这套考核规则还没有确认，确认后才能公布。")
    return act_page(
        request,
        step.form(bound(request)[0]),
        lambda data: step.perform(round_, data, user),
        title=f"{step.label} · {round_}",
        label=step.label,
        intro=intro,
        back=round_.get_absolute_url(),
        done=_("%(step)s已完成。") % {"step": step.label},
    )

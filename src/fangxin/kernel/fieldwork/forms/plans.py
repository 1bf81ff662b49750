"""What people type about the yearly plan."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.fieldwork import selectors, standards
from fangxin.kernel.fieldwork.forms.common import divisions_of, inspecting_agencies
from fangxin.kernel.fieldwork.models import RiskOrder
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


class PlanForm(forms.Form):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    division_code = forms.ChoiceField(label=_("范围"))
    agency = forms.ModelChoiceField(label=_("检查机关"), queryset=people.Agency.objects.none())
    visit_cap = forms.IntegerField(
        label=_("每户每年检查上限（次）"), min_value=1, max_value=365,
        help_text=_("整改复查和投诉举报核查不占这个次数"),
    )  # fmt: skip
    risk_order = forms.ModelChoiceField(
        label=_("先后次序"), queryset=RiskOrder.objects.none(), required=False, empty_label=_("按等级和上次结果"),
        help_text=_("风险次序只决定谁先查，不改变查几次；没有核对过关的次序不在这里"),
    )  # fmt: skip
    name = forms.CharField(label=_("名称"), max_length=120, required=False, help_text=_("不填时自动取名"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        today = ledger.clock.today()
        prefixes = user.prefixes("inspection.plan")
        own = [post.agency_id for post in user.posts_today]
        initial = {
            "year": today.year,
            "visit_cap": standards.practice(today).visit_cap,
            "agency": own[0] if own else None,
        }
        super().__init__(*args, **{"initial": initial, **options})
        self.fields["year"].choices = [(year, str(year)) for year in (today.year, today.year + 1)]  # type: ignore[attr-defined]
        self.fields["division_code"].choices = divisions_of(prefixes)  # type: ignore[attr-defined]
        self.fields["risk_order"].queryset = selectors.standing_orders(user)  # type: ignore[attr-defined]
        self.fields["risk_order"].label_from_instance = _in_words  # type: ignore[attr-defined]
        self.fields["agency"].queryset = inspecting_agencies(prefixes)  # type: ignore[attr-defined]


class LearnForm(forms.Form):
    division_code = forms.ChoiceField(label=_("范围"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"].choices = divisions_of(user.prefixes("inspection.plan"))  # type: ignore[attr-defined]


def _in_words(order: RiskOrder) -> str:
    return gettext("按%(place)s的风险次序（%(day)s学习）") % {
        "place": people.division_name(order.division_code), "day": f"{timezone.localtime(order.learnt_at):%Y-%m-%d}",
    }  # fmt: skip

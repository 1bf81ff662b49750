"""What people type about sessions and clues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food import selectors
from fangxin.actions.imported_food.forms import county_field
from fangxin.actions.imported_food.models import Alert, Clue, Disposal
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField, ManyField, area

MOST_CHOICES = 200


class ArrangeForm(forms.Form):
    title = forms.CharField(label=_("会商事项"), max_length=120)
    planned_on = DayField(label=_("计划日期"))
    agencies = ManyField(
        label=_("参加单位"), queryset=people.Agency.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(label=_("本县以外的单位"), max_length=200, required=False, help_text=_("例如隶属海关。"))
    alerts = ManyField(
        label=_("风险通报"), queryset=Alert.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    disposals = ManyField(
        label=_("处置"), queryset=Disposal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = county_field(user, "import.consult")
        self.order_fields(["division_code"])
        rows = people.Agency.objects.none()
        for prefix in user.prefixes("import.consult"):
            rows |= people.list_agencies(prefix)
        self.fields["agencies"].queryset = rows.filter(kind__in=("office", "department")).order_by("pk")  # type: ignore[attr-defined]
        self.fields["alerts"].queryset = newest(selectors.list_alerts(user))  # type: ignore[attr-defined]
        self.fields["disposals"].queryset = newest(selectors.list_disposals(user, "import.lists"))  # type: ignore[attr-defined]


def newest(rows: Any) -> Any:
    """The last ones only, still a queryset that a form can look up in."""
    return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:MOST_CHOICES]))


class HoldForm(forms.Form):
    held_on = DayField(label=_("召开日期"), initial=ledger.clock.today)
    chair = forms.CharField(label=_("主持人"), max_length=60)


class DecideForm(forms.Form):
    text = forms.CharField(label=_("决定做什么"), max_length=1000, widget=area(3))
    owner = forms.ModelChoiceField(label=_("责任单位"), queryset=people.Agency.objects.none())
    due_on = DayField(label=_("完成时限"))

    def __init__(self, *args: Any, division_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = people.list_agencies(division_code[:6]).filter(kind__in=("office", "department", "township"))
        self.fields["owner"].queryset = rows.order_by("pk")  # type: ignore[attr-defined]


class ConcludeForm(forms.Form):
    conclusion = forms.CharField(label=_("结论"), max_length=2000, widget=area(5))


class ClueForm(forms.Form):
    origin = forms.ChoiceField(label=_("来源"), choices=Clue.Origin.choices)
    division_code = forms.ChoiceField(label=_("乡镇（街道）"))
    place = forms.CharField(label=_("地点"), max_length=120)
    facts = forms.CharField(
        label=_("线索情况"),
        max_length=2000,
        widget=area(5),
        help_text=_("货物、数量、标签、票据、价格、来路。不写举报人姓名和联系方式。"),
    )
    amount_yuan = forms.DecimalField(
        label=_("估计货值（元）"), required=False, min_value=0, max_value=10**10, decimal_places=2
    )
    found_on = DayField(label=_("发现日期"), initial=ledger.clock.today)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        towns = [pair for prefix in user.prefixes("import.clues") for pair in people.townships(prefix)]
        self.fields["division_code"].choices = towns  # type: ignore[attr-defined]


class AssessForm(forms.Form):
    assessment = forms.CharField(label=_("研判意见"), max_length=1000, widget=area(4))


class DecideClueForm(forms.Form):
    approved = forms.ChoiceField(
        label=_("决定"), choices=[("yes", _("移送")), ("no", _("不移送"))], widget=forms.RadioSelect
    )
    receiver = forms.ChoiceField(label=_("移送给"), choices=[("", "—"), *Clue.Receiver.choices], required=False)
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=area(3))


class HandOverForm(forms.Form):
    text = forms.CharField(label=_("接收单位和材料清单"), max_length=500, widget=area(3))


class ReplyForm(forms.Form):
    reply = forms.ChoiceField(label=_("回复"), choices=Clue.Reply.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("文号、日期和内容"), max_length=500, widget=area(3))

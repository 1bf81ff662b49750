"""What operators write down of their own checks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork.forms.common import text_area
from fangxin.kernel.fieldwork.models import Appointment, ControlProblem
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField

WEEKDAYS = [
    ("1", gettext_lazy("周一")), ("2", gettext_lazy("周二")), ("3", gettext_lazy("周三")), ("4", gettext_lazy("周四")),
    ("5", gettext_lazy("周五")), ("6", gettext_lazy("周六")), ("7", gettext_lazy("周日")),
]  # fmt: skip


class DayForm(forms.Form):
    """A line for each item of the risk list; a problem is said in the item's own line."""

    note = forms.CharField(label=gettext_lazy("说明（可不填）"), max_length=300, required=False)

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {f"item_{code}": code for code, _text in items}
        for (name, _code), (_other, text) in zip(self.lines.items(), items, strict=True):
            self.fields[name] = forms.CharField(label=text, max_length=300, required=False)

    @property
    def item_fields(self) -> list[Any]:
        return [self[name] for name in self.lines]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        found = {code: cleaned[name] for name, code in self.lines.items() if cleaned.get(name)}
        if "all_ok" in self.data and found:
            raise forms.ValidationError(_("已经写了问题，请按“保存问题”；如果没有问题，请先把文字删去。"))
        if "all_ok" not in self.data and not found and not self.errors:
            raise forms.ValidationError(_("还没有写问题。没有发现问题请按“全部正常”。"))
        return {"problems": found, "note": cleaned.get("note", "")}


class MoreForm(forms.Form):
    """A problem found later on the same day."""

    code = forms.ChoiceField(label=gettext_lazy("哪一项"))
    text = forms.CharField(label=gettext_lazy("什么问题"), max_length=300)

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].choices = list(items)  # type: ignore[attr-defined]


class RemedyForm(forms.Form):
    remedy = forms.CharField(label=gettext_lazy("怎么整改的"), max_length=300, widget=text_area())


class WeekForm(forms.Form):
    measures = forms.CharField(label=gettext_lazy("本周排查治理情况"), max_length=1000, widget=text_area(4))

    def __init__(self, *args: Any, problems: Iterable[ControlProblem], must: Iterable[int], **options: Any) -> None:
        super().__init__(*args, **options)
        needed = set(must)
        self.carried = {f"problem_{p.pk}": p.pk for p in problems}
        for problem in problems:
            self.fields[f"problem_{problem.pk}"] = forms.CharField(
                label=_("%(day)s 发现：%(text)s") % {"day": problem.found_on, "text": problem.text},
                help_text=_("超过规定天数未整改，必须写明怎么处理")
                if problem.pk in needed
                else _("还没有整改完，可以写明怎么处理"),
                max_length=300,
                required=problem.pk in needed,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        carried = {pk: cleaned[name] for name, pk in self.carried.items() if cleaned.get(name)}
        return {"measures": cleaned.get("measures", ""), "carried": carried}


class MeetingForm(forms.Form):
    held_on = DayField(label=gettext_lazy("会议日期"))
    chair = forms.CharField(label=gettext_lazy("主持人（主要负责人）"), max_length=60)
    attendees = forms.CharField(label=gettext_lazy("参加人员"), max_length=300)
    summary = forms.CharField(label=gettext_lazy("本月食品安全情况"), max_length=1000, widget=text_area(4))
    decisions = forms.CharField(label=gettext_lazy("下月安排"), max_length=1000, widget=text_area(4))


class ClosedForm(forms.Form):
    first = DayField(label=gettext_lazy("从"))
    last = DayField(label=gettext_lazy("到"))
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("只在这些日子停业（不选就是每天）"), choices=WEEKDAYS, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("停业原因"), max_length=100)

    def clean_weekdays(self) -> list[int]:
        return [int(text) for text in self.cleaned_data["weekdays"]]


class AppointForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("岗位"), choices=Appointment.Role.choices)
    staff = forms.ModelChoiceField(
        label=gettext_lazy("底册中的人员"), queryset=registry.Staff.objects.none(), required=False,
        help_text=gettext_lazy("不在底册中的，在下面填写姓名"),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    starts_on = DayField(label=gettext_lazy("任命日期"))

    def __init__(self, *args: Any, premises: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].initial = ledger.clock.today()
        field: Any = self.fields["staff"]
        field.queryset = registry.Staff.objects.filter(premises=premises, left_on=None).order_by("pk")
        field.label_from_instance = lambda person: f"{person.name}（{person.get_role_display()}）"


class EndForm(forms.Form):
    ends_on = DayField(label=gettext_lazy("免职日期"))


class ExamForm(forms.Form):
    examined_on = DayField(label=gettext_lazy("考核日期"))
    score = forms.DecimalField(
        label=gettext_lazy("成绩（百分制）"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )

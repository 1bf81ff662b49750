from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.indicators import Form, IndicatorDefinition, Kind
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board.definitions import ACTIONS, action_title
from fangxin.oversight.board.models import STATUSES

FIRST_DAY = date(2000, 1, 1)


class DayField(forms.DateField):
    """A day that has come, or an earlier one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= ledger.clock.today():
            raise forms.ValidationError(_("请选择今天或以前的日期。"))
        return day


class BoardFilter(forms.Form):
    as_of = DayField(label=gettext_lazy("截至日期"), required=False)
    division = forms.ChoiceField(label=gettext_lazy("区划"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("行动"), required=False)
    agency = forms.ChoiceField(label=gettext_lazy("牵头单位"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("取数方式"), required=False)

    def __init__(self, data: Any, *, divisions: list[tuple[str, str]], agencies: list[tuple[str, str]]) -> None:
        super().__init__(data)
        every = [("", _("全部"))]
        self.fields["division"].choices = divisions
        self.fields["agency"].choices = every + agencies
        actions = [(str(number), action_title(number)) for number in ACTIONS]
        self.fields["action"].choices = [*every, *actions, ("0", _("贯穿各项"))]
        self.fields["status"].choices = every + [(s.value, label) for s, label in STATUSES.items()]
        self.fields["kind"].choices = [
            *every,
            (Kind.COMPUTED.value, _("平台计算")),
            (Kind.SIGNED.value, _("单位签报")),
            (Kind.MILESTONE.value, _("里程碑验收")),
        ]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control" if isinstance(field, DayField) else "form-select"
        self.fields["as_of"].widget.attrs["max"] = ledger.clock.today().isoformat()


class TypedForm(forms.Form):
    """A signed figure with its evidence."""

    division = forms.ChoiceField(label=gettext_lazy("区划"))
    agency = forms.ModelChoiceField(label=gettext_lazy("填报单位"), queryset=people.Agency.objects.none())
    as_of = DayField(label=gettext_lazy("截至日期"))
    of_base_year = forms.BooleanField(label=gettext_lazy("这是基期年的数"), required=False)
    reached = forms.ChoiceField(
        label=gettext_lazy("是否达成"), choices=[("1", gettext_lazy("已验收达成")), ("0", gettext_lazy("尚未达成"))]
    )
    numerator = forms.DecimalField(
        label=gettext_lazy("分子"), required=False, min_value=0, max_digits=18, decimal_places=6
    )
    denominator = forms.DecimalField(
        label=gettext_lazy("分母"), required=False, min_value=0, max_digits=18, decimal_places=6
    )
    text = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.FileField(
        label=gettext_lazy("证据文件"),
        help_text=gettext_lazy("盖章报表、验收文件、照片等。没有证据的数显示为“未核实”。"),
        required=False,
        allow_empty_file=True,
    )

    def __init__(
        self, *args: Any, definition: IndicatorDefinition, divisions: list[tuple[str, str]], agencies: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.definition = definition
        self.fields["division"].choices = divisions
        self.fields["agency"].queryset = agencies
        self.fields["as_of"].initial = ledger.clock.today()
        if definition.kind is Kind.MILESTONE:
            self._drop("numerator", "denominator", "of_base_year")
        else:
            self._drop("reached", *([] if definition.base_year else ["of_base_year"]))
            if definition.form is Form.TOTAL:
                self._drop("denominator")
                self.fields["numerator"].label = _("数量（%(unit)s）") % {"unit": definition.unit}
        # A computed figure needs no paper; a signed one is nothing without.
        self.fields["evidence"].required = definition.kind is not Kind.COMPUTED
        if "of_base_year" in self.fields:
            self.fields["of_base_year"].label = _("这是基期（%(year)s 年）的数") % {"year": definition.base_year}

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        numerator = data.get("numerator")
        return {
            "code": self.definition.code,
            "division_code": data["division"],
            "as_of": data["as_of"],
            "agency": data["agency"],
            "numerator": int(data["reached"]) if "reached" in data else numerator,
            "denominator": data.get("denominator"),
            "text": data["text"],
            "base_year": self.definition.base_year if data.get("of_base_year") else None,
        }


class VerdictForm(forms.Form):
    accepted = forms.ChoiceField(
        label=gettext_lazy("核实结果"),
        choices=[("yes", gettext_lazy("认可")), ("no", gettext_lazy("不认可"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class FreezeForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    as_of = DayField(label=gettext_lazy("截至日期"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("更正原因"), max_length=300)

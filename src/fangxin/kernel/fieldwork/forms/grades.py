"""What people type about grades: the facts of the form, what happened, and nothing the rule can reckon itself."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.grading import Occurred, RiskRules, StaticForm
from fangxin.kernel.fieldwork.forms.common import text_area
from fangxin.kernel.ledger import api as ledger

_SPECIAL_FOOD = "special_food"


class TriggersForm(forms.Form):
    """What happened in the past year, each with how far it moves the grade where the rule leaves a choice."""

    def __init__(self, *args: Any, rules: RiskRules, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rules = rules
        for trigger in rules.triggers:
            steps = range(trigger.least, trigger.most + 1)
            choices = [("", _("没有"))]
            if trigger.direction == "hold":
                choices.append(("0", _("有")))
            else:
                word = _("有，上调%(n)s级") if trigger.direction == "up" else _("有，下调%(n)s级")
                choices += [(str(n), word % {"n": n}) for n in steps if n]
            self.fields[f"trigger_{trigger.code}"] = forms.ChoiceField(
                label=trigger.title, choices=choices, required=False
            )

    @property
    def triggers(self) -> list[Occurred]:
        """As the engine takes them."""
        given = ((one, self.cleaned_data.get(f"trigger_{one.code}")) for one in self.rules.triggers)
        return [Occurred(one.code, int(steps) if one.direction != "hold" else None) for one, steps in given if steps]


class RiskForm(TriggersForm):
    """The risk scale: static factors by the form for the kind of premises, or points where there is no form."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    static = forms.DecimalField(
        label=gettext_lazy("静态分（0到40）"), min_value=0, max_value=40, max_digits=5, decimal_places=2
    )
    dynamic = forms.DecimalField(
        label=gettext_lazy("动态分（0到60）"), min_value=0, max_value=60, max_digits=5, decimal_places=2, required=False,
        help_text=gettext_lazy("不填时按最近一次全面检查推算"),
    )  # fmt: skip
    special_food = forms.BooleanField(label=gettext_lazy("生产特殊食品"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False, widget=text_area(2))

    def __init__(self, *args: Any, static_form: StaticForm | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.static_form = static_form
        self.fields["year"].choices = _years()  # type: ignore[attr-defined]
        if static_form is not None:
            del self.fields["static"]
            for factor in static_form.factors:
                self.fields[f"factor_{factor.code}"] = _factor_field(factor)
        order = ["year", *(name for name in self.fields if name.startswith("factor_")), "static", "dynamic"]
        self.order_fields([*order, *(n for n in self.fields if n.startswith("trigger_")), "special_food", "note"])

    def scored(self) -> dict[str, Any]:
        """As the service takes it."""
        given = self.cleaned_data
        values = {"static": given.get("static")} if self.static_form is None else {"factors": self._factors()}
        return {
            **values, "year": given["year"], "dynamic": given["dynamic"], "triggers": self.triggers,
            "traits": [_SPECIAL_FOOD] if given["special_food"] else [], "note": given["note"],
        }  # fmt: skip

    def _factors(self) -> dict[str, Any]:
        return {
            name.removeprefix("factor_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("factor_")
        }


def _years() -> list[tuple[int, str]]:
    year = ledger.clock.today().year
    return [(one, str(one)) for one in (year, year + 1, year - 1)]


def _factor_field(factor: Any) -> forms.Field:
    """A number to be banded, classes to be ticked, or points between two ends."""
    if factor.classes:
        choices = [(one.code, one.title) for one in factor.classes]
        return forms.MultipleChoiceField(label=factor.title, choices=choices, widget=forms.CheckboxSelectMultiple)
    label = f"{factor.title}（{factor.unit}）" if factor.unit else factor.title
    if factor.steps:
        return forms.DecimalField(
            label=label, min_value=0, max_value=Decimal(10) ** 8, max_digits=11, decimal_places=2,
            help_text=_("没有的填0"),
        )  # fmt: skip
    span = _("%(least)s到%(most)s分") % {"least": factor.minimum, "most": factor.maximum}
    return forms.DecimalField(
        label=label, min_value=factor.minimum, max_value=factor.maximum, max_digits=6, decimal_places=2, help_text=span
    )


class YearForm(forms.Form):
    """The catering scale: the year's inspections decide, nothing is typed."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False, widget=text_area(2))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["year"].choices = _years()  # type: ignore[attr-defined]

    def scored(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class RegradeForm(TriggersForm):
    reason = forms.CharField(label=gettext_lazy("重新评定的原因"), max_length=300, widget=text_area(2))
    field_order = ("reason",)

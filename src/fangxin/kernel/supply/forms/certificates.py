"""What people type about certificates."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import ManyField
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.models import Certificate
from fangxin.kernel.supply.models.certificates import MOST_QUANTITY

MOST_PLACES = 500


def amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal("0.001"), max_value=MOST_QUANTITY, decimal_places=3, max_digits=12, **options
    )


class PromiseForm(forms.Form):
    """On what the promise rests, and the promise itself."""

    bases = forms.MultipleChoiceField(label=_("承诺依据"), widget=forms.CheckboxSelectMultiple)
    basis_note = forms.CharField(
        label=_("检测报告或记录"), max_length=120, required=False,
        help_text=_("以检测为依据时填写：报告编号，或者检测日期和项目。"),
    )  # fmt: skip
    promised = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rule = standards.rules_on(ledger.clock.today())
        chosen = self.fields["bases"]
        chosen.choices = [(basis.code, basis.text) for basis in rule.bases]  # type: ignore[attr-defined]
        chosen.initial = ["quality_control"]
        self.fields["promised"].label = rule.opening + "；".join(rule.commitments.values()) + _gettext("。")


class IssueForm(PromiseForm):
    quantity = amount(_("数量（重量）"))

    field_order: Sequence[str] = ("quantity", "bases", "basis_note", "promised")


class TypedIssueForm(IssueForm):
    """For goods whose production is not recorded here."""

    food = forms.CharField(label=_("产品名称"), max_length=30, help_text=_("写上市的名称，例如“韭菜”。"))
    unit = forms.ChoiceField(label=_("单位"), choices=Certificate.Unit.choices)
    harvested_on = forms.DateField(
        label=_("采收（出栏）日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False
    )
    parcels = ManyField(queryset=registry.Parcel.objects.none(), label=_("地块（池塘、圈舍）"), required=False)

    field_order: Sequence[str] = (
        "food",
        "quantity",
        "unit",
        "harvested_on",
        "parcels",
        "bases",
        "basis_note",
        "promised",
    )

    def __init__(self, *args: Any, premises: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = registry.Parcel.objects.filter(operator=premises.operator_id, closed_on=None)
        if rows.exists():
            self.fields["parcels"].queryset = rows  # type: ignore[attr-defined]
        else:
            del self.fields["parcels"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("合格证上的码或者编号"), max_length=800,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": "1"}),
        help_text=_("用扫码枪扫，或者照标签输入编号。"),
    )  # fmt: skip


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.number}）"


class CollectForm(forms.Form):
    premises = PlaceField(queryset=registry.Premises.objects.none(), label=_("收货场所"))
    quantity = amount(_("收货数量"))

    def __init__(self, *args: Any, places: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["premises"]
        field.queryset = places  # type: ignore[attr-defined]
        few = list(places.order_by("name", "pk")[:2])
        if len(few) == 1:
            field.initial = few[0].pk


class NumberedCollectForm(forms.Form):
    """For staff, whose places are too many for a list."""

    number = forms.CharField(label=_("收货场所的底册编号"), max_length=20)
    quantity = amount(_("收货数量"))

    def __init__(self, *args: Any, places: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "number" in values:
            values["premises"] = self.places.filter(number=values["number"].strip()).first()
            if values["premises"] is None:
                raise ValidationError(
                    {"number": _gettext("没有这个编号的场所，或者不在您的辖区。请到“经营场所”里查编号。")}
                )
        return values


class ReissueForm(PromiseForm):
    """Amounts of the certificates a place holds, and the quantities of the new ones."""

    outputs = forms.CharField(
        label=_("新合格证的数量"), max_length=400, required=False,
        help_text=_("合成一张就不用填。要分成几张，写每张的数量，用空格分开，例如“20 20 15”。"),
    )  # fmt: skip

    def __init__(self, *args: Any, held: Sequence[tuple[Certificate, Decimal]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.held = {f"use_{certificate.pk}": certificate for certificate, _left in held}
        for certificate, left in held:
            self.fields[f"use_{certificate.pk}"] = amount(
                _("%(food)s %(number)s（%(maker)s），现有 %(left)s")
                % {"food": certificate.food, "number": certificate.number, "maker": certificate.producer,
                   "left": f"{left.normalize():f}"},
                required=False,
            )  # fmt: skip
        self.order_fields([*self.held, "outputs", "bases", "basis_note", "promised"])

    def clean_outputs(self) -> list[Decimal]:
        words = self.cleaned_data["outputs"].replace("，", " ").replace(",", " ").replace("、", " ").split()
        try:
            found = [Decimal(word) for word in words]
        except InvalidOperation:
            raise ValidationError(_gettext("请只写数字，用空格分开。")) from None
        if any(not value.is_finite() or not 0 < value <= MOST_QUANTITY or round(value, 3) != value for value in found):
            raise ValidationError(_gettext("数量应大于 0，最多三位小数。"))
        return found

    def parts(self) -> list[tuple[Certificate, Decimal]]:
        return [
            (certificate, self.cleaned_data[name])
            for name, certificate in self.held.items()
            if self.cleaned_data.get(name)
        ]

    def wanted(self) -> list[Decimal]:
        """What was typed, or everything in one."""
        return self.cleaned_data["outputs"] or [sum((quantity for _c, quantity in self.parts()), Decimal(0))]


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("撤销原因"), max_length=200, help_text=_("扫码的人和已经收货的单位都会看到。撤销后不能恢复，只能重新开具。"),
    )  # fmt: skip


class UndoForm(forms.Form):
    reason = forms.CharField(label=_("撤销原因"), max_length=200)


class HeedForm(forms.Form):
    note = forms.CharField(
        label=_("处理情况"), max_length=200, help_text=_("还剩多少、怎样处理的，例如“剩 20 千克，已下架退回”。")
    )

"""What people type about soil, land classes and measures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin import rules, selectors
from fangxin.actions.origin.models import LandUnit, SoilClass, SoilPoint
from fangxin.actions.origin.services.soil import NewSample
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.screens.fields import DayField, area


class PointForm(forms.ModelForm):  # type: ignore[type-arg]
    parcel = forms.CharField(
        label=_("地块编号"), max_length=30, required=False, help_text=_("点位所在的地块；还没有登记地块的留空。")
    )

    class Meta:
        model = SoilPoint
        fields = ["code", "land_use", "crop", "soil_type", "longitude", "latitude", "note"]

    field_order = ("code", "division_code", "parcel", "land_use", "crop", "soil_type", "longitude", "latitude", "note")

    def __init__(self, *args: Any, user: Any, parcels: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parcels = parcels
        self.fields["division_code"] = PlaceField(
            user.prefixes("origin.edit"), label=_("乡镇、村"), initial=self.instance.division_code
        )
        self.fields["code"].required = False
        self.fields["code"].help_text = _("不填则自动编号。")
        if self.instance.pk:
            del self.fields["code"]
        if self.instance.parcel_id is not None:
            self.initial["parcel"] = self.instance.parcel.number
        self.order_fields(self.field_order)

    def clean_parcel(self) -> Any:
        number = self.cleaned_data["parcel"].strip()
        found = self.parcels.filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("底册里没有这个地块编号，请核对，或者先登记地块。"))
        return found

    def _post_clean(self) -> None:
        """The service checks the whole row; the form must not touch it before."""


class SampleForm(forms.Form):
    """One result: what the report says, element by element."""

    sampled_on = DayField(label=_("采样日期"))
    depth = forms.CharField(label=_("采样深度（厘米）"), max_length=20, initial="0-20")
    ph = forms.DecimalField(
        label="pH", min_value=0, max_value=14, decimal_places=2, max_digits=4, required=False,
        help_text=_("没有 pH 的，只能记录，不能判定。"),
    )  # fmt: skip
    laboratory = forms.CharField(label=_("检测机构"), max_length=120, required=False)
    report_number = forms.CharField(label=_("报告编号"), max_length=60, required=False)
    organic_matter = forms.DecimalField(
        label=_("有机质（g/kg）"), min_value=0, max_digits=7, decimal_places=2, required=False
    )
    cec = forms.DecimalField(
        label=_("阳离子交换量（cmol/kg）"), min_value=0, max_digits=7, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, correcting: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for element, name in rules.ELEMENTS.items():
            self.fields[f"element_{element}"] = forms.CharField(
                label=f"{name}（{element}，mg/kg）",
                max_length=20,
                required=False,
                help_text=_("未检出的写“<检出限”，例如 <0.01。") if element == "Cd" else "",
            )
        if correcting is not None:
            self.fields["reason"] = forms.CharField(label=_("更正原因和依据"), max_length=300, widget=area(2))
            for name in ("sampled_on", "depth", "ph", "laboratory", "report_number", "organic_matter", "cec"):
                self.initial[name] = getattr(correcting, name)
            self.initial |= {f"element_{e}": text for e, text in correcting.readings.items()}

    def value(self, point: SoilPoint) -> NewSample:
        values = self.cleaned_data
        names = ("sampled_on", "depth", "ph", "laboratory", "report_number", "organic_matter", "cec")
        readings = {e: values[f"element_{e}"] for e in rules.ELEMENTS if values[f"element_{e}"].strip()}
        return NewSample(point=point, readings=readings, **{name: values[name] for name in names})


class SheetForm(forms.Form):
    file = forms.FileField(label=_("表格"), help_text=_("按模板填写的 .xlsx 或 .csv。"))


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LandUnit
        fields = ["name", "note"]
        widgets = {"note": area()}

    field_order = ("name", "division_code", "parcels", "note")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("origin.edit"), label=_("乡镇、村"))
        self.fields["parcels"] = ParcelNumbersField(user=user)
        self.order_fields(self.field_order)

    def _post_clean(self) -> None:
        """The service checks the whole row; the form must not touch it before."""


class ParcelNumbersField(forms.CharField):
    """Numbers of parcels, one a line or parted by commas."""

    def __init__(self, *, user: Any, **options: Any) -> None:
        self.user = user
        super().__init__(
            label=_("地块编号"), widget=area(5), max_length=20_000,
            help_text=_("每行一个，也可以用逗号隔开。土壤、作物、灌溉和污染来源相近的划在一起。"), **options,
        )  # fmt: skip

    def clean(self, value: Any) -> list[Any]:
        text = super().clean(value)
        numbers = list(dict.fromkeys(part for part in text.replace("，", ",").replace(",", " ").split() if part))
        found = {p.number: p for p in selectors.list_parcels(self.user, "origin.edit").filter(number__in=numbers[:500])}
        missing = [number for number in numbers if number not in found]
        if missing:
            raise forms.ValidationError(
                _("这些编号不在底册或者不是您管辖的耕地：%(numbers)s") % {"numbers": "、".join(missing[:20])[:200]}
            )
        return [found[number] for number in numbers]


class JoinForm(forms.Form):
    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parcels"] = ParcelNumbersField(user=user)


class ConsultForm(forms.Form):
    participants = forms.CharField(label=_("参加会商的单位和人员"), max_length=300, widget=area(2))
    consultation = forms.CharField(label=_("会商意见"), max_length=1000, widget=area(4))


class ConfirmForm(forms.Form):
    decided = forms.ChoiceField(label=_("确定的类别"), choices=[("", _("请选择")), *SoilClass.choices])
    why_other = forms.CharField(
        label=_("与平台建议不同的理由"), max_length=500, required=False, widget=area(),
        help_text=_("与平台建议相同的不用填。"),
    )  # fmt: skip


class SubmitForm(forms.Form):
    submitted_on = DayField(label=_("报批日期"))


class InForceForm(forms.Form):
    approval_number = forms.CharField(label=_("批准文号"), max_length=80)
    effective_on = DayField(label=_("生效日期"))
    file = forms.FileField(label=_("批准文件"), required=False)


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=500, widget=area())


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=_("措施"))
    detail = forms.CharField(label=_("做法（品种、用量、作物等）"), max_length=500, required=False, widget=area())
    starts_on = DayField(label=_("自"))
    ends_on = DayField(label=_("至"))

    def __init__(self, *args: Any, soil_class: str, **options: Any) -> None:
        super().__init__(*args, **options)
        known = rules.measure_kinds(ledger.clock.today()).values()
        fitting = [(k.code, k.label) for k in known if not soil_class or soil_class in k.fits]
        self.fields["kind"].choices = [("", _("请选择")), *fitting]  # type: ignore[attr-defined]


class CarryOutForm(forms.Form):
    executed_on = DayField(label=_("实施日期"))
    file = forms.FileField(label=_("实施证据"), help_text=_("照片、发放清单、合同等。没有证据的不算已实施。"))
    result = forms.CharField(label=_("实施情况"), max_length=500, required=False, widget=area())


class EndForm(forms.Form):
    ended_on = DayField(label=_("结束日期"))
    result = forms.CharField(label=_("实施情况"), max_length=500, required=False, widget=area())

"""What people type about enterprises, water and volatile organic compounds."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import (
    LdarRound,
    Leak,
    MetalCheck,
    MetalEnterprise,
    MetalMonitoring,
    MetalProblem,
    VocFirm,
    WaterMonth,
    WaterSection,
)
from fangxin.actions.origin.models.choices import Metal, Outlet
from fangxin.actions.origin.models.water import WaterClass
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.screens.fields import DayField, DayInput, Today, area

MOST_CHOICES = 3000
READING = "reading:"


def amount(label: Any, *, digits: int, places: int, required: bool = False, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=digits, decimal_places=places, **options
    )


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form over a row: the service checks the whole row, the form must not touch it before."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = user.prefixes("origin.edit")
        self.fields["division_code"] = PlaceField(prefixes, label=_("所在乡镇或村"))
        self.order_fields(self.Meta.fields)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Left to the service."""


# --- enterprises --------------------------------------------------------------------------------------------------


class MetalForm(RowForm):
    metals = forms.MultipleChoiceField(label=_("重点金属"), choices=Metal.choices, widget=forms.CheckboxSelectMultiple)
    outlets = forms.MultipleChoiceField(
        label=_("排放途径"), choices=Outlet.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = MetalEnterprise
        fields = (
            "name", "uscc", "division_code", "industry", "running", "metals", "outlets", "permit_number",
            "monitoring_plan", "longitude", "latitude", "flow_bearing", "farmland_distance_m", "note",
        )  # fmt: skip


class MetalCheckForm(forms.Form):
    checked_on = Today(label=_("检查日期"))
    result = forms.ChoiceField(label=_("结果"), choices=MetalCheck.Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=area())


class MonitoringForm(forms.Form):
    kind = forms.ChoiceField(label=_("监测类别"), choices=MetalMonitoring.Kind.choices, widget=forms.RadioSelect)
    medium = forms.ChoiceField(label=_("监测对象"), choices=MetalMonitoring.Medium.choices, widget=forms.RadioSelect)
    monitored_on = Today(label=_("监测日期"))
    exceeded = forms.BooleanField(label=_("有超标"), required=False)
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=area(2))
    file = forms.FileField(label=_("监测报告"), required=False)


class ProblemForm(forms.Form):
    kind = forms.ChoiceField(label=_("问题类别"), choices=MetalProblem.Kind.choices)
    text = forms.CharField(label=_("问题"), max_length=500, widget=area(2))
    measure = forms.CharField(label=_("整治措施"), max_length=500, widget=area(2))
    due_on = DayField(label=_("完成时限"))
    responsible_person = forms.CharField(label=_("责任人"), max_length=60)
    found_on = Today(label=_("发现日期"))
    clause = forms.CharField(label=_("依据"), max_length=200, required=False)
    metal = forms.ChoiceField(
        label=_("超标金属"), choices=[("", _("不是超标排放")), *Metal.choices], required=False,
        help_text=_("超许可限值排放的填写这三项，平台据此提示是否移送公安机关。"),
    )  # fmt: skip
    measured = amount(_("实测浓度"), digits=14, places=6)
    limit = amount(_("许可限值（同一单位）"), digits=14, places=6)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=500, widget=area(2))


class AcceptForm(forms.Form):
    file = forms.FileField(label=_("验收意见或者验收报告"), help_text=_("照片、PDF、Word。"))
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(2))


# --- water --------------------------------------------------------------------------------------------------------


class SectionForm(RowForm):
    class Meta:
        model = WaterSection
        fields = (
            "name", "river", "basin", "body", "purpose", "target", "division_code", "irrigates", "longitude",
            "latitude", "closed_on", "note",
        )  # fmt: skip
        widgets = {"closed_on": DayInput()}

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        self.fields["basin"].required = False
        self.fields["basin"].help_text = _("例如洛河水系；不填与水体相同。")
        self.fields["irrigates"] = PlaceField(
            sorted({prefix[:6] for prefix in user.prefixes("origin.edit")}), longest=9, required=False,
            label=_("灌溉乡镇"), help_text=_("从这里取水灌溉的乡镇；没有就不选。超标时一日内告知农业农村部门。"),
        )  # fmt: skip
        self.order_fields(self.Meta.fields)


class MonthForm(forms.Form):
    """One field an item, with the limit of the section's target beside it."""

    def __init__(self, *args: Any, section: WaterSection, row: WaterMonth | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        day = row.sampled_on if row is not None else min(add_months(today.replace(day=1), -1), today)
        self.fields["sampled_on"] = DayField(label=_("采样日期"), initial=day)
        if row is None:
            self.fields["source"] = forms.ChoiceField(label=_("来源"), choices=WaterMonth.Source.choices)
        else:
            self.fields["why"] = forms.CharField(label=_("更正原因"), max_length=300, widget=area(2))
        table = rules.water_standard(today).table
        for item, label in rules.item_names(section.body, today).items():
            limit = table.find(item, section.body)
            self.fields[READING + item] = forms.CharField(
                label=label, max_length=20, required=False, help_text=_limit_text(limit, section.target),
                initial=row.readings.get(item, "") if row is not None else "",
            )  # fmt: skip

    @property
    def readings(self) -> dict[str, str]:
        return {
            name.removeprefix(READING): value
            for name, value in self.cleaned_data.items()
            if name.startswith(READING) and value.strip()
        }


def _limit_text(row: Any, target: int) -> str:
    if row is None:
        return ""
    if row.span is not None:
        return f"{row.span[0]}–{row.span[1]}"
    sign = "≥" if row.need == "min" else "≤"
    return _gettext("目标%(grade)s：%(sign)s %(limit)s") % {
        "grade": WaterClass(target).label, "sign": sign, "limit": row.bounds[target - 1],
    }  # fmt: skip


class AcknowledgeForm(forms.Form):
    measures = forms.CharField(
        label=_("采取的措施"), max_length=500, widget=area(), help_text=_("例如：已通知停止取水、改用井水。")
    )


class SheetForm(forms.Form):
    file = forms.FileField(label=_("表格（.xlsx 或 .csv）"))


class WaterSheetForm(SheetForm):
    source = forms.ChoiceField(label=_("来源"), choices=WaterMonth.Source.choices)


class YearForm(forms.Form):
    """A year of which figures are shown."""

    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100, required=False)

    @property
    def chosen(self) -> int:
        today: date = ledger.clock.today()
        return (self.is_valid() and self.cleaned_data["year"]) or today.year


# --- volatile organic compounds -----------------------------------------------------------------------------------


class FirmForm(RowForm):
    class Meta:
        model = VocFirm
        fields = (
            "name", "uscc", "division_code", "running", "process", "material", "low_voc_material", "collection",
            "treatment", "key_region", "special_limits", "sealing_points", "note",
        )  # fmt: skip


class VocCheckForm(forms.Form):
    checked_on = Today(label=_("核查日期"))
    initial_rate = amount(_("治理前排放速率（kg/h）"), digits=9, places=3, help_text=_("非甲烷总烃；没有测的不填。"))
    outlet_rate = amount(_("治理后排放速率（kg/h）"), digits=9, places=3)
    stack_height = amount(_("排气筒高度（米）"), digits=6, places=1)
    in_plant_hourly = amount(_("厂区内小时均值（mg/m³）"), digits=9, places=2)
    in_plant_once = amount(_("厂区内任意一次（mg/m³）"), digits=9, places=2)
    hood_velocity = amount(_("集气罩最远处风速（m/s）"), digits=6, places=2)
    ledger_years = forms.IntegerField(label=_("台账已保存（年）"), required=False, min_value=0, max_value=50)
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=area(2))


class RoundForm(forms.Form):
    parts = forms.ChoiceField(label=_("组件"), choices=LdarRound.Parts.choices, widget=forms.RadioSelect)
    done_on = Today(label=_("检测日期"))
    points = forms.IntegerField(label=_("检测点数"), min_value=1, max_value=1_000_000)


class LeakForm(forms.Form):
    tag = forms.CharField(label=_("密封点编号"), max_length=40)
    medium = forms.ChoiceField(label=_("介质"), choices=Leak.Medium.choices, widget=forms.RadioSelect)
    reading = amount(_("检测值（μmol/mol）"), digits=9, places=1, required=True)
    found_on = Today(label=_("发现日期"))


class RepairForm(forms.Form):
    tried_on = Today(label=_("修复日期"))
    reading_after = amount(
        _("复测值（μmol/mol）"), digits=9, places=1, required=True, help_text=_("低于泄漏认定浓度才算修复。")
    )


class PostponeForm(forms.Form):
    until = DayField(label=_("延迟修复至"))
    why = forms.CharField(label=_("为什么不停车不能修复"), max_length=300, widget=area(2))

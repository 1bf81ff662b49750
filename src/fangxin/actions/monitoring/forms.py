"""What people type about risk monitoring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import rules, selectors
from fangxin.actions.monitoring.models import Consultation, Decision, Signal
from fangxin.engines.exposure import Mode
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import ManyField

MOST_SIGNALS = 200


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def county_field(user: Any, ability: str) -> forms.ChoiceField:
    """The counties (or wider or finer divisions) of the person's posts."""
    codes = sorted(set(user.prefixes(ability)))
    names = people.division_names(set(codes))
    return forms.ChoiceField(label=_("辖区"), choices=[(code, names.get(code, code)) for code in codes])


class DivisionForm(forms.Form):
    """A form about a division of the person's own."""

    def __init__(self, *args: Any, user: Any, ability: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = county_field(user, ability)
        self.order_fields(["division_code"])


class ImportForm(DivisionForm):
    source = forms.CharField(label=_("数据来源"), max_length=200, help_text=_("哪个部门、哪年哪项监测。"))
    file = forms.FileField(
        label=_("表格"), help_text=_("xlsx 或 csv。未检出写“未检出”并填检出限；有一行读不出来就整表不写入。")
    )


class SurveyForm(DivisionForm):
    name = forms.CharField(label=_("调查名称"), max_length=100)
    people = forms.ChoiceField(label=_("人群"))
    year = forms.IntegerField(label=_("调查年份"), min_value=1990, max_value=2100)
    source = forms.CharField(label=_("组织单位和方法"), max_length=300)
    respondents = forms.IntegerField(label=_("调查人数"), min_value=1, max_value=10_000_000)
    body_weight_kg = forms.DecimalField(label=_("平均体重（kg）"), min_value=1, max_value=300, decimal_places=2)
    file = forms.FileField(
        label=_("摄入量表"),
        help_text=_("列：膳食分组、平均摄入量（g/天）；可另有变异系数、食用者比例、大份量、单个可食部。"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].choices = [(g.code, g.name) for g in rules.people_groups().values()]  # type: ignore[attr-defined]


class AssessForm(DivisionForm):
    """First the hazard; its reference points are then offered."""

    hazard = forms.ChoiceField(label=_("危害物"))
    reference_point = forms.ChoiceField(
        label=_("参考值"), help_text=_("不同机构的值不同，选用哪一个会印在结果上。已撤销的值不提供。")
    )
    people = forms.ChoiceField(label=_("人群"))
    mode = forms.ChoiceField(
        label=_("类型"),
        choices=[(Mode.CHRONIC.value, _("长期（平均暴露）")), (Mode.ACUTE.value, _("短期（一天之内）"))],
    )
    since = DayField(label=_("采样自"))
    until = DayField(label=_("采样至"))
    loq_at_most = forms.FloatField(
        label=_("只用定量限不高于此值的结果（mg/kg）"), required=False, min_value=1e-9, max_value=1000,
        help_text=_("可不填。方法看不清低含量的结果会使上限虚高。"),
    )  # fmt: skip

    def __init__(self, *args: Any, hazard: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        known = rules.hazards()
        offered = {code for code in known if rules.points_for(code) or known[code].speciation}
        self.fields["hazard"].choices = [(c, known[c].name) for c in known if c in offered]  # type: ignore[attr-defined]
        self.fields["people"].choices = [(g.code, g.name) for g in rules.people_groups().values()]  # type: ignore[attr-defined]
        self.fields["reference_point"].choices = [(p.point.code, p.label) for p in rules.points_for(hazard)]  # type: ignore[attr-defined]
        today = ledger.clock.today()
        self.fields["since"].initial = today.replace(year=today.year - 2, month=1, day=1)
        self.fields["until"].initial = today
        self.fields["hazard"].initial = hazard
        self.fields["hazard"].disabled = True
        self.order_fields(["hazard", "reference_point", "division_code", "people"])


class FindingForm(forms.Form):
    finding = forms.CharField(label=_("核实情况和依据"), max_length=1000, widget=area(4))


class ReportForm(DivisionForm):
    hazard = forms.ChoiceField(label=_("危害物"))
    food_group = forms.ChoiceField(label=_("食物"), required=False)
    text = forms.CharField(
        label=_("发现了什么"), max_length=1000, widget=area(4),
        help_text=_("例如非目标筛查的发现、集中的投诉、由时间和食物联系起来的病例。不写个人姓名和住址。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["hazard"].choices = [(h.code, h.name) for h in rules.hazards().values()]  # type: ignore[attr-defined]
        foods = [(g.code, g.name) for g in rules.food_groups().values()]
        self.fields["food_group"].choices = [("", _("不限")), *foods]  # type: ignore[attr-defined]


class ArrangeForm(DivisionForm):
    title = forms.CharField(label=_("会商事项"), max_length=120)
    planned_on = DayField(label=_("计划日期"))
    convened_by = forms.ModelChoiceField(label=_("召集单位"), queryset=people.Agency.objects.none())
    agencies = ManyField(
        label=_("参加单位"), queryset=people.Agency.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    background = forms.CharField(label=_("背景"), max_length=3000, required=False, widget=area(3))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        rows = agencies_for(user.prefixes("risk.consult"))
        self.fields["convened_by"].queryset = rows  # type: ignore[attr-defined]
        self.fields["agencies"].queryset = rows  # type: ignore[attr-defined]


def agencies_for(prefixes: list[str]) -> Any:
    """Offices, departments and townships, which can own work; not shops and schools."""
    rows = people.Agency.objects.none()
    for prefix in prefixes:
        rows |= people.list_agencies(prefix)
    return rows.filter(kind__in=("office", "department", "township")).order_by("pk")


class SignalsForm(forms.Form):
    signals = ManyField(label=_("风险信号"), queryset=Signal.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, user: Any, row: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        free = selectors.list_signals(user).filter(consultation=None, state__in=selectors.OPEN)
        rows = free.filter(people.under(row.division_code))
        self.fields["signals"].queryset = rows  # type: ignore[attr-defined]
        self.fields["signals"].label_from_instance = lambda s: f"{s.number} {s.text}"  # type: ignore[attr-defined]


class AssessmentsForm(forms.Form):
    assessments = ManyField(label=_("暴露评估"), queryset=Signal.objects.none(), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, user: Any, row: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = selectors.list_assessments(user).filter(people.under(row.division_code)).exclude(consultations=row)
        field = self.fields["assessments"]
        field.queryset = rows.defer("inputs", "results")  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda a: f"{a.number} {rules.hazard_name(a.hazard)} {rules.people_name(a.people)}"
        )


class AgencyForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("单位"), queryset=people.Agency.objects.none())

    def __init__(self, *args: Any, user: Any, row: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].queryset = agencies_for([row.division_code])  # type: ignore[attr-defined]


class OpinionForm(forms.Form):
    came = forms.BooleanField(label=_("已到会"), required=False, initial=True)
    who_came = forms.CharField(label=_("参加人员"), max_length=120, required=False)
    opinion = forms.CharField(label=_("意见"), max_length=1000, required=False, widget=area(4))


class HoldForm(forms.Form):
    held_on = DayField(label=_("召开日期"), initial=ledger.clock.today)
    chair = forms.CharField(label=_("主持人"), max_length=60)
    place = forms.CharField(label=_("地点或方式"), max_length=100, required=False)


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=200)


class DecideForm(forms.Form):
    text = forms.CharField(label=_("决定做什么"), max_length=1000, widget=area(3))
    owner = forms.ModelChoiceField(label=_("责任单位"), queryset=people.Agency.objects.none())
    due_on = DayField(label=_("完成时限"))
    check_on = DayField(label=_("效果回看日期"), required=False, help_text=_("不填则按规定时限计算。"))

    def __init__(self, *args: Any, user: Any, row: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = agencies_for([row.division_code])  # type: ignore[attr-defined]


class ConcludeForm(forms.Form):
    level = forms.ChoiceField(label=_("风险研判"), choices=Consultation.Level.choices, widget=forms.RadioSelect)
    conclusion = forms.CharField(label=_("结论"), max_length=4000, widget=area(6))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("效果"), choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("依据哪些数据判断"), max_length=1000, widget=area(3))

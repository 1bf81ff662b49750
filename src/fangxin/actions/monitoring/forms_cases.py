"""What a doctor and a reviewer type about a case."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import case_codes
from fangxin.actions.monitoring.forms_outbreaks import MomentField
from fangxin.actions.monitoring.models import CaseExposure, CaseReport
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.screens.fields import DayField, Today, area

FACTS = (
    "sex", "born_on", "occupation", "belongs", "division_code", "onset_at", "seen_at", "diagnosed_on", "died_at", "inpatient",
    "symptoms", "temperature", "vomits", "stools", "stool", "diagnosis", "antibiotics", "history",
)  # fmt: skip
IDENTITY = ("name", "id_number", "phone", "guardian", "address", "record_number")
MOST_FOODS = 8


class Chips(forms.CheckboxSelectMultiple):
    """Choices to tap, not a list to read."""

    template_name = "monitoring/chips.html"


def _now() -> datetime:
    return ledger.clock.now().replace(second=0, microsecond=0)


class CaseForm(forms.Form):
    """Starred on the paper form: identity, times, symptoms, diagnosis. The rest may stay empty."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=CaseReport.Sex.choices, widget=forms.RadioSelect)
    born_on = DayField(label=_("出生日期"))
    phone = forms.CharField(label=_("联系方式"), max_length=30)
    occupation = forms.ChoiceField(label=_("职业"))
    belongs = forms.ChoiceField(label=_("病人属于"))
    onset_at = MomentField(label=_("发病时间"))
    seen_at = MomentField(label=_("就诊时间"), initial=_now)
    diagnosed_on = Today(label=_("诊断日期"))
    diagnosis = forms.CharField(label=_("初步诊断"), max_length=100, initial=_("食源性疾病（待查）"))
    symptoms = forms.MultipleChoiceField(label=_("主要症状"), required=False, widget=Chips)
    more_symptoms = forms.MultipleChoiceField(label=_("其他症状"), required=False, widget=Chips)
    vomits = forms.IntegerField(label=_("呕吐（次/天）"), min_value=0, max_value=100, required=False)
    stools = forms.IntegerField(label=_("腹泻（次/天）"), min_value=0, max_value=100, required=False)
    stool = forms.ChoiceField(label=_("大便性状"), required=False)
    temperature = forms.DecimalField(label=_("体温（℃）"), min_value=34, max_value=43, decimal_places=1, required=False)
    inpatient = forms.BooleanField(label=_("住院"), required=False)
    died_at = MomentField(label=_("死亡时间"), required=False)
    antibiotics = forms.CharField(label=_("就诊前用过的抗生素"), max_length=100, required=False)
    history = forms.CharField(label=_("既往病史"), max_length=200, required=False)
    record_number = forms.CharField(label=_("门诊号、住院号"), max_length=40, required=False)
    id_number = forms.CharField(label=_("身份证件号码"), max_length=30, required=False)
    guardian = forms.CharField(label=_("监护人"), max_length=60, required=False)
    address = forms.CharField(label=_("现住详细地址"), max_length=200, required=False)

    def __init__(self, *args: Any, institutions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        places = list(institutions)
        self.institutions = {str(place.pk): place for place in places}
        if len(places) != 1:
            self.fields["institution"] = forms.ChoiceField(
                label=_("填报机构"), choices=[(key, str(place)) for key, place in self.institutions.items()]
            )
        counties = sorted({place.division_code[:6] for place in places})
        self.fields["division_code"] = PlaceField(counties, label=_("现住乡镇、村"))
        if not self.initial.get("division_code") and places:
            self.initial["division_code"] = places[0].division_code
        choices: dict[str, list[Any]] = {
            "occupation": case_codes.choices("occupations"), "belongs": case_codes.choices("belongs"),
            "stool": [("", "—"), *case_codes.choices("stools")],
            "symptoms": [pair for _system, codes in case_codes.symptom_groups(first=True) for pair in codes],
            "more_symptoms": [pair for _system, codes in case_codes.symptom_groups(first=False) for pair in codes],
        }  # fmt: skip
        for field, options_of in choices.items():
            self.fields[field].choices = options_of  # type: ignore[attr-defined]

    def chosen(self) -> Any:
        key = self.cleaned_data.get("institution") or next(iter(self.institutions), "")
        return self.institutions.get(key)

    def facts(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["symptoms"] = [*told["symptoms"], *told["more_symptoms"]]
        return {name: told[name] for name in FACTS}

    def identity(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in IDENTITY}


class ExposureForm(forms.Form):
    food = forms.CharField(label=_("吃了什么"), max_length=60)
    eaten_at = MomentField(label=_("什么时候吃的"))
    place_type = forms.ChoiceField(label=_("在哪里吃的"))
    place = forms.CharField(label=_("地点名称"), max_length=120, required=False)
    food_class = forms.ChoiceField(label=_("食品分类"))
    packing = forms.ChoiceField(label=_("加工或包装方式"))
    people = forms.IntegerField(label=_("几个人吃"), min_value=1, max_value=5000, required=False)
    others_ill = forms.ChoiceField(label=_("其他人是否发病"), choices=CaseExposure.OthersIll.choices, initial="unknown")
    brand = forms.CharField(label=_("食品品牌"), max_length=60, required=False)
    maker = forms.CharField(label=_("生产厂家"), max_length=100, required=False)
    bought_at = forms.CharField(label=_("购买地点"), max_length=120, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lists = {"place_type": "place_types", "food_class": "food_classes", "packing": "packings"}
        for field, name in lists.items():
            self.fields[field].choices = case_codes.choices(name)  # type: ignore[attr-defined]
        self.initial.setdefault("place_type", "home")
        self.initial.setdefault("food_class", "unknown")
        self.initial.setdefault("packing", "home")

    def has_changed(self) -> bool:
        """A line is a food only when a food is named."""
        return bool(str(self.data.get(self.add_prefix("food"), "")).strip()) if self.is_bound else False


class _Foods(BaseFormSet):  # type: ignore[type-arg]
    def foods(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.forms if form.has_changed()]


FoodFormSet = formset_factory(
    ExposureForm, formset=_Foods, extra=1, max_num=MOST_FOODS, absolute_max=MOST_FOODS, validate_max=True
)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("哪里要订正"), max_length=300, widget=area(3))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("删除原因"), max_length=300, widget=area(2))


class SpecimenForm(forms.Form):
    kind = forms.ChoiceField(label=_("标本"))
    taken_on = Today(label=_("采集日期"))
    item = forms.CharField(label=_("检测项目"), max_length=60, required=False)
    method = forms.CharField(label=_("检测方法"), max_length=60, required=False)
    result = forms.CharField(label=_("结果"), max_length=100, required=False)
    reported_on = DayField(label=_("结果日期"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = case_codes.choices("specimens")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("result") and not said.get("reported_on"):
            self.add_error("reported_on", _gettext("写了结果的，请写结果日期。"))
        return said


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("用途"), max_length=150, min_length=2, help_text=_("为什么要看，例如“核实 3 月 2 日聚集信号”。")
    )

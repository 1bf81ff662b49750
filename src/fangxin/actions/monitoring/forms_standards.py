"""What people type about the follow-up of standards, trainings and enterprise standards."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring.forms import DivisionForm
from fangxin.actions.monitoring.forms_messages import FILE_KINDS
from fangxin.actions.monitoring.models import Questionnaire, Training
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField, Today, area


class AssignForm(DivisionForm):
    standard_number = forms.CharField(label=_("标准号"), max_length=40, help_text=_("例如 GB 2715。"))
    standard_name = forms.CharField(label=_("标准名称"), max_length=120)
    respondent_kind = forms.ChoiceField(label=_("单位类别"), choices=Questionnaire.Respondent.choices)
    respondents = forms.CharField(
        label=_("答复单位"), max_length=60_000, widget=area(8), help_text=_("一行一个单位，可以从表格里粘贴。")
    )
    due_on = DayField(label=_("收回期限"))

    def clean_respondents(self) -> list[str]:
        return str(self.cleaned_data["respondents"]).splitlines()


class ReturnForm(forms.Form):
    returned_on = Today(label=_("收回日期"))
    product = forms.CharField(label=_("涉及产品"), max_length=100, required=False)
    problem = forms.ChoiceField(label=_("问题类型"), choices=Questionnaire.Problem.choices)
    clause = forms.CharField(label=_("条款"), max_length=60, required=False)
    evidence = forms.CharField(label=_("情况和依据"), max_length=2000, required=False, widget=area(4))
    proposal = forms.CharField(label=_("建议"), max_length=2000, required=False, widget=area(4))


class ReviewForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("审核结果"), choices=[("yes", _("有效")), ("no", _("无效，退回重填"))], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False, widget=area(2))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("采纳情况"), choices=Questionnaire.Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, widget=area(2))


class TrainingForm(DivisionForm):
    topic = forms.ChoiceField(label=_("内容"), choices=Training.Topic.choices)
    title = forms.CharField(label=_("培训名称"), max_length=100)
    held_on = Today(label=_("日期"))
    audience = forms.CharField(label=_("对象"), max_length=100)
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=100_000)
    hours = forms.DecimalField(label=_("学时"), min_value=0, max_value=1000, decimal_places=1)
    passed = forms.IntegerField(label=_("考核合格人数"), min_value=0, max_value=100_000, required=False)
    file = forms.FileField(label=_("签到或考核材料"), required=False, help_text=FILE_KINDS)


class OwnStandardForm(forms.Form):
    place = forms.CharField(label=_("底册编号"), max_length=20, help_text=_("在经营主体底册中查到生产场所，抄写编号。"))
    number = forms.CharField(label=_("企业标准号"), max_length=60)
    name = forms.CharField(label=_("标准名称"), max_length=120)
    filing_number = forms.CharField(label=_("备案号"), max_length=60)
    filed_on = DayField(label=_("备案日期"))
    valid_until = DayField(label=_("有效期至"), required=False)
    stricter = forms.CharField(label=_("严于国家或地方标准的内容"), max_length=1000, widget=area(4))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_place(self) -> Any:
        number = str(self.cleaned_data["place"]).strip()
        found = registry.list_premises(self.user, "risk.standards").filter(number=number).first()
        if found is None:
            raise ValidationError(_gettext("您的辖区底册里没有这个编号，请核对。"))
        return found

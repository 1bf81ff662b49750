"""What people type about signals and investigations."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring.forms import DivisionForm, area, county_field
from fangxin.actions.monitoring.models import Investigation, Measure, OutbreakPaper
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

PEOPLE_MOST = 1_000_000


class MomentField(forms.DateTimeField):
    """A local day and hour."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        found: datetime | None = super().to_python(value)
        if found is None:
            return None
        if not 1990 <= found.year <= 2100:
            raise forms.ValidationError(_("年份不对，请核对。"))
        return found


class FindingForm(forms.Form):
    finding = forms.CharField(label=_("核实情况和依据"), max_length=1000, widget=area(4))


class ReportForm(DivisionForm):
    unit = forms.CharField(label=_("地点"), max_length=120, help_text=_("村、学校、医院或者单位名称。"))
    text = forms.CharField(
        label=_("发现了什么"), max_length=1000, widget=area(4), help_text=_("多少人、什么症状、什么时候。不写姓名。")
    )


class OpenForm(forms.Form):
    title = forms.CharField(label=_("调查名称"), max_length=120)
    setting = forms.ChoiceField(label=_("场所类型"), choices=Investigation.Setting.choices)
    place = forms.CharField(label=_("场所"), max_length=120, required=False)
    ill = forms.IntegerField(label=_("已知发病人数"), min_value=1, max_value=PEOPLE_MOST)
    finding = forms.CharField(label=_("核实情况"), max_length=1000, widget=area(4))


class JoinForm(forms.Form):
    """An investigation of one's own that is still open."""

    investigation = forms.ModelChoiceField(label=_("并入的调查"), queryset=Investigation.objects.none())


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]
    meal_at = MomentField(label=_("可疑餐次时间"), required=False)
    premises = forms.CharField(
        label=_("涉及单位底册编号"), max_length=20, required=False,
        help_text=_("在经营主体底册中查到，抄写编号。填了以后，页面列出它在这餐以前收的货，可以往上查。"),
    )  # fmt: skip

    class Meta:
        model = Investigation
        fields = (
            "title", "setting", "place", "premises", "meal_at", "exposed", "ill", "hospitalised", "died", "townships", "counties",
            "agent", "food", "factor",
        )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.initial["premises"] = self.instance.premises.number if self.instance.premises else ""
        for name in ("exposed", "ill", "hospitalised", "died"):
            self.fields[name].max_value = PEOPLE_MOST  # type: ignore[attr-defined]
            self.fields[name].validators.append(forms.IntegerField(max_value=PEOPLE_MOST).validators[0])

    def clean_premises(self) -> Any:
        number = str(self.cleaned_data["premises"] or "").strip()
        if not number:
            return None
        found = registry.list_premises(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("您的辖区底册里没有这个编号，请核对。"))
        return found

    def _post_clean(self) -> None:
        """The service checks the whole row; nothing is written on it here."""


class TextForm(forms.Form):
    text = forms.CharField(label=_("说明"), max_length=1000, widget=area(4))


class OptionalTextForm(forms.Form):
    text = forms.CharField(label=_("补充说明"), max_length=800, widget=area(3), required=False)


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(label=_("结论和依据"), max_length=4000, widget=area(6))


class AssessmentForm(forms.Form):
    assessment = forms.CharField(label=_("结案评估"), max_length=4000, widget=area(8))


class BudgetForm(forms.Form):
    division_code = forms.ChoiceField(label=_("辖区"))
    alarms_per_month = forms.DecimalField(
        label=_("每月愿意核实的预警条数"), min_value=0.1, max_value=300, decimal_places=1,  # type: ignore[arg-type]
        help_text=_("全县所有医院、乡镇、症状的序列合在一起，没有暴发时平均每月发出的预警不超过这个数。调大发现得早，核实得多。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = county_field(user, rules.WORK)


class DefinitionForm(forms.Form):
    text = forms.CharField(
        label=_("病例定义"), max_length=2000, widget=area(4), help_text=_("时间、地点、人群、临床表现，一段话。")
    )
    since = MomentField(label=_("发病不早于"), required=False)
    until = MomentField(label=_("发病不晚于"), required=False)
    units = forms.CharField(
        label=_("限于班级或单位"), max_length=300, required=False, help_text=_("几个的用顿号分开；不限的空着。")
    )
    symptoms = forms.CharField(
        label=_("症状"), max_length=300, help_text=_("几个的用顿号分开，例如：腹泻、呕吐、发热。")
    )
    suspect_least = forms.IntegerField(label=_("疑似病例：至少符合几项症状"), min_value=1, max_value=10, initial=1)
    probable_least = forms.IntegerField(label=_("可能病例：至少符合几项症状"), min_value=1, max_value=10, initial=2)
    food = forms.CharField(
        label=_("可能病例还须吃过"), max_length=40, required=False, help_text=_("名单中的食品名称；不要求的空着。")
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        least, more = said.get("suspect_least"), said.get("probable_least")
        if least and more and more < least:
            self.add_error("probable_least", _("不能少于疑似病例的项数。"))
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("不能早于起始时间。"))
        return said


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("粘贴表格"), max_length=400_000, widget=area(10), strip=False,
        help_text=_("在表格软件里连同表头一起复制再粘贴。表头有：编号、发病、性别、年龄、班级或单位、进餐时间、发病时间、症状、转归、检验结果；其他列当作询问的食品。"),
    )  # fmt: skip


class TellForm(forms.Form):
    how = forms.CharField(label=_("怎样报告的"), max_length=200, help_text=_("电话、系统直报、书面；对方谁接收。"))


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=_("措施"), choices=Measure.Kind.choices)
    text = forms.CharField(label=_("内容"), max_length=1000, widget=area(3))


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=300, widget=area(2))


class ShareForm(forms.Form):
    agency = forms.ModelChoiceField(label=_("共享给"), queryset=people.Agency.objects.none())

    def __init__(self, *args: Any, division_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["agency"]
        field.queryset = people.list_agencies(division_code[:6])


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("文书"), choices=OutbreakPaper.Kind.choices)


def local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(ledger.clock.LOCAL) if moment else None

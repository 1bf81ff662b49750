"""What people type about assessments and bulletins."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from fangxin.engines.assessment import AdjustmentKind, RuleSet
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.fields import ManyField
from fangxin.oversight.assessment.models import Adjustment, Bulletin, BulletinItem, Participant, Round
from fangxin.oversight.assessment.rules import KIND
from fangxin.oversight.plans import api as plans


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class EvidenceField(forms.FileField):
    """An upload that the ledger keeps. It is stored only when the whole form is good."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            help_text=_("照片、PDF、Word、Excel、视频或文本，不超过%(n)s MB。") % {"n": settings.MAX_UPLOAD_BYTES // 1024 // 1024},
            **options,
        )  # fmt: skip


def keep(upload: Any, *, by: Any) -> Any:
    return ledger.store_evidence(name=upload.name, content=upload.read(), by=by) if upload else None


def show(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what a service refused beside the field it speaks of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the page says what will happen."""


class StartForm(forms.Form):
    year = forms.TypedChoiceField(label=_("考核年度"), coerce=int)
    edition = forms.ModelChoiceField(
        label=_("考核规则"), queryset=catalog.Edition.objects.none(),
        help_text=_("按当年最后一天施行的规则考核；启动后规则随本轮考核固定，不再变动。"),
    )  # fmt: skip

    def __init__(self, *args: Any, plan: plans.Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = ledger.clock.today().year
        years = [year for year in (plan.years if plan else []) if year <= this_year]
        self.fields["year"].choices = [(year, str(year)) for year in reversed(years)]
        self.fields["edition"].queryset = catalog.editions(KIND).defer("body")


class UntilForm(forms.Form):
    until = forms.DateField(label=_("自查截止日期"), widget=DateInput())


class ReviewForm(forms.Form):
    approved = forms.TypedChoiceField(
        label=_("复核结论"), choices=[("yes", _("通过")), ("no", _("退回修改"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect, error_messages={"required": _("请选择复核结论。")},
    )  # fmt: skip
    text = forms.CharField(label=_("复核意见"), required=False, max_length=2000, widget=text_area())


class NoticeForm(forms.Form):
    notice = forms.CharField(
        label=_("公布说明"), required=False, max_length=5000, widget=text_area(5),
        help_text=_("随排名一起显示给各单位，可以不填。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=text_area(3))


class SelfCheckForm(forms.Form):
    text = forms.CharField(
        label=_("自查意见"), max_length=5000, widget=text_area(6),
        help_text=_("写明哪一项与本单位掌握的情况不一致、为什么。意见不直接改变得分，由食安办核实。"),
    )  # fmt: skip
    file = EvidenceField(label=_("证明材料"), required=False)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("申诉内容"), max_length=5000, widget=text_area(6), help_text=_("写明对哪一项结果有异议、事实和理由。")
    )
    file = EvidenceField(label=_("证明材料"), required=False)


class AppealDecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("处理结果"), choices=[("yes", _("申诉成立，按现有记录重新计算")), ("no", _("申诉不成立"))],
        coerce=lambda v: v == "yes", widget=forms.RadioSelect, error_messages={"required": _("请选择处理结果。")},
    )  # fmt: skip
    decision = forms.CharField(
        label=_("处理意见"), max_length=5000, widget=text_area(5), help_text=_("申诉单位会看到这段意见。")
    )


class AdjustmentForm(forms.Form):
    """One rule, one or more agencies, one proof."""

    rule = forms.ChoiceField(label=_("事项"))
    participants = ManyField(
        label=_("单位"), queryset=Participant.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择单位。")},
    )  # fmt: skip
    numerator = forms.DecimalField(
        label=_("核定分子"), required=False, min_value=0, max_digits=16, decimal_places=4,
        help_text=_("只在“补充核定数”时填写。"),
    )  # fmt: skip
    denominator = forms.DecimalField(label=_("核定分母"), required=False, min_value=0, max_digits=16, decimal_places=4)
    reason = forms.CharField(label=_("事实和理由"), max_length=2000, widget=text_area())
    file = EvidenceField(label=_("证据"), error_messages={"required": _("请上传证据。没有证据不能加分、减分或核定。")})

    def __init__(self, *args: Any, round_: Round, rules: RuleSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("（请选择）")), *rule_choices(rules)]
        self.fields["participants"].queryset = round_.participants.select_related("agency").order_by("group", "pk")
        self.fields["participants"].label_from_instance = lambda m: f"{m.agency} · {m.get_group_display()}"

    def clean_rule(self) -> dict[str, str]:
        """The choice as the service takes it: a code, and how an indicator is to be settled."""
        ruling, _colon, code = self.cleaned_data["rule"].rpartition(":")
        return {"code": code, "ruling": ruling}


def rule_choices(rules: RuleSet) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Bonus, deduction and veto with their points; then what may be settled about an indicator."""
    groups: dict[Any, list[tuple[str, str]]] = {}
    for rule in rules.adjustments:
        label = Adjustment.Kind(rule.kind.value).label
        text = rule.title if rule.kind is AdjustmentKind.VETO else f"{rule.title}（{rule.points} {_('分')}）"
        groups.setdefault(label, []).append((rule.code, text))
    for kind in (Adjustment.Kind.NOT_APPLICABLE, Adjustment.Kind.STATED):
        groups[kind.label] = [(f"{kind.value}:{rule.code}", rule.title) for rule in rules.indicators]
    return list(groups.items())


class DecideForm(forms.Form):
    approved = forms.TypedChoiceField(
        label=_("审批"), choices=[("yes", _("同意")), ("no", _("不同意"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect, error_messages={"required": _("请选择同意或不同意。")},
    )  # fmt: skip
    text = forms.CharField(label=_("审批意见"), required=False, max_length=1000, widget=text_area(3))


class TextForm(forms.Form):
    text = forms.CharField(label=_("原因"), max_length=1000, widget=text_area(3))


class NewBulletinForm(forms.Form):
    period = forms.ModelChoiceField(
        label=_("报送日"), queryset=plans.Return.objects.none(), required=False, empty_label=_("截至今天"),
        help_text=_("选报送日，用当日冻结的数据；选“截至今天”，按今天的记录计算。"),
    )  # fmt: skip

    def __init__(self, *args: Any, plan: plans.Plan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan is not None:
            due = plan.periods.filter(due_on__lte=ledger.clock.today()).select_related("snapshot", "plan")
            self.fields["period"].queryset = due.order_by("-due_on")


class BulletinForm(forms.ModelForm):
    class Meta:
        model = Bulletin
        fields = ("period_name", "subject", "summary", "next_steps")
        widgets = {"summary": text_area(4), "next_steps": text_area(4)}
        help_texts = {"next_steps": _("每行一条。")}


class BulletinItemForm(forms.ModelForm):
    class Meta:
        model = BulletinItem
        fields = ("title", "agencies", "text", "kind", "order", "due_on", "included")
        widgets = {"text": text_area(4), "due_on": DateInput()}


BulletinItems = forms.modelformset_factory(
    BulletinItem, form=BulletinItemForm, extra=2, max_num=200, absolute_max=202, validate_max=True
)


class BulletinDecisionForm(forms.Form):
    approved = forms.TypedChoiceField(
        label=_("核稿结论"), choices=[("yes", _("通过")), ("no", _("退改"))], coerce=lambda v: v == "yes",
        widget=forms.RadioSelect, error_messages={"required": _("请选择核稿结论。")},
    )  # fmt: skip
    reason = forms.CharField(label=_("退改意见"), required=False, max_length=1000, widget=text_area(3))


class BulletinReasonForm(forms.Form):
    reason = forms.CharField(label=_("退改意见"), max_length=1000, widget=text_area(3))


class MarkForm(forms.Form):
    mark = forms.CharField(
        label=_("发文代字"), max_length=20, help_text=_("发文字号里年份前面的部分，例如“某食安办”。年份和序号自动编。")
    )

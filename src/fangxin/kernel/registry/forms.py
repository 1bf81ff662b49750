from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people
from fangxin.kernel.registry.models import (
    CensusSurvey,
    Credential,
    ImportBatch,
    Operator,
    Parcel,
    Premises,
    Staff,
    StaffCertificate,
)

# A list longer than this is no longer a list to choose from.
MOST_CHOICES = 3000
PURPOSES = [
    ("contact", _("联系核实情况")),
    ("inspection", _("检查、抽检需要")),
    ("case", _("办理投诉举报或案件")),
    ("correction", _("核对更正底册")),
    ("other", _("其他（请说明）")),
]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DateField(forms.DateField):
    widget = DateInput

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=DateInput(), **options)


class DivisionField(forms.ChoiceField):
    """Townships and villages of the divisions in which the person has the ability."""

    def __init__(self, *, user: Any, ability: str, shortest: int = 9, **options: Any) -> None:
        self.prefixes = user.prefixes(ability)
        codes: dict[str, str] = {}
        for prefix in self.prefixes:
            codes.update(people.list_divisions(prefix[:9]).values_list("code", "name")[:MOST_CHOICES])
        inside = [c for c in sorted(codes) if len(c) >= shortest and any(c.startswith(p) for p in self.prefixes)]
        choices = [(code, _path(code, codes)) for code in inside]
        super().__init__(choices=[("", _("请选择")), *choices], **options)


def _path(code: str, names: dict[str, str]) -> str:
    above = names.get(code[:9], "") if len(code) > 9 else ""
    return f"{above} {names[code]}".strip()


class OperatorForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("营业执照上的名称；个人写姓名或常用名。"))
    kind = forms.ChoiceField(label=_("类型"), choices=Operator.Kind.choices)
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, required=False, help_text=_("18 位；个人、摊点没有的留空。")
    )
    legal_representative = forms.CharField(label=_("法定代表人（负责人）"), max_length=60, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)

    def __init__(self, *args: Any, user: Any, operator: Operator | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = DivisionField(user=user, ability="registry.edit", label=_("区划"))
        if operator is not None:
            hide_personal(self, operator, "legal_representative", "phone")


def hide_personal(form: forms.BaseForm, row: Any, *names: str) -> None:
    """What is on file stays hidden: an empty field leaves it as it is."""
    for name in names:
        form.fields[name].required = False
        if getattr(row, name):
            form.fields[name].help_text = _("已有登记，出于个人信息保护不显示；不改请留空。")


class PremisesForm(forms.ModelForm):  # type: ignore[type-arg]
    opened_on = DateField(label=_("开业日期"), required=False)

    class Meta:
        model = Premises
        fields = ["name", "kind", "address", "phone", "rural", "area_m2", "seats", "longitude", "latitude", "opened_on"]

    field_order = ("name", "kind", "division_code", "address", "phone", "rural")

    def __init__(self, *args: Any, user: Any, ability: str = "registry.edit", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = DivisionField(
            user=user, ability=ability, label=_("区划"), initial=self.instance.division_code
        )
        self.order_fields(self.field_order)
        if self.instance.pk:
            self.initial["phone"] = ""
            hide_personal(self, self.instance, "phone")

    def _post_clean(self) -> None:
        """The service checks the whole row; the form must not touch it before."""

    def changed(self) -> dict[str, Any]:
        """Fields that differ from the row; an empty phone means that it stays."""
        values = {name: value for name, value in self.cleaned_data.items() if name in self.changed_data}
        if not values.get("phone", "x"):
            values.pop("phone")
        return {name: value for name, value in values.items() if name not in ("effective_on", "reason", "status")}


class ParcelForm(forms.ModelForm):  # type: ignore[type-arg]
    geometry = forms.JSONField(
        label=_("边界（GeoJSON）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("可不填。填了而没有填面积、经纬度的，按边界计算。"),
    )
    operator = forms.CharField(
        label=_("经营主体"), max_length=120, required=False, help_text=_("填全称或统一社会信用代码；没有的留空。")
    )

    class Meta:
        model = Parcel
        fields = ["name", "kind", "crop", "land_use", "area_mu", "longitude", "latitude", "geometry"]

    field_order = ("name", "kind", "division_code", "operator", "crop", "land_use", "area_mu", "longitude", "latitude")

    def __init__(self, *args: Any, user: Any, operators: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.operators = operators
        self.fields["division_code"] = DivisionField(
            user=user, ability="parcel.edit", label=_("乡镇、村"), initial=self.instance.division_code
        )
        self.fields["area_mu"].required = False
        if self.instance.operator_id is not None:
            self.initial["operator"] = self.instance.operator.name
        self.order_fields(self.field_order)

    def clean_operator(self) -> Operator | None:
        text = self.cleaned_data["operator"].strip()
        if not text:
            return None
        found: list[Operator] = list(self.operators.filter(Q(name=text) | Q(uscc=text.upper()))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("有几个主体都叫这个名称，请改填统一社会信用代码。"))
        raise forms.ValidationError(_("底册里没有这个经营主体。请先登记主体，或者留空。"))

    def _post_clean(self) -> None:
        """The service checks the whole row; the form must not touch it before."""


class ParcelFileForm(forms.Form):
    file = forms.FileField(
        label=_("文件"), help_text=_("GeoJSON（坐标为 WGS-84 经纬度），或按模板填写的 .xlsx、.csv 表格。")
    )
    update = forms.BooleanField(
        label=_("编号已有的，用文件内容更新"), required=False, help_text=_("不勾选时，编号已有的会列为错误。")
    )


class PremisesChangeForm(PremisesForm):
    status = forms.ChoiceField(
        label=_("状态"), choices=[c for c in Premises.Status.choices if c[0] != Premises.Status.CLOSED], required=False
    )
    effective_on = DateField(
        label=_("自何日起变化"),
        required=False,
        help_text=_("类别、农村、规模、状态按日期记录。如是更正录入错误（从来就不是原来的值），请留空。"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.status == Premises.Status.CLOSED:
            del self.fields["status"]
        else:
            self.initial["status"] = self.instance.status

    def changed(self) -> dict[str, Any]:
        values = super().changed()
        if "status" in self.changed_data and self.cleaned_data.get("status"):
            values["status"] = self.cleaned_data["status"]
        return values


class ChangeRequestForm(PremisesChangeForm):
    """For those who may not edit: the place stays in its division's list, the reason is asked for."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, ability="registry.propose", **options)
        if len(self.fields["division_code"].choices) < 2:  # type: ignore[attr-defined]
            del self.fields["division_code"]
        del self.fields["opened_on"]


class CloseForm(forms.Form):
    closed_on = DateField(label=_("注销日期"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class ReopenForm(forms.Form):
    on = DateField(label=_("恢复在营日期"))


class CredentialForm(forms.Form):
    kind = forms.ChoiceField(label=_("证件"), choices=Credential.Kind.choices)
    number = forms.CharField(label=_("编号"), max_length=60, required=False)
    seen_on_paper = forms.BooleanField(
        label=_("编号已与原件核对"), required=False, help_text=_("校验位不符、但原件确实这样印时勾选。")
    )
    issued_on = DateField(label=_("发证日期"))
    expires_on = DateField(label=_("有效期至"), required=False, help_text=_("留空则按该类证件的法定期限推算。"))
    scope = forms.CharField(label=_("范围"), max_length=300, required=False)
    issuer = forms.CharField(label=_("发证（备案）机关"), max_length=100, required=False)


class RenewForm(forms.Form):
    issued_on = DateField(label=_("延续后的发证日期"))
    expires_on = DateField(label=_("延续后的有效期至"), required=False, help_text=_("留空则按法定期限推算。"))


class RevokeForm(forms.Form):
    on = DateField(label=_("失效日期"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class StaffForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    role = forms.ChoiceField(
        label=_("岗位"), choices=[c for c in Staff.Role.choices if c[0] != Staff.Role.VILLAGE_HELPER]
    )
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    joined_on = DateField(label=_("到岗日期"))


class HelperForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    joined_on = DateField(label=_("到岗日期"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = DivisionField(
            user=user, ability="registry.census", shortest=12, label=_("村（社区）")
        )


class EndStaffForm(forms.Form):
    left_on = DateField(label=_("离岗日期"))


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=_("证明"), choices=StaffCertificate.Kind.choices)
    passed_on = DateField(label=_("取得日期"))
    expires_on = DateField(label=_("有效期至"), required=False, help_text=_("留空则按惯例推算。"))
    score = forms.DecimalField(label=_("成绩"), max_digits=5, decimal_places=1, min_value=0, required=False)
    channel = forms.CharField(label=_("渠道"), max_length=60, required=False)
    number = forms.CharField(label=_("编号"), max_length=60, required=False)


class FactForm(forms.Form):
    """One attribute of those that fit the kind of premises; its own list of values."""

    value = forms.CharField(label=_("取值"), max_length=200, required=False)
    valid_from = DateField(label=_("自"))
    valid_to = DateField(label=_("至（不含）"), required=False, help_text=_("长期有效请留空。"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, attribute: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        label = f"{attribute.label}（{attribute.unit}）" if attribute.unit else attribute.label
        if attribute.choices:
            choices = [("", _("撤销原值")), *attribute.choices.items()]
            self.fields["value"] = forms.ChoiceField(label=label, choices=choices, required=False)
        elif attribute.kind == "date":
            self.fields["value"] = DateField(label=label, required=False)
        elif attribute.kind == "number":
            self.fields["value"] = forms.DecimalField(label=label, max_digits=16, decimal_places=4, required=False)
        self.fields["value"].label = label


def attributes_for(kind: str) -> list[Any]:
    return [a for a in contribute.attributes if not a.premises_kinds or kind in a.premises_kinds]


class SurveyForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=100)
    started_on = DateField(label=_("开始日期"))
    finished_on = DateField(label=_("结束日期"), required=False, help_text=_("进行中的普查请留空。"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = DivisionField(user=user, ability="registry.census", shortest=6, label=_("范围"))


class CloseSurveyForm(forms.Form):
    finished_on = DateField(label=_("结束日期"))


class CensusEntryForm(forms.Form):
    name_seen = forms.CharField(label=_("所见名称"), max_length=120)
    kind_seen = forms.ChoiceField(label=_("所见类别"), choices=Premises.Kind.choices)
    address_seen = forms.CharField(label=_("所见地址"), max_length=200, required=False)
    phone_seen = forms.CharField(label=_("所见电话"), max_length=30, required=False)
    longitude = forms.FloatField(label=_("经度（WGS-84）"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("纬度（WGS-84）"), min_value=-90, max_value=90, required=False)
    operating = forms.BooleanField(label=_("在营"), required=False, initial=True)
    seen_on = DateField(label=_("查看日期"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = DivisionField(user=user, ability="registry.census", label=_("区划"))


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=_("审核意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不采纳时必须写明理由。"),
    )  # fmt: skip


class MergeForm(forms.Form):
    keep = forms.ChoiceField(label=_("保留"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("认定为同一场所的依据"), max_length=300)

    def __init__(self, *args: Any, pair: tuple[Premises, Premises], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["keep"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.number} {row.name}") for row in pair
        ]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("内容"), choices=ImportBatch.Kind.choices)
    survey = forms.ModelChoiceField(
        label=_("属于哪次普查"), queryset=CensusSurvey.objects.none(), required=False,
        help_text=_("只有导入普查记录时需要选择。"),
    )  # fmt: skip
    file = forms.FileField(label=_("文件"), help_text=_(".xlsx 或 .csv，最大 50 MB。"))

    def __init__(self, *args: Any, surveys: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["survey"].queryset = surveys  # type: ignore[attr-defined]


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=_("用途"), choices=PURPOSES)
    text = forms.CharField(
        label=_("说明"), max_length=150, min_length=2, help_text=_("为什么需要查看，例如“核实 3 月 2 日的举报”。")
    )

    def sentence(self) -> str:
        label = dict(PURPOSES)[self.cleaned_data["purpose"]]
        return f"{label}：{self.cleaned_data['text']}"

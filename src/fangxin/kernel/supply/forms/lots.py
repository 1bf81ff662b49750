"""What people type about lots, receipts and where goods go."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import Outflow
from fangxin.kernel.supply.models.interfaces import ApiToken

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
UNITS = ("kg", "斤", "件", "袋", "箱", "头", "只", "L")


class MomentField(forms.DateTimeField):
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")

    def clean(self, value: Any) -> Any:
        try:
            moment = super().clean(value)
        except (OverflowError, ValueError):
            moment = FIRST
        if moment is not None and not FIRST < moment < LAST:
            raise ValidationError(_("日期和时间不对，请重新选择。"))
        return moment


def now_text() -> str:
    return ledger.clock.now().astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%dT%H:%M")


def amount(label: Any, *, required: bool = True, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal("0.001"), max_value=Decimal(1_000_000), max_digits=12, decimal_places=3,
        required=required, widget=forms.NumberInput(attrs={"inputmode": "decimal"}), **options,
    )  # fmt: skip


def unit() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("单位"), choices=[(u, u) for u in UNITS], initial="kg")


class ReceiveForm(forms.Form):
    food = forms.CharField(label=gettext_lazy("什么货"), max_length=100)
    quantity = amount(gettext_lazy("数量"))
    unit = unit()
    supplier_name = forms.CharField(label=gettext_lazy("从谁那里进的"), max_length=120, required=False)
    code = forms.CharField(
        label=gettext_lazy("合格证编号或追溯码"), max_length=255, required=False,
        help_text=gettext_lazy("扫码会自动填好；没有就空着，拍一张进货凭证。"),
    )  # fmt: skip
    photo = forms.FileField(
        label=gettext_lazy("进货凭证照片"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
    received_at = MomentField(label=gettext_lazy("到货时间"), initial=now_text)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        told = ("supplier_name", "code", "photo")
        if not self.errors and not any(values.get(name) for name in told):
            raise ValidationError(_("请至少留下一样凭证：从谁那里进的、合格证编号，或者一张照片。"))
        return values


class DispatchForm(forms.Form):
    to_number = forms.CharField(
        label=gettext_lazy("收货场所的底册编号"), max_length=20, required=False,
        help_text=gettext_lazy("对方在底册里就填编号，货会出现在对方的“在路上”；不在底册就填名称。"),
    )  # fmt: skip
    to_name = forms.CharField(label=gettext_lazy("收货方名称"), max_length=120, required=False)
    quantity = amount(gettext_lazy("数量"))
    sent_at = MomentField(label=gettext_lazy("发货时间"), initial=now_text)


class OutflowForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("去向"), choices=Outflow.Kind.choices)
    quantity = amount(gettext_lazy("数量"))
    at = MomentField(label=gettext_lazy("时间"), initial=now_text)


class MakeForm(forms.Form):
    food = forms.CharField(label=gettext_lazy("做成了什么"), max_length=100)
    quantity = amount(gettext_lazy("产出数量"), required=False, help_text=gettext_lazy("没有称就空着。"))
    unit = unit()
    made_at = MomentField(label=gettext_lazy("加工时间"), initial=now_text)

    def __init__(self, *args: Any, lots: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lots = lots
        for lot in lots:
            self.fields[f"use_{lot.pk}"] = amount(
                _("用了多少 %(lot)s") % {"lot": lot},
                required=False,
                help_text=_("不用就空着；用了但没称，在下面打勾。"),
            )
            self.fields[f"some_{lot.pk}"] = forms.BooleanField(label=_("用了，没有称"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("文件"), help_text=gettext_lazy("xlsx 或者 csv。先检查，确认后才写入。"))


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiToken
        fields = ("name",)
        help_texts = {"name": gettext_lazy("例如：中央厨房仓储系统。")}


class PlaceForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("场所标识"), max_length=255,
        help_text=gettext_lazy("企业系统里的位置码，例如 https://id.gs1.org/414/… 或 urn:epc:id:sgln:…"),
    )  # fmt: skip
    number = forms.CharField(label=gettext_lazy("底册编号"), max_length=20)

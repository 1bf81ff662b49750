"""What people type about dealers, sales, codes, packages, areas and forecasts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models import (
    ControlRecord,
    CropYear,
    Dealer,
    Degree,
    Farm,
    Forecast,
    LedgerLine,
    PackageMove,
    PackagePoint,
    PackScan,
    Product,
    UsageFigure,
)
from fangxin.actions.farm_inputs.models.fields import AmountUnit
from fangxin.actions.farm_inputs.services.dealing import Entry
from fangxin.engines.identifiers import check_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.screens.fields import DayField, DayInput, ManyField, Today, area

MOST_CHOICES = 3000


class ProductField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the products of some kinds."""

    def __init__(self, kinds: tuple[str, ...], **options: Any) -> None:
        rows = Product.objects.filter(kind__in=kinds)
        super().__init__(queryset=rows, label=_("产品"), empty_label=_("请选择"), **options)

    def to_python(self, value: Any) -> Any:
        if str(value or "").isdecimal() and len(str(value)) > 18:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)


class DealerForm(forms.ModelForm):  # type: ignore[type-arg]
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=40, help_text=_("营业执照上的 18 位代码。"))
    operator_name = forms.CharField(label=_("营业执照名称"), max_length=120)

    class Meta:
        model = Dealer
        fields = (
            "name", "division_code", "address", "phone", "deals", "licence_no", "licence_until", "sale_point_from",
            "sale_point_until", "uploads_from",
        )  # fmt: skip
        widgets = {
            name: DayInput() for name in ("licence_until", "sale_point_from", "sale_point_until", "uploads_from")
        }

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(
            user.prefixes("inputs.dealers"), longest=12, label=_("所在乡镇或村"), initial=self.instance.division_code
        )
        self.fields["sale_point_from"].help_text = _("限制使用农药的定点店才填。")
        if self.instance.pk:
            for name in ("uscc", "operator_name", "division_code"):
                del self.fields[name]
        self.order_fields(["name", "operator_name", "uscc", "division_code"])

    def clean_uscc(self) -> str:
        checked = check_credit_code(self.cleaned_data["uscc"])
        if not checked.valid:
            raise forms.ValidationError(_("统一社会信用代码不正确，请对照营业执照核对。"))
        return checked.normalized

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class CloseForm(forms.Form):
    closed_on = Today(label=_("停业日期"))


class WhyForm(forms.Form):
    why = forms.CharField(label=_("原因"), max_length=200, widget=area(2))


class EntryForm(forms.Form):
    """One line of the book, with only what its kind needs; made for a phone."""

    product = forms.Field()
    on = Today(label=_("日期"))
    amount = forms.DecimalField(label=_("数量"), max_digits=12, decimal_places=4, min_value=0)
    unit = forms.ChoiceField(label=_("单位"), choices=AmountUnit.choices)
    packs = forms.IntegerField(label=_("件数（瓶、袋）"), min_value=1, max_value=1_000_000, required=False)
    batch_no = forms.CharField(label=_("生产批号"), max_length=40, required=False)
    supplier = forms.CharField(label=_("供货单位"), max_length=120)
    buyer_name = forms.CharField(label=_("购买人"), max_length=60, required=False)
    buyer_identity = forms.CharField(
        label=_("身份证件号码"), max_length=30, required=False, help_text=_("限制使用农药必须登记；其他的不必填。")
    )
    buyer_phone = forms.CharField(label=_("购买人电话"), max_length=30, required=False)
    farm = forms.ModelChoiceField(
        label=_("购买的农场"),
        queryset=Farm.objects.none(),
        required=False,
        empty_label=_("没有在平台建档"),
        help_text=_("在平台建档的农场请选上。"),
    )
    crop = forms.CharField(label=_("用于作物（动物）"), max_length=40, required=False)
    purpose = forms.CharField(label=_("用途（防治什么）"), max_length=120, required=False)
    happened = forms.BooleanField(
        label=_("确已发生（补记）"),
        required=False,
        help_text=_("已经发生的买卖照实记下；不合规定的会转交农业农村部门。"),
    )

    ONLY_SALE = ("buyer_name", "buyer_identity", "buyer_phone", "farm", "crop", "purpose")
    ONLY_PURCHASE = ("supplier",)

    def __init__(self, *args: Any, dealer: Dealer, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        kinds = tuple(k for k in Product.Kind.values if dealer.sells(k))
        self.fields["product"] = ProductField(kinds)
        farms = Farm.objects.filter(people.under(dealer.division_code[:6]), ended_on=None).select_related("premises")
        self.fields["farm"].queryset = farms  # type: ignore[attr-defined]
        gone: tuple[str, ...] = ()
        if kind != LedgerLine.Kind.SALE:
            gone += self.ONLY_SALE
        if kind != LedgerLine.Kind.PURCHASE:
            gone += self.ONLY_PURCHASE
        if kind == LedgerLine.Kind.PURCHASE:
            gone += ("happened",)
        for name in gone:
            del self.fields[name]

    def clean_amount(self) -> Any:
        value = self.cleaned_data["amount"]
        if value <= 0:
            raise forms.ValidationError(_("数量应大于零。"))
        return value

    def entry(self) -> Entry:
        values = {name: value for name, value in self.cleaned_data.items() if name != "packs"}
        return Entry(kind=self.kind, packs=self.cleaned_data.get("packs"), **values)


class SheetForm(forms.Form):
    file = forms.FileField(label=_("台账表格"), help_text=_("xlsx 或 csv。先看核对结果，确认后才入账。"))


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=_("用途"), max_length=200, min_length=2, widget=area(2))


class ScanForm(forms.Form):
    kind = forms.ChoiceField(label=_("做什么"), choices=PackScan.Kind.choices, widget=forms.RadioSelect)
    read = forms.CharField(
        label=_("追溯码"), max_length=200, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("24 位数字。用扫码枪扫入，或者照着包装输入；抽查时没有二维码的留空。"),
    )  # fmt: skip
    on = Today(label=_("日期"))
    other_party = forms.CharField(label=_("供货或者购买单位"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, may_check: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_check:
            choices = [choice for choice in PackScan.Kind.choices if choice[0] != PackScan.Kind.CHECK]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in ("in", "out") and not cleaned.get("read", "").strip():
            self.add_error("read", _("出入库须有追溯码。"))
        return cleaned


class CodesForm(forms.Form):
    division_code = forms.ChoiceField(label=_("区划"))
    product_name = forms.CharField(label=_("产品名称"), max_length=80)
    batch_no = forms.CharField(label=_("生产批号"), max_length=40, required=False)
    expires_on = DayField(label=_("有效期至"), required=False)
    codes = forms.CharField(label=_("追溯码"), max_length=200_000, widget=area(8), help_text=_("一行一个，24 位数字。"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(
            user.prefixes("inputs.dealers"), longest=9, shortest=6, label=_("区划")
        )
        self.order_fields(["division_code"])

    def clean_codes(self) -> list[str]:
        return self.cleaned_data["codes"].split()  # type: ignore[no-any-return]


class PointForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PackagePoint
        fields = ("name", "division_code", "address", "dealer", "opened_on")
        widgets = {"opened_on": DayInput()}

    def __init__(self, *args: Any, user: Any, dealers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("inputs.record"), longest=12, label=_("所在乡镇或村"))
        self.fields["dealer"].queryset = dealers  # type: ignore[attr-defined]
        self.fields["opened_on"].initial = ledger.clock.today()
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class MoveForm(forms.ModelForm):  # type: ignore[type-arg]
    file = forms.FileField(label=_("交接单、照片"), required=False)

    class Meta:
        model = PackageMove
        fields = ("kind", "on", "material", "packs", "weight_kg", "receiver", "note")
        widgets = {"on": DayInput(), "kind": forms.RadioSelect()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = ledger.clock.today()
        self.fields["kind"].choices = PackageMove.Kind.choices  # type: ignore[attr-defined]
        self.fields["kind"].initial = PackageMove.Kind.TAKEN
        self.fields["receiver"].help_text = _("转运处置时填写。")

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class AreaForm(forms.ModelForm):  # type: ignore[type-arg]
    file = forms.FileField(label=_("证据"), required=False)

    class Meta:
        model = CropYear
        fields = ("division_code", "year", "crop", "main_crop", "area_mu", "green_mu", "green_means", "source")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place = PlaceField(
            user.prefixes("inputs.figures"), longest=9, label=_("乡镇（街道）"), initial=self.instance.division_code
        )
        self.fields["division_code"] = place
        self.fields["year"].initial = ledger.clock.today().year
        self.fields["green_mu"].help_text = _("没有统计的留空，不要填 0。")
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class UsageForm(forms.ModelForm):  # type: ignore[type-arg]
    file = forms.FileField(label=_("证据"), required=False)

    class Meta:
        model = UsageFigure
        fields = ("division_code", "year", "kind", "crop", "active_kg", "area_mu", "source")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place = PlaceField(
            user.prefixes("inputs.figures"), longest=9, shortest=6, label=_("区划"), initial=self.instance.division_code
        )
        self.fields["division_code"] = place
        self.fields["crop"].help_text = _("全部作物合计的留空。")
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class ControlForm(forms.ModelForm):  # type: ignore[type-arg]
    file = forms.FileField(label=_("合同、照片等证据"), required=False)

    class Meta:
        model = ControlRecord
        fields = (
            "division_code", "on", "crop", "pest", "area_mu", "times", "professional", "team", "green", "means",
        )  # fmt: skip
        widgets = {"on": DayInput()}

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("inputs.figures"), longest=9, label=_("乡镇（街道）"))
        self.fields["on"].initial = ledger.clock.today()
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class ForecastForm(forms.ModelForm):  # type: ignore[type-arg]
    products = ManyField(
        queryset=Product.objects.filter(kind="pesticide"), label=_("推荐药剂"), required=False,
        help_text=_("只列标签上登记了这种作物的；安全间隔期照标签写进通报。"),
    )  # fmt: skip

    class Meta:
        model = Forecast
        fields = (
            "kind", "division_code", "crop", "pest", "degree", "window_from", "window_to", "area_mu", "basis", "advice",
        )  # fmt: skip
        widgets = {"window_from": DayInput(), "window_to": DayInput(), "basis": area(), "advice": area(4)}

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place = PlaceField(
            user.prefixes("forecast.issue"),
            longest=9,
            shortest=6,
            label=_("适用范围"),
            initial=self.instance.division_code,
        )
        self.fields["division_code"] = place
        if self.instance.pk:
            self.fields["products"].initial = [one.product_id for one in self.instance.named_products.all()]
            del self.fields["division_code"]
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class CheckForm(forms.Form):
    surveyed_on = Today(label=_("调查日期"))
    measured = forms.DecimalField(label=_("实测值"), max_digits=10, decimal_places=2, min_value=0, required=False)
    degree = forms.TypedChoiceField(
        label=_("实际发生程度"), required=False, coerce=int, empty_value=None,
        choices=[("", _("按实测值换算")), ("0", _("没有发生")), *Degree.choices],
    )  # fmt: skip
    peak_on = DayField(label=_("实际发生盛期"), required=False)
    note = forms.CharField(label=_("调查情况"), max_length=500, required=False, widget=area(2))

    def __init__(self, *args: Any, measure: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if measure:
            self.fields["measured"].label = _gettext("实测值：%(measure)s") % {"measure": measure}
        else:
            del self.fields["measured"]


def without_file(form: forms.Form) -> Mapping[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "file"}

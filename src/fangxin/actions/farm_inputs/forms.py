"""What people type about farms, batches, products and records."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models import Application, Batch, DiaryEntry, Farm, LabelUse, Product
from fangxin.actions.farm_inputs.models.fields import AmountUnit, IntervalUnit
from fangxin.actions.farm_inputs.services.farms import PRODUCES
from fangxin.actions.farm_inputs.templatetags.farm_inputs import plain
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField, DayInput, ManyField, Today

MOST_CHOICES = 3000
MOST_AMOUNT = Decimal(10_000_000)
# What must be measured on a page of its own; the rest of the kinds are told in words.
DIARY_ASKS: Mapping[str, tuple[str, ...]] = {
    "stocking": ("on", "what", "quantity", "unit", "other_party", "paper_no"),
    "feed": ("on", "what", "quantity", "unit", "paper_no"),
    "water": ("on", "water_c", "oxygen_mg_l", "ph"),
    "no_drug": ("on",),
    "sale": ("on", "what", "quantity", "unit", "other_party"),
    "work": ("on", "what", "quantity", "unit"),
}


def amount(label: Any, *, places: int = 4, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=MOST_AMOUNT, decimal_places=places, max_digits=14, **options
    )


class FarmForm(forms.Form):
    """A farm of the register, named by its number there."""

    number = forms.CharField(label=_("底册编号"), max_length=20, help_text=_("在“经营场所”清单里可以查到。"))
    kind = forms.ChoiceField(label=_("类型"), choices=Farm.Kind.choices)
    household = forms.BooleanField(label=_("农户（企业、合作社、家庭农场不勾）"), required=False)
    since = Today(label=_("开始记录日期"))
    sown_area_mu = amount(_("今年播种面积（亩）"), places=2, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_number(self) -> str:
        found = (
            registry.list_premises(self.user, "farm.record").filter(number=self.cleaned_data["number"].strip()).first()
        )
        if found is None or found.kind != registry.Premises.Kind.FARM:
            raise ValidationError(_gettext("您管辖范围的底册里没有这个编号的种植养殖主体，请核对。"))
        if Farm.objects.filter(premises=found).exists():
            raise ValidationError(_gettext("这一家已有农场档案，不必重复建立。"))
        self.premises = found
        return found.number


class HouseholdForm(forms.Form):
    """A household that is in no register yet."""

    name = forms.CharField(label=_("户主或者农场名称"), max_length=120)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=Farm.Kind.choices)
    sown_area_mu = amount(_("今年播种面积（亩）"), places=2, required=False)

    def __init__(self, *args: Any, prefixes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["village"] = PlaceField(prefixes, label=_("所在村（社区）"))
        self.order_fields(("name", "village", "phone", "kind", "sown_area_mu"))


class FarmChangeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Farm
        fields = ("household", "sown_area_mu", "ended_on")
        widgets = {"ended_on": DayInput()}


class BatchForm(forms.Form):
    food = forms.CharField(
        label=_("作物（动物）"), max_length=40, help_text=_("写具体名称，例如：韭菜、小麦、肉鸡、草鱼")
    )
    produce = forms.ChoiceField(label=_("收获物"))
    started_on = Today(label=_("播种（进栏、投苗）日期"))
    planned_on = DayField(label=_("计划采收（出栏）日期"), required=False)
    area_mu = amount(_("面积（亩）"), places=2, required=False, help_text=_("不填就用地块面积之和。"))
    animals = forms.IntegerField(
        label=_("数量（头、只、羽、尾）"), min_value=1, max_value=2_000_000_000, required=False
    )
    expected = amount(_("预计产量"), required=False)
    unit = forms.ChoiceField(label=_("产量单位"), choices=Batch.Unit.choices)

    def __init__(self, *args: Any, farm: Farm, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = dict(LabelUse.Produce.choices)
        self.fields["produce"].choices = [(code, labels[code]) for code in PRODUCES[Farm.Kind(farm.kind)]]  # type: ignore[attr-defined]
        own = registry.Parcel.objects.filter(operator=farm.premises.operator_id, closed_on=None)
        self.fields["parcels"] = ManyField(
            own, label=_("地块（池塘、圈舍）"), required=False, widget=forms.CheckboxSelectMultiple
        )
        if farm.kind == Farm.Kind.CROP:
            del self.fields["animals"]
        self.order_fields(("food", "produce", "parcels", "area_mu", "animals", "started_on"))


def find_product(text: str, kind: str = "") -> Product | None:
    """The product meant by a registration number, a name, or both as they stand in the list to choose from."""
    text = text.strip()
    rows = Product.objects.filter(kind=kind) if kind else Product.objects.all()
    inside = text[text.rfind("（") + 1 :].removesuffix("）").strip()
    found = rows.filter(registration_no__in={text, inside} - {""}).first()
    if found is not None or not text:
        return found
    named = list(rows.filter(name=text)[:2]) or list(rows.filter(name__icontains=text)[:2])
    return named[0] if len(named) == 1 else None


class ApplicationForm(forms.Form):
    """A product that was used. Only what the kind of farm needs is asked."""

    product_text = forms.CharField(label=_("产品名称或者登记证号"), max_length=130)
    began_on = Today(label=_("用药日期"))
    last_on = DayField(label=_("最后用药日期"), required=False, help_text=_("只用一天的不填。"))
    dose = amount(_("用量"), required=False)
    dose_unit = forms.CharField(
        label=_("用量单位"), max_length=30, required=False, help_text=_("例如：g/亩、mL/亩、倍液")
    )
    area_mu = amount(_("面积（亩）"), places=2, required=False)
    total = amount(_("共用产品"), required=False)
    total_unit = forms.ChoiceField(label=_("单位"), choices=[("", "—"), *AmountUnit.choices], required=False)
    against = forms.CharField(label=_("防治对象（诊断）"), max_length=80, required=False)
    label_interval = amount(
        _("标签上的间隔（休药）期"), places=1, required=False, help_text=_("产品目录里没有的，照包装填；有的不用填。")
    )
    label_interval_unit = forms.ChoiceField(
        label=_("间隔期单位"), choices=[("", "—"), *IntervalUnit.choices], required=False
    )
    operated_by = forms.CharField(label=_("用药人"), max_length=60, required=False)
    veterinarian = forms.CharField(label=_("兽医"), max_length=60, required=False)
    prescription_no = forms.CharField(label=_("处方号"), max_length=40, required=False)
    trace_code = forms.RegexField(
        r"\A\d{24}\Z", label=_("兽药追溯码（24 位）"), required=False,
        error_messages={"invalid": _("兽药追溯码是 24 位数字，请照包装核对。")},
    )  # fmt: skip

    def __init__(self, *args: Any, batch: Batch, products: list[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        animal = batch.produce != "crop"
        for name in ("area_mu",) if animal else ("veterinarian", "prescription_no", "trace_code"):
            del self.fields[name]
        self.kind = Product.Kind.VETERINARY if animal else Product.Kind.PESTICIDE
        self.fields["product_text"].widget.attrs["list"] = "known-products"
        self.known = [str(product) for product in products]

    def values(self) -> dict[str, Any]:
        """What the service takes: the product where it is known, otherwise what the bag says."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "product_text"}
        text = self.cleaned_data["product_text"]
        product = find_product(text, self.kind)
        return values | {"product": product, "product_seen": "" if product is not None else text[:80]}


class QuickForm(forms.Form):
    """The phone page: the day and the amount, everything else is known."""

    on = Today(label=_("哪天用的"))
    dose = amount(_("用量"), required=False)


class DiaryForm(forms.ModelForm):  # type: ignore[type-arg]
    """One entry of the diary; each kind asks for its own few things."""

    class Meta:
        model = DiaryEntry
        fields = ("on", "what", "quantity", "unit", "water_c", "oxygen_mg_l", "ph", "other_party", "paper_no")
        widgets = {"on": DayInput()}

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        for name in set(self.fields) - set(DIARY_ASKS[kind]):
            del self.fields[name]
        self.fields["on"].initial = ledger.clock.today
        if "what" in self.fields and kind != "sale":
            self.fields["what"].required = True

    def _post_clean(self) -> None:
        """The service checks the whole entry; here only what was typed."""


class HarvestForm(forms.Form):
    on = Today(label=_("采收（出栏）日期"))
    quantity = amount(_("数量"))
    ends = forms.BooleanField(label=_("这一批到此收完"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    all_the_same = forms.BooleanField(label=_("确实已经采收（出栏），照实登记"), required=False)

    def __init__(self, *args: Any, batch: Batch, locked: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["quantity"].help_text = batch.get_unit_display()
        if not locked:
            del self.fields["all_the_same"]


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("更正原因"), max_length=200, required=False, help_text=_("写下 24 小时以内的，可以不写原因。")
    )
    void = forms.BooleanField(label=_("整条作废（根本没有这回事）"), required=False)


class HarvestCorrectionForm(WhyForm):
    on = DayField(label=_("采收（出栏）日期"))
    quantity = amount(_("数量"))
    field_order = ("on", "quantity", "why", "void")


class EndForm(forms.Form):
    on = Today(label=_("结束日期"))


class ProductForm(forms.ModelForm):  # type: ignore[type-arg]
    """A product by its label; the active ingredients one a line: name, content, unit."""

    ingredients_text = forms.CharField(
        label=_("有效成分"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一种：名称 含量 单位，例如“吡虫啉 10 %”。生物农药没有化学成分的留空。"),
    )  # fmt: skip

    class Meta:
        model = Product
        fields = (
            "kind", "registration_no", "name", "formulation", "form", "density_g_ml", "antimicrobial", "holder",
            "valid_until", "source",
        )  # fmt: skip
        widgets = {"valid_until": DayInput()}

    def clean_ingredients_text(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["ingredients_text"].splitlines():
            parts = line.replace("%", " % ").split()
            if not parts:
                continue
            if len(parts) != 3 or parts[2] not in ("%", "g/L") or not _is_number(parts[1]):
                raise ValidationError(
                    _gettext("“%(line)s”读不出来，请写成“名称 含量 %%”或者“名称 含量 g/L”。") % {"line": line[:40]}
                )
            found.append({"name": parts[0][:40], "content": parts[1], "unit": parts[2]})
        return found


def _is_number(text: str) -> bool:
    try:
        value = Decimal(text)
    except ArithmeticError:
        return False
    return value.is_finite() and 0 < value < 10_000


class LabelUseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LabelUse
        fields = (
            "target", "produce", "pest", "dose_low", "dose_high", "dose_unit", "method", "interval", "interval_unit",
            "most_uses", "source",
        )  # fmt: skip

    def _post_clean(self) -> None:
        """The service replaces an older line of the same crop, so that is no error here."""


class PlanForm(forms.Form):
    """For which day the residue is forecast."""

    on = DayField(label=_("打算哪天采收"))


def initial_of(row: Application) -> dict[str, Any]:
    """An earlier record as the form shows it, to be corrected."""
    values = {name: getattr(row, name) for name in ApplicationForm.base_fields if name != "product_text"}
    values = {name: plain(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return values | {
        "product_text": str(row.product) if row.product is not None else row.product_seen,
        "last_on": row.last_on if row.last_on != row.began_on else None,
    }

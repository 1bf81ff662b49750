"""What people type about markets, stalls, goods and checks."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models import (
    DataFile,
    Goods,
    HolderPaper,
    Market,
    Outgoing,
    Project,
    Proof,
    QuantityUnit,
    Referral,
    SlaughterCheck,
    Stall,
    Tenancy,
    Withdrawal,
)
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField, DayInput, Today

MOST = Decimal(1_000_000)
RESULTS = [("negative", _("阴性")), ("positive", _("阳性")), ("invalid", _("无效"))]


def amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal("0.001"), max_value=MOST, decimal_places=3, max_digits=12, **options
    )


def text(label: Any, most: int, rows: int = 0, **options: Any) -> forms.CharField:
    if rows:
        options["widget"] = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, **options)


def stall_choices(market: Market) -> list[tuple[str, str]]:
    rows = Stall.objects.filter(market=market, closed_on=None).order_by("code")
    holders = dict(Tenancy.objects.filter(stall__in=rows, ended_on=None).values_list("stall_id", "operator__name"))
    return [("", _gettext("不指明摊位")), *((str(s.pk), f"{s.code} {holders.get(s.pk, '')}".strip()) for s in rows)]


class StallChoice(forms.TypedChoiceField):
    """A stall of one market."""

    def __init__(self, market: Market, **options: Any) -> None:
        self.stalls = {str(row.pk): row for row in Stall.objects.filter(market=market, closed_on=None)}
        super().__init__(
            label=_("摊位"), choices=stall_choices(market), coerce=self.stalls.get, empty_value=None, **options
        )


class WhyForm(forms.Form):
    why = text(_("原因"), 200, rows=2)


class TextForm(forms.Form):
    text = text(_("情况"), 500, rows=3)


class MarketForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Market
        fields = ("kind", "reported_on", "room", "laboratory", "testers", "tests_per_day", "rest_weekday")
        widgets = {"reported_on": DayInput()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tests_per_day"].help_text = _("不填时按平台约定的数。")
        self.fields["rest_weekday"].help_text = _("天天营业的不选。")

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class NewMarketForm(MarketForm):
    number = text(_("底册编号"), 20, help_text=_("在“经营场所”清单里可以查到，类别为食用农产品集中交易市场。"))
    field_order = ("number",)


class StallForm(forms.Form):
    code = text(_("摊位号"), 20)
    area = text(_("交易区"), 40, required=False)
    goods = forms.ChoiceField(label=_("经营品种"), choices=Goods.choices)


class HolderForm(forms.Form):
    """Who begins to trade at a stall: an operator of the register, or a person entered with the name alone."""

    premises_number = text(
        _("底册编号"), 20, required=False, help_text=_("销售者在底册中有经营场所的填写，进货会记到那里；没有的不填。")
    )
    name = text(_("销售者名称"), 120, required=False, help_text=_("没有底册编号时填写。"))
    agreement = text(_("协议编号"), 60, required=False)
    signed_on = DayField(label=_("签订日期"), required=False)
    starts_on = Today(label=_("入场日期"))
    expires_on = DayField(label=_("协议到期"), required=False)
    identity_checked_on = Today(label=_("核验证照身份日期"), required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        number, values["premises"] = values.pop("premises_number", ""), None
        if number:
            values["premises"] = registry.Premises.objects.filter(
                number=number, merged_into=None, division_code__startswith=self.user.posts_today[0].division_code[:6]
            ).first()
            if values["premises"] is None:
                self.add_error("premises_number", _gettext("没有找到这个编号，请核对。"))
        elif not values.get("name", "").strip():
            self.add_error("name", _gettext("请填写销售者名称，或者底册编号。"))
        return values


class LeaveForm(forms.Form):
    ended_on = Today(label=_("退场日期"))
    why = text(_("退场原因"), 200, rows=2)


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("材料"), choices=HolderPaper.Kind.choices)
    file = forms.FileField(label=_("照片或者文件"))
    expires_on = DayField(label=_("有效期至"), required=False)


class PublishForm(forms.Form):
    item = forms.ChoiceField(label=_("公示事项"))
    text = text(_("公示内容"), 500, rows=3)
    file = forms.FileField(label=_("公示栏照片"), required=False)
    published_on = Today(label=_("公示日期"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        board = standards.practice(ledger.clock.today()).board
        self.fields["item"].choices = [(i.code, i.label) for i in board if not i.computed]  # type: ignore[attr-defined]


class ProofFields(forms.Form):
    """A number for each proof that was shown."""

    def add_proofs(self) -> None:
        for kind, label in Proof.choices:
            self.fields[f"proof_{kind}"] = text(label, 60, required=False)

    def proofs(self) -> dict[str, str]:
        return {kind: self.cleaned_data.get(f"proof_{kind}", "") for kind in Proof.values}


class EntryForm(ProofFields):
    food = text(_("品名"), 60)
    goods = forms.ChoiceField(label=_("品种"), choices=Goods.choices)
    quantity = amount(_("数量"))
    unit = forms.ChoiceField(label=_("计量单位"), choices=QuantityUnit.choices)
    supplier = text(_("供货者"), 120, required=False)
    origin = text(_("产地"), 120, required=False)
    vehicle = text(_("车牌"), 20, required=False)
    certificate_quantity = amount(_("合格证上的数量"), required=False)
    file = forms.FileField(label=_("凭证照片"), required=False)

    def __init__(self, *args: Any, market: Market, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stall"] = StallChoice(market, required=False)
        self.add_proofs()
        self.order_fields(["stall", "food", "goods", "quantity", "unit", "supplier", "origin", "vehicle"])

    def values(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.cleaned_data.items() if not name.startswith("proof_")}
        return {**kept, "proofs": self.proofs()}


class ReceiveForm(forms.Form):
    """The holder's third tap: how much, and the paper. What the law asks for this kind of goods has a line of its own."""

    quantity = amount(_("数量"))
    unit = forms.ChoiceField(label=_("计量单位"), choices=QuantityUnit.choices)
    supplier = text(_("从谁那里进的"), 120)
    proof = forms.ChoiceField(label=_("凭证"), choices=[("", _("没有凭证")), *Proof.choices], required=False)
    code = text(_("凭证编号"), 60, required=False, help_text=_("扫合格证二维码，或者照着写。"))
    file = forms.FileField(
        label=_("凭证照片"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, needs: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.needs = tuple(needs)
        labels = dict(Proof.choices)
        for kind in self.needs:
            self.fields[f"proof_{kind}"] = text(_gettext("%(proof)s编号") % {"proof": labels[kind]}, 60, required=False)
        if self.needs:
            del self.fields["proof"], self.fields["code"]
            self.order_fields(["quantity", "unit", "supplier", *(f"proof_{kind}" for kind in self.needs)])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("proof") and not values.get("code", "").strip():
            self.add_error("code", _gettext("请填写凭证编号。"))
        return values

    def proofs(self) -> dict[str, str]:
        data = self.cleaned_data
        if self.needs:
            return {kind: data[f"proof_{kind}"] for kind in self.needs}
        return {data["proof"]: data["code"]} if data["proof"] else {}


class CheckForm(forms.Form):
    seen = forms.TypedChoiceField(
        label=_("凭证和货物"), choices=[("1", _("都对得上")), ("0", _("没有凭证，或者对不上"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    note = text(_("说明"), 200, required=False)


class ProofForm(forms.Form):
    kind = forms.ChoiceField(label=_("凭证"), choices=Proof.choices)
    number = text(_("凭证编号"), 60)


class SellForm(forms.Form):
    kind = forms.ChoiceField(label=_("去向"), choices=Outgoing.Kind.choices)
    quantity = amount(_("数量"))
    buyer = text(_("购买单位"), 120, required=False)
    voucher = text(_("销售凭证号"), 60, required=False)


class WithdrawForm(forms.Form):
    cause = forms.ChoiceField(label=_("原因"), choices=Withdrawal.Cause.choices)
    reason = text(_("说明"), 300, rows=2)


class DisposeForm(forms.Form):
    found = forms.DecimalField(
        label=_("实际退市数量"), min_value=Decimal(0), max_value=MOST, decimal_places=3, max_digits=12
    )
    disposal = forms.ChoiceField(label=_("处置方式"), choices=Withdrawal.Disposal.choices)
    note = text(_("处置说明"), 300, rows=2, required=False)
    file = forms.FileField(label=_("处置凭据、照片"), required=False)


class TestForm(forms.Form):
    __test__ = False

    food = text(_("样品名称"), 120)
    item = text(_("快检项目"), 120)
    method = text(_("快检方法"), 120)
    result = forms.ChoiceField(label=_("结果"), choices=RESULTS, widget=forms.RadioSelect)
    reading = text(_("读数"), 60, required=False)

    def __init__(self, *args: Any, market: Market, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stall"] = StallChoice(market, required=False)
        self.order_fields(["stall"])


class SelfCheckForm(forms.Form):
    """Every item of the list: all right, a problem, or nothing of the kind here."""

    ANSWERS = [("ok", _("没有问题")), ("problem", _("有问题")), ("none", _("没有这一项"))]

    period = Today(label=_("日期（周、月填其中任一天）"))

    def __init__(self, *args: Any, cadence: standards.Cadence, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = cadence.items
        for code, label in cadence.items.items():
            self.fields[f"item_{code}"] = forms.ChoiceField(label=label, choices=self.ANSWERS, widget=forms.RadioSelect)
        self.fields["problems"] = text(_("问题和整改"), 800, rows=3, required=False)
        self.fields["file"] = forms.FileField(label=_("照片"), required=False)

    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"item_{code}"] for code in self.items}


class MeatForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SlaughterCheck
        fields = (
            "slaughterer", "animal", "carcasses", "quarantine_no", "quality_no", "quarantine_stamp", "quality_stamp",
            "drug", "checked_on",
        )  # fmt: skip
        widgets = {"checked_on": DayInput()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["checked_on"].initial = ledger.clock.today

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class AskStallForm(forms.Form):
    food = text(_("抽查品种"), 60)
    shown = forms.BooleanField(label=_("能出示有效凭证"), required=False)
    purchase_book = forms.BooleanField(label=_("有进货记录"), required=False)
    note = text(_("说明"), 300, required=False)


class ProjectForm(forms.Form):
    kind = forms.ChoiceField(label=_("方式"), choices=Project.Kind.choices)
    title = text(_("项目名称"), 120)
    budget = forms.DecimalField(
        label=_("投资（万元）"), min_value=0, max_value=MOST, decimal_places=2, max_digits=10, required=False
    )
    starts_on = Today(label=_("开始日期"))
    due_on = DayField(label=_("计划完成"))
    names = text(_("节点，一行一个"), 600, rows=5, required=False, help_text=_("不填时用这种方式的常用节点。"))

    def clean_names(self) -> list[str]:
        return [line.strip()[:80] for line in self.cleaned_data["names"].splitlines() if line.strip()][:20]


class ReachForm(forms.Form):
    reached_on = Today(label=_("完成日期"))
    file = forms.FileField(label=_("现场照片、文件"))
    note = text(_("说明"), 300, required=False)


class AcceptForm(forms.Form):
    accepted = forms.TypedChoiceField(
        label=_("验收"), choices=[("1", _("通过")), ("0", _("不通过，继续整改"))], coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    opinion = text(_("验收意见"), 500, rows=3)


class ReferralForm(forms.Form):
    """What the market saw and wants the supervision to look at."""

    source = forms.ChoiceField(label=_("线索"), choices=Referral.Source.choices)
    text = text(_("情况"), 400, rows=3)


class ConclusionForm(forms.Form):
    conclusion = text(_("核查结论和理由"), 500, rows=3)


class FileForm(forms.Form):
    kind = forms.ChoiceField(label=_("数据"), choices=DataFile.Kind.choices)
    file = forms.FileField(label=_("文件"), help_text=_("xlsx 或 csv，第一列为入场编号或者批次编号。"))


class GradeForm(forms.Form):
    """Static factors within their ranges, and what the assessor saw; the rest is counted from the records."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        self.fields["year"] = forms.IntegerField(
            label=_("年度"), initial=today.year, min_value=today.year - 1, max_value=today.year + 1
        )
        self.form = fieldwork.static_form_for("produce_market", today)
        for factor in self.form.factors if self.form is not None else ():
            self.fields[f"static_{factor.code}"] = _points(factor.title, factor.minimum, factor.maximum)
        self.typed = [f for f in standards.dynamic_factors(today)[1] if f.typed]
        for line in self.typed:
            self.fields[f"dynamic_{line.code}"] = _points(line.title, Decimal(0), line.maximum)
        self.fields["note"] = text(_("说明"), 300, required=False)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "year": data["year"],
            "factors": {n.removeprefix("static_"): v for n, v in data.items() if n.startswith("static_")},
            "typed": {n.removeprefix("dynamic_"): v for n, v in data.items() if n.startswith("dynamic_")},
            "note": data["note"],
        }


def _points(title: str, least: Decimal, most: Decimal) -> forms.DecimalField:
    label = _gettext("%(title)s（%(least)s—%(most)s 分）") % {"title": title, "least": least, "most": most}
    return forms.DecimalField(label=label, min_value=least, max_value=most, decimal_places=1, max_digits=5)


def recent_foods(rows: Iterable[Any], limit: int = 8) -> list[tuple[str, str]]:
    """Foods with their kinds, the most recent first, each once."""
    found: dict[str, str] = {}
    for food, goods in rows:
        found.setdefault(food, goods)
    return list(found.items())[:limit]

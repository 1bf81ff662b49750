"""What people type about imported food."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.data import NewConsignment
from fangxin.actions.imported_food.models import Alert, Consignment, Disposal, Trader
from fangxin.actions.imported_food.services import disposals as disposing
from fangxin.actions.imported_food.services.traders import next_coaching
from fangxin.engines.import_risk import LabelAnswer, required
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField, area


def amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=10_000_000, decimal_places=3, **options)


def file_field(label: Any) -> forms.FileField:
    return forms.FileField(label=label, required=False, help_text=_("可不传。照片、扫描件或者 PDF。"))


class TraderForm(forms.Form):
    """A place of the register becomes a trader by its number."""

    number = forms.CharField(label=_("底册编号"), max_length=20, help_text=_("在经营主体底册中查到场所，抄写编号。"))
    role = forms.ChoiceField(label=_("身份"), choices=Trader.Role.choices)
    filing_number = forms.CharField(label=_("海关收货人备案号"), max_length=40, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.premises: Any = None

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        found = registry.list_premises(self.user, "import.supervise").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_now("您的辖区底册里没有这个编号，请核对。"))
        self.premises = found
        return number


class TraderChangeForm(forms.Form):
    role = forms.ChoiceField(label=_("身份"), choices=Trader.Role.choices)
    filing_number = forms.CharField(label=_("海关收货人备案号"), max_length=40, required=False)


class CreditForm(forms.Form):
    grade = forms.ChoiceField(label=_("等级体系和等级"))
    valid_from = DayField(label=_("认定日期"))
    valid_to = DayField(label=_("截止日期"), required=False)
    source_text = forms.CharField(label=_("认定文书或者查询来源"), max_length=200)
    file = file_field(_("文书"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grade"].choices = rules.grade_choices()  # type: ignore[attr-defined]


class CoachingForm(forms.Form):
    coaching = forms.ChoiceField(label=_("改为"))
    note = forms.CharField(label=_("推荐理由或者海关的结果"), max_length=300, widget=area())

    def __init__(self, *args: Any, trader: Trader, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = dict(Trader.Coaching.choices)
        self.fields["coaching"].choices = [(c, labels[c]) for c in next_coaching(trader)]  # type: ignore[attr-defined]


class ConsignmentForm(forms.Form):
    """The record of purchase or import. A trader with many like lots begins from the last one."""

    food = forms.CharField(label=_("食品名称（中文）"), max_length=100)
    original_name = forms.CharField(
        label=_("外文名称"), max_length=120, required=False, help_text=_("写上外文名称，境外通报才对得上。")
    )
    brand = forms.CharField(label=_("品牌"), max_length=60, required=False)
    specification = forms.CharField(label=_("规格"), max_length=60, required=False)
    origin = forms.ChoiceField(label=_("原产国（地区）"), required=False)
    food_class = forms.ChoiceField(label=_("食品类别"), required=False, help_text=_("不选时按名称判断。"))
    quantity = amount(_("数量"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=10, initial=_("千克"))
    lot_code = forms.CharField(label=_("生产批号"), max_length=60, required=False)
    gtin = forms.CharField(label=_("商品条码"), max_length=14, required=False)
    made_on = DayField(label=_("生产日期"), required=False)
    best_before_on = DayField(label=_("保质期至"), required=False)
    received_on = DayField(label=_("到货日期"))
    supplier = forms.CharField(
        label=_("供货者（境外出口商）及联系方式"), max_length=200, required=False, help_text=_("名称、地址、电话。")
    )
    maker = forms.CharField(label=_("境外生产企业"), max_length=120, required=False)
    maker_number = forms.CharField(label=_("境外生产企业注册编号"), max_length=40, required=False)
    entered_on = DayField(label=_("进境日期"), required=False)
    port = forms.CharField(label=_("进境口岸"), max_length=40, required=False)
    declaration_no = forms.CharField(label=_("报关单号"), max_length=30, required=False)
    storage = forms.ChoiceField(label=_("贮存"), choices=Consignment.Storage.choices)
    temperature_known = forms.BooleanField(label=_("有温度记录（冷藏、冷冻）"), required=False, initial=True)
    certificate = forms.CharField(label=_("入境货物检验检疫证明编号"), max_length=60, required=False)
    photo = file_field(_("进货票据照片"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        self.fields["origin"].choices = [("", _("不明")), *rules.country_choices(today)]  # type: ignore[attr-defined]
        self.fields["food_class"].choices = [("", _("按名称判断")), *rules.class_choices(today)]  # type: ignore[attr-defined]
        self.fields["received_on"].initial = today
        # What is known at the door comes first; the rest can wait until the papers are at hand.
        self.order_fields(
            [
                "food",
                "original_name",
                "origin",
                "quantity",
                "unit",
                "lot_code",
                "best_before_on",
                "received_on",
                "certificate",
                "photo",
            ]
        )

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > ledger.clock.today():
            raise forms.ValidationError(_now("到货日期不能晚于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        made, last = values.get("made_on"), values.get("best_before_on")
        if made and last and last < made:
            self.add_error("best_before_on", _now("保质期早于生产日期，请核对。"))
        return values

    def new(self) -> NewConsignment:
        values = dict(self.cleaned_data)
        day, number = values.pop("received_on"), values.pop("certificate").strip()
        values.pop("photo")
        now = ledger.clock.now()
        at = now if day == ledger.clock.today() else datetime.combine(day, time(12), tzinfo=ledger.clock.LOCAL)
        papers = {"quarantine_certificate": number} if number else {}
        return NewConsignment(**values, received_at=at, papers=papers)


class PaperForm(forms.Form):
    code = forms.ChoiceField(label=_("单证"))
    number = forms.CharField(label=_("编号"), max_length=60)
    issued_on = DayField(label=_("签发日期"), required=False)
    file = file_field(_("照片或者扫描件"))

    def __init__(self, *args: Any, consignment: Consignment, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = rules.kind_of(consignment)
        duties = required(rules.paper_duties(kind.on), kind)
        self.fields["code"].choices = [(duty.code, duty.name) for duty in duties]  # type: ignore[attr-defined]


class LabelForm(forms.Form):
    """One question an item; nothing is ticked beforehand, so that what was not looked at stays unanswered."""

    def __init__(self, *args: Any, consignment: Consignment, **options: Any) -> None:
        super().__init__(*args, **options)
        words = [
            (LabelAnswer.RIGHT, _("符合")),
            (LabelAnswer.WRONG, _("不符合")),
            (LabelAnswer.NOT_APPLICABLE, _("不适用")),
        ]
        self.items = required(rules.label_items(ledger.clock.today())[0], rules.kind_of(consignment))
        for item in self.items:
            self.fields[f"item_{item.code}"] = forms.ChoiceField(
                label=item.name, required=False, help_text=item.clause, widget=forms.RadioSelect,
                choices=[(answer.value, label) for answer, label in words],
            )  # fmt: skip
        self.fields["note"] = forms.CharField(label=_("说明"), max_length=300, required=False, widget=area(2))
        self.fields["file"] = file_field(_("标签照片"))

    def answers(self) -> dict[str, str]:
        found = {item.code: self.cleaned_data[f"item_{item.code}"] for item in self.items}
        return {code: answer for code, answer in found.items() if answer}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class SamplingForm(forms.Form):
    food_class = forms.ChoiceField(label=_("抽检食品大类"))
    due_on = DayField(label=_("最迟抽样日期"))
    agency = forms.ModelChoiceField(label=_("抽样单位"), queryset=people.Agency.objects.none())

    def __init__(self, *args: Any, user: Any, consignment: Consignment, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = rules.vocabulary(ledger.clock.today()).classes
        names = sorted({row.laboratory for row in classes if row.laboratory})
        self.fields["food_class"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        own = next((row.laboratory for row in classes if row.code == consignment.food_class), "")
        self.fields["food_class"].initial = own
        rows = people.list_agencies(consignment.division_code[:6]).filter(kind__in=("department", "station"))
        self.fields["agency"].queryset = rows  # type: ignore[attr-defined]


class AlertForm(forms.Form):
    source = forms.ChoiceField(label=_("来源"), choices=Alert.Source.choices)
    reference = forms.CharField(label=_("通报编号"), max_length=60, required=False)
    published_on = DayField(label=_("通报日期"), required=False)
    text = forms.CharField(
        label=_("通报内容"),
        max_length=1000,
        widget=area(4),
        help_text=_("原文照抄，中外文都可以；品种、国家、批号由系统读出，读不出的会说明。"),
    )
    hazard = forms.CharField(label=_("危害"), max_length=300, required=False)
    origin = forms.CharField(
        label=_("原产国（地区）"), max_length=100, required=False, help_text=_("不填时从通报内容中读。")
    )
    maker = forms.CharField(label=_("境外生产企业"), max_length=200, required=False)
    maker_number = forms.CharField(label=_("境外生产企业注册编号"), max_length=40, required=False)
    lots = forms.CharField(label=_("批号"), max_length=500, required=False, help_text=_("多个批号用逗号隔开。"))
    gtin = forms.CharField(label=_("商品条码"), max_length=300, required=False)
    distribution = forms.CharField(label=_("销往"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = county_field(user, "import.alerts")
        self.order_fields(["division_code"])

    def said(self) -> dict[str, str]:
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("source", "division_code")}
        day = values.pop("published_on")
        return {**values, "published_on": day.isoformat() if day else ""}


def county_field(user: Any, ability: str) -> forms.ChoiceField:
    """The divisions of the person's posts."""
    codes = sorted(set(user.prefixes(ability)))
    names = people.division_names(set(codes))
    return forms.ChoiceField(label=_("辖区"), choices=[(code, names.get(code, code)) for code in codes])


class TakeInForm(forms.Form):
    source = forms.ChoiceField(label=_("来源"), choices=Alert.Source.choices)
    file = forms.FileField(
        label=_("通报文件"),
        help_text=_(
            "csv 或 json：RASFF 导出表、FDA 召回表，或者有“通报内容”一列的表。只留下可能涉及本地批次或者销往我国的，其余只计数。"
        ),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = county_field(user, "import.alerts")
        self.order_fields(["division_code"])


class WhyForm(forms.Form):
    why = forms.CharField(label=_("依据"), max_length=300, widget=area(2))


class FindingForm(forms.Form):
    finding = forms.CharField(label=_("核对结论"), max_length=500, widget=area(3))


class OpenDisposalForm(forms.Form):
    cause = forms.ChoiceField(label=_("缘由"), choices=[c for c in Disposal.Cause.choices if c[0] != "alert"])
    text = forms.CharField(label=_("情况"), max_length=400, widget=area(3))


class StopForm(forms.Form):
    on_hand = amount(_("封存数量"), required=False)


class DisposeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处置方式"), widget=forms.RadioSelect)
    quantity = amount(_("处置数量"), required=False)
    text = forms.CharField(label=_("处置情况"), max_length=500, widget=area(3))
    file = file_field(_("处置证据"))

    def __init__(self, *args: Any, disposal: Disposal, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = dict(Disposal.Outcome.choices)
        offered = [(code, labels[code]) for code in disposing.allowed_outcomes(disposal)]
        self.fields["outcome"].choices = offered  # type: ignore[attr-defined]
        self.fields["quantity"].initial = disposal.on_hand


class ReportForm(forms.Form):
    to = forms.CharField(label=_("报告给"), max_length=100)


class ReturnedForm(forms.Form):
    returned = amount(_("追回数量"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

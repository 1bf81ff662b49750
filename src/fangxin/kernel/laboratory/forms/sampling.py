"""What people type about plans, tasks, samples and their way to the laboratory."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.models import (
    CustodyStep,
    Part,
    Purpose,
    Regime,
    SamplePhoto,
    SamplingTask,
    Stage,
    Storage,
)
from fangxin.kernel.laboratory.services import tasks
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField, ManyField, SignatureField

SPLIT = str.maketrans("，、；;\n\t", ",,,,,,")


class MomentField(forms.DateTimeField):
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


class DegreesField(forms.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-60, max_value=60, max_digits=4, decimal_places=1, required=False, **options)


class AmountField(forms.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": Decimal(0), "max_digits": 10, "decimal_places": 3, **options})


class NumbersField(forms.CharField):
    """Seal numbers, parted by commas, blanks or lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=300, **options)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        return [part for part in text.translate(SPLIT).replace(" ", ",").split(",") if part]


class PeopleField(ManyField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=people.User.objects.none(), **options)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = label


# --- plans ------------------------------------------------------------------------------------------------------------


def divisions_of(prefixes: list[str]) -> list[tuple[str, str]]:
    return [(prefix, people.division_name(prefix)) for prefix in prefixes]


class PlanForm(forms.Form):
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    division_code = forms.ChoiceField(label=gettext_lazy("范围"))
    agency = forms.ModelChoiceField(label=gettext_lazy("组织单位"), queryset=people.Agency.objects.none())
    purpose = forms.ChoiceField(label=gettext_lazy("任务类别"), choices=Purpose.choices)
    regime = forms.ChoiceField(label=gettext_lazy("适用规则"), choices=Regime.choices)
    total = forms.IntegerField(label=gettext_lazy("计划总批次"), min_value=1, max_value=100_000)
    floor = forms.IntegerField(label=gettext_lazy("每类每环节最少批次"), min_value=0, max_value=1000, initial=1)
    township_floor = forms.IntegerField(label=gettext_lazy("每乡镇最少批次"), min_value=0, max_value=1000, initial=1)
    learning = forms.IntegerField(
        label=gettext_lazy("用于摸清情况的比例（百分数）"), min_value=0, max_value=100,
        help_text=gettext_lazy("这部分投向检得少、情况不明的地方，其余按既往不合格率投放"),
    )  # fmt: skip
    food_classes = forms.MultipleChoiceField(label=gettext_lazy("食品大类"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=500, required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        today = ledger.clock.today()
        names = [one.name for one in standards.food_classes(today)]
        practice = standards.practice(today)
        prefixes = user.prefixes("sample.plan")
        initial = {
            "year": today.year, "learning": int(practice.information_share * 100), "floor": practice.floor,
            "food_classes": names, "agency": next(iter(user.own_agencies("sample.plan")), None),
        }  # fmt: skip
        super().__init__(*args, **{"initial": initial, **options})
        self.fields["year"].choices = [(year, str(year)) for year in (today.year, today.year + 1)]  # type: ignore[attr-defined]
        self.fields["division_code"].choices = divisions_of(prefixes)  # type: ignore[attr-defined]
        agencies = people.Agency.objects.none()
        for prefix in prefixes:
            agencies |= people.list_agencies(prefix).filter(kind__in=("department", "office"))
        self.fields["agency"].queryset = agencies.order_by("kind", "pk")  # type: ignore[attr-defined]
        self.fields["food_classes"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def planned(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["information_share"] = Decimal(given.pop("learning")) / 100
        return given


class LineForm(forms.Form):
    planned = forms.IntegerField(label=gettext_lazy("计划批次"), min_value=0, max_value=10_000)
    reason = forms.CharField(
        label=gettext_lazy("调整理由"), max_length=200, required=False, help_text=gettext_lazy("与测算相同的不用写")
    )


class DrawForm(forms.Form):
    public_source = forms.CharField(
        label=gettext_lazy("公开随机数的出处"), max_length=200,
        help_text=gettext_lazy("现在就写明，封存以后才会公布的数，例如某月某日某期彩票的开奖号码"),
    )  # fmt: skip
    share = forms.IntegerField(
        label=gettext_lazy("这次抽未安排批次的百分之几"), min_value=1, max_value=100, initial=25,
        help_text=gettext_lazy("按季度分四次抽的填25；每个乡镇至少抽一户"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("最迟抽样日期"))

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < ledger.clock.today():
            raise forms.ValidationError(_("最迟日期不能早于今天。"))
        return day


class RunForm(forms.Form):
    public_value = forms.CharField(
        label=gettext_lazy("公开随机数"), max_length=200,
        help_text=gettext_lazy("照公布的原样填写，多一个空格也不行；填写以后不能更改"),
    )  # fmt: skip


# --- tasks ------------------------------------------------------------------------------------------------------------


class AssignForm(forms.Form):
    samplers = PeopleField(label=gettext_lazy("抽样人员"), help_text=gettext_lazy("至少两人"))
    laboratory = forms.ModelChoiceField(
        label=gettext_lazy("承检机构"), queryset=people.Agency.objects.none(), required=False
    )

    def __init__(self, *args: Any, division_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["samplers"].queryset = tasks.samplers_of(division_code)  # type: ignore[attr-defined]
        self.fields["laboratory"].queryset = tasks.laboratories(division_code)  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    """A task that no plan asked for."""

    REASONS = ("complaint", "special", "rapid_positive", "follow_up")
    reason = forms.ChoiceField(label=gettext_lazy("缘由"))
    purpose = forms.ChoiceField(label=gettext_lazy("任务类别"), choices=Purpose.choices)
    regime = forms.ChoiceField(label=gettext_lazy("适用规则"), choices=Regime.choices)
    stage = forms.ChoiceField(label=gettext_lazy("环节"), choices=Stage.choices)
    food_class = forms.ChoiceField(label=gettext_lazy("食品大类"))
    food = forms.CharField(label=gettext_lazy("食品名称"), max_length=80, required=False)
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("专项方案的名称，或者投诉举报的编号")
    )
    due_on = DayField(label=gettext_lazy("最迟抽样日期"))
    samplers = PeopleField(label=gettext_lazy("抽样人员（可以以后再派）"), required=False)
    laboratory = forms.ModelChoiceField(
        label=gettext_lazy("承检机构"), queryset=people.Agency.objects.none(), required=False
    )
    blind = forms.BooleanField(label=gettext_lazy("盲样：不让检验机构知道从谁那里抽的"), required=False)

    def __init__(self, *args: Any, division_code: str, **options: Any) -> None:
        today = ledger.clock.today()
        super().__init__(*args, **{"initial": {"due_on": today + timedelta(days=15)}, **options})
        reasons = [(value, label) for value, label in SamplingTask.Reason.choices if value in self.REASONS]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        self.fields["food_class"].choices = [(c.name, c.name) for c in standards.food_classes(today)]  # type: ignore[attr-defined]
        self.fields["samplers"].queryset = tasks.samplers_of(division_code)  # type: ignore[attr-defined]
        self.fields["laboratory"].queryset = tasks.laboratories(division_code)  # type: ignore[attr-defined]


# --- the sampling form ------------------------------------------------------------------------------------------------


class SampleForm(forms.Form):
    """The form of one sampling, in the order in which it is filled in on the spot."""

    subject_name = forms.CharField(label=gettext_lazy("被抽样单位"), max_length=120)
    place = forms.CharField(label=gettext_lazy("抽样地点"), max_length=120, required=False)
    food = forms.CharField(label=gettext_lazy("食品名称"), max_length=80)
    brand = forms.CharField(label=gettext_lazy("商标"), max_length=60, required=False)
    specification = forms.CharField(label=gettext_lazy("规格型号"), max_length=60, required=False)
    batch = forms.CharField(label=gettext_lazy("批号"), max_length=60, required=False)
    production_on = DayField(label=gettext_lazy("生产（购进）日期"), required=False)
    best_before_on = DayField(label=gettext_lazy("保质期至"), required=False)
    producer = forms.CharField(label=gettext_lazy("标称生产者"), max_length=120, required=False)
    storage = forms.ChoiceField(label=gettext_lazy("储存条件"), choices=Storage.choices)
    temperature = DegreesField(label=gettext_lazy("抽样时温度（℃）"))
    quantity = AmountField(label=gettext_lazy("抽样总数量"))
    quantity_unit = forms.ChoiceField(
        label=gettext_lazy("计量单位"), choices=[(u, u) for u in ("kg", "g", "L", "mL", "袋", "瓶", "盒", "个")]
    )
    stock = AmountField(label=gettext_lazy("抽样基数"), required=False, max_digits=12)
    unit_price = AmountField(label=gettext_lazy("单价（元）"), required=False, decimal_places=2)
    price_paid = AmountField(label=gettext_lazy("实付金额（元）"), decimal_places=2)
    seals = NumbersField(label=gettext_lazy("检样封条编号"), help_text=gettext_lazy("几条的用逗号隔开"))
    duplicate_quantity = AmountField(label=gettext_lazy("其中备样数量"), required=False)
    duplicate_seals = NumbersField(label=gettext_lazy("备样封条编号"), required=False)
    duplicate_place = forms.CharField(label=gettext_lazy("备样存放处"), max_length=100, required=False)
    no_duplicate_reason = forms.CharField(
        label=gettext_lazy("没有备样的原因"), max_length=200, required=False,
        help_text=gettext_lazy("没有备样就不能复检；风险监测可以不留"),
    )  # fmt: skip
    second_sampler = forms.ModelChoiceField(label=gettext_lazy("同行抽样人员"), queryset=people.User.objects.none())
    laboratory = forms.ModelChoiceField(
        label=gettext_lazy("承检机构"), queryset=people.Agency.objects.none(), required=False
    )
    latitude = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=300, required=False)
    subject_signer = forms.CharField(label=gettext_lazy("被抽样单位签字人"), max_length=60, required=False)
    signature = SignatureField(required=False)
    refusal_reason = forms.CharField(label=gettext_lazy("拒签情况"), max_length=300, required=False)
    witness = forms.CharField(label=gettext_lazy("见证人"), max_length=60, required=False)
    APART = ("seals", "duplicate_quantity", "duplicate_seals", "duplicate_place", "signature")

    def __init__(self, *args: Any, task: Any, user: Any, **options: Any) -> None:
        rule = standards.food_class(task.food_class, ledger.clock.today())
        premises = task.premises
        initial: dict[str, Any] = {
            "food": task.food, "laboratory": task.laboratory, "subject_name": premises.name if premises else "",
            "place": premises.address if premises else "",
            "second_sampler": next((u for u in task.samplers.all() if u.pk != user.pk), None),
        }  # fmt: skip
        if rule is not None:
            initial |= {
                "quantity": rule.test + rule.duplicate, "duplicate_quantity": rule.duplicate,
                "quantity_unit": rule.unit, "storage": _storage(rule.warmest),
            }  # fmt: skip
        super().__init__(*args, **{"initial": initial, **options})
        if task.laboratory is not None:
            del self.fields["laboratory"]
        else:
            self.fields["laboratory"].queryset = tasks.laboratories(task.division_code)  # type: ignore[attr-defined]
        self.fields["second_sampler"].queryset = tasks.samplers_of(task.division_code).exclude(pk=user.pk)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in self.APART}


def _storage(warmest: Decimal | None) -> str:
    if warmest is None:
        return Storage.NORMAL
    return Storage.FROZEN if warmest < 0 else Storage.CHILLED


class OnlineForm(forms.Form):
    """How it was bought on the network."""

    platform = forms.CharField(label=gettext_lazy("平台"), max_length=60)
    shop_name = forms.CharField(label=gettext_lazy("网店名称"), max_length=100)
    shop_url = forms.CharField(label=gettext_lazy("网店地址"), max_length=300, required=False)
    buyer = forms.CharField(label=gettext_lazy("买样人员"), max_length=60)
    account = forms.CharField(label=gettext_lazy("买样账户"), max_length=60)
    delivered_to = forms.CharField(label=gettext_lazy("收货地址"), max_length=200)
    order_number = forms.CharField(label=gettext_lazy("订单号"), max_length=60)
    paid_by = forms.CharField(label=gettext_lazy("付款方式"), max_length=60, required=False)
    unpacked_at = MomentField(label=gettext_lazy("拆封时间（全程录像）"))


class PhotoForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("照片内容"), choices=SamplePhoto.Kind.choices)
    photo = forms.FileField(label=gettext_lazy("照片"), widget=forms.FileInput(attrs={"accept": "image/*"}))


# --- from hand to hand ------------------------------------------------------------------------------------------------


class HandOverForm(forms.Form):
    part = forms.ChoiceField(label=gettext_lazy("哪一份"), choices=Part.choices)
    to_agency = forms.ModelChoiceField(label=gettext_lazy("交给"), queryset=people.Agency.objects.none())
    way = forms.ChoiceField(label=gettext_lazy("方式"), choices=CustodyStep.Way.choices)
    waybill = forms.CharField(label=gettext_lazy("运单号"), max_length=60, required=False)
    temperature = DegreesField(label=gettext_lazy("交出时温度（℃）"))
    intact = forms.TypedChoiceField(
        label=gettext_lazy("封条"), choices=[("yes", gettext_lazy("完好")), ("no", gettext_lazy("不完好"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, sample: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"to_agency": sample.laboratory_id}, **options})
        near = people.list_agencies(sample.division_code[:6]).filter(kind__in=("department", "station"))
        houses = tasks.laboratories(sample.division_code)
        keys = [*near.values_list("pk", flat=True), *houses.values_list("pk", flat=True)]
        self.fields["to_agency"].queryset = people.Agency.objects.filter(pk__in=keys).order_by("kind", "name")  # type: ignore[attr-defined]


class TakeOverForm(forms.Form):
    intact = forms.TypedChoiceField(
        label=gettext_lazy("封条"), choices=[("yes", gettext_lazy("完好")), ("no", gettext_lazy("不完好"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    temperature = DegreesField(label=gettext_lazy("接收时温度（℃）"))
    note = forms.CharField(label=gettext_lazy("情况说明"), max_length=200, required=False)


class LaboratoryForm(forms.Form):
    laboratory = forms.ModelChoiceField(label=gettext_lazy("承检机构"), queryset=people.Agency.objects.none())
    blind = forms.BooleanField(label=gettext_lazy("盲样：不让检验机构知道从谁那里抽的"), required=False)

    def __init__(self, *args: Any, division_code: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["laboratory"].queryset = tasks.laboratories(division_code)  # type: ignore[attr-defined]


def _question(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请逐项查验后选择。")},
    )  # fmt: skip


class ReceiveForm(forms.Form):
    """Three questions answered one by one; nothing is ticked beforehand."""

    seal_intact = _question(gettext_lazy("封条完好、编号与抽样单一致"))
    enough = _question(gettext_lazy("数量足够检验"))
    papers_agree = _question(gettext_lazy("样品与抽样单相符"))
    temperature = DegreesField(label=gettext_lazy("收样温度（℃）"))
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("拒收理由（接收的不选）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=gettext_lazy("情况说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reasons = standards.refusal_reasons(ledger.clock.today())
        self.fields["reasons"].choices = [(one.code, one.label) for one in reasons]  # type: ignore[attr-defined]


class AnalystForm(forms.Form):
    analyst = forms.ModelChoiceField(label=gettext_lazy("检验人员"), queryset=people.User.objects.none())

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        day = ledger.clock.today()
        posts = people.Post.objects.filter(agency__in=user.own_agencies("sample.receive"), starts_on__lte=day)
        keys = posts.exclude(ends_on__lt=day).values("user_id")
        self.fields["analyst"].queryset = people.User.objects.filter(pk__in=keys, is_active=True).order_by("name")  # type: ignore[attr-defined]


class DestroyForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("处置方式"), max_length=200)

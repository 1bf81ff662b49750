"""What people type about penalty cases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.forms import FilesField, size_hint, text_area
from fangxin.kernel.casework.models import Case, CaseEvidence, CaseItem, CasePause
from fangxin.kernel.casework.services.cases_papers import default_opinions
from fangxin.kernel.casework.standards_cases import offences
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField, ManyField

_LARGEST = 999_999_999_999
UNCLEAR = [("", _("没有查清")), ("no", _("否")), ("yes", _("是"))]


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def money(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_value=_LARGEST, decimal_places=2, max_digits=14,
        help_text=help_text,
    )  # fmt: skip


def subject_kinds() -> list[tuple[str, Any]]:
    return [*registry.Premises.Kind.choices, ("market_lessor", _("集贸市场开办者、柜台出租者"))]


def to_choose(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """What decides which law applies is chosen by a person, never by standing first in a list."""
    return [("", _("请选择")), *choices]


def officers_of(case_division: str) -> Any:
    """Who may be named as an officer: inspectors and departments of the county."""
    held = Q(ends_on=None) | Q(ends_on__gte=ledger.clock.today())
    posts = people.Post.objects.filter(
        held, people.under(case_division[:6]), role__in=("inspector", "department"), user__is_active=True
    )
    return people.User.objects.filter(pk__in=posts.values("user_id")).order_by("pk")


class CaseForm(forms.Form):
    """A clue. The party comes from the register, from a matter, or is written by hand."""

    premises = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    matter = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    party_name = forms.CharField(label=_("当事人"), max_length=200)
    party_kind = forms.ChoiceField(label=_("当事人类型"), choices=Case.Party.choices)
    subject_kind = forms.ChoiceField(label=_("主体类别"), help_text=_("类别决定适用哪部法规"))
    division_code = forms.ChoiceField(label=_("所在乡镇"))
    offence = forms.ChoiceField(label=_("涉嫌违法行为"))
    facts = forms.CharField(label=_("线索内容"), max_length=5000, widget=text_area(4))
    source = forms.ChoiceField(label=_("案件来源"), choices=Case.Source.choices)
    source_note = forms.CharField(
        label=_("来源说明"), max_length=300, required=False, help_text=_("检查记录、检验报告、投诉或者移送函的编号")
    )
    clue_on = DayField(label=_("发现线索日期"))
    reporter_named = forms.BooleanField(label=_("实名举报，须告知举报人"), required=False)
    elsewhere = forms.BooleanField(label=_("当事人住所在外省"), required=False)
    agency = forms.ModelChoiceField(label=_("办案机关"), queryset=people.Agency.objects.none())
    officers = ManyField(
        label=_("办案人员"), queryset=people.User.objects.none(), required=False,
        help_text=_("不少于两人，也可以登记后再指定"), widget=forms.SelectMultiple(attrs={"size": 5}),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[tuple[str, str]], agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division_code"].choices = places  # type: ignore[attr-defined]
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["offence"].choices = to_choose(offences().items())  # type: ignore[attr-defined]
        self.fields["subject_kind"].choices = to_choose(subject_kinds())  # type: ignore[attr-defined]
        self.fields["officers"].queryset = officers_of(places[0][0])  # type: ignore[attr-defined]


class ActForm(forms.Form):
    """An act on a case that takes a few words."""

    text = forms.CharField(label=_("说明"), max_length=2000, widget=text_area())

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case


class OptionalTextForm(ActForm):
    text = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=text_area())


class OfficersForm(forms.Form):
    officers = ManyField(
        label=_("办案人员"), queryset=people.User.objects.none(), help_text=_("按住 Ctrl 可以多选，不少于两人"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"officers": case.officers.all()}
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = officers_of(case.division_code)  # type: ignore[attr-defined]


class FactsForm(forms.Form):
    offence = forms.ChoiceField(label=_("违法行为"))
    facts = forms.CharField(label=_("查明的违法事实"), max_length=5000, widget=text_area(6))
    subject_kind = forms.ChoiceField(label=_("主体类别"), choices=subject_kinds)
    party_kind = forms.ChoiceField(label=_("当事人类型"), choices=Case.Party.choices)
    began_on = DayField(label=_("违法行为开始日"), required=False)
    ended_on = DayField(label=_("违法行为终了日"), required=False, help_text=_("仍在继续的写今天"))
    goods_value = money(_("货值金额（元）"), help_text=_("没有查清的不填，不要写 0"))
    illegal_gain = money(_("违法所得（元）"), help_text=_("没有查清的不填，不要写 0"))
    life_or_health = forms.BooleanField(label=_("危害生命健康安全且有危害后果"), required=False)
    refused_correction = forms.BooleanField(label=_("已责令改正或者警告，当事人拒不改正"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(case, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["offence"].choices = list(offences().items())  # type: ignore[attr-defined]


def unclear(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=UNCLEAR, required=False, help_text=help_text, empty_value=None,
        coerce=lambda value: {"yes": True, "no": False}[value],
    )  # fmt: skip


def count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=1_000_000, help_text=_("没有查清的不填，没有的写 0")
    )


class ScreenForm(forms.Form):
    """Questions on circumstances and crime. Whoever does not know says so: unclear is never taken for no."""

    toxic_material = unclear(_("掺入有毒有害非食品原料、禁用农药兽药，或者保健食品添加药品"), _("不论金额多少"))
    over_limit = unclear(_("污染物、农兽药残留、致病菌等超过限量"))
    over_limit_seriously = unclear(_("严重超过限量"), _("由检验、鉴定意见认定"))
    meat = unclear(_("病死、死因不明或者检验检疫不合格的肉类"))
    banned_food = unclear(_("国家为防病等特殊需要明令禁止的食品"))
    infant_nutrition = unclear(_("婴幼儿食品营养成分严重不符合标准"))
    injured = count(_("受到人身伤害的人数"))
    minor_injury = unclear(_("有人轻伤以上"))
    seriously_ill = count(_("严重食源性疾病人数"))
    deaths = count(_("死亡人数"))
    ill = count(_("食源性疾病人数"))
    large_quantity = unclear(_("涉案食品数量大"))
    special_food = unclear(_("婴幼儿、特殊医学用途等特定食品"))
    vulnerable_place = unclear(_("在校园、托幼、养老机构及周边面向未成年人、老年人销售"))
    prior_crime = unclear(_("曾因危害食品安全犯罪受刑事处罚"))
    illegal_business = unclear(_("非法经营禁用物质，或者私设生猪屠宰场"))
    health_food_fraud = unclear(_("以保健食品虚假宣传或者诈骗"))
    relabelled = unclear(_("更换标签、包装销售过期或者召回的食品"))
    concealed = unclear(_("提供虚假情况或者隐瞒"))
    refused_inspection = unclear(_("拒绝、逃避监督检查"))
    after_criminal_penalty = unclear(_("受食品安全刑事处罚后又实施"))
    penalized_on = DayField(
        label=_("最近一次因食品安全受行政处罚的日期"), required=False, help_text=_("平台内的记录会自动计入")
    )
    same_breach_penalized_on = DayField(label=_("最近一次因同类行为受处罚的日期"), required=False)
    minor = unclear(_("违法行为轻微"))
    corrected = unclear(_("已及时改正"))
    harmed = unclear(_("有危害后果"))
    harm_minor = unclear(_("危害后果轻微"))
    first_time = unclear(_("初次违法"))
    checked_goods = unclear(_("履行了进货查验义务"))
    names_source = unclear(_("能如实说明进货来源"))
    unaware = unclear(_("有充分证据证明不知情"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = case.screenings.last()
        if last is not None:
            told = {True: "yes", False: "no"}
            self.initial = {
                name: told.get(value, value) if isinstance(value, bool) else value
                for name, value in last.facts.items()
                if name in self.fields
            }

    # The questions under the headings of the page; what bears on no crime comes last.
    groups = (
        (_("是否涉嫌犯罪"), ("toxic_material", "relabelled")),
        (_("情节是否严重"), ("concealed", "same_breach_penalized_on")),
        (_("有没有从宽情节"), ("minor", "unaware")),
    )

    def grouped(self) -> list[tuple[Any, list[forms.BoundField]]]:
        names = list(self.fields)
        return [
            (title, [self[name] for name in names[names.index(first) : names.index(last) + 1]])
            for title, (first, last) in self.groups
        ]


class GoodsForm(forms.Form):
    kind = forms.ChoiceField(label=_("措施"), choices=CaseItem.Kind.choices)
    goods = forms.CharField(
        label=_("物品，一行一种"), max_length=3000, widget=text_area(5), help_text=_("名称、规格、数量、批号")
    )
    place = forms.CharField(label=_("存放地点"), max_length=200)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ItemForm(ActForm):
    item = forms.ModelChoiceField(label=_("哪一批"), queryset=CaseItem.objects.none())
    field_order = ("item", "text")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["item"].queryset = case.items.filter(handled_at=None)  # type: ignore[attr-defined]


class SeizureForm(ItemForm):
    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        rows = case.items.filter(handled_at=None).exclude(kind=CaseItem.Kind.REGISTERED)
        self.fields["item"].queryset = rows  # type: ignore[attr-defined]


class HandlingForm(ItemForm):
    text = forms.CharField(label=_("处理结果"), max_length=500, widget=text_area())


class PauseForm(OptionalTextForm):
    reason = forms.ChoiceField(
        label=_("原因"), choices=[c for c in CasePause.Reason.choices if c[0] in ("testing", "notice")]
    )
    field_order = ("reason", "text")


class ProposalForm(forms.Form):
    proposed_fine = money(_("拟罚款（元）"), required=True, help_text=_("不罚款的写 0"))
    proposed_penalty = forms.CharField(
        label=_("拟作出的其他处罚，一行一条"), max_length=1000, required=False, widget=text_area(),
        help_text=_("警告、没收、责令停产停业等；拟不予处罚的写“不予处罚”"),
    )  # fmt: skip
    fine_reason = forms.CharField(label=_("裁量理由"), max_length=1000, required=False, widget=text_area())

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(case, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class StatementForm(ActForm):
    text = forms.CharField(label=_("当事人的意见和复核情况"), max_length=2000, widget=text_area(4))
    waived = forms.BooleanField(label=_("当事人书面放弃陈述、申辩和听证"), required=False)


class HearingForm(OptionalTextForm):
    hearing_at = forms.DateTimeField(label=_("听证时间"), widget=MomentInput(), help_text=_("通知须在七个工作日前送达"))
    field_order = ("hearing_at", "text")

    def clean_hearing_at(self) -> datetime:
        moment: datetime = self.cleaned_data["hearing_at"]
        if moment <= ledger.clock.now() or moment.year > ledger.clock.today().year + 1:
            raise forms.ValidationError(_("听证时间应在今天以后、明年底以前。"))
        return moment


class DecisionForm(forms.Form):
    fine = money(_("罚款（元）"), required=True, help_text=_("不罚款的写 0"))
    penalty = forms.CharField(label=_("其他处罚，一行一条"), max_length=1000, required=False, widget=text_area())
    closing = forms.BooleanField(label=_("包括责令停产停业或者吊销许可证"), required=False)
    fine_reason = forms.CharField(label=_("裁量理由"), max_length=1000, required=False, widget=text_area())
    publicity = forms.ChoiceField(label=_("公示"), choices=Case.Publicity.choices)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "fine": case.proposed_fine, "penalty": case.proposed_penalty, "fine_reason": case.fine_reason,
        }  # fmt: skip
        super().__init__(*args, **kwargs)


class SpotForm(ActForm):
    fine = money(_("罚款（元）"), required=True, help_text=_("个人不超过 200 元，单位不超过 3000 元；只警告的写 0"))
    penalty = forms.CharField(label=_("其他处罚"), max_length=1000, required=False, help_text=_("例如：警告"))
    text = forms.CharField(label=_("怎样告知、当事人的意见"), max_length=1000, widget=text_area())
    publicity = forms.ChoiceField(label=_("公示"), choices=Case.Publicity.choices, initial=Case.Publicity.SHORT)
    field_order = ("fine", "penalty", "text", "publicity")


class PaidForm(OptionalTextForm):
    paid_on = DayField(label=_("缴清日期"))
    field_order = ("paid_on", "text")


class CaseEvidenceForm(OptionalTextForm):
    kind = forms.ChoiceField(label=_("证据种类"), choices=CaseEvidence.Kind.choices)
    uploads = FilesField(label=_("文件"))
    text = forms.CharField(label=_("证明什么"), max_length=200, required=False)
    field_order = ("kind", "uploads", "text")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["uploads"].help_text = size_hint()


class PaperForm(forms.Form):
    """The code with which the agency's papers are numbered."""

    mark = forms.CharField(
        label=_("发文代字"), max_length=20, help_text=_("只写机关代字，年份和顺序号由平台编，例如“某市监罚告”")
    )

    def __init__(self, *args: Any, case: Case, mark: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["mark"] = mark
        super().__init__(*args, **kwargs)
        self.case = case


class FilingPaperForm(PaperForm):
    opinion = forms.CharField(label=_("办案人员意见"), max_length=500, required=False, widget=text_area())


class NoticePaperForm(PaperForm):
    hearing = forms.BooleanField(label=_("告知有权要求听证"), required=False)
    place = forms.CharField(label=_("提出意见的地点"), max_length=200)


class HearingPaperForm(PaperForm):
    place = forms.CharField(label=_("听证地点"), max_length=200)
    host = forms.CharField(label=_("主持人"), max_length=60)


class DecisionPaperForm(PaperForm):
    opinions = forms.CharField(label=_("当事人的意见和复核情况"), max_length=3000, widget=text_area(4))
    payment = forms.CharField(label=_("缴款银行或者渠道"), max_length=200)
    reconsideration = forms.CharField(label=_("行政复议机关"), max_length=100)
    court = forms.CharField(label=_("有管辖权的人民法院"), max_length=100)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"opinions": default_opinions(case)}
        super().__init__(*args, case=case, **kwargs)


class ReceiptPaperForm(PaperForm):
    paper = forms.ModelChoiceField(label=_("送达哪份文书"), queryset=people.Agency.objects.none())
    receiver = forms.CharField(label=_("受送达人"), max_length=200)
    address = forms.CharField(label=_("送达地点"), max_length=200, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"receiver": case.party_name}
        super().__init__(*args, case=case, **kwargs)
        self.fields["paper"].queryset = case.papers.exclude(kind="receipt")  # type: ignore[attr-defined]


class GoodsPaperForm(PaperForm):
    item = forms.ModelChoiceField(label=_("哪一批"), queryset=CaseItem.objects.none())

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["item"].queryset = case.items.all()  # type: ignore[attr-defined]


class TransferPaperForm(PaperForm):
    police = forms.CharField(label=_("接收的公安机关"), max_length=100)
    packet = forms.CharField(
        label=_("随案材料，一行一份"), max_length=1000, widget=text_area(5),
        help_text=_("移送书、调查报告、涉案物品清单、检验报告或者鉴定意见、其他材料"),
    )  # fmt: skip


class ClosingPaperForm(PaperForm):
    outcome = forms.CharField(label=_("执行情况和结案理由"), max_length=1000, widget=text_area())

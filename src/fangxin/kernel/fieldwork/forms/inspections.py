"""What people type and tick during an inspection."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork import standards
from fangxin.kernel.fieldwork.data import ItemAnswer, Spot
from fangxin.kernel.fieldwork.forms.common import OfficersField, text_area
from fangxin.kernel.fieldwork.models import Inspection, ItemResult
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.fields import SignatureField


def editions_for(kind: str) -> list[Any]:
    """Checklists in force today for a kind of premises."""
    today = ledger.clock.today()
    return [e for e in standards.checklist_editions(today) if kind in standards.checklist_of(e).applies_to]


class StartForm(forms.Form):
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("检查类型"), choices=InspectionKind.choices)
    officers = OfficersField(label=gettext_lazy("检查人员"), help_text=gettext_lazy("至少两人，应有您自己"))
    edition = forms.ChoiceField(label=gettext_lazy("检查表"))
    suspicion = forms.CharField(
        label=gettext_lazy("涉嫌违法的线索"), max_length=300, required=False,
        help_text=gettext_lazy("上级三个月内查过同样项目时，有线索才能再查；没有就不填"),
    )  # fmt: skip
    chosen_items = forms.MultipleChoiceField(
        label=gettext_lazy("只查部分项目"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, premises: Any, visit: Any, user: Any, officers: Any, **options: Any) -> None:
        planned = list(visit.officers.all()) if visit is not None else []
        initial = {
            "client_key": uuid4(),
            "kind": visit.kind if visit is not None else InspectionKind.ROUTINE,
            "officers": [user.pk, *(officer.pk for officer in planned)],
        }
        super().__init__(*args, **{"initial": initial, **options})
        self.fields["officers"].offer(officers)  # type: ignore[attr-defined]
        self.editions = {str(e.pk): e for e in editions_for(premises.kind)}
        self.fields["edition"].choices = [(key, _edition_words(e)) for key, e in self.editions.items()]  # type: ignore[attr-defined]
        first = next(iter(self.editions.values()), None)
        items = standards.checklist_of(first).items_for(premises.kind) if first else ()
        self.fields["chosen_items"].choices = [(i.code, f"{i.code} {i.text}") for i in items]  # type: ignore[attr-defined]
        if visit is not None:
            del self.fields["kind"]

    def clean_edition(self) -> Any:
        return self.editions[self.cleaned_data["edition"]]


def _edition_words(edition: Any) -> str:
    given = {"name": edition.name, "edition": edition.edition, "span": span_words(edition)}
    return _("%(name)s（%(edition)s版，%(span)s）") % given


def span_words(edition: Any) -> str:
    """From when until when an edition is in force."""
    first, last = edition.in_force_from, edition.in_force_to
    if last is None:
        return _("%(day)s起施行") % {"day": first} if first else _("一直施行")
    return _("%(first)s至%(last)s施行") % {"first": first or _("以往"), "last": last}


class ItemForm(forms.Form):
    """One item as it is answered; half-typed words are never refused for being half."""

    outcome = forms.ChoiceField(choices=ItemResult.Outcome.choices)
    score = forms.DecimalField(min_value=0, max_value=10, max_digits=3, decimal_places=1, required=False)
    safety_affected = forms.TypedChoiceField(
        choices=[("", ""), ("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes", empty_value=None,
        required=False,
    )  # fmt: skip
    accident_potential = forms.BooleanField(required=False)
    corrected_on_site = forms.BooleanField(required=False)
    note = forms.CharField(max_length=500, required=False)

    def answer(self, code: str) -> ItemAnswer:
        return ItemAnswer(code=code, **self.cleaned_data)


class PhotoForm(forms.Form):
    photo = forms.FileField(label=gettext_lazy("照片"))
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    taken_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)

    @property
    def spot(self) -> Spot | None:
        latitude, longitude = self.cleaned_data.get("latitude"), self.cleaned_data.get("longitude")
        return None if latitude is None or longitude is None else Spot(latitude, longitude)


class JudgeForm(forms.Form):
    result = forms.ChoiceField(
        label=gettext_lazy("检查结果"), choices=Inspection.Result.choices, widget=forms.RadioSelect
    )
    opinion = forms.CharField(
        label=gettext_lazy("检查意见"), max_length=2000, widget=text_area(4),
        help_text=gettext_lazy("写给被检查方看：发现了什么，要求怎么改，什么时候改好"),
    )  # fmt: skip
    refusals = forms.MultipleChoiceField(
        label=gettext_lazy("拒绝、阻挠检查的情形（没有就不选）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rules: Any, implied: str, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"result": implied}, **options})
        self.fields["refusals"].choices = [(one.code, one.title) for one in rules.refusals]  # type: ignore[attr-defined]
        if not rules.refusals:
            del self.fields["refusals"]
        if rules.general_failures_at_most is not None:
            # The edition counts; nobody chooses.
            del self.fields["result"]


class SignForm(forms.Form):
    signature = SignatureField(error_messages={"required": gettext_lazy("还没有签名。请在框里写上名字再提交。")})


class TellForm(forms.Form):
    operator_signer = forms.CharField(label=gettext_lazy("被检查方签字人"), max_length=60, required=False)
    signature = SignatureField(required=False)
    refused = forms.BooleanField(label=gettext_lazy("被检查方拒绝签字"), required=False)
    refusal_reason = forms.CharField(
        label=gettext_lazy("拒签的情况"), max_length=300, required=False, widget=text_area(2)
    )
    witness = forms.CharField(label=gettext_lazy("见证人"), max_length=60, required=False)
    recording = forms.FileField(
        label=gettext_lazy("现场音像（照片或MP4视频）"), required=False,
        help_text=gettext_lazy("没有见证人的，须有现场音像"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("refused"):
            if not given.get("refusal_reason"):
                self.add_error("refusal_reason", _("请写明拒签的情况。"))
            if not given.get("witness") and not given.get("recording"):
                self.add_error("witness", _("请写见证人，或者上传现场音像。"))
            return given | {"signature": None, "operator_signer": ""}
        if not given.get("operator_signer"):
            self.add_error("operator_signer", _("请写签字人的姓名。"))
        if not given.get("signature") and "signature" not in self.errors:
            self.add_error("signature", _("被检查方还没有签名。拒绝签字的，请勾选“拒绝签字”并写明情况。"))
        return given | {"refusal_reason": "", "witness": "", "recording": None}


class PaperForm(forms.Form):
    mark = forms.CharField(
        label=gettext_lazy("发文代字"), max_length=20, required=False,
        help_text=gettext_lazy("只写机关代字，年份和顺序号由平台编；不编号的不填"),
    )  # fmt: skip

    def __init__(self, *args: Any, numbered: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not numbered:
            del self.fields["mark"]

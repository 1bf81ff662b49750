"""What people type about officials and the places they hold."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork.forms.common import text_area
from fangxin.kernel.fieldwork.models import Cadre, GuaranteeVisit, StatusChange
from fangxin.kernel.fieldwork.services.guarantees import PAPERS, Seen
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField

USUAL_DAYS = timedelta(days=15)
PAPER_LABELS = {
    "duties": gettext_lazy("责任清单"), "tasks": gettext_lazy("任务清单"), "supervision": gettext_lazy("督查清单"),
    "promise": gettext_lazy("承诺书"),
}  # fmt: skip


class PapersForm(forms.Form):
    """The three lists and the promise; each may be added when it is there."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in PAPERS:
            self.fields[name] = forms.FileField(label=PAPER_LABELS[name], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) for name in PAPERS) and not self.errors:
            raise forms.ValidationError(_("请至少选择一个文件。"))
        return cleaned


class CadreForm(forms.Form):
    division_code = forms.ChoiceField(label=gettext_lazy("所在区划"))
    tier = forms.ChoiceField(label=gettext_lazy("包保层级"), choices=Cadre.Tier.choices)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    title = forms.CharField(label=gettext_lazy("职务"), max_length=80)
    user = forms.ModelChoiceField(
        label=gettext_lazy("登录账号"), queryset=people.User.objects.none(), required=False,
        help_text=gettext_lazy("没有账号的干部可以不选，由乡镇或者监管所代为登记督导"),
    )  # fmt: skip

    def __init__(self, *args: Any, prefixes: list[str], users: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        codes = [(d.code, people.division_path(d.code)) for p in prefixes for d in _places(p)]
        self.fields["division_code"].choices = codes  # type: ignore[attr-defined]
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


def _places(prefix: str) -> list[Any]:
    """The county and its townships; villages are many, so an official of a village stands with the township."""
    rows = people.list_divisions(prefix)
    return [row for row in rows if len(row.code) in (6, 9)]


class LeaveForm(forms.Form):
    left_on = DayField(label=gettext_lazy("离任日期"))


class VisitForm(forms.Form):
    visited_on = DayField(label=gettext_lazy("督导日期"))
    mode = forms.ChoiceField(label=gettext_lazy("方式"), choices=GuaranteeVisit.Mode.choices, widget=forms.RadioSelect)
    seen = forms.CharField(
        label=gettext_lazy("督导情况"), max_length=500, widget=text_area(),
        help_text=gettext_lazy("日管控、周排查、月调度做得怎样，上次的问题改了没有"),
    )  # fmt: skip
    problem = forms.CharField(
        label=gettext_lazy("发现的问题（没有就不填）"), max_length=300, required=False, widget=text_area(2)
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("责任单位"), queryset=people.Agency.objects.none(), required=False,
        help_text=gettext_lazy("有问题时选，不选由所在地监管所负责"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("整改期限"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, agencies: Any, usual: Any, **options: Any) -> None:
        today = ledger.clock.today()
        start = {"visited_on": today, "mode": "on_site", "due_on": today + USUAL_DAYS, "client_key": uuid4()}
        options.setdefault("initial", start)
        super().__init__(*args, **options)
        self.usual = usual
        self.fields["owner"].queryset = agencies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        text = cleaned.pop("problem", "")
        owner, due_on = cleaned.pop("owner", None) or self.usual, cleaned.pop("due_on", None)
        if text and due_on is None and "due_on" not in self.errors:
            self.add_error("due_on", _("有问题的，请写整改期限。"))
        key = cleaned.get("client_key")
        problems = [Seen(text, owner, due_on)] if text and due_on is not None else []
        return {**cleaned, "client_key": str(key), "problems": problems}


class ChangeForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("变更"), choices=StatusChange.Kind.choices)
    changed_on = DayField(label=gettext_lazy("变更日期"))

"""What people type about a recall."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fangxin.kernel.supply.forms.lots import amount
from fangxin.kernel.supply.models import Recall, RecallReturn


class StartForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("级别"), choices=Recall.Level.choices, initial=Recall.Level.SECOND)
    reason = forms.CharField(
        label=gettext_lazy("召回原因"), max_length=200, help_text=gettext_lazy("收货的场所会看到，请写清楚是什么问题。")
    )
    drill = forms.BooleanField(label=gettext_lazy("这是演练：只列清单、计时，不停售"), required=False)


class ToldForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("怎样通知的"),
        choices=[(one, one) for one in (gettext_lazy("电话"), gettext_lazy("当面"), gettext_lazy("短信或者微信"), gettext_lazy("书面"))],
    )  # fmt: skip


class ReturnForm(forms.Form):
    held = forms.ChoiceField(label=gettext_lazy("批次"))
    fate = forms.ChoiceField(label=gettext_lazy("去处"), choices=RecallReturn.Fate.choices)
    quantity = amount(gettext_lazy("数量"), required=False, help_text=gettext_lazy("说不清多少就空着。"))

    def __init__(self, *args: Any, lots: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["held"].choices = [(str(held.pk), f"{held.lot} {held.unit}".strip()) for held in lots]  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    acted = forms.TypedChoiceField(
        label=gettext_lazy("已接到通知，问题食品已全部下架"), coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))], widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("现场情况"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

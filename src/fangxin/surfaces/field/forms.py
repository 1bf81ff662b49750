"""What a person says about a phone or a conflict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.surfaces.field.models import Conflict


class SignOutForm(forms.Form):
    reason = forms.CharField(
        label=_("注销原因"), max_length=200, help_text=_("例如：手机遗失、被盗、更换手机、调离岗位。")
    )


class DecisionForm(forms.Form):
    take = forms.ChoiceField(
        label=_("如何处理"),
        choices=[c for c in Conflict.State.choices if c[0] != Conflict.State.OPEN],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("处理理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people import api as people


class RecusalForm(forms.Form):
    user = forms.ModelChoiceField(label=_("检查人员"), queryset=people.User.objects.none())
    reason = forms.CharField(
        label=_("回避原因"), max_length=200, help_text=_("例如近亲属经营、持有股份；只写关系，不写隐私")
    )

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = officers  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda user: user.name  # type: ignore[attr-defined]

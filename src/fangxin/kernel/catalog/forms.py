from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.catalog import limit_tables
from fangxin.kernel.catalog.models import LimitTable


class LimitTableForm(forms.ModelForm):  # type: ignore[type-arg]
    extends = forms.ChoiceField(
        label=_("补入哪个版本"), required=False, help_text=_("不选：作为新版本，同一标准的上一版到施行前一天为止")
    )
    file = forms.FileField(
        label=_("文件"), help_text=_(".xlsx 或 .csv，最多 5 万行。上传只是检查，另一人复核后才启用。")
    )

    class Meta:
        model = LimitTable
        fields = ("kind", "standard", "edition", "name", "extends", "in_force_from", "in_force_to", "source", "file")
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("in_force_from", "in_force_to")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        editions = [(code, f"{title}（{day:%Y-%m-%d}）") for code, title, day in limit_tables.editions()]
        self.fields["extends"].choices = [("", _("新版本")), *editions]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service makes and checks the record, with the rows in it."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CompareForm(forms.Form):
    one = forms.ChoiceField(label=_("从"))
    other = forms.ChoiceField(label=_("到"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(code, f"{title}（{day:%Y-%m-%d}）") for code, title, day in limit_tables.editions()]
        for name in ("one", "other"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import agencies_for
from fangxin.oversight.plans.models import Action, Return, SpecialPlan, Task
from fangxin.oversight.plans.services.reading import LONGEST_TEXT, list_reviewed


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class EvidenceField(forms.FileField):
    """An upload that the ledger keeps; refused in the form when the ledger refuses it."""

    def keep(self, upload: Any, *, by: Any) -> Any:
        return ledger.store_evidence(name=upload.name, content=upload.read(), by=by) if upload else None


class NewPlanForm(forms.Form):
    """A plan comes as a file, as pasted text, or from the reviewed plans that came with the installation."""

    file = forms.FileField(
        label=_("上传方案文件"),
        required=False,
        help_text=_("Word（.docx）或文本（.txt）文件。旧版 .doc 请另存为 .docx。"),
    )
    text = forms.CharField(
        label=_("或粘贴方案全文"), required=False, max_length=LONGEST_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    reviewed = forms.ChoiceField(label=_("或选用预置的已审核方案"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewed"].choices = [("", _("（不选用）")), *list_reviewed()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("file", "text", "reviewed") if cleaned.get(name)]
        if not self.errors and len(given) != 1:
            raise ValidationError(_("请在上传文件、粘贴全文、选用预置方案三种方式中选一种。"))
        return cleaned


class TaskForm(forms.Form):
    title = forms.CharField(label=_("任务"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    accountable = forms.ModelChoiceField(label=_("责任单位"), queryset=people.Agency.objects.none())
    due_on = forms.DateField(label=_("完成期限"), widget=DateInput())

    def __init__(self, *args: Any, action: Action, task: Task | None = None, **kwargs: Any) -> None:
        if task is not None:
            kwargs["initial"] = {"title": task.title, "accountable": task.accountable_id, "due_on": task.due_on}
        super().__init__(*args, **kwargs)
        self.fields["accountable"].queryset = agencies_for(action.plan.division_code)
        self.plan = action.plan

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        first, last = self.plan.starts_on, self.plan.ends_on
        if first and last and not first <= due_on <= last:
            raise ValidationError(
                _("完成期限应在方案实施期 %(first)s 至 %(last)s 之内。") % {"first": first, "last": last}
            )
        return due_on


class WordsForm(forms.Form):
    """Words and perhaps a file that go with one step."""

    text = forms.CharField(label=_("说明"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    file = EvidenceField(label=_("证据文件"), required=False)


class SpecialPlanForm(forms.ModelForm):
    file = EvidenceField(label=_("附件（方案全文）"), required=False)

    class Meta:
        model = SpecialPlan
        fields = (
            "goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks",
            "responsible_person", "contact_officer", "contact_phone",
        )  # fmt: skip
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks"):
            self.fields[name].max_length = 20_000
            self.fields[name].widget.attrs["maxlength"] = 20_000


class ReturnTextForm(forms.Form):
    progress = forms.CharField(
        label=_("工作进展"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("请填写工作进展。")},
    )  # fmt: skip
    problems = forms.CharField(
        label=_("存在问题"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    practice = forms.CharField(
        label=_("典型做法"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_steps = forms.CharField(
        label=_("下一步工作"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一条。"),
    )  # fmt: skip
    file = EvidenceField(label=_("附件"), required=False)


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("意见"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    quality = forms.ChoiceField(
        label=_("内容质量"), choices=Return.Quality.choices, required=False, initial=Return.Quality.ADEQUATE
    )

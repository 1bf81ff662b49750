"""What people type about matters."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.models import CalendarDay, Interview, Matter, MatterEvidence
from fangxin.kernel.casework.standards import fixings
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField, DayInput, ManyField

_MOST_FILES = 20
# Offered as owners only to those in whose divisions they lie; public bodies are offered to the whole county.
_BUSINESSES = ("institution", "operator")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is checked by the evidence store."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > _MOST_FILES:
            raise ValidationError(_("一次最多上传%(n)s个文件，请分几次上传。") % {"n": _MOST_FILES})
        cleaned = [super(FilesField, self).clean(file, initial) for file in files]
        return [file for file in cleaned if file]


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def posted(request: Any) -> tuple[Any, Any]:
    """What was sent, also when nothing was filled in; nothing when the page is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def show(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what a service refused beside the field it speaks of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)


def size_hint() -> str:
    return str(_("照片、PDF、Word、Excel、视频，每个不超过%(n)s MB。")) % {
        "n": settings.MAX_UPLOAD_BYTES // 1024 // 1024
    }


class MatterForm(forms.Form):
    """A new matter. The subject comes from the register, or is written by hand where it is not registered."""

    premises = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    subject_name = forms.CharField(
        label=_("涉及对象"), max_length=200, required=False, help_text=_("未登记的对象直接写名称")
    )
    division_code = forms.ChoiceField(label=_("所在乡镇"))
    hazard = forms.CharField(label=_("问题或隐患"), max_length=2000, widget=text_area(4))
    severity = forms.ChoiceField(label=_("严重程度"), choices=Matter.Severity.choices)
    origin = forms.ChoiceField(label=_("来源"), choices=Matter.Origin.choices)
    legal_basis = forms.CharField(
        label=_("依据"), max_length=500, required=False, help_text=_("违反了哪部法律、标准或者方案的哪一条")
    )
    owner = forms.ModelChoiceField(label=_("责任单位"), queryset=people.Agency.objects.none())
    cooperating = ManyField(
        label=_("配合单位"), queryset=people.Agency.objects.none(), required=False,
        help_text=_("可以多选，也可以不选"), widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    due_on = DayField(label=_("整改时限"), required=False, help_text=_("不填时按严重程度自动推算工作日"))
    uploads = FilesField(label=_("现场照片等"), required=False)

    def __init__(self, *args: Any, prefixes: list[str], premises: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.premises = premises
        agencies = people.Agency.objects.none()
        for prefix in prefixes:
            agencies |= people.list_agencies(prefix[:6]).filter(~Q(kind__in=_BUSINESSES) | people.under(prefix))
        for field in ("owner", "cooperating"):
            self.fields[field].queryset = agencies.order_by("kind", "pk")  # type: ignore[attr-defined]
        places = {code: name for prefix in prefixes for code, name in places_of(prefix)}
        self.fields["division_code"].choices = list(places.items())  # type: ignore[attr-defined]
        self.fields["uploads"].help_text = size_hint()
        if premises is not None:
            del self.fields["subject_name"], self.fields["division_code"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        due_on = cleaned.get("due_on")
        if due_on and due_on < ledger.clock.today():
            self.add_error("due_on", _("整改时限不能早于今天。"))
        return cleaned


def places_of(prefix: str) -> list[tuple[str, str]]:
    """The division itself where it has parts, and its townships."""
    below = people.townships(prefix)
    whole = [(prefix, people.division_name(prefix))] if len(prefix) < len(below[0][0] if below else prefix) else []
    return [*whole, *below] or [(prefix, people.division_name(prefix))]


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("责任单位"), queryset=people.Agency.objects.none())
    cooperating = ManyField(
        label=_("配合单位"), queryset=people.Agency.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip
    due_on = DayField(label=_("整改时限"), help_text=_("首次交办时可以调整，交办后只能申请延期"))
    text = forms.CharField(label=_("交办意见"), max_length=2000, required=False, widget=text_area())

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "owner": matter.owner_id,
            "cooperating": matter.cooperating.all(),
            "due_on": matter.due_on,
        }
        super().__init__(*args, **kwargs)
        agencies = people.list_agencies(matter.division_code[:6]).order_by("kind", "pk")
        for field in ("owner", "cooperating"):
            self.fields[field].queryset = agencies  # type: ignore[attr-defined]


class FixingsForm(forms.Form):
    """The five fixings; their words come from the county's rule file."""

    responsible_person = forms.CharField(max_length=100)
    measures = forms.CharField(max_length=2000, widget=text_area(4))
    means = forms.CharField(max_length=500)
    acceptance = forms.CharField(max_length=500)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(matter, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        for fixing in fixings(matter.opened_on):
            if fixing.field in self.fields:
                self.fields[fixing.field].label = fixing.label
                self.fields[fixing.field].help_text = fixing.hint


class TextForm(forms.Form):
    """An act that takes a few words."""

    text = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=text_area())

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReasonForm(TextForm):
    text = forms.CharField(label=_("原因和要求"), max_length=2000, widget=text_area())


class ProgressForm(TextForm):
    text = forms.CharField(label=_("进展"), max_length=2000, widget=text_area())
    uploads = FilesField(label=_("整改证明"), required=False)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, matter=matter, **kwargs)
        self.fields["uploads"].help_text = size_hint()


class SubmitForm(ProgressForm):
    text = forms.CharField(label=_("整改结果"), max_length=2000, widget=text_area())


class JudgeForm(TextForm):
    text = forms.CharField(label=_("核查情况"), max_length=2000, widget=text_area())
    uploads = FilesField(label=_("核查照片等"), required=False)


class LookBackForm(JudgeForm):
    held = forms.TypedChoiceField(
        label=_("结果"),
        choices=[("yes", _("保持良好")), ("no", _("已反弹，重新立账"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("held", "text", "uploads")


class EvidenceForm(TextForm):
    kind = forms.ChoiceField(label=_("证明什么"), choices=MatterEvidence.Kind.choices)
    uploads = FilesField(label=_("文件"))
    text = forms.CharField(label=_("说明"), max_length=200, required=False)
    field_order = ("kind", "uploads", "text")


class ExtensionForm(TextForm):
    new_due_on = DayField(label=_("延期至"))
    text = forms.CharField(label=_("延期理由"), max_length=500, widget=text_area())
    field_order = ("new_due_on", "text")


class DecisionForm(TextForm):
    approved = forms.TypedChoiceField(
        label=_("审批"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("意见"), max_length=500, required=False, widget=text_area())
    field_order = ("approved", "text")


class WithdrawForm(TextForm):
    text = forms.CharField(label=_("立账有误的原因"), max_length=500, widget=text_area())


class MarkForm(forms.Form):
    """The code with which the sending office's papers are numbered."""

    mark = forms.CharField(
        label=_("发文代字"), max_length=20, help_text=_("只写机关代字，年份和顺序号由平台编，例如“某食安办督”")
    )

    def __init__(self, *args: Any, matter: Matter, mark: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["mark"] = mark
        super().__init__(*args, **kwargs)


class SupervisionForm(MarkForm):
    demands = forms.CharField(label=_("办理要求，一行一条"), max_length=1000, widget=text_area(4))
    reply_by = DayField(label=_("反馈时限"))

    def clean_demands(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["demands"].splitlines() if line.strip()]


class InterviewForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Interview
        fields = ("interviewee", "reason", "basis", "planned_on", "planned_time", "place", "host", "attendees")
        widgets = {
            "reason": text_area(4),
            "planned_on": DayInput(),
            "planned_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {"reason": _("一行一条"), "attendees": _("几个人之间用顿号")}

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MinutesForm(TextForm):
    text = forms.CharField(label=_("约谈记录"), max_length=5000, widget=text_area(8))
    requirements = forms.CharField(label=_("整改要求"), max_length=2000, widget=text_area(4))
    deadline = DayField(label=_("反馈时限"))
    attendees = forms.CharField(label=_("实际参加人员"), max_length=500, required=False)


class NeededTextForm(TextForm):
    text = forms.CharField(label=_("内容"), max_length=2000, widget=text_area(5))


class PeriodForm(forms.Form):
    """The period of the account and the division; what is not given is this year and the person's own place."""

    start = DayField(label=_("从"))
    end = DayField(label=_("到"))
    division = forms.ChoiceField(label=_("区划"))

    def __init__(self, *args: Any, prefixes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = {code: name for prefix in prefixes for code, name in places_of(prefix)}
        self.fields["division"].choices = list(places.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"start", "end"} <= cleaned.keys() and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("截止日期不能早于开始日期。"))
        return cleaned


class CalendarDaysForm(forms.Form):
    first = DayField(label=_("从"))
    last = DayField(label=_("到"), required=False, help_text=_("只有一天的不填"))
    kind = forms.ChoiceField(label=_("安排"), choices=CalendarDay.Kind.choices)
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("通知的名称和文号"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days <= 31:
            self.add_error("last", _("截止日期应在开始日期之后的一个月以内。"))
        return cleaned


class CalendarYearForm(forms.Form):
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("通知的名称和文号"))

"""What people type about visits that are owed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork import standards
from fangxin.kernel.fieldwork.forms.common import OfficersField
from fangxin.kernel.fieldwork.models import PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField

# Visits of these reasons come from plans, draws and earlier inspections, never from a form.
_ASKED_BY_HAND = (PlannedVisit.Reason.SPECIAL, PlannedVisit.Reason.COMPLAINT)
_USUAL_SPAN = timedelta(days=30)


class AssignForm(forms.Form):
    officers = OfficersField(label=gettext_lazy("检查人员"), help_text=gettext_lazy("至少两人"))

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officers"].offer(officers)  # type: ignore[attr-defined]


class SpanForm(forms.Form):
    from_on = DayField(label=gettext_lazy("最早日期"))
    due_on = DayField(label=gettext_lazy("最迟日期"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"from_on", "due_on"} <= cleaned.keys() and cleaned["due_on"] < cleaned["from_on"]:
            self.add_error("due_on", _("最迟日期早于最早日期，请核对。"))
        return cleaned


class RescheduleForm(SpanForm):
    reason = forms.CharField(label=gettext_lazy("改期原因"), max_length=200)


class VisitForm(SpanForm):
    kind = forms.ChoiceField(label=gettext_lazy("检查类型"), choices=InspectionKind.choices)
    reason = forms.ChoiceField(
        label=gettext_lazy("缘由"), choices=[(reason.value, reason.label) for reason in _ASKED_BY_HAND]
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, help_text=gettext_lazy("专项方案的名称，或者投诉举报的编号")
    )
    checklist = forms.ChoiceField(label=gettext_lazy("检查表"))
    agency = forms.ModelChoiceField(label=gettext_lazy("检查机关"), queryset=people.Agency.objects.none())
    field_order = ("kind", "reason", "basis", "checklist", "agency", "from_on", "due_on")

    def __init__(self, *args: Any, user: Any, premises: Any, **options: Any) -> None:
        today = ledger.clock.today()
        usual = standards.edition_for(premises.kind, today)
        initial = {"from_on": today, "due_on": today + _USUAL_SPAN, "checklist": usual.code if usual else ""}
        super().__init__(*args, **{"initial": initial, **options})
        editions = standards.checklist_editions(today)
        self.fields["checklist"].choices = [(e.code, e.name) for e in editions]  # type: ignore[attr-defined]
        agencies = people.list_agencies(premises.division_code[:6]).filter(
            kind__in=("department", "station", "township")
        )
        self.fields["agency"].queryset = agencies.order_by("kind", "pk")  # type: ignore[attr-defined]
        self.fields["agency"].initial = next((post.agency_id for post in user.posts_today), None)

"""Work that comes round by itself."""

from django.utils.translation import gettext as _

from fangxin.actions.monitoring.models import CaseReport, Signal
from fangxin.actions.monitoring.services import detecting, outbreaks, outbreaks_chain, outbreaks_detecting, routing
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

# The platform itself looks; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")


def daily() -> int:
    """Look for signals in every county that has results, and ask after signals that nobody settled in time."""
    counties = people.divisions_on(ledger.clock.today()).filter(kind=people.Division.Kind.COUNTY).order_by("code")
    raised = sum(
        len(detecting.detect(division_code=code, by=PLATFORM)) for code in counties.values_list("code", flat=True)
    )
    return raised + ask_after_unsettled()


def ask_after_unsettled() -> int:
    """A matter for each signal past its day; the same signal never opens two."""
    late = Signal.objects.filter(state=Signal.State.RAISED, due_on__lt=ledger.clock.today()).order_by("number")
    for signal in late:
        hazard = _("风险信号 %(number)s 超过核实时限（%(due)s）没有核实：%(text)s") % {
            "number": signal.number, "due": signal.due_on, "text": signal.text,
        }  # fmt: skip
        routing.open_matter(
            "unsettled_signal", hazard=hazard, division_code=signal.division_code, subject=signal,
            key=f"monitoring.unsettled:{signal.number}", by=PLATFORM,
        )  # fmt: skip
    return len(late)


def look_for_outbreaks() -> int:
    """Run the rules over the cases of every county; how many signals came of it."""
    counties = people.divisions_on(ledger.clock.today()).filter(kind=people.Division.Kind.COUNTY).order_by("code")
    with_cases = [
        code for code in counties.values_list("code", flat=True)
        if CaseReport.objects.filter(people.under(code, "institution__division_code")).exists()
    ]  # fmt: skip
    return sum(outbreaks_detecting.look(division_code=code, by=PLATFORM).alarms for code in with_cases)


def late_outbreaks() -> int:
    """Matters for signals, duties and steps of investigations past their moment."""
    return outbreaks.ask_after_late(by=PLATFORM) + outbreaks_chain.ask_after_late(by=PLATFORM)

"""What may follow what in sampling, and why something is refused."""

from django.core.exceptions import ValidationError

from fangxin.kernel.laboratory.models import Irregularity, Purpose, Sample

State = Sample.State

# From the form to the receipt, and from the receipt to the report.
ON_THE_WAY = (State.TAKEN, State.SENT)
IN_LABORATORY = (State.RECEIVED, State.TESTING, State.REPORTED)
STANDING = (*ON_THE_WAY, *IN_LABORATORY)
# Purposes whose failing results may ground a penalty; monitoring only ever leads to consultation.
STATUTORY = (Purpose.SUPERVISION, Purpose.COMPLAINT, Purpose.SPECIAL, Purpose.RAPID)
FEWEST_SAMPLERS = 2
Kind = Irregularity.Kind


class Refused(ValidationError):
    """A rule stands in the way; the text says which, and what to do."""


class MovedOn(Refused):
    """Somebody else was first."""

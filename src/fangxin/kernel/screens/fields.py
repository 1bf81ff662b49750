"""Form fields that the framework lacks."""

import binascii
from base64 import b64decode
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, DateField, DateInput, HiddenInput, ModelMultipleChoiceField, Textarea
from django.forms import TimeInput as PlainTimeInput
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger

# The largest key both databases hold.
LARGEST_KEY = 2**63 - 1
# A signature drawn on a pad of 640 × 200 points is a tenth of this.
_LARGEST_SIGNATURE = 400_000
_PNG = "data:image/png;base64,"


class DayInput(DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(PlainTimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DayField(DateField):
    widget = DayInput


class Today(DayField):
    """A day that is today unless something else is chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(initial=ledger.clock.today, **options)


def area(rows: int = 3) -> Textarea:
    return Textarea(attrs={"rows": rows})


class ManyField(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several records; a key that no database can hold is no valid choice, not an error of the server."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if _beyond(key):
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": key})
        return super().clean(value)


def _beyond(key: Any) -> bool:
    try:
        return abs(int(key)) > LARGEST_KEY
    except (TypeError, ValueError):
        return False


class SignatureField(CharField):
    """A picture drawn on the page, as the page sends it."""

    widget = HiddenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > _LARGEST_SIGNATURE or not text.startswith(_PNG):
            raise ValidationError(_("签名没有传完整，请清除后重新签。"))
        try:
            return b64decode(text.removeprefix(_PNG), validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError(_("签名没有传完整，请清除后重新签。")) from None

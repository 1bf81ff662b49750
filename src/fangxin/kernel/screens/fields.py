"""Form fields that the framework lacks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField

# The largest key both databases hold.
LARGEST_KEY = 2**63 - 1


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

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_KINDS = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())


class ThreeKindsValidator:
    """At least three of: small letters, capitals, digits, signs (graded protection, level two)."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(any(kind(c) for c in password) for kind in _KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        return _("密码须包含大写字母、小写字母、数字、符号中的至少三类。")

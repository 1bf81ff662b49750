"""Shapes of telephone numbers in mainland China. They have no check digit, so only the shape can be wrong."""

import re

from fangxin.engines.identifiers.results import Checked, Problem, normalize

_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=1[3-9]\d{9}$)")
_SHAPES = (
    ("mobile", re.compile(r"(?P<number>1[3-9]\d{9})")),
    ("landline", re.compile(r"(?P<area>010|02\d|0[3-9]\d{2})(?P<number>[2-9]\d{6,7})")),
    ("service", re.compile(r"(?P<number>[48]00\d{7})")),
    ("local", re.compile(r"(?P<number>[2-9]\d{6,7})")),
)


def check_phone(text: str) -> Checked:
    """Check one telephone number. Parts: kind (mobile, landline, service, local), area (landline only), number.

    A local number lacks its area code: valid in shape, but nobody outside the area can call it.

    >>> check_phone("（0398）787-0000").parts
    (('kind', 'landline'), ('area', '0398'), ('number', '7870000'))
    """
    digits = _COUNTRY.sub("", normalize(text).replace("(", "").replace(")", ""))
    if not digits:
        return Checked(digits, Problem.EMPTY)
    if not (digits.isascii() and digits.isdigit()):
        return Checked(digits, Problem.CHARACTER)
    for kind, shape in _SHAPES:
        found = shape.fullmatch(digits)
        if found:
            return Checked(digits, None, (("kind", kind), *found.groupdict().items()))
    return Checked(digits, Problem.SHAPE)

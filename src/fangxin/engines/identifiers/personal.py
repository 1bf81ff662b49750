"""Numbers of private persons in a text that many will read."""

import re

_NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def find_personal_numbers(text: str) -> list[str]:
    """What looks like a mobile number or an identity number, as written.

    >>> find_personal_numbers("联系 13800000000，咨询 12315")
    ['13800000000']
    """
    return _NUMBERS.findall(text)

"""Food production licences (SC) and food business licences (JY): fourteen digits, the last a check digit.

Structure: 食品生产许可管理办法 and 食品经营许可管理办法 with their numbering rules. Check digit: GB/T 17710-1999,
that is ISO 7064 MOD 11,10. Confidence V: 24 of 33 published numbers carry it where chance would give three
(tests/reference). The other nine are misprints or local habits, so a wrong check digit is a reason to look
at the paper again, not proof that a licence is forged.
"""

from fangxin.engines.identifiers.divisions import is_division
from fangxin.engines.identifiers.results import Checked, Problem, cut, normalize

_PRODUCTION_KINDS = "12"  # food, food additive
_BUSINESS_KINDS = "123"  # sale, catering, canteen of a unit


def check_production_licence(text: str) -> Checked:
    """Check an SC number. Parts: category (three digits), division, serial (four digits), check.

    >>> check_production_licence("SC11834020305037").part("division")
    '340203'
    """
    return _check(text, "SC", _PRODUCTION_KINDS, (("category", 3), ("division", 6), ("serial", 4), ("check", 1)))


def check_business_licence(text: str) -> Checked:
    """Check a JY number. Parts: business (1 sale, 2 catering, 3 canteen), division, serial (six digits), check.

    >>> check_business_licence("JY13301080111719").valid
    True
    """
    return _check(text, "JY", _BUSINESS_KINDS, (("business", 1), ("division", 6), ("serial", 6), ("check", 1)))


def make_production_licence(*, category: str, division: str, serial: int) -> str:
    """An invented SC number from a category such as `101`, a division and a serial below ten thousand."""
    return _make("SC", f"{category}{division}{serial:04d}")


def make_business_licence(*, business: str, division: str, serial: int) -> str:
    """An invented JY number from a business digit, a division and a serial below one million."""
    return _make("JY", f"{business}{division}{serial:06d}")


def check_digit(digits: str) -> str:
    """The digit that ISO 7064 MOD 11,10 appends to `digits`.

    >>> check_digit("0794")
    '5'
    """
    remainder = 10
    for digit in digits:
        remainder = ((int(digit) + remainder) % 10 or 10) * 2 % 11
    return str((11 - remainder) % 10)


def _check(text: str, prefix: str, kinds: str, shape: tuple[tuple[str, int], ...]) -> Checked:
    number = normalize(text)
    if not number:
        return Checked(number, Problem.EMPTY)
    if not number.startswith(prefix):
        return Checked(number, Problem.PREFIX)
    digits = number[2:]
    if len(digits) != 14:
        return Checked(number, Problem.LENGTH)
    if not (digits.isascii() and digits.isdigit()):
        return Checked(number, Problem.CHARACTER)
    parts = cut(digits, *shape)
    return Checked(number, _digit_problem(digits, kinds, dict(parts)["division"]), parts)


def _digit_problem(digits: str, kinds: str, division: str) -> Problem | None:
    if digits[0] not in kinds:
        return Problem.KIND
    if not is_division(division):
        return Problem.DIVISION
    return None if digits[-1] == check_digit(digits[:-1]) else Problem.CHECK_CHARACTER


def _make(prefix: str, digits: str) -> str:
    if len(digits) != 13 or not digits.isdigit():
        raise ValueError(f"{prefix} and thirteen digits are needed before the check digit, not {digits!r}")
    return prefix + digits + check_digit(digits)

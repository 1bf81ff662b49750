"""Global trade item numbers (GTIN-8, -12, -13, -14), as under bar codes. Source: GS1 General Specifications."""

from fangxin.engines.identifiers.results import Checked, Problem, normalize

_LENGTHS = (8, 12, 13, 14)


def check_gtin(text: str) -> Checked:
    """Check a GTIN. Parts: body, check.

    >>> check_gtin("6901234567892").valid
    True
    """
    number = normalize(text)
    if not number:
        return Checked(number, Problem.EMPTY)
    if not (number.isascii() and number.isdigit()):
        return Checked(number, Problem.CHARACTER)
    if len(number) not in _LENGTHS:
        return Checked(number, Problem.LENGTH)
    body, last = number[:-1], number[-1]
    problem = None if last == gtin_check_digit(body) else Problem.CHECK_CHARACTER
    return Checked(number, problem, (("body", body), ("check", last)))


def make_gtin(body: str) -> str:
    """The GTIN of a body of 7, 11, 12 or 13 digits.

    >>> make_gtin("690123456789")
    '6901234567892'
    """
    if len(body) + 1 not in _LENGTHS or not (body.isascii() and body.isdigit()):
        raise ValueError("the body of a GTIN has 7, 11, 12 or 13 digits")
    return body + gtin_check_digit(body)


def gtin_check_digit(body: str) -> str:
    """The last digit: weights 3 and 1 in turn from the right, up to the next ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)

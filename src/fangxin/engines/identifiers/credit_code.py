"""Unified social credit code (GB 32100-2015) and the organisation code inside it (GB 11714-1997).

Confidence: V, both rules reproduce published codes of well-known firms (tests/reference).
"""

from fangxin.engines.identifiers.divisions import is_division
from fangxin.engines.identifiers.results import Checked, Problem, cut, normalize

# GB 32100: digits and capitals without I, O, S, V, Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

# GB 11714 gives every letter its place after the digits, I and O included.
_ORGANISATION_VALUES = {c: v for v, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_credit_code(text: str) -> Checked:
    """Check an 18-character unified social credit code: alphabet, division, both check characters.

    Parts: department, kind, division, organisation, check. National bodies carry division 100000.

    >>> check_credit_code("91350100 m000100y43").valid
    True
    >>> check_credit_code("91350100M000100Y44").problem.name
    'CHECK_CHARACTER'
    """
    code = normalize(text)
    problem = _shape_problem(code, 18, ALPHABET)
    if problem:
        return Checked(code, problem)
    parts = cut(code, ("department", 1), ("kind", 1), ("division", 6), ("organisation", 9), ("check", 1))
    return Checked(code, _credit_code_problem(code), parts)


def check_organisation_code(text: str) -> Checked:
    """Check a 9-character organisation code. Parts: body, check.

    >>> check_organisation_code("D2143569-X").valid
    True
    """
    code = normalize(text)
    problem = _shape_problem(code, 9, _ORGANISATION_VALUES)
    if not problem and code[8] != organisation_check_character(code[:8]):
        problem = Problem.CHECK_CHARACTER
    return Checked(code, problem, cut(code, ("body", 8), ("check", 1)) if len(code) == 9 else ())


def make_credit_code(*, division: str, serial: int, department: str = "9", kind: str = "2") -> str:
    """An invented credit code with the serial, led by zeros, as its organisation body.

    It may coincide with a real one, so records that carry it must be marked as invented.

    >>> make_credit_code(division="410101", serial=7)
    '924101010000000783'
    """
    body = f"{department}{kind}{division}{make_organisation_code(serial)}"
    if len(body) != 17:
        raise ValueError("a credit code needs one department, one kind and six division characters")
    return body + credit_check_character(body)


def make_organisation_code(serial: int) -> str:
    """An invented organisation code from a serial of at most eight digits."""
    if not 0 <= serial <= 99_999_999:
        raise ValueError("the serial of an organisation code has at most eight digits")
    body = f"{serial:08d}"
    return body + organisation_check_character(body)


def credit_check_character(body: str) -> str:
    """The 18th character to 17 given ones: powers of 3, modulo 31."""
    total = sum(_VALUES[character] * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_character(body: str) -> str:
    """The ninth character to eight given ones: weighted sum modulo 11, X for ten."""
    values = (_ORGANISATION_VALUES[character] for character in body)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _shape_problem(code: str, length: int, alphabet: str | dict[str, int]) -> Problem | None:
    if not code:
        return Problem.EMPTY
    if len(code) != length:
        return Problem.LENGTH
    return None if all(character in alphabet for character in code) else Problem.CHARACTER


def _credit_code_problem(code: str) -> Problem | None:
    division = code[2:8]
    if division != "100000" and not is_division(division):
        return Problem.DIVISION
    if code[17] != credit_check_character(code[:17]):
        return Problem.CHECK_CHARACTER
    if code[16] != organisation_check_character(code[8:16]):
        return Problem.EMBEDDED_CODE
    return None

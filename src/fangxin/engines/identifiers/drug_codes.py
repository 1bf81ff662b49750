"""Trace codes on packs of veterinary drugs (兽药追溯码): 24 digits, printed as a two-dimensional code.

Known with confidence are only the length and that all are digits. What the digits stand for, and whether one of them
checks the others, is not published in a form we could verify, so nothing more is checked: whether a code exists is for
the national register to say.
"""

import re
import unicodedata

from fangxin.engines.identifiers.results import Checked, Problem, normalize

LENGTH = 24
_RUN = re.compile(r"\d+")


def check_drug_code(text: str) -> Checked:
    """Check the form of one code.

    >>> check_drug_code("1234 5678 9012 3456 7890 1234").valid
    True
    >>> check_drug_code("12345").problem
    <Problem.LENGTH: 'length'>
    """
    code = normalize(text)
    if not code:
        return Checked(code, Problem.EMPTY)
    if not (code.isascii() and code.isdigit()):
        return Checked(code, Problem.CHARACTER)
    return Checked(code, None if len(code) == LENGTH else Problem.LENGTH)


def find_drug_code(scanned: str) -> str | None:
    """The code within what a scanner read, which may carry words or an address around it; None unless exactly one.

    >>> find_drug_code("追溯码：123456789012345678901234，某某兽药")
    '123456789012345678901234'
    """
    plain = check_drug_code(scanned)
    if plain.valid:
        return plain.normalized
    runs = _RUN.findall(unicodedata.normalize("NFKC", scanned))
    found = {run for run in runs if run.isascii() and len(run) == LENGTH}
    return found.pop() if len(found) == 1 else None

"""The province codes of GB/T 2260, the leading two digits of every division code."""

# Confidence V: public code list. Taiwan, Hong Kong and Macao issue other numbers but hold codes.
PROVINCES = frozenset(
    str(code)
    for block in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 83))
    for code in range(*block)
)


def is_division(code: str) -> bool:
    """Whether six characters can be a division code: digits, and a province that exists.

    Codes below the province change every year, so they are not looked up here.
    """
    return len(code) == 6 and code.isascii() and code.isdigit() and code[:2] in PROVINCES

"""GS1 identifiers as EPC URN and as Digital Link URI, both ways, and the one canonical form that hashes compare.

Sources: EPC Tag Data Standard (URN syntax), GS1 Digital Link URI syntax 1.2 §4.11 and §5, CBV 2.0 §8.9.2 rules 17–18.
An EPC URN tells where the company prefix ends; a Digital Link does not. So a URN becomes a Digital Link by itself, and
the way back needs the length of the company prefix from whoever knows it.
"""

import re
from functools import lru_cache
from typing import Final

from fangxin.engines.epcis.errors import EpcisError

HOME: Final = "https://id.gs1.org"
_CHARACTERS: Final = (
    r"(?:%2[125-9A-Fa-f]|%3[0-9A-Fa-f]|%4[1-9A-Fa-f]|%5[0-9AaFf]|%6[1-9A-Fa-f]|%7[0-9Aa]|[!')(*+,.0-9:;=A-Za-z_-])"
)
_PART_CHARACTERS: Final = r"(?:%2[3dfDF]|%3[0-9]|%4[1-9A-Fa-f]|%5[0-9Aa]|[0-9A-Z-])"


# How the digits of a scheme are laid out: an indicator before the company prefix, plain, or with characters.
_ITEM, _KEY, _WORD = "item", "key", "word"
_SERIAL_20: Final = re.compile(_CHARACTERS + "{1,20}")
_SERIAL_28: Final = re.compile(_CHARACTERS + "{1,28}")
_SERIAL_16: Final = re.compile(_CHARACTERS + "{1,16}")
_NUMBERS: Final = re.compile("[0-9]{1,12}")
_PIECES_SERIAL: Final = re.compile(rf"[0-9]{{2}}\.[0-9]{{2}}\.{_CHARACTERS}{{1,20}}")
_PIECES_ANY: Final = re.compile(r"[0-9]{2}\.[0-9]{2}\.\*")
_ANY: Final = re.compile(r"\*")
# Scheme: application identifier, layout, digits of company prefix and reference together, what follows them (None:
# nothing), what stands before the qualifier in a link (None: the qualifier is left out).
_URNS: Final[dict[str, tuple[str, str, int, re.Pattern[str] | None, str | None]]] = {
    "id:sgtin": ("01", _ITEM, 13, _SERIAL_20, "/21/"),
    "id:itip": ("8006", _ITEM, 13, _PIECES_SERIAL, "/21/"),
    "id:upui": ("01", _ITEM, 13, _SERIAL_28, "/235/"),
    "class:lgtin": ("01", _ITEM, 13, _SERIAL_20, "/10/"),
    "idpat:sgtin": ("01", _ITEM, 13, _ANY, None),
    "idpat:upui": ("01", _ITEM, 13, _ANY, None),
    "idpat:itip": ("8006", _ITEM, 13, _PIECES_ANY, None),
    "id:sscc": ("00", _ITEM, 17, None, None),
    "id:sgln": ("414", _KEY, 12, _SERIAL_20, "/254/"),
    "id:pgln": ("417", _KEY, 12, None, None),
    "id:grai": ("8003", _KEY, 12, _SERIAL_16, ""),
    "idpat:grai": ("8003", _KEY, 12, _ANY, None),
    "id:gdti": ("253", _KEY, 12, _SERIAL_20, ""),
    "idpat:gdti": ("253", _KEY, 12, _ANY, None),
    "id:sgcn": ("255", _KEY, 12, _NUMBERS, ""),
    "idpat:sgcn": ("255", _KEY, 12, _ANY, None),
    "id:gsrn": ("8018", _KEY, 17, None, None),
    "id:gsrnp": ("8017", _KEY, 17, None, None),
    "id:gsin": ("402", _KEY, 16, None, None),
}
# Scheme: application identifier, characters, what follows, what stands before it in a link.
_WORDS: Final[dict[str, tuple[str, re.Pattern[str], re.Pattern[str] | None, str | None]]] = {
    "id:giai": ("8004", re.compile(f"({_CHARACTERS})+"), None, None),
    "id:ginc": ("401", re.compile(f"({_CHARACTERS})+"), None, None),
    "id:cpi": ("8010", re.compile(f"({_PART_CHARACTERS})+"), _NUMBERS, "/8011/"),
    "idpat:cpi": ("8010", re.compile(f"({_PART_CHARACTERS})+"), _ANY, None),
}
_MOST_CHARACTERS: Final = 30  # of company prefix and reference together, an encoded character being one
_SAFE: Final = re.compile("[A-Za-z0-9._-]*")
_ENCODED: Final = str.maketrans({"!": "%21", "(": "%28", ")": "%29", "*": "%2A", "+": "%2B", ",": "%2C", ":": "%3A"})

_NAMES: Final = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
}  # fmt: skip
_TEXT: Final = r"(?:%[0-9A-Fa-f]{2}|[\"'\-.0-9;<=>?A-Z_a-z])"
_PART: Final = r"(?:%[0-9A-Fa-f]{2}|[#\-0-9A-Z])"
_KEYS: Final[dict[str, re.Pattern[str]]] = {
    key: re.compile(pattern)
    for key, pattern in {
        "00": r"\d{18}", "01": r"\d{14}", "253": rf"\d{{13}}{_TEXT}{{0,17}}", "255": r"\d{13,25}",
        "401": rf"{_TEXT}{{1,30}}", "402": r"\d{17}", "414": r"\d{13}", "417": r"\d{13}",
        "8003": rf"\d{{14}}{_TEXT}{{0,16}}", "8004": rf"{_TEXT}{{1,30}}", "8006": r"\d{18}", "8010": rf"{_PART}{{1,30}}",
        "8017": r"\d{18}", "8018": r"\d{18}",
    }.items()
}  # fmt: skip
# Key: its qualifiers, the finest first; only the finest that is present stays.
_QUALIFIERS: Final[dict[str, dict[str, re.Pattern[str]]]] = {
    "01": {
        "21": re.compile(_TEXT + "{1,20}"),
        "235": re.compile(_TEXT + "{1,28}"),
        "10": re.compile(_TEXT + "{1,20}"),
    },
    "8006": {"21": re.compile(_TEXT + "{1,20}"), "10": re.compile(_TEXT + "{1,20}")},
    "414": {"254": re.compile(_TEXT + "{1,20}")},
    "8010": {"8011": re.compile(r"\d{1,12}")},
}
_DROPPED: Final = {"01": ("22",), "8006": ("22",)}
_LINK: Final = re.compile(r"https?://[^/?#]*(/[^?#]*)(?:\?[^#\n]*)?(?:#[^\n]*)?")


def check_digit(digits: str) -> str:
    """The last digit of a GS1 key whose other digits are given (GS1 General Specifications §7.9.1).

    >>> check_digit("0401234511111")
    '8'
    """
    codes = digits.encode()
    odd, even = codes[::-2], codes[-2::-2]
    return "0987654321"[(3 * sum(odd) + sum(even) - 48 * (3 * len(odd) + len(even))) % 10]


@lru_cache(maxsize=65_536)
def canonical(identifier: str) -> str | None:
    """The constrained canonical Digital Link of a GS1 identifier (finest level only, no attributes); None if it is none.

    >>> canonical("urn:epc:id:sgtin:4012345.011111.98%22")
    'https://id.gs1.org/01/04012345111118/21/98%22'
    >>> canonical("https://example.de/gtin/04012345123456/cpv/344/ser/987654")
    'https://id.gs1.org/01/04012345123456/21/987654'
    >>> canonical("https://example.org/orders/17") is None
    True
    """
    if identifier.startswith("urn:epc:"):
        return _from_urn(identifier)
    if identifier.startswith("http"):
        return _from_link(identifier)
    return None


def to_digital_link(urn: str) -> str:
    """The canonical Digital Link of an EPC URN.

    Raises EpcisError where the text is not a well-formed EPC URN.

    >>> to_digital_link("urn:epc:class:lgtin:4012345.012345.Lot987")
    'https://id.gs1.org/01/04012345123456/10/Lot987'
    """
    found = _from_urn(urn) if urn.startswith("urn:epc:") else None
    if found is None:
        raise EpcisError(f"{urn!r} is not an EPC URN that has a Digital Link")
    return found


def _from_urn(urn: str) -> str | None:
    # `urn:epc:` is behind us; the shortest scheme, `id:cpi`, ends at the fifteenth character.
    end = urn.find(":", 14)
    scheme, rest = urn[8:end], urn[end + 1 :]
    known = _URNS.get(scheme)
    if known is None:
        return _from_word(scheme, rest)
    key, layout, total, follows, before = known
    company, _, tail = rest.partition(".")
    size = total - len(company)
    reference, dot, more = tail[:size], tail[size : size + 1], tail[size + 1 :]
    digits = company + reference
    if len(digits) != total or not 6 <= len(company) <= 12 or not (digits.isdecimal() and urn.isascii()):
        return None
    if (dot != "") if follows is None else (dot != "." or not _follows(follows, more)):
        return None
    body = reference[:1] + company + reference[1:] if layout == _ITEM else digits
    if key == "8003":
        body = "0" + body
    body += check_digit(body)
    if key == "8006":
        body, more = body + more[0:2] + more[3:5], more[6:]
    if before is None or (key == "414" and more == "0"):
        return f"{HOME}/{key}/{body}"
    return f"{HOME}/{key}/{body}{before}{_encoded(more)}"


def _follows(pattern: re.Pattern[str], text: str) -> bool:
    # Most serials are plain letters and digits, which needs no pattern to see.
    if pattern is _SERIAL_20 and len(text) <= 20 and text.isalnum() and text.isascii():
        return True
    return pattern.fullmatch(text) is not None


def _from_word(scheme: str, rest: str) -> str | None:
    if scheme not in _WORDS:
        return None
    key, characters, follows, before = _WORDS[scheme]
    company, _, reference = rest.partition(".")
    more = ""
    if follows is not None:
        reference, _, more = reference.rpartition(".")
        if not follows.fullmatch(more):
            return None
    if not 6 <= len(company) <= 12 or not company.isdecimal() or not characters.fullmatch(reference):
        return None
    if len(company) + len(reference) - 2 * reference.count("%") > _MOST_CHARACTERS:
        return None
    body = company + _encoded(reference)
    return f"{HOME}/{key}/{body}" if before is None else f"{HOME}/{key}/{body}{before}{more}"


def _encoded(text: str) -> str:
    """With the characters percent-encoded that a URN has plain and a Digital Link has not."""
    return text if text.isalnum() or _SAFE.fullmatch(text) else text.translate(_ENCODED)


def _from_link(uri: str) -> str | None:
    match = _LINK.fullmatch(uri)
    if match is None:
        return None
    words = [_NAMES.get(word, word) for word in match[1].split("/")[1:]]
    if words and not words[-1]:
        words.pop()
    # A resolver may stand under a path of its own, so the key is looked for from the left.
    for place in range(len(words) - 1):
        if words[place] in _KEYS and words[place + 1][:4].isdigit() and len(words[place + 1]) > 4:
            return _constrained(words[place:])
    return None


def _constrained(words: list[str]) -> str | None:
    key, value, *rest = words
    if key == "01" and value.isdigit() and len(value) in (8, 12, 13):
        value = value.zfill(14)
    if len(rest) % 2 or not _KEYS[key].fullmatch(value):
        return None
    told = dict(zip(rest[::2], rest[1::2], strict=True))
    known = _QUALIFIERS.get(key, {})
    for name, text in told.items():
        if name not in _DROPPED.get(key, ()) and (name not in known or not known[name].fullmatch(text)):
            return None
    for name in known:
        if name in told:
            return f"{HOME}/{key}/{value}/{name}/{told[name]}"
    return f"{HOME}/{key}/{value}"


_SCHEMES: Final[dict[tuple[str, str | None], str]] = {
    ("01", "21"): "id:sgtin", ("01", "235"): "id:upui", ("01", "10"): "class:lgtin", ("01", None): "idpat:sgtin",
    ("8006", "21"): "id:itip", ("8006", None): "idpat:itip", ("00", None): "id:sscc", ("414", None): "id:sgln",
    ("414", "254"): "id:sgln", ("417", None): "id:pgln", ("8003", None): "id:grai", ("253", None): "id:gdti",
    ("255", None): "id:sgcn", ("8018", None): "id:gsrn", ("8017", None): "id:gsrnp", ("402", None): "id:gsin",
    ("8004", None): "id:giai", ("401", None): "id:ginc", ("8010", "8011"): "id:cpi", ("8010", None): "idpat:cpi",
}  # fmt: skip
# Keys whose serial follows without a separator, and how long they are without one.
_SERIAL_INSIDE: Final = {"8003": 14, "253": 13, "255": 13}
_DECODED: Final = {text: chr(code) for code, text in _ENCODED.items()}


def to_urn(link: str, *, company_prefix_length: int) -> str:
    """The EPC URN of a Digital Link whose company prefix has that many digits (6 to 12), check digit verified.

    The length cannot be read from the link: it is what GS1 gave to the company. Raises EpcisError where the text is no
    GS1 Digital Link, its check digit is wrong, or it has no EPC URN (a lot of an ITIP, for instance).

    >>> to_urn("https://id.gs1.org/01/04012345111118/21/98%22", company_prefix_length=7)
    'urn:epc:id:sgtin:4012345.011111.98%22'
    """
    found = canonical(link)
    if found is None or not link.startswith("http"):
        raise EpcisError(f"{link!r} is not a GS1 Digital Link")
    if not 6 <= company_prefix_length <= 12:
        raise EpcisError("a GS1 company prefix has 6 to 12 digits")
    key, value, *rest = found[len(HOME) + 1 :].split("/")
    scheme = _SCHEMES.get((key, rest[0] if rest else None))
    if key in _SERIAL_INSIDE and len(value) == _SERIAL_INSIDE[key] and scheme:
        scheme = scheme.replace("id:", "idpat:")
    if scheme is None:
        raise EpcisError(f"{link!r} has no EPC URN")
    urn = f"urn:epc:{scheme}:" + _laid_out(key, value, rest[1] if rest else None, company_prefix_length, link)
    if _from_urn(urn) != found:
        raise EpcisError(f"{link!r} has no EPC URN with a company prefix of {company_prefix_length} digits")
    return urn


def _laid_out(key: str, value: str, qualifier: str | None, length: int, link: str) -> str:
    """What follows the scheme of the URN."""
    tail = [_plain(qualifier)] if qualifier is not None else []
    if key in ("8004", "401", "8010"):
        return ".".join([value[:length], _plain(value[length:]), *(tail or (["*"] if key == "8010" else []))])
    size = {"00": 18, "01": 14, "8006": 14, "8003": 14, "402": 17, "8017": 18, "8018": 18}.get(key, 13)
    bare, check, after = value[: size - 1], value[size - 1], value[size:]
    if check_digit(bare) != check:
        raise EpcisError(f"{link!r} has a wrong check digit")
    if key in ("00", "01", "8006"):
        parts = [bare[1 : length + 1], bare[0] + bare[length + 1 :]]
    else:
        bare = bare[1:] if key == "8003" else bare
        parts = [bare[:length], bare[length:]]
    if key == "8006":
        parts += [after[:2], after[2:]]
    elif after:
        tail = [_plain(after)]
    if not tail and key in ("414", "01", "8006", "8003", "253", "255"):
        tail = ["0" if key == "414" else "*"]
    return ".".join(parts + tail)


def _plain(text: str) -> str:
    for encoded, plain in _DECODED.items():
        text = text.replace(encoded, plain)
    return text

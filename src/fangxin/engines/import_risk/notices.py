"""Notices of alert systems and recalls, read into one form whatever sheet they came in.

Known without a template: the export of RASFF (European Commission), the recall list of the FDA (United States), and our
own sheet with Chinese headers. JSON is a list of objects with the same names.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from fangxin.engines.import_risk.vocabulary import Vocabulary

MOST_NOTICES = 20_000
MOST_BYTES = 20_000_000

# Our own name → headers it is known by.
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference", "通报编号", "编号", "notification_number"),
    "published_on": ("date", "published_on", "recall_date", "通报日期", "日期"),
    "text": ("subject", "product_description", "product", "通报内容", "产品名称", "产品"),
    "reason": ("reason_for_recall", "reason", "原因"),
    "category": ("category", "食品类别", "类别"),
    "origin": ("origin", "country_of_origin", "原产国", "原产国（地区）", "原产地"),
    "hazard": ("hazards", "hazard", "危害", "危害物"),
    "classification": ("classification", "通报类型"),
    "risk": ("risk_decision", "recall_class", "风险程度"),
    "distribution": ("distribution", "销往", "销往国家"),
    "maker": ("recalling_firm", "producer", "maker", "operator_name", "生产企业", "生产商"),
    "maker_number": ("producer_number", "establishment_number", "境外生产企业注册编号", "注册编号"),
    "lots": ("lot", "lots", "batch", "批号", "生产批号"),
    "gtin": ("gtin", "upc", "条码", "商品条码"),
    "made_on": ("made_on", "production_date", "生产日期"),
    "best_before": ("best_before", "expiry_date", "保质期至"),
    "type": ("type",),
}
# How the sources grade, longest first: "serious" also begins other grades.
_GRADES: tuple[tuple[str, bool | None], ...] = (
    ("class iii", False), ("class ii", False), ("class i", True), ("potentially serious", True), ("potential risk", None),
    ("not serious", False), ("no risk", False), ("serious", True), ("不严重", False), ("严重", True), ("高", True),
    ("低", False),
)  # fmt: skip
_LOT = re.compile(
    r"(?:\blots?\b|\bbatch(?:es)?\b|批号|批次)[\s:：#.]*(?:\b(?:no|numbers?|codes?)\b|号|为)?[\s:：#.]*([A-Z0-9][A-Z0-9\-/]{2,24})",
    re.IGNORECASE,
)
_GTIN = re.compile(r"(?:\b(?:UPC|GTIN|EAN)\b|条码|barcode)\D{0,12}?((?:\d[ \-]?){11,13}\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `published_on` is its day; `origins` and `distributed_to` are ISO codes; `lots` and `gtins` as printed
    without blanks. Whatever the notice does not say is empty, which is not the same as "concerns nothing"."""

    source: str
    reference: str
    published_on: date | None
    text: str
    food_class: str = ""
    products: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    hazard_text: str = ""
    serious: bool | None = None
    distributed_to: tuple[str, ...] = ()
    maker: str = ""
    maker_number: str = ""
    lots: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()
    made_on: date | None = None
    best_before_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that could not be read: its number (the first row of data is 1) and a token of what is wrong."""

    row: int
    token: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: notices in its order, rows that could not be read, rows that are no food."""

    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...] = ()
    not_food: int = 0


class Unreadable(ValueError):
    """The file is no list of notices; the argument is a token: encoding, json, headers, too_big, too_many."""


@dataclass(slots=True)
class _Collected:
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    not_food: int = 0


def read_notices(content: bytes, *, source: str, vocabulary: Vocabulary) -> Reading:
    """Notices of a CSV or JSON file. Raises `Unreadable`; single bad rows are told, not dropped in silence."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_big")
    text = _decoded(content)
    rows = _json_rows(text) if text.lstrip().startswith(("[", "{")) else _csv_rows(text)
    found = _Collected()
    for number, row in enumerate(rows, start=1):
        if number > MOST_NOTICES:
            raise Unreadable("too_many")
        _take(found, number, row, source, vocabulary)
    return Reading(tuple(found.notices), tuple(found.faults), found.not_food)


def _take(found: _Collected, number: int, row: Mapping[str, str], source: str, vocabulary: Vocabulary) -> None:
    if row.get("type") and row["type"].strip().lower() not in ("food", "食品"):
        found.not_food += 1
        return
    if not row.get("text", "").strip():
        found.faults.append(Fault(number, "no_text"))
        return
    day = row.get("published_on", "").strip()
    if day and read_day(day) is None:
        found.faults.append(Fault(number, "date", day[:40]))
        return
    found.notices.append(understand(row, source=source, vocabulary=vocabulary))


def understand(row: Mapping[str, str], *, source: str, vocabulary: Vocabulary) -> Notice:
    """One notice from its named texts (names as in the list of headers)."""
    said = {name: value.strip() for name, value in row.items()}
    text, reason = said.get("text", ""), said.get("reason", "")
    products = vocabulary.find_products(text)
    hazard_text = said.get("hazard", "") or reason
    origin = said.get("origin", "")
    return Notice(
        source=source,
        reference=said.get("reference", "")[:60],
        published_on=read_day(said.get("published_on", "")),
        text=text[:1000],
        food_class=vocabulary.class_of(said.get("category", ""), products),
        products=products,
        origins=vocabulary.find_countries(origin) if origin else vocabulary.find_countries(f"{text} {reason}"),
        hazards=_hazards(hazard_text, text, vocabulary),
        hazard_text=(hazard_text or reason)[:300],
        serious=read_seriousness(said.get("risk", "")),
        distributed_to=vocabulary.find_countries(said.get("distribution", "")),
        maker=said.get("maker", "")[:200],
        maker_number=said.get("maker_number", "")[:40],
        lots=_unique([*re.split(r"[,;，；、\n]", said.get("lots", "")), *_LOT.findall(f"{text} {reason}")]),
        gtins=_unique([digits_of(x) for x in [*_split(said.get("gtin", "")), *_GTIN.findall(text)]]),
        made_on=read_day(said.get("made_on", "")),
        best_before_on=read_day(said.get("best_before", "")),
    )


def _hazards(named: str, text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Groups of the hazards that are named one by one; where none is named, what the text speaks of."""
    groups = {group for part in named.split(",") if (group := vocabulary.hazard_of(part))}
    return tuple(row.code for row in vocabulary.hazards if row.code in groups) or vocabulary.find_hazards(text)


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[,;，；、\s]+", text) if part]


def _unique(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({plain_number(value) for value in values if any(c.isdigit() for c in value)}))[:50]


def plain_number(text: str) -> str:
    """A lot number as it is compared: upper case, without blanks and hyphens.

    >>> plain_number("lot-23 b7")
    'LOT23B7'
    """
    return re.sub(r"[\s\-_./]+", "", text).upper()


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def read_seriousness(text: str) -> bool | None:
    """Whether the source calls it serious; None where it does not say."""
    low = " ".join(text.lower().split())
    return next((grade for word, grade in _GRADES if low.startswith(word)), None)


def read_day(text: str) -> date | None:
    """A day as the known sources write it: 2024-05-06 (with or without a time), 2024/5/6, 05/06/2024 (month first)."""
    text = text.strip().split(".")[0] if text.count(".") == 1 and ":" in text else text.strip()
    text = text.split(" ")[0].split("T")[0]
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d"):
        try:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return day if 1990 <= day.year <= 2100 else None
    return None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable("encoding")


def _names(headers: Sequence[str]) -> dict[str, str]:
    known = {header.lower(): name for name, spelled in _HEADERS.items() for header in (*spelled, name)}
    named = {header: known[header.strip().lower()] for header in headers if header.strip().lower() in known}
    if "text" not in named.values():
        raise Unreadable("headers")
    return named


def _csv_rows(text: str) -> Iterator[Mapping[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        named = _names([header or "" for header in reader.fieldnames or ()])
        for row in reader:
            yield _row({header: value for header, value in row.items() if isinstance(value, str)}, named)
    except csv.Error:
        raise Unreadable("headers") from None


def _json_rows(text: str) -> Iterator[Mapping[str, str]]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    rows = values.get("results", values.get("notices", [values])) if isinstance(values, dict) else values
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable("json")
    named = _names(list(dict.fromkeys(str(key) for row in rows for key in row)))
    for row in rows:
        yield _row({str(key): _text(value) for key, value in row.items()}, named)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return "" if value is None else str(value)


def _row(texts: Mapping[str, str], named: Mapping[str, str]) -> Mapping[str, str]:
    row: dict[str, str] = {}
    for header, name in named.items():
        if texts.get(header) and not row.get(name):
            row[name] = texts[header].replace("\0", "")
    return row

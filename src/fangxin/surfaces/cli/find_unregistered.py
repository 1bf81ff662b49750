"""`fangxin find-unregistered FILE --out CSV`: which places of an outside list are probably in no register.

With `--register CSV` no database is needed; without it the platform's own register is read.
"""

import argparse
import csv
import gzip
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fangxin.engines.matching import Absence, Premises, absences
from fangxin.surfaces.cli import MISUSE

# What columns are called, in comparable form: small letters, no blanks or underscores.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "店铺名称", "店名", "商户名称", "商家名称", "门店名称", "单位名称", "经营者名称", "招牌", "招牌名称", "场所名称",
             "企业名称", "字号", "name", "shopname", "shop", "storename", "store", "merchantname", "merchant", "businessname"),
    "address": ("地址", "经营地址", "门店地址", "店铺地址", "详细地址", "经营场所", "住所", "摊位位置", "address", "addr",
                "location", "storeaddress", "shopaddress"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "座机", "phone", "tel", "telephone", "mobile",
              "phonenumber", "contact"),
    "division": ("区划代码", "区划", "行政区划代码", "division", "divisioncode"),
    "township": ("乡镇", "乡镇街道", "乡镇（街道）", "街道", "township", "town"),
    "latitude": ("纬度", "lat", "latitude"),
    "longitude": ("经度", "lng", "lon", "longitude"),
    "credit_code": ("统一社会信用代码", "信用代码", "uscc", "creditcode"),
    "licence": ("证号", "许可证号", "许可证编号", "证件编号", "登记证编号", "登记证号", "备案卡号", "licence", "license", "licenceno",
                "licenseno"),
    "number": ("编号", "底册编号", "序号", "id", "number", "registernumber"),
}  # fmt: skip
REASONS = {
    "licence": "证号相同", "name": "名称相近", "credit_code": "信用代码相同", "address": "地址相近", "phone": "电话相同",
    "near": "位置相近", "township": "同一乡镇", "other_credit_code": "信用代码不同", "other_name": "名称不同",
    "other_trade": "业态不同", "far": "位置远", "other_township": "不在同一乡镇",
}  # fmt: skip
ADDED = ("未登记概率", "最相近的底册名称", "最相近的底册地址", "底册编号", "相似度", "依据")
_AREA = re.compile(
    r"^(?:[^\d\s]{2,8}?省)?(?:[^\d\s]{2,8}?市)?(?:([^\d\s]{1,7}?[县区]))?(?:([^\d\s]{1,6}?(?:镇|乡|街道)))?"
)
# A place name at the head of fewer addresses than this is chance.
_OFTEN = 5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Exception):
    """A file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    headers: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    columns: Mapping[str, str]


def register(commands: Any) -> None:
    parser = commands.add_parser("find-unregistered", help="rank an outside list by probability of being unregistered")
    parser.add_argument("file", help="the list: CSV (also .gz) or xlsx with a column of names")
    parser.add_argument("--out", required=True, help="where the ranked list goes, as CSV")
    parser.add_argument("--register", help="the register as CSV or xlsx; without it the platform's database is read")
    parser.add_argument("--division", default="", help="of the database only the premises below this division code")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        table = read_table(Path(args.file))
        known, places = _from_file(Path(args.register)) if args.register else _from_database(args.division)
        found = rank(table, known, places)
        write(Path(args.out), table, found, {row.key: row for row in known})
    except (Unreadable, OSError, EOFError) as error:
        print(error, file=sys.stderr)
        return MISUSE
    probable = sum(one.probability >= 0.5 for one in found)
    print(
        f"{len(found)} rows compared with {len(known)} of the register; {probable} are probably unregistered",
        file=sys.stderr,
    )
    return 0


def rank(table: Table, known: Sequence[Premises], places: Mapping[str, str]) -> list[Absence]:
    """The rows of a list, most probably unregistered first. Keys are the rows' places in the list."""
    entries = [_premises(f"{n:08d}", row, table.columns, places) for n, row in enumerate(table.rows)]
    strip = sorted({*places, *_areas(entry.address for entry in entries)})
    return absences(entries, known, strip=strip)


# --- reading ----------------------------------------------------------------------------------------------------------


def read_table(path: Path) -> Table:
    headers, rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    columns: dict[str, str] = {}
    for meaning, words in HEADERS.items():
        found = next((h for word in words for h in headers if _plain(h) == word), None)
        if found is not None:
            columns[meaning] = found
    if "name" not in columns:
        raise Unreadable(
            f"{path.name} has no column of names; call it 名称 or name (found: {', '.join(h for h in headers if h)[:200]})"
        )
    if not rows:
        raise Unreadable(f"{path.name} has no rows")
    return Table(tuple(headers), tuple(rows), columns)


def _plain(header: str) -> str:
    return re.sub(r"[\s_*：:]+", "", header).lower()


def _csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if path.suffix.lower() == ".gz" else raw
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What office programs of the region save when nobody asks them for anything else.
        text = raw.decode("gb18030", errors="replace")
    lines = list(csv.reader(io.StringIO(text.replace("\0", ""))))
    return _rows(lines)


def _xlsx(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError) as error:
        raise Unreadable(f"{path.name} is no readable xlsx file ({error}); save it as CSV") from None
    return _rows(lines)


def _rows(lines: Sequence[Sequence[str]]) -> tuple[list[str], list[dict[str, str]]]:
    filled = [list(line) for line in lines if any(cell.strip() for cell in line)]
    if not filled:
        return [], []
    headers = [cell.strip() or f"column {n + 1}" for n, cell in enumerate(filled[0])]
    return headers, [
        dict(zip(headers, (c.strip() for c in [*line, *[""] * len(headers)]), strict=False)) for line in filled[1:]
    ]


def _premises(key: str, row: Mapping[str, str], columns: Mapping[str, str], places: Mapping[str, str]) -> Premises:
    value = {meaning: row.get(header, "") for meaning, header in columns.items()}
    address = value.get("address", "")
    division = re.sub(r"\D", "", value.get("division", ""))
    if len(division) not in (6, 9, 12):
        division = places.get(value.get("township", ""), "") or township_in(address, places)
    return Premises(
        key=key,
        name=value.get("name", ""),
        address=address,
        phone=value.get("phone", ""),
        division=division,
        latitude=_degrees(value.get("latitude", ""), 90),
        longitude=_degrees(value.get("longitude", ""), 180),
        credit_code=value.get("credit_code", ""),
        licence=value.get("licence", ""),
    )


def _degrees(text: str, most: int) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -most <= number <= most and number else None


def township_in(address: str, places: Mapping[str, str]) -> str:
    """The code of the township whose name stands in an address; nothing if none or two do."""
    codes = {code for name, code in places.items() if len(name) > 1 and name in address}
    return codes.pop() if len(codes) == 1 else ""


def _areas(addresses: Iterable[str]) -> set[str]:
    """County and township names at the head of many addresses: they tell nothing inside the county."""
    found = Counter(part for address in addresses for part in _AREA.match(address).groups() if part)  # type: ignore[union-attr]
    return {name for name, count in found.items() if count >= _OFTEN}


# --- the register -----------------------------------------------------------------------------------------------------


def _from_file(path: Path) -> tuple[list[Premises], dict[str, str]]:
    table = read_table(path)
    places: dict[str, str] = {}
    if "township" in table.columns and "division" in table.columns:
        for row in table.rows:
            name, code = row[table.columns["township"]], re.sub(r"\D", "", row[table.columns["division"]])
            if name and len(code) >= 9:
                places[name] = code[:9]
    number = table.columns.get("number")
    known = []
    for n, row in enumerate(table.rows):
        key = row[number] if number and row[number] else f"{n + 1}"
        known.append(_premises(key, row, table.columns, places))
    return known, places


def _from_database(division: str) -> tuple[list[Premises], dict[str, str]]:
    """What the register holds and has not closed."""
    from fangxin.surfaces.cli.platform import start_django  # noqa: PLC0415  (a file command needs no settings)

    start_django()
    from fangxin.kernel.people import api as people  # noqa: PLC0415
    from fangxin.kernel.registry import api as registry  # noqa: PLC0415

    if not re.fullmatch(r"\d{0,12}", division):
        raise Unreadable("--division takes the digits of a division code")
    rows = registry.Premises.objects.filter(merged_into=None).exclude(status="closed").order_by("pk")
    if division:
        rows = rows.filter(people.under(division))
    known = [
        Premises(number, name, address, phone, code, lat, lng, uscc)
        for number, name, address, phone, code, lat, lng, uscc in rows.values_list(
            "number", "name", "address", "phone", "division_code", "latitude", "longitude", "operator__uscc"
        )
    ]
    if not known:
        raise Unreadable("the register is empty; load it first, or name a file with --register")
    places = {name: code for code, name in people.townships(division or "")} if division else _townships(people)
    return known, places


def _townships(people: Any) -> dict[str, str]:
    kinds = ("street", "town", "township")
    rows = people.Division.objects.filter(valid_to=None, kind__in=kinds).values_list("name", "code")
    names = Counter(name for name, _code in rows)
    return {name: code for name, code in rows if names[name] == 1}


# --- writing ----------------------------------------------------------------------------------------------------------


def write(path: Path, table: Table, found: Sequence[Absence], known: Mapping[str, Premises]) -> None:
    """The list's own columns, kept, and what was found; cells that a spreadsheet would run are made plain text."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_safe(header) for header in (*table.headers, *ADDED)])
        for one in found:
            row = table.rows[int(one.entry)]
            writer.writerow([_safe(row.get(h, "")) for h in table.headers] + [_safe(v) for v in _added(one, known)])


def _added(one: Absence, known: Mapping[str, Premises]) -> list[str]:
    probability = f"{one.probability:.4f}"
    if one.nearest is None or one.match is None:
        return [probability, "", "", "", "", "底册中没有相近的"]
    nearest = known[one.nearest]
    reasons = "、".join(REASONS[reason.token] for reason in one.match.reasons)
    return [
        probability,
        nearest.name,
        nearest.address,
        nearest.key,
        f"{one.match.score:.2f}",
        reasons or "没有相近之处",
    ]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

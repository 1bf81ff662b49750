"""`fangxin judge FILE`: laboratory results in, one verdict per row out, without database, settings or secret."""

import argparse
import csv
import gzip
import io
import json
import os
import re
import sys
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fangxin.engines.limits import Judge, Measured, Outcome, Reason, TableFault, Verdict
from fangxin.kernel.catalog import limits
from fangxin.surfaces.cli import MISUSE

DONE = 0
MOST_BYTES = 500_000_000
MOST_CELLS = 20_000_000
ADDED = (
    "outcome", "lawful_use", "limit", "limit_unit", "standard", "edition", "clause", "match_path", "comparison", "reason",
    "reason_code", "missing",
)  # fmt: skip
# What columns are called, in comparable form: small letters, no blanks, brackets or underscores.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "sample_id": ("sampleid", "sample", "id", "样品编号", "抽样编号", "样品号", "抽样单编号", "编号", "样品id", "序号"),
    "food": ("food", "foodname", "product", "食品", "食品名称", "样品名称", "产品名称", "抽检产品", "样品", "产品", "名称"),
    "food_class": ("foodclass", "foodcategory", "category", "食品类别", "食品分类", "食品大类", "食品细类", "类别", "分类"),
    "analyte": ("analyte", "item", "检测项目", "检验项目", "项目", "不合格项目", "检测参数", "检验参数", "项目名称"),
    "value": ("value", "result", "检测结果", "检验结果", "结果", "实测值", "检验结果原文", "结果值", "测定值", "检测值"),
    "expression": ("expression", "表述", "结果表述", "表达方式", "结果类型"),
    "unit": ("unit", "units", "单位", "计量单位", "结果单位", "检验结果单位"),
    "lod": ("lod", "检出限", "方法检出限", "mdl"),
    "loq": ("loq", "定量限", "方法定量限"),
    "dry_basis": ("drybasis", "干基", "干重计", "是否干基"),
    "moisture": ("moisture", "水分", "含水量", "水分含量"),
    "sampled_on": ("sampledon", "samplingdate", "sampledate", "date", "抽样日期", "采样日期", "取样日期", "抽检日期", "购进日期"),
    "production_on": ("productionon", "productiondate", "生产日期", "生产日期或批号", "加工日期", "生产日期批号"),
    "animal": ("animal", "species", "动物", "动物种类", "畜种"),
    "tissue": ("tissue", "组织", "组织部位", "部位"),
    "land_use": ("landuse", "土地利用", "土地利用类型", "土地利用方式", "用地类型"),
    "ph": ("ph", "土壤ph", "ph值"),
    "water_class": ("waterclass", "targetclass", "水质目标", "目标水质", "目标类别", "目标水质类别", "水质类别"),
    "replicate": ("replicate", "rep", "平行", "平行号", "平行样", "样本序号", "样品序号", "份数序号"),
}  # fmt: skip
_NEEDED = ("food", "analyte", "value")


class Unreadable(Exception):
    """A file cannot be used; the message says why and what to do."""


def register(commands: Any) -> None:
    parser = commands.add_parser("judge", help="judge laboratory results against the limits in force")
    parser.add_argument("file", help="results: CSV, TSV, JSON, JSON lines or xlsx, plain or .gz")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON array, one object per row (default)")
    form.add_argument("--csv", action="store_true", help="a CSV table, one line per row")
    parser.add_argument(
        "--standards", default="", help="the folder of the standards; default: that of the installation"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        rows = read_rows(Path(args.file))
        judge = limits.the_judge(_standards(args.standards))
    except (Unreadable, OSError) as error:
        print(f"fangxin judge: {error}", file=sys.stderr)
        return MISUSE
    except TableFault as error:
        print(f"fangxin judge: the standards cannot be used: {error}", file=sys.stderr)
        return MISUSE
    verdicts = judge_rows(judge, rows)
    (_write_csv if args.csv else _write_json)(rows, verdicts)
    return DONE


def _standards(told: str) -> Path:
    return Path(told or os.environ.get("FANGXIN_STANDARDS_DIR") or Path(__file__).resolve().parents[4] / "standards")


def judge_rows(judge: Judge, rows: Sequence[Mapping[Any, Any]]) -> list[Verdict]:
    """One verdict per row. A row that cannot be read is undetermined and stops no other."""
    columns = find_columns(rows[0]) if rows else {}
    broken = [None in row for row in rows]
    good = [measured(row, columns) for row, bad in zip(rows, broken, strict=True) if not bad]
    told = iter(judge.judge_batch(good))
    return [_broken() if bad else next(told) for bad in broken]


def _broken() -> Verdict:
    return Verdict(Outcome.UNDETERMINED, reason=Reason.of("row_unreadable", what="单元格多于表头"), missing=("value",))


def find_columns(row: Mapping[Any, Any]) -> dict[str, str]:
    """Our names to the file's, by exact name first, then by what people call them. Units in a header's brackets go."""
    keys = {_key(header): header for header in reversed([h for h in row if isinstance(h, str)])}
    found = {}
    for name, spellings in HEADERS.items():
        header = next((keys[key] for key in (_key(name), *spellings) if key in keys), None)
        if header is not None and header not in found.values():
            found[name] = header
    return found


def _key(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|[\s_/（）-]+", "", text)


def measured(row: Mapping[Any, Any], columns: Mapping[str, str]) -> Measured:
    """The row's fields as text; days and truths stay what they are."""
    fields = {name: _field(row.get(header)) for name, header in columns.items()}
    for name in ("sample_id", "food", "analyte"):
        fields[name] = str(fields.get(name) if fields.get(name) is not None else "")
    return Measured(**fields)


def _field(value: Any) -> Any:
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).replace("\x00", "").strip()


# --- reading ----------------------------------------------------------------------------------------------------------


def read_rows(path: Path) -> list[dict[Any, Any]]:
    """The rows of a results file, in order; a row with more cells than headers keeps them under None."""
    data = _bytes(path)
    name = path.name.lower().removesuffix(".gz")
    if data[:4] == b"PK\x03\x04" or name.endswith((".xlsx", ".xlsm")):
        rows = _from_workbook(data)
    elif name.endswith((".json", ".jsonl", ".ndjson")) or data.lstrip()[:1] in (b"[", b"{"):
        rows = _from_json(_text(data))
    else:
        rows = _from_csv(_text(data), tabs=name.endswith((".tsv", ".tab")))
    missing = [name for name in _NEEDED if rows and name not in find_columns(rows[0])]
    if missing:
        raise Unreadable(f"the file has no column for {', '.join(missing)}")
    return rows


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error
    except (EOFError, zlib.error) as error:
        raise Unreadable(f"{path} is a damaged .gz file") from error
    if len(data) > MOST_BYTES:
        raise Unreadable(f"{path} is larger than {MOST_BYTES // 1_000_000} MB unpacked")
    return data


def _text(data: bytes) -> str:
    codings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("the file is neither UTF-8 nor GB 18030 text")


def _from_csv(text: str, *, tabs: bool) -> list[dict[Any, Any]]:
    first = text.partition("\n")[0]
    sign = "\t" if tabs or ("\t" in first and "," not in first) else ";" if ";" in first and "," not in first else ","
    csv.field_size_limit(10_000_000)
    try:
        return list(csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=sign))
    except csv.Error as error:
        raise Unreadable(f"the table cannot be read: {error}") from error


def _from_json(text: str) -> list[dict[Any, Any]]:
    try:
        try:
            found = json.loads(text, parse_float=Decimal, parse_constant=str)
        except json.JSONDecodeError:
            found = [
                json.loads(line, parse_float=Decimal, parse_constant=str) for line in text.splitlines() if line.strip()
            ]
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(f"the JSON cannot be read: {error}") from error
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), [found])
    if not all(isinstance(row, dict) for row in found):
        raise Unreadable("the JSON is no list of objects")
    headers = list(dict.fromkeys(key for row in found for key in row))
    return [{key: row.get(key) for key in headers} for row in found] if found else []


def _from_workbook(data: bytes) -> list[dict[Any, Any]]:
    from zipfile import BadZipFile  # noqa: PLC0415  only this form of file needs it, and start-up stays fast

    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise Unreadable(f"the workbook cannot be read: {error}") from error
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise Unreadable("the sheet is too large")
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    # Cells that were merged say in every row what the first one says.
    for merged in sheet.merged_cells.ranges:
        for row in range(merged.min_row - 1, merged.max_row):
            for column in range(merged.min_col - 1, merged.max_col):
                cells[row][column] = cells[merged.min_row - 1][merged.min_col - 1]
    filled = [row for row in cells if any(cell not in (None, "") for cell in row)]
    if not filled:
        return []
    headers = [str(cell) if cell is not None else f"column {number}" for number, cell in enumerate(filled[0], start=1)]
    return [dict(zip(headers, map(_cell, row), strict=True)) for row in filled[1:]]


def _cell(value: Any) -> Any:
    return value.date().isoformat() if isinstance(value, datetime) else value


# --- writing ----------------------------------------------------------------------------------------------------------


def added(verdict: Verdict) -> dict[str, Any]:
    """The columns of the answer."""
    return {
        "outcome": verdict.outcome.value,
        "lawful_use": verdict.lawful_use.value,
        "limit": verdict.limit,
        "limit_unit": verdict.limit_unit or None,
        "standard": verdict.standard or None,
        "edition": verdict.edition or None,
        "clause": verdict.clause or None,
        "match_path": list(verdict.match_path),
        "comparison": verdict.comparison or None,
        "reason": verdict.text or None,
        "reason_code": verdict.reason.code or None,
        "missing": list(verdict.missing),
    }


def _write_json(rows: Iterable[Mapping[Any, Any]], verdicts: Iterable[Verdict]) -> None:
    print("[", end="")
    for number, (row, verdict) in enumerate(zip(rows, verdicts, strict=True)):
        kept = {key if key is not None else "": value for key, value in row.items()}
        said = json.dumps({**kept, **added(verdict)}, ensure_ascii=False, default=_plain)
        print(("," if number else "") + "\n" + said, end="")
    print("\n]")


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    return str(value)


def _write_csv(rows: Sequence[Mapping[Any, Any]], verdicts: Iterable[Verdict]) -> None:
    headers = [key for key in (rows[0] if rows else {}) if key is not None and key not in ADDED]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*headers, *ADDED])
    for row, verdict in zip(rows, verdicts, strict=True):
        found = added(verdict)
        told = [
            " > ".join(value)
            if isinstance(value, list)
            else format(value, "f")
            if isinstance(value, Decimal)
            else value
            for value in (found[name] for name in ADDED)
        ]
        writer.writerow([*(row.get(key) for key in headers), *told])

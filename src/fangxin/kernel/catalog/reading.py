"""From reviewed files to editions. A file is one edition, or a list of tables that are editions each."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines.evidence import canonical_json, digest
from fangxin.kernel.catalog.data import EditionFacts

_LENGTHS = {"name": 200, "article": 200, "source": 500, "confidence": 20, "entered_by": 100, "checked_by": 100}


class UnreadableRule(ValueError):
    """A rule file cannot be read; the message says which and why."""


def read_directory(folder: Path) -> list[EditionFacts]:
    """All editions in `folder/<kind>/*.toml`, in a fixed order."""
    found = []
    for path in sorted(folder.glob("*/*.toml")):
        try:
            text = path.read_text(encoding="utf-8")
            values = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UnreadableRule(
                _("规则文件 %(file)s 读不出来：%(why)s") % {"file": path.name, "why": error}
            ) from error
        found += read_file(path.parent.name, f"{path.parent.name}/{path.name}", text, values)
    return found


def read_file(kind: str, file: str, text: str, values: Mapping[str, Any]) -> list[EditionFacts]:
    """The editions of one file: the file itself, or every table in it that carries its own `in_force_from`."""
    head = {key: value for key, value in values.items() if not isinstance(value, list | dict)}
    if "in_force_from" not in head:
        tables = list(_dated_tables(values))
        if tables:
            return [_facts(kind, file, {**head, **table}, canonical_json(_plain(table))) for table in tables]
    return [_facts(kind, file, head, text)]


def _dated_tables(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in values.values():
        tables = value if isinstance(value, list) else []
        yield from (t for t in tables if isinstance(t, dict) and "in_force_from" in t)


def _facts(kind: str, file: str, head: Mapping[str, Any], body: str) -> EditionFacts:
    stem = Path(file).stem
    starts = _day(file, head, "in_force_from")
    code = str(head.get("code") or head.get("id") or stem)[:80]
    texts = {key: str(head.get(key, ""))[:length] for key, length in _LENGTHS.items()}
    texts["name"] = str(head.get("name") or head.get("title") or head.get("start_event") or code)[:200]
    return EditionFacts(
        kind=kind,
        code=code,
        edition=str(head.get("edition") or (starts.isoformat() if starts else "1"))[:60],
        in_force_from=starts,
        in_force_to=_day(file, head, "in_force_to"),
        next_review=_day(file, head, "next_review"),
        file=file,
        body=body,
        digest=digest(body.encode()),
        **texts,
    )


def _day(file: str, head: Mapping[str, Any], key: str) -> date | None:
    value = head.get(key)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if value else None
        except ValueError:
            value = ...
    if isinstance(value, datetime) or not (value is None or isinstance(value, date)):
        raise UnreadableRule(_("规则文件 %(file)s 的 %(key)s 不是日期。") % {"file": file, "key": key})
    return value


def _plain(value: Any) -> Any:
    """TOML's floats as text, since a canonical form has none."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, float) else value

"""What the views of this action share: lists, acts on one thing, files."""

from collections.abc import Mapping
from typing import Any

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import lists

BANDS = {"high": "bad", "medium": "warn", "low": "plain"}


class AreaFilter(lists.AreaFilter):
    ability = "import.lists"


def kept(file: Any, by: Any) -> Any:
    """An uploaded file as evidence; None where nothing was sent."""
    return ledger.store_evidence(name=file.name, content=file.read(), by=by) if file else None


def with_evidence(values: Mapping[str, Any], by: Any) -> dict[str, Any]:
    """The cleaned form with its file turned into evidence."""
    found = dict(values)
    file = found.pop("file", None)
    return {**found, "evidence": kept(file, by)}

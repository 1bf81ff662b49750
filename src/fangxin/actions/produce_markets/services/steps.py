"""What all writing of this action shares."""

from typing import Any

from fangxin.kernel.ledger import api as ledger


def stored(file: Any, by: Any) -> Any:
    """An uploaded file as evidence; None where none was given."""
    return None if file is None else ledger.store_evidence(name=file.name, content=file.read(), by=by)

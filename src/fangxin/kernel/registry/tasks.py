from typing import Any

from django.core.exceptions import ValidationError

from fangxin.kernel.people import api as people
from fangxin.kernel.registry.importing.batches import apply_batch, give_back
from fangxin.kernel.registry.models import ImportBatch


def apply_import(progress: Any, *, batch: int, user: int) -> dict[str, int]:
    """Apply a long table. Done once however often it is called: the batch leaves its state in the same transaction."""
    found = ImportBatch.objects.get(pk=batch)
    if found.state == ImportBatch.State.APPLYING:
        progress.tell(0, found.total)
        try:
            apply_batch(batch=found, by=people.User.objects.get(pk=user))
        except ValidationError:
            give_back(batch=found)
            raise
        progress.tell(found.total, found.total)
    return {"rows": found.total}

"""Work done apart from a page: writing a long sheet of results."""

from typing import Any

from django.core.exceptions import ValidationError

from fangxin.kernel.laboratory import importing
from fangxin.kernel.laboratory.models import ResultFile
from fangxin.kernel.people import api as people


def apply_file(progress: Any, *, file: int, user: int) -> dict[str, int]:
    """Done once however often it is called: the sheet leaves its state in the same transaction."""
    found = ResultFile.objects.get(pk=file)
    if found.state == ResultFile.State.APPLYING:
        progress.tell(0, found.total)
        try:
            importing.apply_file(row=found, by=people.User.objects.get(pk=user))
        except ValidationError:
            importing.give_back(row=found)
            raise
        progress.tell(found.total, found.total)
    return {"rows": found.total}

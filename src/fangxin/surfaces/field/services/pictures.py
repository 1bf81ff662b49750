"""Pictures from phones: slices on the disk, then evidence under its own hash."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.surfaces.field.models import Device, Upload
from fangxin.surfaces.field.uploads import Folder, receive

# A phone may be a month without network; what stood still twice as long will not be carried on.
FORGOTTEN_AFTER_S = 60 * 86_400


def parts_of(device: Device) -> Path:
    """Where the slices of a phone's pictures wait until they are whole."""
    return _parts() / str(device.uuid)


def _parts() -> Path:
    return Path(settings.DATA_DIR) / "field-uploads"


def drop_forgotten() -> int:
    """Throw away half-sent pictures that nobody carries on. A phone that still has one begins it anew."""
    oldest, count = time.time() - FORGOTTEN_AFTER_S, 0
    for part in _parts().glob("*/*"):
        if part.stat().st_mtime < oldest:
            part.unlink(missing_ok=True)
            count += 1
    return count


def progress(folder: Path, digest: str) -> dict[str, Any]:
    upload = Upload.objects.filter(digest=digest).first()
    if upload is not None:
        return {"received": upload.size, "complete": True}
    return {"received": Folder(folder).size(digest), "complete": False}


def take_slice(device: Device, folder: Path, digest: str, *, offset: int, size: int, data: bytes) -> dict[str, Any]:
    upload = Upload.objects.filter(digest=digest).first()
    if upload is not None:
        return {"received": upload.size, "complete": True}
    parts = Folder(folder)
    now = receive(parts, digest, offset=offset, size=size, data=data)
    if not now.whole:
        return {"received": now.received, "complete": False}
    keep(device=device, digest=digest, content=parts.read(digest), by=device.user)
    # Only when it is kept for good; a crash before this leaves a part that is whole already.
    parts.drop(digest)
    return {"received": size, "complete": True}


def keep(*, device: Device, digest: str, content: bytes, by: Any) -> Upload:
    """As evidence if it is a picture; otherwise as the fact that it is none, so that nothing waits for it for ever."""
    try:
        with transaction.atomic():
            return _keep(device, digest, content, by)
    except IntegrityError:
        # Another window was a moment earlier.
        return Upload.objects.get(digest=digest)


def _keep(device: Device, digest: str, content: bytes, by: Any) -> Upload:
    file, refused = None, ""
    try:
        file = ledger.store_evidence(name=f"{digest[:16]}.jpg", content=content, by=by)
    except ValidationError as error:
        refused = " ".join(error.messages)[:200]
    return Upload.objects.create(
        digest=digest, device=device, file=file, size=len(content), refused=refused, received_at=ledger.clock.now()
    )

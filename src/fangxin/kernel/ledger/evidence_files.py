"""Evidence files: kept under their own hash, checked by their first bytes, never executed."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.evidence import digest
from fangxin.kernel.ledger import clock
from fangxin.kernel.ledger.data import Actor
from fangxin.kernel.ledger.models import EvidenceFile
from fangxin.kernel.ledger.services import record

# What may be kept, by what the bytes are; the name's ending must agree.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/zip": (".docx", ".xlsx"),
}
PLAIN = {".txt": "text/plain", ".csv": "text/csv", ".json": "application/json"}


def media_type_of(name: str, content: bytes) -> str:
    """The type the bytes show, if it is allowed and fits the name; a plain refusal otherwise."""
    ending = Path(name).suffix.lower()
    kind = filetype.guess(content[:8192])
    if kind is not None and ending in ALLOWED.get(kind.mime, ()):
        return str(kind.mime)
    if kind is None and ending in PLAIN and b"\0" not in content:
        return PLAIN[ending]
    raise ValidationError(
        _("“%(name)s”的内容与文件类型不符，或不在可收类型之内。请上传照片、PDF、Word、Excel、MP4 或文本文件。")
        % {"name": name}
    )


@transaction.atomic
def store_evidence(*, name: str, content: bytes, by: Any) -> EvidenceFile:
    """Keep the bytes and return their row; the same bytes are kept once."""
    if not content:
        raise ValidationError(_("“%(name)s”是空文件，请重新选择。") % {"name": name})
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(
            _("“%(name)s”超过 %(limit)s MB，请压缩后再传。")
            % {"name": name, "limit": settings.MAX_UPLOAD_BYTES // 1024 // 1024}
        )
    media_type = media_type_of(name, content)
    value = digest(content)
    existing = EvidenceFile.objects.filter(digest=value).first()
    if existing is not None:
        return existing
    _write(path_of(value), content)
    stored = EvidenceFile.objects.create(
        digest=value,
        name=Path(name).name[:200],
        media_type=media_type,
        size=len(content),
        stored_at=clock.now(),
        stored_by=Actor.of(by).username,
    )
    record("ledger.evidence.stored", of=None, by=by, data={"digest": value, "size": len(content)})
    return stored


def path_of(value: str) -> Path:
    return Path(settings.EVIDENCE_DIR) / value[:2] / value


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before the database speaks of it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(path)


def read_evidence(file: EvidenceFile) -> bytes:
    """The bytes, checked against their hash. ValueError when they are gone or changed."""
    content = path_of(file.digest).read_bytes()
    if digest(content, file.algorithm) != file.digest:
        raise ValueError(f"evidence {file.digest} was changed on disk")
    return content

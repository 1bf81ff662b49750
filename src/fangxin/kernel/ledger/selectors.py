from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger.models import Entry, EvidenceFile, Seal
from fangxin.kernel.ledger.services import seal_pending


def changed_since(seq: int) -> tuple[set[str], int]:
    """Division codes in which facts changed after link `seq`, and the newest link.

    Links are numbered after their transactions were committed, so nothing that commits late can slip in below.
    """
    seal_pending()
    newest = Seal.objects.aggregate(newest=Max("seq"))["newest"] or 0
    codes = (
        Entry.objects.filter(seal__seq__gt=seq, seal__seq__lte=newest)
        .exclude(division_code="")
        .exclude(event__in=[event.name for event in contribute.events if not event.counted])
        .order_by()
        .values_list("division_code", flat=True)
        .distinct()
    )
    return set(codes), newest


def entries_of(subject_type: str, subject_id: str) -> "QuerySet[Entry]":
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-pk")


def entries_of_any(subjects: Iterable[tuple[str, str]]) -> "QuerySet[Entry]":
    """What is told of any of these subjects, asked at once."""
    about = Q(pk__in=[])
    for subject_type, subject_id in subjects:
        about |= Q(subject_type=subject_type, subject_id=subject_id)
    return Entry.objects.filter(about).order_by("-pk")


def find_evidence(pk: int) -> EvidenceFile | None:
    try:
        return EvidenceFile.objects.filter(pk=pk).first()
    except OverflowError:
        return None


def find_evidence_by_digest(value: str) -> EvidenceFile | None:
    """A file that is already kept, by the hash of its bytes."""
    return EvidenceFile.objects.filter(digest=value).first()


def list_entries(user: Any) -> "QuerySet[Entry]":
    """What happened in the divisions of the person's posts. What has no place is the administrator's to see."""
    posts = user.posts_today if user.can("ledger.view") else []
    place = Q(pk__in=[])
    for post in posts:
        place |= Q(division_code__startswith=post.division_code)
        if post.role == "administrator":
            place |= Q(division_code="")
    return Entry.objects.filter(place).select_related("seal").order_by("-pk")

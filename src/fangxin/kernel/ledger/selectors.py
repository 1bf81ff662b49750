from typing import Any

from django.db.models import Max, Q, QuerySet

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
        .order_by()
        .values_list("division_code", flat=True)
        .distinct()
    )
    return set(codes), newest


def entries_of(subject_type: str, subject_id: str) -> "QuerySet[Entry]":
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-pk")


def find_evidence(pk: int) -> EvidenceFile | None:
    try:
        return EvidenceFile.objects.filter(pk=pk).first()
    except OverflowError:
        return None


def list_entries(user: Any) -> "QuerySet[Entry]":
    """What happened in the divisions of the person's posts, and what has no place."""
    if not user.can("ledger.view"):
        return Entry.objects.none()
    prefixes = [post.division_code for post in user.posts_today]
    place = Q(division_code="")
    for prefix in prefixes:
        place |= Q(division_code__startswith=prefix)
    return Entry.objects.filter(place).select_related("seal").order_by("-pk")

"""The register and the engine that finds near-duplicates: rows in, proposals with their reasons out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db.models import Q, QuerySet

from fangxin.engines import matching
from fangxin.kernel.people import api as people
from fangxin.kernel.registry.data import Proposal
from fangxin.kernel.registry.models import CensusEntry, CensusSurvey, NotDuplicate, Premises

# Two rows of the register this alike are shown to a person; a design, not a law.
DUPLICATE_FROM = 0.70
# A telephone or name shared by more rows than this tells nothing.
LARGEST_BLOCK = 40

_COLUMNS = (
    "pk", "name", "address", "phone", "division_code", "latitude", "longitude", "operator__uscc"
)  # fmt: skip


def propose(entry: CensusEntry) -> list[Proposal]:
    """What one entry may be, looked for where it was seen, by its telephone and by its name in the county."""
    county = Premises.objects.filter(people.under(entry.division_code[:6]), merged_into=None)
    near = people.under(entry.division_code[:9])
    if entry.phone_seen:
        near |= Q(phone=entry.phone_seen)
    if len(entry.name_seen) > 1:
        near |= Q(name__startswith=entry.name_seen[:4])
    return [p for _, found in _compare([entry], county.filter(near)) for p in found]


def propose_for_survey(survey: CensusSurvey) -> Iterator[tuple[CensusEntry, list[Proposal]]]:
    """Proposals for all entries of a survey that wait, against the whole register of its division."""
    waiting = survey.entries.filter(match=CensusEntry.Match.UNMATCHED).order_by("pk")
    register = Premises.objects.filter(people.under(survey.division_code), merged_into=None)
    return _compare(waiting, register)


def likely_duplicates(prefix: str, *, most: int) -> list[tuple[Premises, Premises, Proposal]]:
    """Pairs of premises of a division that look like one, best first, without those found to be two."""
    rows = Premises.objects.filter(people.under(prefix), merged_into=None)
    strip = _strip(prefix)
    register = {row.key: row for row in map(_row, _values(rows))}
    distinct = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    scored = []
    for first, second in _pairs(register.values(), strip):
        match = matching.score_pair(register[first], register[second], strip=strip)
        if match.score >= DUPLICATE_FROM and (int(first), int(second)) not in distinct:
            scored.append((match, int(first), int(second)))
    scored.sort(key=lambda one: (-one[0].score, one[1], one[2]))
    found = Premises.objects.select_related("operator").in_bulk({pk for _, *pair in scored[:most] for pk in pair})
    return [(found[a], found[b], _proposal(match, "likely", found[b])) for match, a, b in scored[:most]]


def _pairs(rows: Iterable[matching.Premises], strip: list[str]) -> list[tuple[str, str]]:
    """Pairs worth a look: same holder, telephone or address, or the same name in a township."""
    blocks: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        name = matching.normalize_name(row.name, strip=strip).core
        address = matching.normalize_address(row.address, strip=strip)
        phone = matching.normalize_phone(row.phone)
        for kind, key in (("holder", row.credit_code), ("phone", phone), ("address", address)):
            if key:
                blocks[kind, key].append(row.key)
        blocks["name", row.division[:9], name].append(row.key)
    pairs = {
        (min(a, b, key=int), max(a, b, key=int))
        for keys in blocks.values()
        if len(keys) <= LARGEST_BLOCK
        for a, b in combinations(keys, 2)
    }
    return sorted(pairs)


def _compare(
    entries: Iterable[CensusEntry], register: "QuerySet[Premises]"
) -> Iterator[tuple[CensusEntry, list[Proposal]]]:
    by_key = {str(entry.pk): entry for entry in entries}
    if not by_key:
        return
    rows = [_row(values) for values in _values(register)]
    seen = [_seen(entry) for entry in by_key.values()]
    prefix = next(iter(by_key.values())).division_code[:6]
    found = matching.candidates(seen, rows, strip=_strip(prefix))
    wanted = Premises.objects.select_related("operator").in_bulk({int(one.register) for one in found})
    proposals: defaultdict[str, list[Proposal]] = defaultdict(list)
    for one in found:
        proposals[one.entry].append(_proposal(one.match, one.certainty, wanted[int(one.register)]))
    for key, entry in by_key.items():
        yield entry, proposals.get(key, [])


def _values(register: "QuerySet[Premises]") -> Iterable[tuple[Any, ...]]:
    return register.order_by("pk").values_list(*_COLUMNS)


def _row(values: tuple[Any, ...]) -> matching.Premises:
    pk, name, address, phone, division, latitude, longitude, uscc = values
    return matching.Premises(str(pk), name, address, phone, division, latitude, longitude, uscc)


def _seen(entry: CensusEntry) -> matching.Premises:
    return matching.Premises(
        str(entry.pk),
        entry.name_seen,
        entry.address_seen,
        entry.phone_seen,
        entry.division_code,
        entry.latitude,
        entry.longitude,
    )


def _strip(prefix: str) -> list[str]:
    """Names of the county and its townships, which tell nothing inside the county."""
    county = people.division_names({prefix[:2], prefix[:4], prefix[:6]})
    return [*county.values(), *(name for _, name in people.townships(prefix[:6]))]


def _proposal(match: matching.MatchScore, certainty: str, premises: Premises) -> Proposal:
    score = Decimal(str(round(match.score, 3)))
    return Proposal(premises, certainty, score, tuple(reason.token for reason in match.reasons))

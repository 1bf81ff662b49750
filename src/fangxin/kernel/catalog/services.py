from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.catalog.data import EditionFacts, LoadReport
from fangxin.kernel.catalog.models import Edition
from fangxin.kernel.catalog.reading import read_directory
from fangxin.kernel.ledger import api as ledger


class EditionRefused(ValidationError):
    """A rule may not be loaded as it is; nothing was loaded."""


@transaction.atomic
def load_directory(*, path: Path, by: Any) -> LoadReport:
    """Load every rule under `path/<kind>/`. All or nothing; loading the same files again changes nothing."""
    known = {(e.kind, e.code, e.edition): e for e in Edition.objects.all()}
    loaded, replaced, unchanged = [], [], 0
    for facts in _each_once(read_directory(path)):
        edition = known.get((facts.kind, facts.code, facts.edition))
        if edition is None:
            edition = known[facts.kind, facts.code, facts.edition] = _load(facts, by=by)
            loaded.append(f"{facts.kind}/{facts.code}")
        elif edition.digest == facts.digest:
            unchanged += 1
        else:
            _replace(edition, facts, by=by)
            replaced.append(f"{facts.kind}/{facts.code}")
    gaps = check_spans(known.values())
    return LoadReport(tuple(loaded), tuple(replaced), unchanged, tuple(gaps))


def _each_once(found: list[EditionFacts]) -> list[EditionFacts]:
    seen: dict[tuple[str, str, str], str] = {}
    for facts in found:
        key = (facts.kind, facts.code, facts.edition)
        if key in seen:
            raise EditionRefused(
                _("规则“%(code)s”的版本“%(edition)s”在 %(first)s 和 %(second)s 中各有一份，只能保留一份。")
                % {"code": facts.code, "edition": facts.edition, "first": seen[key], "second": facts.file}
            )
        seen[key] = facts.file
    return found


def _load(facts: EditionFacts, *, by: Any) -> Edition:
    edition = Edition(**asdict(facts), loaded_at=ledger.clock.now(), loaded_by=ledger.Actor.of(by).username)
    edition.full_clean(validate_unique=False, validate_constraints=False)
    edition.save(force_insert=True)
    ledger.record("catalog.edition.loaded", of=edition, by=by, data={"digest": facts.digest, "file": facts.file})
    return edition


def _replace(edition: Edition, facts: EditionFacts, *, by: Any) -> None:
    """A text that no figure rests on yet may be corrected; a used one needs a new edition."""
    if edition.used_at is not None:
        raise EditionRefused(
            _(
                "规则“%(name)s”的版本“%(edition)s”已经用于计算或判定，内容不能再改。请换一个版本号，并填写新旧版本的施行日期。"
            )
            % {"name": edition.name, "edition": edition.edition}
        )
    for field, value in asdict(facts).items():
        setattr(edition, field, value)
    edition.loaded_at, edition.loaded_by = ledger.clock.now(), ledger.Actor.of(by).username
    edition.confirmed_at, edition.confirmed_by = None, ""  # what was confirmed was another text
    edition.save()
    ledger.record("catalog.edition.replaced", of=edition, by=by, data={"digest": facts.digest, "file": facts.file})


def check_spans(editions: Iterable[Edition]) -> list[str]:
    """Refuse two editions of a rule on one day; say which days between two editions have none."""
    groups: dict[tuple[str, str], list[Edition]] = defaultdict(list)
    for edition in editions:
        groups[edition.kind, edition.code].append(edition)
    gaps = []
    for rule in groups.values():
        rule.sort(key=lambda e: e.in_force_from or date.min)
        for earlier, later in pairwise(rule):
            gaps += _between(earlier, later)
    return gaps


def _between(earlier: Edition, later: Edition) -> list[str]:
    starts = later.in_force_from or date.min
    if starts <= (earlier.in_force_to or date.max):
        raise EditionRefused(
            _("规则“%(name)s”的版本“%(one)s”与“%(other)s”施行日期重叠。请给较早的版本填写最后施行日。")
            % {"name": earlier.name, "one": earlier.edition, "other": later.edition}
        )
    first = (earlier.in_force_to or date.max) + timedelta(days=1)
    if first == starts:
        return []
    last = starts - timedelta(days=1)
    return [_("%(name)s：%(first)s 至 %(last)s 没有施行的版本") % {"name": earlier.name, "first": first, "last": last}]


@transaction.atomic
def confirm_edition(*, edition: Edition, digest: str, by: Any) -> Edition:
    """A person answers for a rule entered from memory or by our own reading. `digest` is of the text they saw."""
    waiting = Edition.objects.filter(pk=edition.pk, confirmed_at=None, digest=digest)
    if not waiting.update(confirmed_at=ledger.clock.now(), confirmed_by=by.username):
        raise ValidationError(_("这一版本刚刚已被确认，或内容有更新。请刷新页面，看过现在的内容再确认。"))
    edition.refresh_from_db()
    ledger.record("catalog.edition.confirmed", of=edition, by=by, data={"digest": digest})
    return edition


def mark_used(editions: Iterable[Edition]) -> None:
    """Something that stays rests on these editions now, so their text may not change any more."""
    fresh = [e.pk for e in editions if e.used_at is None]
    if fresh:
        Edition.objects.filter(pk__in=fresh, used_at=None).update(used_at=ledger.clock.now())

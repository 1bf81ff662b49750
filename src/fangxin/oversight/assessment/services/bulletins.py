"""A bulletin's way: drafted from the figures → checked by another → numbered, issued, sent → read."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines.identifiers import find_personal_numbers
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment.bulletin_facts import Entry, gather, span_of
from fangxin.oversight.assessment.bulletin_paper import paper_of
from fangxin.oversight.assessment.data import MovedOn, Refused
from fangxin.oversight.assessment.models import Bulletin, BulletinItem, BulletinRead
from fangxin.oversight.assessment.services.moves import move, person_of, refuse_longer
from fangxin.oversight.plans import api as plans

State = Bulletin.State
ItemKind = BulletinItem.Kind
RECIPIENTS = ("department", "township")


@transaction.atomic
# The draft becomes an official paper: Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def draft(*, division_code: str, by: Any, period: Any = None) -> Bulletin:
    """Write the whole draft from what is known: of a return period whose day has come, or of the year to date."""
    plan = plans.current_plan(division_code) if period is None else period.plan
    if plan is None:
        raise Refused(_("没有执行中的方案，没有可以通报的目标。请先确认方案。"))
    if period is not None and period.due_on > ledger.clock.today():
        raise Refused({"period": _("这个报送日还没有到，请选已经到期的报送日，或者选“截至今天”。")})
    span = span_of(division_code=division_code, plan=plan, period=period)
    facts = gather(span)
    bulletin = Bulletin(
        division_code=division_code,
        plan=plan,
        period_name=span.name,
        since=span.since,
        as_of=span.as_of,
        snapshot=span.snapshot,
        subject=_("食品安全攻坚行动"),
        summary=_returns_words(facts.timeliness),
        figures=facts.figures,
        timeliness=facts.timeliness,
        balance=facts.balance,
        drafted_at=ledger.clock.now(),
        drafted_by=person_of(by),
    )
    bulletin.full_clean()
    bulletin.save()
    _sign(bulletin, by)
    BulletinItem.objects.bulk_create(
        [
            *_items(bulletin, ItemKind.PRACTICE, facts.practices),
            *_items(bulletin, ItemKind.PROBLEM, facts.problems),
        ]
    )
    ledger.record("assessment.bulletin.drafted", of=bulletin, by=by, data={"as_of": span.as_of})
    return bulletin


def _returns_words(timeliness: Mapping[str, Any]) -> str:
    if not timeliness["due"]:
        return _("本期没有到期的工作总结。")
    late = len(timeliness["late"])
    text = _("本期应报送工作总结%(due)s份，按时报送%(in_time)s份。") % timeliness
    return text + (_("迟报、未报%(n)s份，名单见“存在问题”。") % {"n": late} if late else "")


def _items(bulletin: Bulletin, kind: str, entries: list[Entry]) -> list[BulletinItem]:
    return [
        BulletinItem(
            bulletin=bulletin, kind=kind, order=order, title=_cut(entry.title, 100),
            text=_cut(entry.text, 5000), agencies=_cut("、".join(entry.agencies), 500),
            source=entry.source,
        )
        for order, entry in enumerate(entries, start=1)
    ]  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _sign(bulletin: Bulletin, by: Any) -> None:
    person = person_of(by)
    if person is not None:
        bulletin.writers.add(person)


@transaction.atomic
def edit(*, bulletin: Bulletin, texts: Mapping[str, str], items: list[BulletinItem], by: Any) -> Bulletin:
    """Change the words of a draft. Figures cannot be changed here or anywhere."""
    fields = {name: texts[name] for name in ("period_name", "subject", "summary", "next_steps") if name in texts}
    move(bulletin, taken_from=(State.DRAFT,), to=State.DRAFT, **fields)
    bulletin.full_clean()
    for item in items:
        item.bulletin = bulletin
        item.full_clean()
        item.save()
    _sign(bulletin, by)
    ledger.record("assessment.bulletin.edited", of=bulletin, by=by)
    return bulletin


@transaction.atomic
def send_to_check(*, bulletin: Bulletin, by: Any) -> Bulletin:
    """Hand the draft to another person; what cannot be printed or names a private person is found now."""
    _refuse_personal(bulletin)
    _trial_print(bulletin)
    move(bulletin, taken_from=(State.DRAFT,), to=State.IN_CHECK, returned_reason="")
    ledger.record("assessment.bulletin.sent", of=bulletin, by=by)
    return bulletin


def _refuse_personal(bulletin: Bulletin) -> None:
    texts = [bulletin.period_name, bulletin.subject, bulletin.summary, bulletin.next_steps]
    for item in bulletin.items.filter(included=True):
        texts += [item.title, item.text, item.agencies]
    if find_personal_numbers("\n".join(texts)):
        raise Refused(_("通报里有手机号码或身份证号码样的数字。通报发给所有单位，请先删去个人信息。"))


def _trial_print(bulletin: Bulletin) -> None:
    sender = office_of(bulletin)
    paper_of(bulletin, sender=sender, number="", day=ledger.clock.today())


def office_of(bulletin: Bulletin) -> people.Agency:
    office = people.list_agencies(bulletin.division_code).filter(
        kind=people.Agency.Kind.OFFICE, division_code=bulletin.division_code
    )
    found = office.first()
    if found is None:
        raise Refused(_("这个区划还没有登记食安办，无法确定发文机关。请管理员先登记机构。"))
    return found


@transaction.atomic
def check(*, bulletin: Bulletin, approved: bool, by: Any, reason: str = "") -> Bulletin:
    """The second person's yes, or back to the draft with what to change. Whoever wrote in it does not check it."""
    person = person_of(by)
    if person is not None and bulletin.writers.filter(pk=person.pk).exists():
        raise Refused(_("起草或修改过这份通报的人不能核稿，请由食安办另一人核稿。"))
    if approved:
        move(bulletin, taken_from=(State.IN_CHECK,), to=State.CHECKED, checked_at=ledger.clock.now(), checked_by=person)
        ledger.record("assessment.bulletin.checked", of=bulletin, by=by)
        return bulletin
    return take_back(bulletin=bulletin, reason=reason, by=by)


@transaction.atomic
def take_back(*, bulletin: Bulletin, reason: str, by: Any) -> Bulletin:
    """Back to the draft; it must be checked again."""
    if not reason.strip():
        raise Refused({"reason": _("请写明退改意见。")})
    refuse_longer(Bulletin, "returned_reason", reason, key="reason")
    move(
        bulletin, taken_from=(State.IN_CHECK, State.CHECKED), to=State.DRAFT, returned_reason=reason.strip(),
        checked_at=None, checked_by=None,
    )  # fmt: skip
    ledger.record("assessment.bulletin.returned", of=bulletin, by=by)
    return bulletin


@transaction.atomic
def issue(*, bulletin: Bulletin, mark: str, by: Any) -> Bulletin:
    """Number it, print it, keep it under its hash, and send it to every department and township."""
    if bulletin.state != State.CHECKED:
        raise MovedOn
    sender, today = office_of(bulletin), ledger.clock.today()
    # One series with the office's letters under the same mark, so that no number is given twice.
    number = casework.next_document_number(mark, sender, today)
    content = paper_of(bulletin, sender=sender, number=number, day=today)
    stored = ledger.store_evidence(name=f"{number} {bulletin}.docx".replace("/", "-"), content=content, by=by)
    move(
        bulletin, taken_from=(State.CHECKED,), to=State.ISSUED, document_number=number, sender=sender, file=stored,
        issued_at=ledger.clock.now(), issued_by=person_of(by),
    )  # fmt: skip
    recipients = people.list_agencies(bulletin.division_code).filter(kind__in=RECIPIENTS)
    BulletinRead.objects.bulk_create([BulletinRead(bulletin=bulletin, agency=agency) for agency in recipients])
    ledger.record("assessment.bulletin.issued", of=bulletin, by=by, data={"number": number, "digest": stored.digest})
    return bulletin


@transaction.atomic
def confirm_read(*, bulletin: Bulletin, agency_ids: list[int], by: Any) -> int:
    """The person's agencies have read it; the first reader stands."""
    taken = BulletinRead.objects.filter(bulletin=bulletin, agency__in=agency_ids, read_at=None)
    count = taken.update(read_at=ledger.clock.now(), read_by=person_of(by))
    if count:
        ledger.record("assessment.bulletin.read", of=bulletin, by=by, data={"agencies": sorted(agency_ids)})
    return count


@transaction.atomic
def discard(*, bulletin: Bulletin, by: Any) -> None:
    """Throw a draft away; nothing was ever issued from it."""
    ledger.record("assessment.bulletin.discarded", of=bulletin, by=by)
    gone, _rows = Bulletin.objects.filter(pk=bulletin.pk, state=State.DRAFT).delete()
    if not gone:
        raise MovedOn

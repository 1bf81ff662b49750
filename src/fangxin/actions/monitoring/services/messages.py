"""What the county tells people: written by one person, released by another, and only what it may publish."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import publishing
from fangxin.actions.monitoring.models import Message, Rumour
from fangxin.engines.identifiers import find_personal_numbers
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who

State = Message.State
Said = Rumour.State
REFUTATION = "refutation"


@transaction.atomic
def write(
    *, division_code: str, kind: str, topic: str, text: str, audience: str, channel: str = "", authority: str = "",
    authority_file: Any = None, by: Any,
) -> Message:  # fmt: skip
    _check(kind, topic, text)
    now = ledger.clock.now()
    county = division_code[:6]
    row: Message = insert(
        Message(
            number=f"XX{county}{now.year}{ledger.next_number(f'messages-{county}', now.year):04d}", kind=kind,
            topic=topic.strip(), text=text.strip(), audience=audience, channel=channel.strip(),
            authority=authority.strip(), authority_file=authority_file, written_at=now, written_by=who(by),
            division_code=county,
        )
    )  # fmt: skip
    ledger.record("monitoring.message.written", of=row, by=by, data={"kind": kind})
    return row


@transaction.atomic
def change(*, message: Message, by: Any, **values: Any) -> Message:
    """Other words for a draft. A file that is not sent again stays."""
    if values.get("authority_file") is None:
        values.pop("authority_file", None)
    _check(values["kind"], values["topic"], values["text"])
    return move(message, [State.DRAFT], "", "monitoring.message.changed", by=by, **values)  # type: ignore[no-any-return]


def _check(kind: str, topic: str, text: str) -> None:
    if kind not in publishing.kinds():
        raise Refused({"kind": _("没有这个信息种类，请从列表中选择。")})
    require(topic, "topic", _("请写标题。"))
    require(text, "text", _("请写内容。"))
    if found := find_personal_numbers(f"{topic}\n{text}"):
        raise Refused(
            {"text": _("“%(number)s”像是手机号码或身份证号码。公布的内容不写个人信息，请删去。") % {"number": found[0]}}
        )


@transaction.atomic
def submit(*, message: Message, by: Any) -> Message:
    _refuse_without_authority(message)
    return move(message, [State.DRAFT], State.SUBMITTED, "monitoring.message.submitted", by=by)  # type: ignore[no-any-return]


@transaction.atomic
def hand_back(*, message: Message, reason: str, by: Any) -> Message:
    reason = require(reason, "reason", _("请写退回原因。"))
    return move(  # type: ignore[no-any-return]
        message, [State.SUBMITTED], State.DRAFT, "monitoring.message.handed_back", by=by, data={"reason": reason}
    )


@transaction.atomic
def release(*, message: Message, checked_words: bool = False, by: Any) -> Message:
    """Publish. The law says which level may publish what; who releases is not who wrote."""
    if message.written_by == who(by):
        raise Refused(_("起草人不能审核公布自己写的信息，请由另一位负责人公布。"))
    _refuse_without_authority(message)
    words = publishing.words_of_higher_kinds(message.kind, f"{message.topic}\n{message.text}")
    if words and not checked_words:
        word, kind = next(iter(words.items()))
        raise Refused(
            {"checked_words": _(
                "内容里有“%(word)s”。“%(kind)s”由省级以上公布（%(clause)s）。请核对这条信息是不是这一种：不是的，勾选确认；是的，退回改正种类并附授权文件。"
            ) % {"word": word, "kind": kind.label, "clause": kind.clause}}
        )  # fmt: skip
    return move(  # type: ignore[no-any-return]
        message, [State.SUBMITTED], State.RELEASED, "monitoring.message.released", by=by,
        data={"kind": message.kind, "authority": message.authority, "words_checked": sorted(words)},
        released_at=ledger.clock.now(), released_by=who(by),
    )  # fmt: skip


def _refuse_without_authority(message: Message) -> None:
    kind = publishing.kinds()[message.kind]
    if kind.needs_authority and not (message.authority and message.authority_file_id):
        raise Refused(
            _("“%(kind)s”由省级以上公布（%(clause)s），县级不能自行公布。有授权的，请先写明授权文号并附上文件。")
            % {"kind": kind.label, "clause": kind.clause}
        )


@transaction.atomic
def withdraw(*, message: Message, reason: str, by: Any) -> Message:
    return move(  # type: ignore[no-any-return]
        message, [State.RELEASED], State.WITHDRAWN, "monitoring.message.withdrawn", by=by,
        withdrawn_at=ledger.clock.now(), withdrawn_by=who(by), withdrawn_why=require(reason, "reason", _("请写撤下原因。")),
    )  # fmt: skip


@transaction.atomic
def record_reach(*, message: Message, reach: int | None, feedback: str, by: Any) -> Message:
    return move(  # type: ignore[no-any-return]
        message, [State.RELEASED, State.WITHDRAWN], "", "monitoring.message.reached", by=by, data={"reach": reach},
        reach=reach, feedback=feedback.strip(),
    )  # fmt: skip


# --- rumours ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_rumour(*, division_code: str, text: str, source: str, heard_on: date, by: Any) -> Rumour:
    if heard_on > ledger.clock.today():
        raise Refused({"heard_on": _("发现日期不能在今天以后。")})
    county = division_code[:6]
    serial = ledger.next_number(f"rumours-{county}", heard_on.year)
    row: Rumour = insert(
        Rumour(
            number=f"CW{county}{heard_on.year}{serial:04d}", text=require(text, "text", _("请写听到的说法。")),
            source=require(source, "source", _("请写出处。")), heard_on=heard_on, heard_by=who(by), division_code=county,
        )
    )  # fmt: skip
    ledger.record("monitoring.rumour.recorded", of=row, by=by)
    return row


@transaction.atomic
def settle_rumour(*, rumour: Rumour, true: bool, finding: str, by: Any) -> Rumour:
    return move(  # type: ignore[no-any-return]
        rumour, [Said.OPEN], Said.CONFIRMED if true else Said.REFUTED, "monitoring.rumour.settled", by=by,
        finding=require(finding, "finding", _("请写核实情况和依据。")),
        settled_at=ledger.clock.now(), settled_by=who(by),
    )  # fmt: skip


@transaction.atomic
def reopen_rumour(*, rumour: Rumour, by: Any) -> Rumour:
    if rumour.answer_id is not None:
        raise Refused(_("已经为这个说法写了澄清信息，不能再退回核实。"))
    return move(  # type: ignore[no-any-return]
        rumour, [Said.REFUTED, Said.CONFIRMED], Said.OPEN, "monitoring.rumour.reopened", by=by,
        settled_at=None, settled_by="",
    )  # fmt: skip


@transaction.atomic
def answer_rumour(*, rumour: Rumour, by: Any, **values: Any) -> Message:
    """A message that clears the matter up, kept beside what was said."""
    made = write(division_code=rumour.division_code, kind=REFUTATION, by=by, **values)
    move(
        rumour,
        [Said.REFUTED, Said.CONFIRMED],
        "",
        "monitoring.rumour.answered",
        by=by,
        data={"message": made.number},
        answer=made,
    )
    return made

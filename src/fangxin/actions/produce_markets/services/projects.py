"""The upgrading of markets: planned with milestones, carried out with evidence, accepted by another person."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models import Market, Milestone, Project
from fangxin.actions.produce_markets.services.steps import stored
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, move, require, who

State = Project.State


@transaction.atomic
def begin(
    *, market: Market, kind: str, title: str, starts_on: date, due_on: date, budget: Decimal | None = None,
    names: Sequence[str] = (), by: Any,
) -> Project:  # fmt: skip
    """A project with the usual milestones of its kind, spread evenly to its end; their days may be moved."""
    project: Project = insert(
        Project(
            market=market, division_code=market.division_code, kind=kind, title=title.strip(), budget=budget,
            starts_on=starts_on, due_on=due_on, recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    chosen = list(names) or standards.practice(ledger.clock.today()).milestones.get(kind, ())
    for turn, name in enumerate(chosen, start=1):
        day = starts_on + timedelta(days=(due_on - starts_on).days * turn // len(chosen))
        insert(Milestone(project=project, name=name, due_on=day))
    ledger.record("produce_markets.project.begun", of=project, by=by, data={"kind": kind})
    return project


@transaction.atomic
def reach(*, milestone: Milestone, reached_on: date, note: str = "", file: Any = None, by: Any) -> Milestone:
    """A milestone is reached with a photo or a paper that shows it."""
    project = milestone.project
    if project.state != State.RUNNING:
        raise Refused(_("项目已提请验收或者结束，不能再登记节点。"))
    if not project.starts_on <= reached_on <= ledger.clock.today():
        raise Refused({"reached_on": _("完成日期应在项目开始之后、今天以前。")})
    if file is None:
        raise Refused({"file": _("请上传现场照片或者文件。")})
    changes = {
        "reached_on": reached_on, "note": note.strip()[:300], "file": stored(file, by),
        "recorded_at": ledger.clock.now(), "recorded_by": who(by),
    }  # fmt: skip
    if Milestone.objects.filter(pk=milestone.pk, reached_on=None).update(**changes) != 1:
        raise MovedOn(_("这个节点已经登记过完成。"))
    milestone.refresh_from_db()
    ledger.record("produce_markets.project.milestone_reached", of=project, by=by, data={"milestone": milestone.name})
    return milestone


@transaction.atomic
def submit(*, project: Project, by: Any) -> Project:
    if project.milestones.filter(reached_on=None).exists():
        raise Refused(_("还有节点没有完成，完成后再提请验收。"))
    done: Project = move(
        project, (State.RUNNING,), State.SUBMITTED, "produce_markets.project.submitted", by=by,
        submitted_at=ledger.clock.now(), submitted_by=who(by),
    )  # fmt: skip
    return done


@transaction.atomic
def accept(*, project: Project, accepted: bool, opinion: str, by: Any) -> Project:
    """By another person than who handed it in; what is not accepted goes on."""
    opinion = require(opinion, "opinion", _("请写明验收意见。"))[:500]
    if project.submitted_by == who(by):
        raise Refused(_("提请验收的人不能自己验收，请由另一名人员办理。"))
    done: Project
    if not accepted:
        done = move(
            project, (State.SUBMITTED,), State.RUNNING, "produce_markets.project.returned", by=by, opinion=opinion,
            submitted_at=None, submitted_by="",
        )  # fmt: skip
        return done
    done = move(
        project, (State.SUBMITTED,), State.ACCEPTED, "produce_markets.project.accepted", by=by, opinion=opinion,
        accepted_at=ledger.clock.now(), accepted_by=who(by),
    )  # fmt: skip
    return done


@transaction.atomic
def stop(*, project: Project, why: str, by: Any) -> Project:
    why = require(why, "why", _("请写明终止的原因。"))
    done: Project = move(
        project, (State.RUNNING, State.SUBMITTED), State.STOPPED, "produce_markets.project.stopped", by=by,
        opinion=why[:500],
    )  # fmt: skip
    return done

"""The matters lived through: each step by its person, at its moment, through the same services as the screens."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from fangxin.kernel.casework import api as casework
from fangxin.kernel.registry import api as registry
from fangxin.sim.matters import EXTENSION
from fangxin.sim.stage import Stage
from fangxin.sim.values import Story, StoryStep

# How often the ladder is climbed: often enough that every rung is noted within days.
LADDER_EVERY = timedelta(days=4)


class Life:
    """One matter from its opening on."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage, self.story = stage, story
        self.matter: Any = None

    def schedule(self) -> None:
        for step in self.story.steps:
            self.stage.at(step.at, partial(self._do, step))

    def _do(self, step: StoryStep) -> None:
        by = self.stage.user(step.by)
        if step.verb == "open":
            self.matter = self._open(by)
            self.stage.matters[self.story.key] = self.matter.pk
            return
        self.matter.refresh_from_db()
        VERBS[step.verb](self, step.text, by)

    def _open(self, by: Any) -> Any:
        story, stage = self.story, self.stage
        place = registry.Premises.objects.get(pk=stage.premises[story.premises])
        return casework.open_matter(
            origin=story.origin,
            hazard=story.hazard,
            severity=story.severity,
            division_code=story.division_code,
            owner=stage.agency(story.owner),
            cooperating=[stage.agency(key) for key in story.cooperating],
            legal_basis=story.legal_basis,
            subject_type=place._meta.label_lower,
            subject_id=str(place.pk),
            subject_name=place.name,
            opened_from=f"sim:{story.key}",
            by=by,
        )

    def submit(self, text: str, by: Any) -> None:
        casework.attach_evidence(matter=self.matter, kind="rectification", file=self.stage.evidence, by=by)
        casework.submit(matter=self.matter, text=text, by=by)

    def fix(self, _text: str, by: Any) -> None:
        casework.fix(
            matter=self.matter,
            responsible_person="经营者、辖区监管人员",
            measures="逐条整改并留存照片，监管人员复查",
            means="由经营者自筹",
            acceptance="现场复核无同类问题",
            by=by,
        )

    def ask_extension(self, text: str, by: Any) -> None:
        days = EXTENSION[self.story.severity]
        new_due_on = casework.add_workdays(self.matter.due_on, days)
        self.extension = casework.request_extension(matter=self.matter, reason=text, new_due_on=new_due_on, by=by)

    def decide_extension(self, approved: bool, text: str, by: Any) -> None:
        casework.decide_extension(extension=self.extension, approved=approved, text=text, by=by)

    def look_back(self, held: bool, text: str, by: Any) -> None:
        self.matter = casework.look_back(matter=self.matter, held=held, text=text, by=by)


VERBS: Mapping[str, Callable[[Life, str, Any], object]] = {
    "assign": lambda life, text, by: casework.assign(matter=life.matter, text=text, by=by),
    "fix": Life.fix,
    "start": lambda life, text, by: casework.start(matter=life.matter, text=text, by=by),
    "progress": lambda life, text, by: casework.report_progress(matter=life.matter, text=text, by=by),
    "submit": Life.submit,
    "return": lambda life, text, by: casework.return_(matter=life.matter, text=text, by=by),
    "close": lambda life, text, by: casework.close(matter=life.matter, text=text, by=by),
    "look_back": lambda life, text, by: life.look_back(True, text, by),
    "look_back_rebounded": lambda life, text, by: life.look_back(False, text, by),
    "ask_extension": Life.ask_extension,
    "grant_extension": lambda life, text, by: life.decide_extension(True, text, by),
    "refuse_extension": lambda life, text, by: life.decide_extension(False, text, by),
    "withdraw": lambda life, text, by: casework.withdraw(matter=life.matter, reason=text, by=by),
    "approve_withdrawal": lambda life, text, by: casework.decide_withdrawal(
        matter=life.matter, approved=True, text=text, by=by
    ),
}


def plan_matters(stage: Stage) -> None:
    for story in stage.world.stories:
        Life(stage, story).schedule()
    moment = datetime.combine(stage.begins, time(7, 30))
    while moment.date() < stage.ends:
        moment += LADDER_EVERY
        stage.at(moment, partial(casework.escalate_all, moment.date()))

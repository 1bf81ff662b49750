"""From values to rows: divisions, agencies, persons, the register month by month, the censuses."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password

from fangxin.engines.places import Place
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.sim.stage import Stage
from fangxin.sim.values import ENDS, AgencyValue, Batch, PersonValue, SurveyValue

HIRED_ON = date(2022, 1, 4)
LAST_MORNING = datetime.combine(ENDS, time(8), tzinfo=ledger.clock.LOCAL)


def load_divisions(places: Iterable[Place], *, by: Any = None) -> int:
    """Divisions that are not there yet, as a reviewed file or the inventor says them."""
    known = set(people.Division.objects.values_list("code", "valid_from"))
    return people.add_divisions(
        [_division(place) for place in places if (place.code, place.valid_from) not in known], by=by
    )


def _division(place: Place) -> people.Division:
    return people.Division(
        code=place.code,
        name=place.name,
        kind=place.kind,
        valid_from=place.valid_from,
        valid_to=place.valid_to,
        population=place.population,
        population_basis=place.population_basis,
        latitude=place.latitude,
        longitude=place.longitude,
        note=place.note[:200],
        source=place.source[:200],
        confidence=place.confidence[:20],
    )


def load_agencies(values: Sequence[AgencyValue]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for value in values:
        agency = people.create_agency(
            name=value.name,
            short_name=value.short_name,
            kind=value.kind,
            division_code=value.division_code,
            parent=made.get(value.parent),
            by=None,
        )
        for other in value.other_names:
            people.add_agency_name(agency=agency, name=other, by=None)
        made[value.key] = agency
    return made


def load_people(values: Sequence[PersonValue], agencies: dict[str, Any], *, password: str) -> dict[str, Any]:
    """Accounts that may sign in with one known password: for demonstration only."""
    made: dict[str, Any] = {}
    for value in values:
        user = people.create_user(username=value.username, name=value.name, by=None)
        people.give_post(
            user=user,
            agency=agencies[value.agency],
            role=value.role,
            division_code=value.division_code,
            title=value.title,
            starts_on=HIRED_ON,
            by=None,
        )
        made[value.username] = user
    # One hash for all: a slow hash per account would be most of the building time. Set on the last morning, so that
    # the administrator is not asked to renew it before anything can be looked at.
    people.User.objects.filter(pk__in=[user.pk for user in made.values()]).update(
        password=make_password(password), password_changed_at=LAST_MORNING, must_change_password=False
    )
    return made


def plan_register(stage: Stage) -> None:
    """The register on the calendar: what became known when, loaded when it became known."""
    logins = {key.removeprefix("operator:"): agency.pk for key, agency in stage.agencies.items() if ":" in key}
    for batch in stage.world.register.batches:
        stage.at(batch.at, partial(_load_batch, stage, batch, logins))
    for survey in stage.world.surveys:
        stage.at(datetime.combine(survey.finished_on, time(18)), partial(_load_survey, stage, survey))


def _load_batch(stage: Stage, batch: Batch, logins: dict[str, int]) -> None:
    clerk = stage.user("market")
    for closure in batch.closures:
        place = registry.Premises.objects.get(pk=stage.premises[closure.premises])
        registry.close_premises(premises=place, closed_on=closure.on, reason="经营者申请注销", by=clerk)
    for departure in batch.departures:
        person = registry.Staff.objects.get(pk=stage.staff[departure.staff])
        registry.end_staff(staff=person, left_on=departure.on, by=clerk)
    loaded = registry.load(
        operators=[replace(o, agency_id=logins.get(o.key)) for o in batch.operators],
        premises=batch.premises,
        credentials=[_placed(c, stage) for c in batch.credentials],
        staff=[_placed(s, stage) for s in batch.staff],
        certificates=[replace(c, staff=stage.staff.get(str(c.staff), c.staff)) for c in batch.certificates],
        facts=[_placed(f, stage) for f in batch.facts],
        by=clerk,
    )
    stage.premises |= loaded.premises
    stage.staff |= loaded.staff


def _placed(value: Any, stage: Stage) -> Any:
    """The value with the row's number where its premises entered the register before."""
    known = stage.premises.get(value.premises)
    return value if known is None else replace(value, premises=known)


def _load_survey(stage: Stage, survey: SurveyValue) -> None:
    clerk = stage.user("market")
    with ledger.clock.held_at(survey.started_on):
        row = registry.open_survey(
            name=survey.name, division_code=stage.division_code, started_on=survey.started_on, by=stage.user("office")
        )
    entries = [replace(_placed(entry, stage), survey=row.pk) for entry in survey.entries]
    registry.load(census=entries, by=clerk)
    registry.close_survey(survey=row, finished_on=survey.finished_on, by=stage.user("office"))

"""What a page of the board is about: a division the person may see, as of a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.http import HttpRequest

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import DayField
from fangxin.oversight.board.access import division_for


@dataclass(frozen=True, slots=True)
class Scope:
    division_code: str
    as_of: date
    divisions: list[tuple[str, str]]
    problem: str = ""

    @property
    def division_name(self) -> str:
        return dict(self.divisions).get(self.division_code) or people.division_name(self.division_code, self.as_of)

    @property
    def query(self) -> str:
        return urlencode({"as_of": self.as_of.isoformat(), "division": self.division_code})


def scope_of(request: HttpRequest, ability: str = "board.view") -> Scope:
    """From the page's address. Another county is not found; a day that cannot be read gives today and says so."""
    user: Any = request.user
    code = division_for(user, request.GET.get("division", ""), ability)
    day, problem = read_day(request.GET.get("as_of", ""))
    return Scope(code, day or ledger.clock.today(), visible_divisions(user, ability), problem)


def read_day(text: str) -> tuple[date | None, str]:
    field = DayField(required=False)
    try:
        return field.clean(text[:20]), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def visible_divisions(user: Any, ability: str) -> list[tuple[str, str]]:
    """The person's divisions and those of the next level below, for choosing."""
    found: dict[str, str] = {}
    for prefix in user.prefixes(ability):
        length = next((n for n in (4, 6, 9) if n > len(prefix)), len(prefix))
        rows = people.list_divisions(prefix).annotate(digits=Length("code")).filter(digits__in=[len(prefix), length])
        found |= {prefix: prefix, **dict(rows.values_list("code", "name"))}
    return sorted(found.items(), key=lambda item: (item[0], item[1]))

"""What the views of this action share: lists, acts on one thing."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import rules
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request


class Listing(ListScreen):
    request: Request


class HazardFilter(django_filters.FilterSet):
    """Narrows a list to a hazard and a food group."""

    hazard = django_filters.ChoiceFilter(label=gettext_lazy("危害物"))
    food_group = django_filters.ChoiceFilter(label=gettext_lazy("食物"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = {
            "hazard": [(h.code, h.name) for h in rules.hazards().values()],
            "food_group": [(g.code, g.name) for g in rules.food_groups().values()],
            "people": [(g.code, g.name) for g in rules.people_groups().values()],
        }
        for name in set(named) & set(self.filters):
            self.filters[name].extra["choices"] = named[name]


def townships_of(user: Any, ability: str) -> list[tuple[str, str]]:
    return [pair for prefix in user.prefixes(ability) for pair in people.townships(prefix)]

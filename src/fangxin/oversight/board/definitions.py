"""Which indicators there are on a day: read from the editions in force, parsed once each."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.apps import apps

from fangxin.engines.evidence import canonical_bytes, digest
from fangxin.engines.indicators import IndicatorDefinition, Kind, load_definitions
from fangxin.kernel.catalog import api as catalog

KIND = "indicators"
Definitions = Mapping[str, IndicatorDefinition]
# Which of the twelve actions an action's number means; its app's name is its title.
ACTIONS = {
    1: "monitoring",
    2: "origin",
    3: "farm_inputs",
    4: "health_food",
    5: "rural_food",
    6: "catering",
    7: "produce_markets",
    8: "small_operators",
    9: "online_food",
    10: "school_meals",
    11: "grain",
    12: "imported_food",
}


# By the digest of the text, which never means two texts; as many as there were editions since the start.
_parsed: dict[str, tuple[IndicatorDefinition, ...]] = {}


def definitions(on: date) -> Definitions:
    """The indicators in force on a day, by code, in the order of the actions."""
    found: dict[str, IndicatorDefinition] = {}
    for pk, text_digest in catalog.editions(KIND, on=on).values_list("pk", "digest"):
        if text_digest not in _parsed:
            _parsed[text_digest] = load_definitions(catalog.Edition.objects.values_list("body", flat=True).get(pk=pk))
        found |= {definition.code: definition for definition in _parsed[text_digest]}
    return found


def editions_used(on: date) -> list[catalog.Edition]:
    return list(catalog.editions(KIND, on=on))


def computed(found: Iterable[IndicatorDefinition]) -> list[IndicatorDefinition]:
    return [d for d in found if d.kind is Kind.COMPUTED]


def fingerprint(found: Iterable[IndicatorDefinition]) -> str:
    """Changes when any formula does."""
    return digest(canonical_bytes(sorted(d.formula_version for d in computed(found))))


def action_title(number: int | None) -> str:
    label = ACTIONS.get(number or 0)
    return str(apps.get_app_config(label).verbose_name) if label else ""

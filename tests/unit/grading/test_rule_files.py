"""The reviewed files of grading and checklists, and what wrong ones are told."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps

from fangxin.engines.grading import (
    RuleRefused,
    checklist_for,
    load_checklist,
    load_frequency_rules,
    load_hygiene_rules,
    load_result_rules,
    load_risk_rules,
    load_static_form,
)

STANDARDS = Path(__file__).parents[3] / "standards"
LOADERS = {
    "risk-grade": load_risk_rules,
    "visit-frequency": load_frequency_rules,
    "visit-result": load_result_rules,
    "catering-hygiene": load_hygiene_rules,
    "static-": load_static_form,
}
GRADING = sorted((STANDARDS / "grading").glob("*.toml"))
LISTS = sorted((STANDARDS / "checklists").glob("*.toml"))
KITCHENS = ["restaurant", "canteen", "group_meal", "central_kitchen", "off_campus_supplier"]
NEEDED = [*KITCHENS, "school_canteen", "food_sales", "small_workshop", "small_shop", "stall", "food_producer"]


def loader(path):
    return next(load for stem, load in LOADERS.items() if path.name.startswith(stem))


def loaded(path):
    return (load_checklist if path in LISTS else loader(path))(path.read_text("utf-8"))


def text(name):
    room = "checklists" if (STANDARDS / "checklists" / name).exists() else "grading"
    return (STANDARDS / room / name).read_text("utf-8")


@pytest.mark.parametrize("path", [*GRADING, *LISTS], ids=lambda path: path.stem)
def test_every_file_loads_says_where_it_comes_from_and_reads_the_same_from_json(path):
    rule = loaded(path)
    assert rule.head.source
    assert path.stem == f"{rule.head.code}-{rule.head.edition}"
    values = json.loads(json.dumps(tomllib.loads(path.read_text("utf-8")), default=str), parse_float=Decimal)
    assert (load_checklist if path in LISTS else loader(path))(values) == rule


def test_two_editions_of_a_rule_never_overlap_and_leave_no_day_between():
    rules = sorted((loaded(path).head for path in [*GRADING, *LISTS]), key=lambda head: (head.code, head.in_force_from))
    pairs = [(one, two) for one, two in pairwise(rules) if one.code == two.code]
    assert len(pairs) == 3
    for earlier, later in pairs:
        assert earlier.in_force_to.toordinal() + 1 == later.in_force_from.toordinal()


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("on", [date(2022, 5, 19), date(2023, 3, 15), date(2024, 12, 31)])
def test_every_kind_has_one_checklist_through_the_plan(kind, on):
    checklist = checklist_for([loaded(path) for path in LISTS], kind, on)
    items = checklist.items_for(kind)
    assert any(item.key for item in items)
    assert len({item.text for item in items}) == len(items)


def test_the_files_name_no_kind_that_the_register_does_not_have():
    known = set(apps.get_model("registry", "Premises").Kind.values)
    rules = [loaded(path) for path in [*GRADING, *LISTS]]
    named = {kind for rule in rules for kind in getattr(rule, "applies_to", ())}
    named |= {kind for rule in rules for line in getattr(rule, "key_rules", ()) for kind in line.kinds}
    assert set(NEEDED) <= named <= known


def test_the_catering_list_has_nine_groups_and_the_form_of_2016_its_51_items():
    lists = {path.stem: loaded(path) for path in LISTS}
    assert len(lists["catering-2022"].groups) == 9
    form = lists["food-producer-2016"].items
    assert (len(form), sum(item.key for item in form)) == (51, 21)
    assert lists["food-producer-2016"].head.in_force_to == date(2022, 3, 14)


def test_items_narrow_to_the_premises_they_concern():
    catering = load_checklist(text("catering-2022.toml"))
    retained = next(item for item in catering.items if "留样" in item.text)
    assert retained in catering.items_for("canteen")
    assert retained not in catering.items_for("restaurant")
    with pytest.raises(LookupError, match="no item"):
        catering.item("99.1")


STALL, RISK, HYGIENE = "stall-2018.toml", "risk-grade-2016.toml", "catering-hygiene-2012.toml"
RESULT, SHOP, OFTEN = "visit-result-2022.toml", "static-food-sales-2016.toml", "visit-frequency-2022.toml"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (STALL, 'code = "1.2"', 'code = "1.1"', r"item has the code 1\.1 twice"),
        (STALL, "weight = 1\n", "weight = 0\n", r"item row 1 \(1\.1\): weight must be"),
        (STALL, "weight = 1\n", "weight = 1.5\n", r"weight must be a whole number"),
        (STALL, "weight = 1\n", "weight = true\n", r"weight must be a number"),
        (STALL, "weight = 1\n", 'weight = "heavy"\n', r"weight must be a number"),
        (STALL, "weight = 1\n", "wieght = 1\n", r"weight is missing"),
        (STALL, "weight = 1\n", "weight = 1\ncolour = 1\n", r"colour is not known"),
        (STALL, "key = true", 'key = "yes"', r"\(1\.3\): key must be true or false"),
        (STALL, "key = true", "key = true\nlabel_defect = true", r"label_defect cannot stand on a key item"),
        (STALL, 'applies_to = ["stall"]', "applies_to = []", r"must name at least one kind"),
        (STALL, 'applies_to = ["stall"]', 'applies_to = "stall"', r"must be a list of texts"),
        (STALL, "weight = 1\n", 'weight = 1\napplies_to = ["farm"]\n', r"names farm"),
        (STALL, "in_force_from = 2018-03-01", 'in_force_from = "spring"', r"in_force_from must be a date"),
        (STALL, "in_force_from = 2018-03-01", "in_force_from = 2018-03-01\nin_force_to = 2018-02-01", r"lies before"),
        (RISK, "at_most = 60", "at_most = 40", r"must rise in at_most"),
        (RISK, "at_most = 100", "at_most = 90", r"must end at 100"),
        (RISK, 'grade = "C"', 'grade = "B"', r"each grade once"),
        (RISK, 'code = "breach"', 'code = "certified"', r"trigger has a code twice"),
        (RISK, 'direction = "hold"', 'direction = "sideways"', r"direction must be one of"),
        (RISK, "factor = 2.5", "factor = 3", r"would lift a static score above 100"),
        (RISK, "most = 2", "most = 0", r"trigger row 1 \(wilful_breach\): most must be"),
        (HYGIENE, "at_least = 7.5", "at_least = 9.5", r"highest first"),
        (HYGIENE, "at_least = 7.5", "at_least = 7.55", r"multiple of 0\.1"),
        (HYGIENE, 'year = "C"', 'year = "none"', r"cannot be called none"),
        (RESULT, 'method = "per_item"', 'method = "by_feeling"', r"method must be one of"),
        (RESULT, 'refusal_article = "', '# "', r"refusal_article is missing"),
        (
            RESULT,
            "key = true\nsafety_affected = false",
            "key = true\nsafety_affected = true",
            r"says nothing for key=True",
        ),
        (RESULT, "key = false\nsafety_affected = true", "safety_affected = false", r"says nothing for key=False"),
        (RESULT, "key = true\nsafety_affected = true", "safety_affected = true", r"an earlier one always covers"),
        (SHOP, "at_most = 1000, points = 2 }", "at_most = 100, points = 2 }", r"factor row 1 \(area\): step must rise"),
        (SHOP, "{ points = 4 }", "{ at_most = 9000, points = 4 }", r"must end with one that has no at_most"),
        (SHOP, "maximum = 4\n", "maximum = 5\n", r"most that can be earned is 4"),
        (SHOP, "maximum = 40\n", "maximum = 41\n", r"factors add up to 40"),
        (SHOP, 'code = "suppliers"', 'code = "area"', r"factor has a code twice"),
        (OFTEN, "minimum = 2\nmaximum = 3", "minimum = 4\nmaximum = 3", r"maximum lies below minimum"),
        (OFTEN, 'grade = "C"', 'grade = "B"', r"each scale and grade once"),
        (OFTEN, 'traits = ["special_food"]', "", r"kinds or traits must be given"),
        (OFTEN, "[[frequency]]", "[[frequency", r"frequency rules: "),
    ],
)
def test_wrong_data_is_refused_by_row_and_field(name, old, new, told):
    original = text(name)
    assert old in original
    load = load_checklist if "[[item]]" in original else loader(Path(name))
    load(original)
    with pytest.raises(RuleRefused, match=told):
        load(original.replace(old, new, 1))


@pytest.mark.parametrize("field", ["code", "group", "text", "clause", "judge"])
def test_an_item_without_its_words_is_refused(field):
    values = tomllib.loads(text(STALL))
    values["item"][2].pop(field)
    with pytest.raises(RuleRefused, match=rf"item row 3.*{field} is missing"):
        load_checklist(values)
    values["item"][2][field] = "  "
    with pytest.raises(RuleRefused, match=rf"{field} must be a text"):
        load_checklist(values)


def test_a_checklist_without_items_and_tables_that_are_none_are_refused():
    values = tomllib.loads(text(STALL))
    for items, told in (([], "without items"), ("none", "list of tables"), (["one"], "a table is needed")):
        with pytest.raises(RuleRefused, match=told):
            load_checklist(values | {"item": items})


def test_two_checklists_that_claim_one_kind_are_named():
    stall = load_checklist(text(STALL))
    with pytest.raises(RuleRefused, match="several checklists for stall"):
        checklist_for([stall, stall], "stall", date(2023, 3, 15))

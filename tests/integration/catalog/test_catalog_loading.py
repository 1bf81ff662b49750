"""Rules loaded from reviewed files: all or nothing, repeatable, never two editions on one day."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.catalog.reading import UnreadableRule

pytestmark = pytest.mark.django_db

WHOLE = """
id = "dues"
title = "报送规则"
edition = "{edition}"
in_force_from = {starts}
{ends}
source = "方案四（四）"
confidence = "{confidence}"
[[due]]
days = {days}
"""
LISTED = """
[[clock]]
code = "DL01"
start_event = "收到投诉"
length = 7
rate = 0.5
confidence = "V:text"
in_force_from = 2020-01-01
in_force_to = 2022-12-31

[[clock]]
code = "DL01"
start_event = "收到投诉"
length = 5
confidence = "M-med"
in_force_from = 2023-02-01
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / "clocks").mkdir(exist_ok=True)
    path = folder / "clocks" / name
    path.write_text(text, encoding="utf-8")
    return path


def whole(
    edition: str = "2022", starts: str = "2022-05-19", ends: str = "", days: int = 7, confidence: str = "V:plan"
) -> str:
    return WHOLE.format(edition=edition, starts=starts, ends=ends, days=days, confidence=confidence)


def load(folder: Path) -> catalog.LoadReport:
    return catalog.load_directory(path=folder, by=None)


def test_a_whole_file_is_one_edition_and_loading_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "dues.toml", whole())
    assert load(tmp_path).loaded == ("clocks/dues",)
    again = load(tmp_path)
    assert (again.loaded, again.replaced, again.unchanged) == ((), (), 1)
    edition = catalog.edition_in_force("clocks", "dues", date(2022, 5, 19))
    assert edition is not None
    assert edition.body == whole()
    assert catalog.edition_in_force("clocks", "dues", date(2022, 5, 18)) is None


def test_tables_with_their_own_dates_are_editions_each_and_the_gap_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "clocks.toml", LISTED)
    report = load(tmp_path)
    assert len(report.loaded) == 2
    assert report.gaps == ("收到投诉：2023-01-01 至 2023-01-31 没有施行的版本",)
    lengths = {
        day: (e.body if (e := catalog.edition_in_force("clocks", "DL01", day)) else None)
        for day in (date(2022, 12, 31), date(2023, 1, 15), date(2023, 2, 1))
    }
    assert '"length":7' in str(lengths[date(2022, 12, 31)])
    assert lengths[date(2023, 1, 15)] is None
    assert '"length":5' in str(lengths[date(2023, 2, 1)])


def test_two_editions_on_one_day_are_refused_and_nothing_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", whole("2022"))
    write(tmp_path, "b.toml", whole("2023", starts="2023-01-01"))
    with pytest.raises(catalog.EditionRefused, match="重叠"):
        load(tmp_path)
    assert not catalog.Edition.objects.exists()


def test_the_same_edition_given_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", whole())
    write(tmp_path, "b.toml", whole())
    with pytest.raises(catalog.EditionRefused, match="各有一份"):
        load(tmp_path)


def test_an_unused_text_may_be_corrected_and_must_be_confirmed_anew(tmp_path: Path, office: object) -> None:
    write(tmp_path, "dues.toml", whole(confidence="M-low"))
    load(tmp_path)
    edition = catalog.Edition.objects.get()
    assert edition.needs_confirmation
    catalog.confirm_edition(edition=edition, digest=edition.digest, by=office)
    assert not edition.needs_confirmation
    write(tmp_path, "dues.toml", whole(confidence="M-low", days=9))
    assert load(tmp_path).replaced == ("clocks/dues",)
    edition.refresh_from_db()
    assert "days = 9" in edition.body
    assert edition.needs_confirmation


def test_a_used_text_is_not_changed_but_a_new_edition_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "dues.toml", whole())
    load(tmp_path)
    catalog.mark_used(catalog.Edition.objects.all())
    write(tmp_path, "dues.toml", whole(days=9))
    with pytest.raises(catalog.EditionRefused, match="换一个版本号"):
        load(tmp_path)
    assert "days = 7" in catalog.Edition.objects.get().body


def test_ending_a_used_edition_needs_a_new_label_too(tmp_path: Path) -> None:
    """The last day in force is part of the text: who ends a used rule says so under the rule's next label."""
    write(tmp_path, "dues.toml", whole(ends="in_force_to = 2023-12-31"))
    write(tmp_path, "dues-2024.toml", whole("2024", starts="2024-01-01"))
    report = load(tmp_path)
    assert report.gaps == ()
    days = [date(2023, 12, 31), date(2024, 1, 1)]
    assert [getattr(catalog.edition_in_force("clocks", "dues", day), "edition", "") for day in days] == ["2022", "2024"]


@pytest.mark.parametrize(
    "text", ["id = ", 'in_force_from = "gestern"', "in_force_from = 2022-05-19T10:00:00", "\x00", "in_force_from = 7"]
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_loaded(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a-good.toml", whole())
    write(tmp_path, "bad.toml", text)
    with pytest.raises(UnreadableRule, match=r"bad\.toml"):
        load(tmp_path)
    assert not catalog.Edition.objects.exists()


def test_a_span_that_ends_before_it_begins_is_refused_by_the_database(tmp_path: Path) -> None:
    write(tmp_path, "dues.toml", whole(ends="in_force_to = 2020-01-01"))
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        load(tmp_path)


def test_the_rules_of_the_tree_load_and_load_again() -> None:
    first = load(Path(settings.STANDARDS_DIR))
    assert any(name.startswith("indicators/") for name in first.loaded)
    assert load(Path(settings.STANDARDS_DIR)).unchanged == len(first.loaded)

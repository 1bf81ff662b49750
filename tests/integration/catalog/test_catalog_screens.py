"""The pages of rules and editions."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions(tmp_path: Path) -> list[catalog.Edition]:
    (tmp_path / "clocks").mkdir()
    for number, confidence in enumerate(["V:plan", "M-low"]):
        text = f'id = "r{number}"\ntitle = "规则{number}"\nin_force_from = 2022-01-01\nconfidence = "{confidence}"\n'
        (tmp_path / "clocks" / f"r{number}.toml").write_text(text, encoding="utf-8")
    catalog.load_directory(path=tmp_path, by=None)
    return list(catalog.Edition.objects.order_by("code"))


def test_the_list_says_which_rules_wait_for_a_person(editions: Any, office: Any, client_for: Any) -> None:
    page = client_for(office).get(reverse("catalog:list")).content.decode()
    assert "规则0" in page
    assert page.count("待确认") == 2  # the rule's state, and the explanation above the list


def test_the_office_confirms_what_it_has_read(editions: Any, office: Any, client_for: Any) -> None:
    waiting = editions[1]
    page = client_for(office).get(reverse("catalog:detail", args=[waiting.pk])).content.decode()
    assert escape('confidence = "M-low"') in page
    client_for(office).post(reverse("catalog:confirm", args=[waiting.pk]), {"digest": waiting.digest})
    waiting.refresh_from_db()
    assert waiting.confirmed_by == office.username
    assert ledger.entries_of("catalog.edition", str(waiting.pk)).first().event == "catalog.edition.confirmed"


def test_what_changed_while_it_was_read_is_not_confirmed(editions: Any, office: Any, client_for: Any) -> None:
    client_for(office).post(reverse("catalog:confirm", args=[editions[1].pk]), {"digest": "another text"})
    editions[1].refresh_from_db()
    assert editions[1].needs_confirmation


def test_a_department_reads_but_does_not_confirm(editions: Any, department: Any, client_for: Any) -> None:
    client = client_for(department)
    assert "核对无误" not in client.get(reverse("catalog:detail", args=[editions[1].pk])).content.decode()
    answer = client.post(reverse("catalog:confirm", args=[editions[1].pk]), {"digest": editions[1].digest})
    assert answer.status_code == 403


def test_vendors_and_administrators_have_no_business_here(
    editions: Any, vendor: Any, administrator: Any, client_for: Any
) -> None:
    for person in (vendor, administrator):
        assert client_for(person).get(reverse("catalog:list")).status_code == 403
        assert client_for(person).get(reverse("catalog:detail", args=[editions[0].pk])).status_code == 403


def test_numbers_out_of_range_are_not_found(editions: Any, office: Any, client_for: Any) -> None:
    for number in (999999, 10**30):
        assert client_for(office).get(f"/rules/{number}/").status_code == 404


def test_ten_more_editions_add_no_query(
    editions: Any, tmp_path: Path, office: Any, client_for: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url = client_for(office), reverse("catalog:list")
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for number in range(10):
        (tmp_path / "clocks" / f"x{number}.toml").write_text(f'id = "x{number}"\nin_force_from = 2022-01-01\n')
    catalog.load_directory(path=tmp_path, by=None)
    with django_assert_num_queries(len(before)):
        client.get(url)

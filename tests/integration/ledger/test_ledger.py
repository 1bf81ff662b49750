import json

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from fangxin.engines import evidence
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.evidence_files import path_of
from fangxin.kernel.ledger.models import ChainHead, Entry, EvidenceFile, Seal, Waiting

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def _three(office):
    for n in range(3):
        ledger.record("ledger.verified", of=None, by=office, division_code="990101100", data={"n": n})
    ledger.seal_pending()


def test_entries_are_chained_and_the_chain_holds(office):
    _three(office)
    answer = ledger.verify()
    assert answer.holds
    assert answer.pending == 0
    assert answer.sealed == Entry.objects.count()


def test_an_event_nobody_offered_is_refused(office):
    with pytest.raises(ledger.UnknownEvent):
        ledger.record("never.offered", of=None, by=office)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET event = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_itself_refuses_to_change_an_entry(office, statement):
    _three(office)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["ledger_seal", "ledger_evidencefile"])
def test_seals_and_evidence_cannot_be_deleted(office, table):
    _three(office)
    ledger.store_evidence(name="现场.png", content=PNG, by=office)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def _without_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("ledger_entry", "ledger_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("column", "value"),
    [("event", "people.signed_in"), ("actor", "someone"), ("data", '{"n":9}'), ("division_code", "990101200")],
)
def test_whoever_removes_the_triggers_and_changes_an_entry_is_found(office, column, value):
    _three(office)
    second = Seal.objects.order_by("seq")[1]
    _without_triggers()
    Entry.objects.filter(pk=second.entry_id).update(**{column: value})
    answer = ledger.verify()
    assert not answer.holds
    assert f"entry {second.seq}:" in answer.problem


def test_cutting_off_the_end_is_found_by_the_head(office):
    _three(office)
    last = Seal.objects.order_by("-seq").first()
    _without_triggers()
    Seal.objects.filter(pk=last.pk).delete()
    assert not ledger.verify().holds


def test_a_checkpoint_kept_outside_finds_a_chain_that_was_made_anew(office, settings, tmp_path):
    private, public = evidence.new_signing_key()
    (tmp_path / "key.pem").write_bytes(private)
    settings.SIGNING_KEY_FILE = str(tmp_path / "key.pem")
    settings.CHECKPOINT_DIR = tmp_path / "outside"
    _three(office)
    checkpoint = evidence.from_json(ledger.write_checkpoint().read_text())
    assert evidence.verify_checkpoint(public, checkpoint)
    _without_triggers()
    Entry.objects.filter(pk=Seal.objects.get(seq=checkpoint.seq).entry_id).update(actor="nobody")
    Waiting.objects.bulk_create([Waiting(entry_id=pk) for pk in Seal.objects.values_list("entry_id", flat=True)])
    Seal.objects.all().delete()
    ChainHead.objects.all().update(seq=0, digest="")
    ledger.seal_pending()
    assert ledger.verify().holds
    assert not ledger.verify([checkpoint]).holds


def test_an_entry_kept_out_of_the_chain_is_found(office):
    _three(office)
    ledger.record("ledger.verified", of=None, by=office)
    Waiting.objects.all().delete()
    assert "kept out of the chain" in ledger.verify().problem


def test_without_a_key_nothing_is_signed(settings):
    settings.SIGNING_KEY_FILE = ""
    with pytest.raises(ledger.NoSigningKey):
        ledger.sign_head()


def _fact(office, code):
    ledger.record("people.division.loaded", of=None, by=office, division_code=code)


def test_changes_are_told_by_division_in_the_order_of_commits(office):
    _three(office)
    _codes, seq = ledger.changed_since(0)
    _fact(office, "990101200")
    ledger.record("ledger.verified", of=None, by=office, division_code="990101100")
    assert ledger.changed_since(seq)[0] == {"990101200"}, "what changes no fact does not count"


def test_the_same_bytes_are_kept_once_and_read_back_checked(office):
    first = ledger.store_evidence(name="现场.png", content=PNG, by=office)
    second = ledger.store_evidence(name="另一个名字.png", content=PNG, by=office)
    assert first == second
    assert ledger.read_evidence(first) == PNG
    path_of(first.digest).write_bytes(b"changed")
    with pytest.raises(ValueError, match="changed on disk"):
        ledger.read_evidence(first)
    path_of(first.digest).unlink()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"MZ\x90\0\x03"), ("a.html", b"<script>"), ("a.txt", b"x\0y"), ("a.pdf", PNG), ("a.png", b"")],
)
def test_what_is_not_what_its_name_says_is_refused_and_nothing_is_kept(office, name, content):
    with pytest.raises(ValidationError):
        ledger.store_evidence(name=name, content=content, by=office)
    assert EvidenceFile.objects.count() == 0


def test_numbers_have_no_gap_and_no_double(db):
    assert [ledger.next_number("matter", 2023) for _n in range(3)] == [1, 2, 3]
    assert ledger.next_number("matter", 2024) == 1


def test_entry_data_is_canonical(office):
    entry = ledger.record("ledger.verified", of=None, by=office, data={"b": 1, "a": "甲"})
    assert json.loads(entry.data) == {"a": "甲", "b": 1}
    assert entry.data == '{"a":"甲","b":1}'

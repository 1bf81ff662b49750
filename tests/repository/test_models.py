"""Every model says of itself whether it may change and what in it is personal; the database holds the first."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from fangxin.kernel.ledger.declarations import Declaration, Personal

MODELS = [m for m in apps.get_models() if m.__module__.startswith("fangxin.")]
# Field names that hold a person's data wherever they stand.
PERSONAL_WORDS = ("phone", "legal_representative", "id_number", "identity_number", "password")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_is_declared(model):
    assert isinstance(getattr(model, "declared", None), Declaration), f"{model._meta.label} says nothing of itself"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_personal_fields_exist_and_are_classed(model):
    names = {f.name for f in model._meta.get_fields()}
    personal = model.declared.personal
    assert set(personal) <= names, f"{model._meta.label} declares fields it does not have"
    assert all(isinstance(kind, Personal) for kind in personal.values())
    unsaid = {n for n in names if any(word in n for word in PERSONAL_WORDS) and n != "must_change_password"
              and not n.startswith("password_")} - set(personal)  # fmt: skip
    assert not unsaid, f"{model._meta.label}: {sorted(unsaid)} look personal and are not classed"


@pytest.mark.parametrize("model", [m for m in MODELS if m.declared.append_only], ids=lambda m: m._meta.label)
def test_the_database_refuses_to_change_what_is_append_only(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            verbs = " ".join(sql for (sql,) in cursor.fetchall())
        else:
            cursor.execute(
                "SELECT event_manipulation FROM information_schema.triggers WHERE event_object_table = %s", [table]
            )
            verbs = " ".join(f"BEFORE {verb}" for (verb,) in cursor.fetchall())
    assert "BEFORE UPDATE" in verbs, f"{table} has no trigger against update"
    assert "BEFORE DELETE" in verbs, f"{table} has no trigger against delete"


def test_a_trigger_really_refuses(db):
    from fangxin.kernel.ledger import api as ledger

    ledger.record("ledger.verified", of=None, by=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_entry")


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_has_a_chinese_name(model):
    own = [f for f in model._meta.concrete_fields if not f.primary_key and not f.is_relation]
    plain = [f.name for f in own if str(f.verbose_name) == f.name.replace("_", " ")]
    allowed = {"ledger.ChainHead", "people.User"}
    assert not plain or model._meta.label in allowed, f"{model._meta.label}: {plain} have no Chinese name"

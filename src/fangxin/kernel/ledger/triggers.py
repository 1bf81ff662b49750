"""Database triggers that refuse to change or delete, on both databases. Used in migrations."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "append-only: records of this table cannot be changed or deleted"


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}" for verb in ("UPDATE", "DELETE")
    ]


def _postgresql(table: str) -> list[str]:
    function = "CREATE OR REPLACE FUNCTION fangxin_refuse() RETURNS trigger LANGUAGE plpgsql"
    call = "EXECUTE FUNCTION fangxin_refuse()"
    return [
        f"{function} AS $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]


def refuse_changes(*tables: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """For `migrations.RunPython(refuse_changes("ledger_entry", …), migrations.RunPython.noop)`."""

    def add(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        make = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
        for table in tables:
            for statement in make(table):
                schema_editor.execute(statement)

    return add

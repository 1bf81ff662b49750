"""`migrate`, which founds an empty database at once instead of walking through its whole history.

Step by step Django draws every model anew for every step, half a minute of a first start. The tables are therefore made
from the models as they stand, what the project's own migrations run (triggers) is run, and all are noted as applied.
A test holds both ways to the same tables.
"""

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

OWN = "fangxin."


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        special = ("app_label", "plan", "fake", "fake_initial", "check_unapplied", "prune")
        if not any(options.get(name) for name in special):
            found(connection)
        return super().handle(*args, **options)


def found(connection: Any) -> bool:
    """Make every table of an empty database, or none; false where there is one already, or where migrations are off."""
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    # An application without migrations has no history to be skipped.
    if connection.introspection.table_names() or executor.loader.unmigrated_apps & _with_tables():
        return False
    with connection.schema_editor(atomic=True) as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration in plan:
            if type(migration).__module__.startswith(OWN):
                for operation in migration.operations:
                    if isinstance(operation, RunPython):
                        operation.code(apps, editor)  # type: ignore[arg-type]  # models as they stand, not of a state
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for migration in plan:
            recorder.record_applied(migration.app_label, migration.name)
    return True


def _with_tables() -> set[str]:
    return {model._meta.app_label for model in apps.get_models() if model._meta.managed}

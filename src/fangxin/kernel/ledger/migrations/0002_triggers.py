from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunPython(
            refuse_changes("ledger_entry", "ledger_seal", "ledger_evidencefile"), migrations.RunPython.noop
        )
    ]

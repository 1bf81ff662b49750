from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes("monitoring_measurement", "monitoring_assessment"), migrations.RunPython.noop
        )
    ]

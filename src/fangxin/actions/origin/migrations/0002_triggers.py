from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("origin", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "origin_soilsample",
                "origin_produceresult",
                "origin_metalcheck",
                "origin_metalmonitoring",
                "origin_watermonth",
                "origin_voccheck",
                "origin_ldarround",
            ),
            migrations.RunPython.noop,
        )
    ]

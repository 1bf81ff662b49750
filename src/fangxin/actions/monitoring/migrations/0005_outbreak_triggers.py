from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_outbreaks")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "monitoring_detectionrun",
                "monitoring_investigationstep",
                "monitoring_casedefinition",
                "monitoring_linelist",
                "monitoring_sourcerun",
                "monitoring_outbreakpaper",
            ),
            migrations.RunPython.noop,
        )
    ]

from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "casework_matterstep",
                "casework_matterevidence",
                "casework_matterpaper",
                "casework_escalation",
                "casework_calendarday",
                "casework_calendaryear",
            ),
            migrations.RunPython.noop,
        )
    ]

from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0003_self_control")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "fieldwork_dailyrecord",
                "fieldwork_weeklyreport",
                "fieldwork_monthlymeeting",
                "fieldwork_managerexam",
                "fieldwork_guaranteevisit",
                "fieldwork_guaranteeproblem",
            ),
            migrations.RunPython.noop,
        )
    ]

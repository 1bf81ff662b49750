from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_cases")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "casework_casestep", "casework_casescreening", "casework_caseevidence", "casework_casepaper"
            ),
            migrations.RunPython.noop,
        )
    ]

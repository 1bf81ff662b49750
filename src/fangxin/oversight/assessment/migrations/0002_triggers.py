from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [
        migrations.RunPython(
            refuse_changes("assessment_participant", "assessment_score", "assessment_selfcheck", "assessment_review"),
            migrations.RunPython.noop,
        )
    ]

from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.RunPython(
            refuse_changes(
                "plans_correction",
                "plans_specialplanstep",
                "plans_returnversion",
                "plans_returnversion_attachments",
                "plans_returnstep",
            ),
            migrations.RunPython.noop,
        )
    ]

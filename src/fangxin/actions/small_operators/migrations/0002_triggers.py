from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("small_operators", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes("small_operators_paper", "small_operators_sitevisit", "small_operators_unregisteredstep"),
            migrations.RunPython.noop,
        )
    ]

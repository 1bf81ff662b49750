from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("imported_food", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes("imported_food_creditrecord", "imported_food_labelcheck"), migrations.RunPython.noop
        )
    ]

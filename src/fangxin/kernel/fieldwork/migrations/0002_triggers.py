from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial"), ("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes("fieldwork_itemphoto", "fieldwork_inspectionstep", "fieldwork_inspectionpaper"),
            migrations.RunPython.noop,
        )
    ]

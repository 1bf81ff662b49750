from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("field", "0001_initial")]
    operations = [
        migrations.RunPython(refuse_changes("field_syncedoperation", "field_upload"), migrations.RunPython.noop)
    ]

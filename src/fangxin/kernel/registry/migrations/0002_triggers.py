from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes("registry_premisesfact"), migrations.RunPython.noop)]

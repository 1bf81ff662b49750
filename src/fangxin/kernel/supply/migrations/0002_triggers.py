from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes

TABLES = ("supply_event", "supply_eventcode", "supply_receiptfile", "supply_certificatesource")


class Migration(migrations.Migration):
    dependencies = [("supply", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes(*TABLES), migrations.RunPython.noop)]

from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes

TABLES = (
    "laboratory_seal",
    "laboratory_samplephoto",
    "laboratory_result",
    "laboratory_verification",
    "laboratory_namechoice",
    "laboratory_verdict",
    "laboratory_sampleverdict",
    "laboratory_controlpoint",
    "laboratory_dispositionstep",
)


class Migration(migrations.Migration):
    dependencies = [("laboratory", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes(*TABLES), migrations.RunPython.noop)]

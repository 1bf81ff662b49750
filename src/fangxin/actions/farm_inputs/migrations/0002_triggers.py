from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("farm_inputs", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "farm_inputs_application",
                "farm_inputs_controlrecord",
                "farm_inputs_diaryentry",
                "farm_inputs_finding",
                "farm_inputs_forecastcheck",
                "farm_inputs_harvest",
                "farm_inputs_inputfinding",
                "farm_inputs_ledgerline",
                "farm_inputs_packagemove",
                "farm_inputs_packscan",
                "farm_inputs_refusedsale",
            ),
            migrations.RunPython.noop,
        )
    ]

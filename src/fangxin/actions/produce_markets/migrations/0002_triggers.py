from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("produce_markets", "0001_initial")]
    operations = [
        migrations.RunPython(
            refuse_changes(
                "produce_markets_gradesheet",
                "produce_markets_haul",
                "produce_markets_holderpaper",
                "produce_markets_outgoing",
                "produce_markets_publication",
                "produce_markets_roomtest",
                "produce_markets_selfcheck",
                "produce_markets_slaughtercheck",
                "produce_markets_stallcheck",
            ),
            migrations.RunPython.noop,
        )
    ]

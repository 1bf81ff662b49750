from django.db import migrations

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("board", "0001_initial")]

    operations = [
        migrations.RunPython(
            refuse_changes(
                "board_typedfigure",
                "board_figureverification",
                "board_snapshot",
                "board_snapshotfigure",
                "board_snapshotproof",
            ),
            migrations.RunPython.noop,
        )
    ]

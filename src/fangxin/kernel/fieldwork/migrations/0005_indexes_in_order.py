from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0004_self_control_triggers")]

    operations = [
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["-found_on", "-id", "division_code"], name="finding_newest"),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(fields=["-started_on", "-id", "division_code"], name="inspection_newest"),
        ),
        migrations.AddIndex(
            model_name="plannedvisit",
            index=models.Index(fields=["due_on", "id", "division_code", "state"], name="visit_due"),
        ),
    ]

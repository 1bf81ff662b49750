import django.db.models.deletion
from django.db import migrations, models

from fangxin.kernel.ledger.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0005_indexes_in_order"),
        ("registry", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="RiskOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("learnt_at", models.DateTimeField(verbose_name="学习时间")),
                ("learnt_by", models.CharField(blank=True, max_length=150, verbose_name="学习人")),
                ("inspections", models.PositiveIntegerField(verbose_name="学习的检查次数")),
                ("serious", models.PositiveIntegerField(verbose_name="其中有严重问题")),
                ("premises", models.PositiveIntegerField(verbose_name="排序的场所数")),
                ("windows", models.PositiveSmallIntegerField(verbose_name="核对期数")),
                ("checked", models.PositiveIntegerField(verbose_name="核对的检查次数")),
                ("area", models.FloatField(verbose_name="分辨力")),
                ("area_low", models.FloatField(verbose_name="分辨力下限（95%）")),
                ("area_high", models.FloatField(verbose_name="分辨力上限（95%）")),
            ],
            options={
                "verbose_name": "风险次序",
                "verbose_name_plural": "风险次序",
                "ordering": ["-learnt_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-learnt_at", "-id"], name="risk_order_newest")],
            },
        ),
        migrations.AddField(
            model_name="inspectionplan",
            name="risk_order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="fieldwork.riskorder",
                verbose_name="风险次序",
            ),
        ),
        migrations.CreateModel(
            name="PremisesRisk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.FloatField(verbose_name="概率")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="场所",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="fieldwork.riskorder",
                        verbose_name="风险次序",
                    ),
                ),
            ],
            options={
                "verbose_name": "场所风险值",
                "verbose_name_plural": "场所风险值",
                "constraints": [
                    models.UniqueConstraint(fields=("premises", "order"), name="premises_risk_once"),
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 1)),
                        name="premises_risk_chance",
                    ),
                ],
            },
        ),
        migrations.RunPython(refuse_changes("fieldwork_riskorder"), migrations.RunPython.noop),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("ledger", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LimitTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pesticide", "农药残留限量"),
                            ("veterinary", "兽药残留限量"),
                            ("contaminant", "污染物限量"),
                            ("mycotoxin", "真菌毒素限量"),
                            ("additive", "食品添加剂限量"),
                            ("microbiology", "微生物限量"),
                            ("banned_pesticide", "禁限用农药"),
                            ("banned_veterinary", "禁用兽药和化合物"),
                            ("foods", "食品名称"),
                            ("analytes", "检测项目名称"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("standard", models.CharField(help_text="例如 GB 2763", max_length=60, verbose_name="标准号")),
                ("edition", models.CharField(help_text="例如 2021", max_length=40, verbose_name="版本")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("in_force_from", models.DateField(verbose_name="施行日期")),
                ("in_force_to", models.DateField(blank=True, null=True, verbose_name="废止前最后一日")),
                ("extends", models.CharField(blank=True, max_length=80, verbose_name="补入哪个版本")),
                ("source", models.CharField(max_length=500, verbose_name="来源")),
                ("body", models.TextField(verbose_name="内容")),
                ("total", models.PositiveIntegerField(verbose_name="行数")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待复核"),
                            ("in_use", "已启用"),
                            ("refused", "未通过复核"),
                            ("withdrawn", "已停用"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_by", models.CharField(max_length=150, verbose_name="上传人")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="复核人")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="原表",
                    ),
                ),
            ],
            options={
                "verbose_name": "限量表",
                "verbose_name_plural": "限量表",
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_to", None), ("in_force_to__gte", models.F("in_force_from")), _connector="OR"
                        ),
                        name="limit_table_span_forward",
                        violation_error_message="最后一日早于施行日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="limit_table_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="limit_table_decided",
                    ),
                ],
            },
        ),
    ]

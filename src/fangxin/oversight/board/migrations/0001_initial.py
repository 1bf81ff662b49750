import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CellState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(unique=True, verbose_name="截至日期")),
                ("through_seq", models.BigIntegerField(default=-1, verbose_name="台账序号")),
                ("formulas", models.CharField(blank=True, max_length=64, verbose_name="公式摘要")),
                ("computed_at", models.DateTimeField(null=True, verbose_name="计算时间")),
            ],
            options={
                "verbose_name": "看板进度",
                "verbose_name_plural": "看板进度",
            },
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="截至日期")),
                ("division_code", models.CharField(max_length=9, verbose_name="区划")),
                ("rolled", models.BooleanField(default=False, verbose_name="县合计")),
                ("code", models.CharField(max_length=20, verbose_name="指标")),
                ("formula_version", models.CharField(max_length=12, verbose_name="公式版本")),
                ("numerator", models.DecimalField(decimal_places=6, max_digits=24, verbose_name="分子")),
                ("denominator", models.DecimalField(decimal_places=6, max_digits=24, verbose_name="分母")),
                ("missing", models.PositiveIntegerField(default=0, verbose_name="缺数的行")),
                ("computed_at", models.DateTimeField(verbose_name="计算时间")),
            ],
            options={
                "verbose_name": "看板数格",
                "verbose_name_plural": "看板数格",
                "constraints": [
                    models.UniqueConstraint(fields=("as_of", "rolled", "division_code", "code"), name="cell_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("report", "报送日"), ("month", "月末"), ("asked", "临时")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="截至日期")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更正原因")),
                ("ledger_id", models.CharField(max_length=64, verbose_name="台账")),
                ("ledger_seq", models.BigIntegerField(verbose_name="台账序号")),
                ("ledger_digest", models.CharField(max_length=128, verbose_name="台账摘要")),
                ("taken_at", models.DateTimeField(verbose_name="冻结时间")),
                ("taken_by", models.CharField(blank=True, max_length=150, verbose_name="冻结人")),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="board.snapshot",
                        verbose_name="更正对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据快照",
                "verbose_name_plural": "数据快照",
                "ordering": ["-as_of", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("corrects", None)),
                        fields=("division_code", "label"),
                        name="snapshot_label_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField(verbose_name="内容")),
                ("digest", models.CharField(max_length=128, verbose_name="摘要")),
                ("signed", models.BooleanField(verbose_name="已签名")),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proof",
                        to="board.snapshot",
                        verbose_name="快照",
                    ),
                ),
            ],
            options={
                "verbose_name": "证明文件",
                "verbose_name_plural": "证明文件",
            },
        ),
        migrations.CreateModel(
            name="TypedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="指标")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("as_of", models.DateField(verbose_name="截至日期")),
                ("base_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="基期年份")),
                ("period", models.CharField(blank=True, max_length=40, verbose_name="报送期")),
                (
                    "numerator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=24, null=True, verbose_name="分子（或数量）"
                    ),
                ),
                (
                    "denominator",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name="分母"),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=24, null=True, verbose_name="只报的数值"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("entered_at", models.DateTimeField(verbose_name="填报时间")),
                ("entered_by", models.CharField(max_length=150, verbose_name="填报人")),
                (
                    "computed_numerator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=24, null=True, verbose_name="平台分子"
                    ),
                ),
                (
                    "computed_denominator",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=24, null=True, verbose_name="平台分母"
                    ),
                ),
                ("formula_version", models.CharField(max_length=12, verbose_name="公式版本")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="填报单位",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="证据",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报数",
                "verbose_name_plural": "填报数",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "code", "as_of"], name="typed_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("numerator", None), ("numerator__gte", 0), _connector="OR"),
                        name="typed_numerator_from_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("denominator", None), ("denominator__gte", 0), _connector="OR"),
                        name="typed_denominator_from_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="指标")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("numerator", models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name="分子")),
                ("denominator", models.DecimalField(decimal_places=6, max_digits=24, null=True, verbose_name="分母")),
                ("verified", models.BooleanField(default=True, verbose_name="可采信")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("met", "已达成"),
                            ("not_met", "未达成"),
                            ("no_target", "跟踪"),
                            ("no_subjects", "无对象"),
                            ("no_base", "缺基期"),
                            ("unverified", "未核实"),
                            ("unknown", "无数据"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("formula_version", models.CharField(max_length=12, verbose_name="公式版本")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("inputs_hash", models.CharField(blank=True, max_length=128, verbose_name="数据摘要")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="board.snapshot",
                        verbose_name="快照",
                    ),
                ),
                (
                    "typed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="board.typedfigure",
                        verbose_name="填报数",
                    ),
                ),
            ],
            options={
                "verbose_name": "快照数",
                "verbose_name_plural": "快照数",
                "indexes": [models.Index(fields=["division_code", "code", "snapshot"], name="snapshot_figure_trend")],
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "division_code", "code"), name="snapshot_figure_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureVerification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("accepted", models.BooleanField(verbose_name="认可")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="意见")),
                ("verified_at", models.DateTimeField(verbose_name="核实时间")),
                ("verified_by", models.CharField(max_length=150, verbose_name="核实人")),
                (
                    "figure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verification",
                        to="board.typedfigure",
                        verbose_name="填报数",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报数核实",
                "verbose_name_plural": "填报数核实",
            },
        ),
    ]

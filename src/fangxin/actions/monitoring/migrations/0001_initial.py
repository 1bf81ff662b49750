from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0004_case_triggers"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("hazard", models.CharField(max_length=40, verbose_name="危害物")),
                ("people", models.CharField(max_length=20, verbose_name="人群")),
                ("since", models.DateField(verbose_name="采样自")),
                ("until", models.DateField(verbose_name="采样至")),
                (
                    "mode",
                    models.CharField(
                        choices=[("chronic", "长期"), ("acute", "短期")], max_length=10, verbose_name="类型"
                    ),
                ),
                ("reference_point", models.CharField(max_length=80, verbose_name="参考值")),
                ("parameters", models.JSONField(verbose_name="参数")),
                ("inputs", models.JSONField(verbose_name="输入")),
                ("inputs_digest", models.CharField(max_length=128, verbose_name="输入摘要")),
                ("results", models.JSONField(verbose_name="结果")),
                ("burden", models.FloatField(blank=True, null=True, verbose_name="占参考值")),
                ("concern", models.BooleanField(blank=True, null=True, verbose_name="需要关注")),
                ("assessed_at", models.DateTimeField(verbose_name="评估时间")),
                ("assessed_by", models.CharField(blank=True, max_length=150, verbose_name="评估人")),
            ],
            options={
                "verbose_name": "膳食暴露评估",
                "verbose_name_plural": "膳食暴露评估",
                "ordering": ["-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-number"], name="monitoring_assessment_list"),
                    models.Index(fields=["hazard", "people"], name="monitoring_assessment_hazard"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="文件")),
                ("source", models.CharField(max_length=200, verbose_name="数据来源")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("rows", models.PositiveIntegerField(verbose_name="行数")),
                ("digest", models.CharField(max_length=128, verbose_name="文件摘要")),
                ("imported_at", models.DateTimeField(verbose_name="导入时间")),
                ("imported_by", models.CharField(blank=True, max_length=150, verbose_name="导入人")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("withdrawn_by", models.CharField(blank=True, max_length=150, verbose_name="撤回人")),
                ("withdrawn_why", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
            ],
            options={
                "verbose_name": "监测数据批次",
                "verbose_name_plural": "监测数据批次",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "imported_at"], name="monitoring_batch_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("division_code", "digest"),
                        name="monitoring_batch_once",
                        violation_error_message="这个文件已经导入过，没有重复导入。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", ""), ("withdrawn_why", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="monitoring_batch_withdrawn_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("title", models.CharField(max_length=120, verbose_name="会商事项")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "已安排"),
                            ("held", "已召开，待形成结论"),
                            ("concluded", "已形成结论"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="计划日期")),
                ("background", models.TextField(blank=True, max_length=3000, verbose_name="背景")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="召开日期")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="地点或方式")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="主持人")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("low", "低"), ("moderate", "中"), ("high", "高"), ("unknown", "资料不足，不能判断")],
                        max_length=10,
                        verbose_name="风险研判",
                    ),
                ),
                ("conclusion", models.TextField(blank=True, max_length=4000, verbose_name="结论")),
                ("concluded_at", models.DateTimeField(blank=True, null=True, verbose_name="结论时间")),
                ("concluded_by", models.CharField(blank=True, max_length=150, verbose_name="结论记录人")),
                ("cancelled_why", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
                ("arranged_at", models.DateTimeField(verbose_name="安排时间")),
                ("arranged_by", models.CharField(blank=True, max_length=150, verbose_name="安排人")),
                (
                    "assessments",
                    models.ManyToManyField(
                        blank=True, related_name="consultations", to="monitoring.assessment", verbose_name="暴露评估"
                    ),
                ),
                (
                    "convened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="召集单位",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="会商材料",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商研判",
                "verbose_name_plural": "会商研判",
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["division_code", "planned_on"], name="monitoring_consult_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "cancelled"]),
                            models.Q(("held_on__isnull", False), models.Q(("chair", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="monitoring_consult_held_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "concluded"), _negated=True),
                            models.Q(
                                ("concluded_at__isnull", False),
                                models.Q(("conclusion", ""), _negated=True),
                                models.Q(("level", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="monitoring_consult_concluded_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="monitoring_consult_cancelled_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="决定事项")),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("check_on", models.DateField(verbose_name="效果回看日期")),
                ("decided_at", models.DateTimeField(verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="记录人")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("effective", "有效，风险下降"),
                            ("ineffective", "没有见效"),
                            ("unclear", "数据不足，继续观察"),
                        ],
                        max_length=12,
                        verbose_name="效果",
                    ),
                ),
                ("outcome_text", models.CharField(blank=True, max_length=1000, verbose_name="效果依据")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="回看时间")),
                ("checked_by", models.CharField(blank=True, max_length=150, verbose_name="回看人")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="monitoring.consultation",
                        verbose_name="会商",
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.matter",
                        verbose_name="问题事项",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "会商决定",
                "verbose_name_plural": "会商决定",
                "ordering": ["consultation", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at", None), ("outcome", "")),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("checked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="monitoring_decision_checked_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("check_on__gte", models.F("due_on"))),
                        name="monitoring_decision_check_after_due",
                        violation_error_message="效果回看日期不能早于完成时限。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("laboratory", "本平台检测"), ("department", "部门导入")],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("sample_no", models.CharField(max_length=60, verbose_name="样品编号")),
                ("food", models.CharField(max_length=100, verbose_name="食品")),
                ("food_class", models.CharField(blank=True, max_length=100, verbose_name="食品类别")),
                ("food_group", models.CharField(blank=True, max_length=20, verbose_name="膳食分组")),
                ("analyte", models.CharField(max_length=100, verbose_name="项目")),
                ("hazard", models.CharField(blank=True, max_length=40, verbose_name="危害物")),
                ("as_typed", models.CharField(max_length=60, verbose_name="报告结果")),
                ("unit", models.CharField(max_length=20, verbose_name="报告单位")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=10,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="结果（mg/kg）",
                    ),
                ),
                (
                    "lod",
                    models.DecimalField(
                        blank=True,
                        decimal_places=10,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="检出限（mg/kg）",
                    ),
                ),
                (
                    "loq",
                    models.DecimalField(
                        blank=True,
                        decimal_places=10,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="定量限（mg/kg）",
                    ),
                ),
                ("trace", models.BooleanField(default=False, verbose_name="检出但低于定量限")),
                ("quantified", models.BooleanField(default=False, verbose_name="已定量")),
                (
                    "over_limit",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "超过参照限量"), ("no", "未超过"), ("", "无限量或者不能判断")],
                        max_length=4,
                        verbose_name="与限量相比",
                    ),
                ),
                ("sampled_on", models.DateField(verbose_name="采样日期")),
                ("division_code", models.CharField(max_length=12, verbose_name="采样地")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurements",
                        to="monitoring.batch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="monitoring.measurement",
                        verbose_name="更正自",
                    ),
                ),
            ],
            options={
                "verbose_name": "监测结果",
                "verbose_name_plural": "监测结果",
                "ordering": ["-sampled_on", "sample_no", "analyte"],
                "indexes": [
                    models.Index(fields=["division_code", "-sampled_on"], name="monitoring_result_list"),
                    models.Index(fields=["hazard", "food_group", "sampled_on"], name="monitoring_result_series"),
                    models.Index(fields=["sample_no", "analyte"], name="monitoring_result_sample"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", False), ("lod__gt", 0), ("loq__gt", 0), _connector="OR"),
                        name="monitoring_result_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lod", None), ("loq", None), ("loq__gte", models.F("lod")), _connector="OR"
                        ),
                        name="monitoring_result_limits_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch", None), ("source", "laboratory")),
                            models.Q(("batch__isnull", False), ("source", "department")),
                            _connector="OR",
                        ),
                        name="monitoring_result_of_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who", models.CharField(blank=True, max_length=120, verbose_name="参加人员")),
                ("came", models.BooleanField(default=False, verbose_name="已到会")),
                ("opinion", models.TextField(blank=True, max_length=1000, verbose_name="意见")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="monitoring.consultation",
                        verbose_name="会商",
                    ),
                ),
            ],
            options={
                "verbose_name": "参加单位",
                "verbose_name_plural": "参加单位",
                "ordering": ["consultation", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "agency"),
                        name="monitoring_participant_once",
                        violation_error_message="这个单位已在参加名单中。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("concentration", "含量上升"),
                            ("rate", "超限量比例上升"),
                            ("township", "乡镇比例偏高"),
                            ("exposure", "暴露接近或超过参考值"),
                            ("sample", "监测样品超过限量"),
                            ("reported", "人工提出"),
                        ],
                        max_length=14,
                        verbose_name="类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "待核实"),
                            ("confirmed", "已核实，待处置"),
                            ("acted", "已采取措施"),
                            ("dismissed", "已排除"),
                        ],
                        default="raised",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="识别码")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("hazard", models.CharField(max_length=40, verbose_name="危害物")),
                ("food_group", models.CharField(blank=True, max_length=20, verbose_name="膳食分组")),
                ("text", models.TextField(max_length=1000, verbose_name="情况")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="依据")),
                ("raised_at", models.DateTimeField(verbose_name="发出时间")),
                ("raised_by", models.CharField(blank=True, max_length=150, verbose_name="发出人")),
                ("raised_on", models.DateField(verbose_name="发出日期")),
                ("due_on", models.DateField(verbose_name="核实时限")),
                ("sampled_on", models.DateField(blank=True, null=True, verbose_name="触发样品的采样日期")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="核实时间")),
                ("settled_by", models.CharField(blank=True, max_length=150, verbose_name="核实人")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="核实日期")),
                ("finding", models.CharField(blank=True, max_length=1000, verbose_name="核实情况")),
                ("acted_on", models.DateField(blank=True, null=True, verbose_name="采取措施日期")),
                (
                    "consultation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="signals",
                        to="monitoring.consultation",
                        verbose_name="会商",
                    ),
                ),
            ],
            options={
                "verbose_name": "风险信号",
                "verbose_name_plural": "风险信号",
                "ordering": ["-number"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "due_on"], name="monitoring_signal_list"),
                    models.Index(fields=["division_code", "raised_on"], name="monitoring_signal_raised"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["raised", "confirmed"])),
                        fields=("key",),
                        name="monitoring_signal_once",
                        violation_error_message="同一情况的信号还没有处理完，没有重复发出。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("settled_at", None), ("settled_on", None), ("state", "raised")),
                            models.Q(
                                models.Q(("state", "raised"), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_on__isnull", False),
                                models.Q(("finding", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="monitoring_signal_settled_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("acted_on", None), ("state", "acted"), _connector="OR"),
                        name="monitoring_signal_acted_when_acted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="调查名称")),
                ("people", models.CharField(max_length=20, verbose_name="人群")),
                (
                    "year",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="调查年份",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("source", models.CharField(max_length=300, verbose_name="组织单位和方法")),
                (
                    "respondents",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="调查人数"
                    ),
                ),
                (
                    "body_weight_kg",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="平均体重（kg）",
                    ),
                ),
                (
                    "body_weight_cv",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("0.15"),
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="体重变异系数",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "待确认"), ("confirmed", "已确认"), ("withdrawn", "已停用")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("imported_at", models.DateTimeField(verbose_name="导入时间")),
                ("imported_by", models.CharField(blank=True, max_length=150, verbose_name="导入人")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("confirmed_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
            ],
            options={
                "verbose_name": "膳食调查",
                "verbose_name_plural": "膳食调查",
                "ordering": ["-year", "-pk"],
                "indexes": [models.Index(fields=["division_code", "people", "-year"], name="monitoring_survey_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                models.Q(("confirmed_by", models.F("imported_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="monitoring_survey_second_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("food_group", models.CharField(max_length=20, verbose_name="膳食分组")),
                (
                    "grams",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=8,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="平均摄入量（g/天）",
                    ),
                ),
                (
                    "variation",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="变异系数",
                    ),
                ),
                (
                    "eaters",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal("1"),
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("1")),
                        ],
                        verbose_name="食用者比例",
                    ),
                ),
                (
                    "portion_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                        verbose_name="大份量（g，P97.5）",
                    ),
                ),
                (
                    "unit_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="单个可食部（g）",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="monitoring.survey",
                        verbose_name="膳食调查",
                    ),
                ),
            ],
            options={
                "verbose_name": "摄入量",
                "verbose_name_plural": "摄入量",
                "ordering": ["survey", "-grams"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "food_group"), name="monitoring_figure_once")
                ],
            },
        ),
    ]

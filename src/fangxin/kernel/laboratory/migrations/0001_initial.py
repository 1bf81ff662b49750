import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_triggers"),
        ("people", "0002_laboratory_role"),
        ("people", "__first__"),
        ("registry", "0003_parcels"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("food_class", models.CharField(max_length=40, verbose_name="食品大类")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("farm", "种植养殖"),
                            ("production", "生产"),
                            ("circulation", "流通"),
                            ("catering", "餐饮"),
                            ("network", "网络"),
                        ],
                        max_length=12,
                        verbose_name="环节",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="乡镇（街道）")),
                ("listed", models.PositiveIntegerField(default=0, verbose_name="场所数")),
                ("past_tested", models.PositiveIntegerField(default=0, verbose_name="既往检验批次")),
                ("past_failed", models.PositiveIntegerField(default=0, verbose_name="既往不合格批次")),
                (
                    "expected_rate",
                    models.DecimalField(decimal_places=5, default=0, max_digits=7, verbose_name="预计不合格率"),
                ),
                ("proposed", models.PositiveIntegerField(default=0, verbose_name="测算批次")),
                ("planned", models.PositiveIntegerField(default=0, verbose_name="计划批次")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="调整理由")),
                ("changed_by", models.CharField(blank=True, max_length=150, verbose_name="调整人")),
            ],
            options={
                "verbose_name": "计划格",
                "verbose_name_plural": "计划格",
                "ordering": ["food_class", "stage", "division_code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned", models.F("proposed")), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="plan_line_changed_with_reason",
                        violation_error_message="计划批次与测算不同的，须写明理由。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("past_failed__lte", models.F("past_tested"))), name="plan_line_past"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnalyticalRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="分析批编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("analyte", models.CharField(max_length=120, verbose_name="检验项目")),
                ("method", models.CharField(blank=True, max_length=120, verbose_name="检验方法")),
                ("measured_on", models.DateField(verbose_name="测定日期")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "没有质控结果"),
                            ("accepted", "在控"),
                            ("warning", "警告"),
                            ("rejected", "失控"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="质控结论",
                    ),
                ),
                ("violations", models.JSONField(blank=True, default=list, verbose_name="违反的规则")),
                ("opened_at", models.DateTimeField(verbose_name="建立时间")),
                ("opened_by", models.CharField(max_length=150, verbose_name="建立人")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="放行时间")),
                ("released_by", models.CharField(blank=True, max_length=150, verbose_name="放行人")),
                ("release_reason", models.CharField(blank=True, max_length=400, verbose_name="放行理由")),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "分析批",
                "verbose_name_plural": "分析批",
                "ordering": ["-measured_on", "-pk"],
                "indexes": [models.Index(fields=["laboratory", "analyte", "-measured_on", "-id"], name="run_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by", "")),
                            models.Q(("released_at__isnull", False), models.Q(("released_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="run_released_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at", None), models.Q(("release_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="run_released_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("also", models.CharField(blank=True, max_length=200, verbose_name="同时通报")),
                ("failed", models.CharField(max_length=600, verbose_name="不合格项目")),
                ("serious", models.BooleanField(default=False, verbose_name="严重危害")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "核查处置中"),
                            ("submitted", "待确认办结"),
                            ("closed", "已办结"),
                            ("overturned", "复检合格，终止"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("matter_key", models.CharField(db_index=True, max_length=200, verbose_name="问题事项")),
                ("opened_on", models.DateField(verbose_name="启动日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="办结时限")),
                ("extended_to", models.DateField(blank=True, null=True, verbose_name="延期至")),
                ("extension_reason", models.CharField(blank=True, max_length=300, verbose_name="延期理由")),
                ("report_by", models.DateTimeField(blank=True, null=True, verbose_name="24小时报告时限")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="报告时间")),
                ("reported_by", models.CharField(blank=True, max_length=150, verbose_name="报告人")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="数量单位")),
                (
                    "purchased",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="购进（生产）数量",
                    ),
                ),
                (
                    "stock",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="封存库存数量",
                    ),
                ),
                (
                    "sold",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="已销售数量",
                    ),
                ),
                (
                    "returned",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="退货、召回数量",
                    ),
                ),
                (
                    "destroyed",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="已销毁数量",
                    ),
                ),
                ("controls", models.CharField(blank=True, max_length=500, verbose_name="控制措施")),
                ("controls_on", models.DateField(blank=True, null=True, verbose_name="采取控制措施日期")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("farming", "种植养殖环节"),
                            ("production", "生产加工环节"),
                            ("storage", "储存运输"),
                            ("sale", "销售和餐饮环节"),
                            ("added", "人为添加、掺杂掺假"),
                            ("unknown", "没有查清"),
                        ],
                        max_length=12,
                        verbose_name="原因环节",
                    ),
                ),
                ("cause_text", models.CharField(blank=True, max_length=800, verbose_name="原因排查")),
                ("penalty", models.CharField(blank=True, max_length=300, verbose_name="处罚案号，或者不处罚的理由")),
                ("rectified", models.CharField(blank=True, max_length=500, verbose_name="整改情况")),
                ("again_wanted", models.BooleanField(default=False, verbose_name="须再次抽检")),
                ("imbalance_reason", models.CharField(blank=True, max_length=300, verbose_name="数量不平的说明")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提请办结时间")),
                ("submitted_by", models.CharField(blank=True, max_length=150, verbose_name="提请人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="核查处置单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "核查处置",
                "verbose_name_plural": "核查处置",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "due_on"], name="disposition_list"),
                    models.Index(fields=["owner", "state", "due_on"], name="disposition_of_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at__isnull", True), ("reported_by", "")),
                            models.Q(("reported_at__isnull", False), models.Q(("reported_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="disposition_reported_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="disposition_submitted_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="disposition_closed_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["closed", "overturned"])),
                            models.Q(
                                models.Q(("state__in", ["closed", "overturned"]), _negated=True), ("closed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="disposition_open_or_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="disposition_second_person",
                        violation_error_message="提请人不能确认自己的办结，请由另一名人员确认。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispositionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=60, verbose_name="步骤")),
                ("text", models.CharField(blank=True, max_length=800, verbose_name="情况")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="人员")),
                (
                    "disposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="laboratory.disposition",
                        verbose_name="核查处置",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="证明材料",
                    ),
                ),
            ],
            options={
                "verbose_name": "核查处置经过",
                "verbose_name_plural": "核查处置经过",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="QualitySample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("analyte", models.CharField(max_length=120, verbose_name="检验项目")),
                ("method", models.CharField(blank=True, max_length=120, verbose_name="检验方法")),
                ("level", models.CharField(max_length=30, verbose_name="水平")),
                ("lot", models.CharField(max_length=60, verbose_name="批号")),
                ("unit", models.CharField(max_length=30, verbose_name="单位")),
                (
                    "mean",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="靶值",
                    ),
                ),
                (
                    "sd",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="标准差",
                    ),
                ),
                ("found_from", models.PositiveSmallIntegerField(default=20, verbose_name="定值批数")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "质控样",
                "verbose_name_plural": "质控样",
                "ordering": ["analyte", "level", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("laboratory", "analyte", "method", "level", "lot"),
                        name="quality_sample_once",
                        violation_error_message="这个批号和水平的质控样已经登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("mean", ""), _negated=True), models.Q(("sd", ""), _negated=True)),
                        name="quality_sample_has_target",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="测定值",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(max_length=150, verbose_name="录入人")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="laboratory.analyticalrun",
                        verbose_name="分析批",
                    ),
                ),
                (
                    "quality_sample",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="laboratory.qualitysample",
                        verbose_name="质控样",
                    ),
                ),
            ],
            options={
                "verbose_name": "质控结果",
                "verbose_name_plural": "质控结果",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["quality_sample", "id"], name="control_point_chart")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="control_point_has_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("number", models.CharField(max_length=60, verbose_name="文号")),
                (
                    "level",
                    models.CharField(
                        choices=[("first", "一级召回"), ("second", "二级召回"), ("third", "三级召回")],
                        max_length=8,
                        verbose_name="召回级别",
                    ),
                ),
                ("recipient", models.CharField(max_length=120, verbose_name="被责令单位")),
                ("product", models.CharField(max_length=200, verbose_name="召回产品")),
                ("start_within_hours", models.PositiveSmallIntegerField(verbose_name="启动召回时限（小时）")),
                ("finish_by", models.DateField(verbose_name="完成召回日期")),
                (
                    "recalled",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="召回数量",
                    ),
                ),
                ("recalled_on", models.DateField(blank=True, null=True, verbose_name="召回完成日期")),
                ("issued_at", models.DateTimeField(verbose_name="制发时间")),
                ("issued_by", models.CharField(max_length=150, verbose_name="制发人")),
                (
                    "disposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="laboratory.disposition",
                        verbose_name="核查处置",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文书",
                    ),
                ),
            ],
            options={
                "verbose_name": "责令召回",
                "verbose_name_plural": "责令召回",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="报告编号")),
                (
                    "state",
                    models.CharField(
                        choices=[("drafted", "待签发"), ("issued", "已签发"), ("withdrawn", "已收回")],
                        default="drafted",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="出具时限")),
                ("drafted_at", models.DateTimeField(verbose_name="编制时间")),
                ("drafted_by", models.CharField(max_length=150, verbose_name="编制人")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                ("issued_by", models.CharField(blank=True, max_length=150, verbose_name="签发人")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
                ("send_due_on", models.DateField(blank=True, null=True, verbose_name="报送时限")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                ("sent_by", models.CharField(blank=True, max_length=150, verbose_name="报送人")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                ("published_by", models.CharField(blank=True, max_length=150, verbose_name="公布人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="报告文件",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "检验报告",
                "verbose_name_plural": "检验报告",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "-id"], name="report_list"),
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["-published_at"],
                        name="report_published",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_at__isnull", True), ("issued_by", "")),
                            models.Q(("issued_at__isnull", False), models.Q(("issued_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="report_issued_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by", "")),
                            models.Q(("sent_at__isnull", False), models.Q(("sent_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="report_sent_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by", "")),
                            models.Q(("published_at__isnull", False), models.Q(("published_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="report_published_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_at", None),
                            models.Q(("issued_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="report_second_person",
                        violation_error_message="编制人不能签发自己编制的报告，请由授权签字人签发。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("subject", "被抽样单位"),
                            ("producer", "标称生产者"),
                            ("opener", "市场开办者、网络平台"),
                        ],
                        max_length=10,
                        verbose_name="告知对象",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="单位名称")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="告知时限")),
                ("sent_at", models.DateTimeField(verbose_name="送达时间")),
                ("sent_on", models.DateField(verbose_name="送达日期")),
                ("sent_by", models.CharField(max_length=150, verbose_name="送达人")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="签收登记时间")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                ("received_by", models.CharField(blank=True, max_length=60, verbose_name="签收人")),
                ("retest_until", models.DateField(blank=True, null=True, verbose_name="复检申请截止")),
                ("objection_until", models.DateField(blank=True, null=True, verbose_name="异议截止")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="告知书",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="laboratory.report",
                        verbose_name="检验报告",
                    ),
                ),
            ],
            options={
                "verbose_name": "不合格告知",
                "verbose_name_plural": "不合格告知",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at__isnull", True), ("received_by", "")),
                            models.Q(("received_at__isnull", False), models.Q(("received_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="notice_received_told",
                    ),
                    models.UniqueConstraint(
                        fields=("report", "to", "name"),
                        name="notice_once",
                        violation_error_message="已经告知过这一家。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("digest", models.CharField(db_index=True, max_length=64, verbose_name="文件摘要")),
                ("instrument", models.BooleanField(default=False, verbose_name="仪器导出")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "已检查，待写入"),
                            ("applying", "正在写入"),
                            ("applied", "已写入"),
                            ("discarded", "已放弃"),
                        ],
                        default="checked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.PositiveIntegerField(verbose_name="行数")),
                ("faulty", models.PositiveIntegerField(verbose_name="有误行数")),
                ("preview", models.JSONField(blank=True, default=list, verbose_name="预览")),
                ("faults", models.JSONField(blank=True, default=list, verbose_name="错误")),
                ("ignored_columns", models.JSONField(blank=True, default=list, verbose_name="没有用到的列")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_by", models.CharField(max_length=150, verbose_name="上传人")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="写入时间")),
                ("applied_by", models.CharField(blank=True, max_length=150, verbose_name="写入人")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "结果文件",
                "verbose_name_plural": "结果文件",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", True), ("applied_by", "")),
                            models.Q(("applied_at__isnull", False), models.Q(("applied_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="result_file_applied_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["applying", "applied"])),
                        fields=("laboratory", "digest"),
                        name="result_file_once",
                        violation_error_message="这个文件已经导入过。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="抽样编号")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("supervision", "监督抽检"),
                            ("risk_monitoring", "风险监测"),
                            ("complaint", "投诉举报"),
                            ("special", "专项抽检"),
                            ("rapid", "快检阳性后送检"),
                        ],
                        max_length=16,
                        verbose_name="任务类别",
                    ),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("market", "食品安全抽检（市场监管）"),
                            ("agriculture", "农产品质量安全监督抽查（农业农村）"),
                        ],
                        default="market",
                        max_length=12,
                        verbose_name="适用规则",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("taken", "已抽样，待送检"),
                            ("sent", "送检途中"),
                            ("received", "已接收，待检验"),
                            ("testing", "检验中"),
                            ("reported", "已出报告"),
                            ("refused", "检验机构拒收"),
                            ("cancelled", "已作废"),
                        ],
                        default="taken",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("subject_name", models.CharField(max_length=120, verbose_name="被抽样单位")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("farm", "种植养殖"),
                            ("production", "生产"),
                            ("circulation", "流通"),
                            ("catering", "餐饮"),
                            ("network", "网络"),
                        ],
                        max_length=12,
                        verbose_name="环节",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="抽样地点")),
                (
                    "latitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="纬度",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="经度",
                    ),
                ),
                ("food", models.CharField(max_length=80, verbose_name="食品名称")),
                ("food_class", models.CharField(max_length=40, verbose_name="食品大类")),
                ("brand", models.CharField(blank=True, max_length=60, verbose_name="商标")),
                ("specification", models.CharField(blank=True, max_length=60, verbose_name="规格型号")),
                ("batch", models.CharField(blank=True, max_length=60, verbose_name="批号")),
                ("production_on", models.DateField(blank=True, null=True, verbose_name="生产（购进）日期")),
                ("best_before_on", models.DateField(blank=True, null=True, verbose_name="保质期至")),
                ("producer", models.CharField(blank=True, max_length=120, verbose_name="标称生产者")),
                (
                    "storage",
                    models.CharField(
                        choices=[("normal", "常温"), ("chilled", "冷藏"), ("frozen", "冷冻")],
                        default="normal",
                        max_length=8,
                        verbose_name="储存条件",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="抽样数量",
                    ),
                ),
                ("quantity_unit", models.CharField(max_length=10, verbose_name="计量单位")),
                ("no_duplicate_reason", models.CharField(blank=True, max_length=200, verbose_name="没有备样的原因")),
                (
                    "stock",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="抽样基数",
                    ),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="单价（元）",
                    ),
                ),
                (
                    "price_paid",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="实付金额（元）",
                    ),
                ),
                (
                    "temperature",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="抽样时温度（℃）"
                    ),
                ),
                ("sampler_name", models.CharField(max_length=60, verbose_name="抽样人姓名")),
                ("second_sampler_name", models.CharField(max_length=60, verbose_name="同行人姓名")),
                ("sampled_on", models.DateField(verbose_name="抽样日期")),
                ("sampled_at", models.DateTimeField(verbose_name="抽样时间")),
                ("subject_signer", models.CharField(blank=True, max_length=60, verbose_name="被抽样单位签字人")),
                ("refusal_reason", models.CharField(blank=True, max_length=300, verbose_name="拒签情况")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="见证人")),
                ("blind", models.BooleanField(default=False, verbose_name="盲样")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                ("cancelled_by", models.CharField(blank=True, max_length=150, verbose_name="作废人")),
                ("cancelled_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="备注")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="组织单位",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="承检机构",
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="registry.parcel",
                        verbose_name="地块、塘、圈舍",
                    ),
                ),
                (
                    "plan_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="laboratory.planline",
                        verbose_name="计划格",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="registry.premises",
                        verbose_name="抽样对象",
                    ),
                ),
                (
                    "sampler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽样人员",
                    ),
                ),
                (
                    "second_sampler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="同行抽样人员",
                    ),
                ),
                (
                    "subject_signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="签名",
                    ),
                ),
            ],
            options={
                "verbose_name": "样品",
                "verbose_name_plural": "样品",
                "ordering": ["-sampled_on", "-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-sampled_on", "-number"], name="sample_list"),
                    models.Index(fields=["laboratory", "state", "sampled_on"], name="sample_laboratory"),
                    models.Index(fields=["premises", "-sampled_on"], name="sample_premises"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by", "")),
                            models.Q(("cancelled_at__isnull", False), models.Q(("cancelled_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sample_cancelled_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), models.Q(("cancelled_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_reason", "")),
                            _connector="OR",
                        ),
                        name="sample_cancelled_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sampler", models.F("second_sampler")), _negated=True),
                        name="sample_two_samplers",
                        violation_error_message="抽样人员不少于两名，请选择另一名同行人员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("production_on", None), ("production_on__lte", models.F("sampled_on")), _connector="OR"
                        ),
                        name="sample_made_before_taken",
                        violation_error_message="生产日期晚于抽样日期，请核对。",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="sample_quantity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("text", models.CharField(max_length=600, verbose_name="信号")),
                ("serious", models.BooleanField(default=False, verbose_name="严重危害")),
                ("raised_at", models.DateTimeField(verbose_name="发出时间")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="会商时间")),
                ("answered_by", models.CharField(blank=True, max_length=150, verbose_name="会商登记人")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="会商意见")),
                (
                    "sample",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_signal",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "风险信号",
                "verbose_name_plural": "风险信号",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "answered_at", "-id"], name="risk_signal_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by", "")),
                            models.Q(("answered_at__isnull", False), models.Q(("answered_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="risk_signal_answered_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None), models.Q(("answer", ""), _negated=True), _connector="OR"
                        ),
                        name="risk_signal_answered_with_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Retest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("applicant", models.CharField(max_length=120, verbose_name="申请单位")),
                ("items", models.CharField(max_length=300, verbose_name="申请复检的项目")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "待受理"),
                            ("refused", "不予复检"),
                            ("accepted", "已受理，待抽取机构"),
                            ("drawn", "已抽取机构，待移交备样"),
                            ("handed_over", "已移交，待结论"),
                            ("concluded", "已有结论，待告知"),
                            ("told", "已告知"),
                            ("withdrawn", "申请人撤回"),
                        ],
                        default="requested",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("requested_on", models.DateField(verbose_name="申请日期")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="可申请的最后一日")),
                ("materials_on", models.DateField(verbose_name="材料齐全日期")),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("micro", "微生物指标不合格，不予复检"),
                            ("late", "超过申请期限"),
                            ("no_duplicate", "没有备份样品，或者备份样品不能使用"),
                            ("expired", "备份样品超过保质期"),
                            ("other", "其他情形"),
                        ],
                        max_length=12,
                        verbose_name="不予复检的原因",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="本步时限")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="受理日期")),
                ("drawn_on", models.DateField(blank=True, null=True, verbose_name="抽取日期")),
                ("handed_over_on", models.DateField(blank=True, null=True, verbose_name="移交备样日期")),
                ("concluded_on", models.DateField(blank=True, null=True, verbose_name="复检结论日期")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("conforming", "复检合格"), ("nonconforming", "复检不合格")],
                        max_length=16,
                        verbose_name="复检结论",
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="复检结果")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="告知日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "draw_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="抽取结果文件",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="复检机构",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retests",
                        to="laboratory.notice",
                        verbose_name="不合格告知",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retests",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "复检",
                "verbose_name_plural": "复检",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "due_on"], name="retest_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["refused", "withdrawn"]), _negated=True),
                        fields=("sample",),
                        name="retest_once",
                        violation_error_message="这份样品已有复检，复检结论为最终结论。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refusal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="retest_refused_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["concluded", "told"]), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="retest_concluded_with_outcome",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="report",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="laboratory.sample",
                verbose_name="样品",
            ),
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lab_number", models.CharField(max_length=30, unique=True, verbose_name="样品受理编号")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "接收"), ("refused", "拒收")], max_length=10, verbose_name="结论"
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="收样时间")),
                ("received_on", models.DateField(verbose_name="收样日期")),
                ("received_by", models.CharField(max_length=150, verbose_name="收样人")),
                ("seal_intact", models.BooleanField(verbose_name="封条完好")),
                ("enough", models.BooleanField(verbose_name="数量足够")),
                ("papers_agree", models.BooleanField(verbose_name="样品与抽样单相符")),
                (
                    "temperature",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="收样温度（℃）"
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="拒收理由")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="情况说明")),
                ("report_due_on", models.DateField(blank=True, null=True, verbose_name="报告期限")),
                ("assigned_at", models.DateTimeField(blank=True, null=True, verbose_name="派检时间")),
                ("assigned_by", models.CharField(blank=True, max_length=150, verbose_name="派检人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                ("undone_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "analyst",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检验人员",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "收样记录",
                "verbose_name_plural": "收样记录",
                "ordering": ["-received_at", "-pk"],
                "indexes": [models.Index(fields=["laboratory", "outcome", "report_due_on"], name="receipt_work")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("sample",),
                        name="receipt_once",
                        violation_error_message="这份样品已经登记过收样，请刷新后查看。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at__isnull", True), ("assigned_by", "")),
                            models.Q(("assigned_at__isnull", False), models.Q(("assigned_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_assigned_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_undone_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RapidTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="快检编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点、摊位")),
                ("food", models.CharField(max_length=120, verbose_name="样品名称")),
                ("item", models.CharField(max_length=120, verbose_name="快检项目")),
                ("method", models.CharField(max_length=120, verbose_name="快检方法")),
                (
                    "result",
                    models.CharField(
                        choices=[("negative", "阴性"), ("positive", "阳性"), ("invalid", "无效")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("reading", models.CharField(blank=True, max_length=60, verbose_name="读数")),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "已办结"), ("followed", "待法定检验"), ("disputed", "有异议，待复测")],
                        default="done",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("tested_at", models.DateTimeField(verbose_name="检测时间")),
                ("tested_by", models.CharField(max_length=150, verbose_name="检测人")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="告知人")),
                ("dispute_until", models.DateTimeField(blank=True, null=True, verbose_name="异议截止")),
                ("disputed_at", models.DateTimeField(blank=True, null=True, verbose_name="提出异议时间")),
                ("dispute", models.CharField(blank=True, max_length=300, verbose_name="异议")),
                ("retest_method", models.CharField(blank=True, max_length=120, verbose_name="复测方法")),
                (
                    "retest_result",
                    models.CharField(
                        blank=True,
                        choices=[("negative", "阴性"), ("positive", "阳性"), ("invalid", "无效")],
                        max_length=8,
                        verbose_name="复测结果",
                    ),
                ),
                ("retested_on", models.DateField(blank=True, null=True, verbose_name="复测日期")),
                ("handled", models.CharField(blank=True, max_length=300, verbose_name="阳性处理")),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rapid_tests",
                        to="laboratory.sample",
                        verbose_name="法定检验的样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "快检记录",
                "verbose_name_plural": "快检记录",
                "ordering": ["-tested_at", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-tested_at", "-id"], name="rapid_list"),
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["division_code", "state"],
                        name="rapid_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_by", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="rapid_told_told",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OnlinePurchase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=60, verbose_name="平台")),
                ("shop_name", models.CharField(max_length=100, verbose_name="网店名称")),
                ("shop_url", models.CharField(blank=True, max_length=300, verbose_name="网店地址")),
                ("buyer", models.CharField(max_length=60, verbose_name="买样人员")),
                ("account", models.CharField(max_length=60, verbose_name="买样账户")),
                ("delivered_to", models.CharField(max_length=200, verbose_name="收货地址")),
                ("order_number", models.CharField(max_length=60, verbose_name="订单号")),
                ("paid_by", models.CharField(blank=True, max_length=60, verbose_name="付款方式")),
                ("unpacked_at", models.DateTimeField(verbose_name="拆封时间")),
                (
                    "sample",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="online",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "网络购样",
                "verbose_name_plural": "网络购样",
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("process", "抽样过程"),
                            ("authenticity", "样品真实性"),
                            ("method", "检验方法"),
                            ("standard", "判定依据"),
                        ],
                        max_length=12,
                        verbose_name="异议种类",
                    ),
                ),
                ("applicant", models.CharField(max_length=120, verbose_name="提出单位")),
                ("text", models.CharField(max_length=500, verbose_name="异议内容")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "审核中"),
                            ("refused", "不予受理"),
                            ("upheld", "异议成立"),
                            ("dismissed", "异议不成立"),
                        ],
                        default="filed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("filed_on", models.DateField(verbose_name="提出日期")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="可提出的最后一日")),
                ("decide_by", models.DateField(blank=True, null=True, verbose_name="审核时限")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="决定人")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "verbose_name_plural": "异议",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "decide_by"], name="objection_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="objection_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "filed")),
                            models.Q(models.Q(("state", "filed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_open_or_decided",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="laboratory.sample",
                verbose_name="样品",
            ),
        ),
        migrations.CreateModel(
            name="NameChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("food", "食品名称"), ("analyte", "项目名称")], max_length=8, verbose_name="名称种类"
                    ),
                ),
                ("raw", models.CharField(max_length=120, verbose_name="原名称")),
                ("chosen", models.CharField(max_length=200, verbose_name="选定的名称")),
                ("at", models.DateTimeField(verbose_name="选定时间")),
                ("by", models.CharField(max_length=150, verbose_name="选定人")),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="name_choices",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "名称认定",
                "verbose_name_plural": "名称认定",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Irregularity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unpaid", "没有付费购买样品"),
                            ("no_duplicate", "没有备份样品"),
                            ("broken_seal", "封条破损仍接收"),
                            ("late_receipt", "超过时限才送达检验机构"),
                        ],
                        max_length=14,
                        verbose_name="情形",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="说明")),
                ("clause", models.CharField(max_length=200, verbose_name="依据")),
                ("noticed_at", models.DateTimeField(verbose_name="发现时间")),
                ("matter_key", models.CharField(blank=True, db_index=True, max_length=120, verbose_name="问题标识")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="整改时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="irregularities",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽样不规范情形",
                "verbose_name_plural": "抽样不规范情形",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "kind"), name="irregularity_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="irregularity_closed_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="备样数量",
                    ),
                ),
                ("quantity_unit", models.CharField(max_length=10, verbose_name="计量单位")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="存放位置")),
                (
                    "state",
                    models.CharField(
                        choices=[("kept", "保存中"), ("handed_over", "已移交复检"), ("destroyed", "已处置")],
                        default="kept",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("keep_until", models.DateField(blank=True, null=True, verbose_name="保存至")),
                ("keep_basis", models.CharField(blank=True, max_length=200, verbose_name="保存期限依据")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="移交或处置时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="移交或处置人")),
                ("ended_note", models.CharField(blank=True, max_length=200, verbose_name="移交或处置说明")),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="保存单位",
                    ),
                ),
                (
                    "sample",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicate",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "备份样品",
                "verbose_name_plural": "备份样品",
                "ordering": ["keep_until", "pk"],
                "indexes": [models.Index(fields=["state", "keep_until"], name="duplicate_keeping")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="duplicate_ended_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "kept")),
                            models.Q(models.Q(("state", "kept"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="duplicate_ended_dated",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="disposition",
            name="again",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="laboratory.sample",
                verbose_name="再次抽检的样品",
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="sample",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disposition",
                to="laboratory.sample",
                verbose_name="样品",
            ),
        ),
        migrations.CreateModel(
            name="CustodyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("test", "检样"), ("duplicate", "备样")], max_length=10, verbose_name="份"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("person", "专人送达"), ("courier", "快递（冷链）")],
                        default="person",
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("waybill", models.CharField(blank=True, max_length=60, verbose_name="运单号")),
                ("handed_at", models.DateTimeField(verbose_name="交出时间")),
                ("handed_by", models.CharField(max_length=150, verbose_name="交出人")),
                (
                    "handed_temperature",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="交出时温度（℃）"
                    ),
                ),
                ("handed_intact", models.BooleanField(default=True, verbose_name="交出时封条完好")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="接收时间")),
                ("taken_by", models.CharField(blank=True, max_length=150, verbose_name="接收人")),
                (
                    "taken_temperature",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="接收时温度（℃）"
                    ),
                ),
                ("taken_intact", models.BooleanField(blank=True, null=True, verbose_name="接收时封条完好")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "to_agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="交给",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "样品交接",
                "verbose_name_plural": "样品交接",
                "ordering": ["sample", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by", "")),
                            models.Q(("taken_at__isnull", False), models.Q(("taken_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="custody_taken_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("taken_at", None)),
                        fields=("sample", "part"),
                        name="custody_one_on_the_way",
                        violation_error_message="这份样品已经交出、对方还没有确认接收，不能再交一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_at", None), ("taken_at__gte", models.F("handed_at")), _connector="OR"
                        ),
                        name="custody_forward",
                        violation_error_message="接收时间早于交出时间，请核对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SamplePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("place", "现场"),
                            ("product", "样品和标签"),
                            ("seal", "封条"),
                            ("receipt", "购样票据"),
                            ("screenshot", "网页截图"),
                            ("unpacking", "拆封"),
                        ],
                        max_length=12,
                        verbose_name="内容",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(max_length=150, verbose_name="上传人")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽样照片",
                "verbose_name_plural": "抽样照片",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SampleVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("conforming", "合格"),
                            ("nonconforming", "不合格"),
                            ("undetermined", "不能判定"),
                            ("not_regulated", "仅作监测记录"),
                        ],
                        max_length=16,
                        verbose_name="结论",
                    ),
                ),
                ("failed", models.JSONField(blank=True, default=list, verbose_name="不合格项目")),
                ("micro_only", models.BooleanField(default=False, verbose_name="均为微生物项目")),
                ("serious", models.BooleanField(default=False, verbose_name="严重危害")),
                (
                    "why",
                    models.CharField(
                        choices=[("first", "首次判定"), ("again", "项目重判后重判"), ("retest", "复检结论")],
                        default="first",
                        max_length=8,
                        verbose_name="缘由",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="作出时间")),
                ("made_on", models.DateField(verbose_name="作出日期")),
                ("made_by", models.CharField(blank=True, max_length=150, verbose_name="触发人")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="laboratory.sampleverdict",
                        verbose_name="替代的结论",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "样品结论",
                "verbose_name_plural": "样品结论",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["division_code", "-made_on", "-id"], name="conclusion_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)), fields=("sample",), name="conclusion_first_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="report",
            name="conclusion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="laboratory.sampleverdict",
                verbose_name="结论",
            ),
        ),
        migrations.CreateModel(
            name="SamplingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("supervision", "监督抽检"),
                            ("risk_monitoring", "风险监测"),
                            ("complaint", "投诉举报"),
                            ("special", "专项抽检"),
                            ("rapid", "快检阳性后送检"),
                        ],
                        default="supervision",
                        max_length=16,
                        verbose_name="任务类别",
                    ),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("market", "食品安全抽检（市场监管）"),
                            ("agriculture", "农产品质量安全监督抽查（农业农村）"),
                        ],
                        default="market",
                        max_length=12,
                        verbose_name="适用规则",
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000)], verbose_name="计划总批次"
                    ),
                ),
                ("floor", models.PositiveSmallIntegerField(default=1, verbose_name="每类每环节最少批次")),
                ("township_floor", models.PositiveSmallIntegerField(default=1, verbose_name="每乡镇最少批次")),
                ("information_share", models.DecimalField(decimal_places=2, max_digits=3, verbose_name="信息增益占比")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("approved", "已批准"), ("withdrawn", "已撤回")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("proposal_digest", models.CharField(blank=True, max_length=80, verbose_name="测算输入摘要")),
                ("made_at", models.DateTimeField(verbose_name="编制时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="编制人")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="批准人")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="组织单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度抽检计划",
                "verbose_name_plural": "年度抽检计划",
                "ordering": ["-year", "division_code", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("year", "agency", "division_code", "purpose"),
                        name="sampling_plan_once",
                        violation_error_message="这个单位本年度已有同类抽检计划，请在原计划上修改或者先撤回。",
                    ),
                    models.CheckConstraint(condition=models.Q(("total__gte", 1)), name="sampling_plan_total"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sampling_plan_approved_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SamplingDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("food_class", models.CharField(max_length=40, verbose_name="食品大类")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("farm", "种植养殖"),
                            ("production", "生产"),
                            ("circulation", "流通"),
                            ("catering", "餐饮"),
                            ("network", "网络"),
                        ],
                        max_length=12,
                        verbose_name="环节",
                    ),
                ),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[("committed", "已封存种子，待抽取"), ("drawn", "已抽取"), ("withdrawn", "已作废")],
                        default="committed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("body", models.TextField(verbose_name="抽取方案")),
                ("plan_digest", models.CharField(max_length=128, verbose_name="方案摘要")),
                ("commitment", models.CharField(max_length=128, verbose_name="种子承诺")),
                ("seed", models.CharField(max_length=200, verbose_name="种子")),
                ("public_value_source", models.CharField(max_length=200, verbose_name="公开随机数的出处")),
                ("public_value", models.CharField(blank=True, max_length=200, verbose_name="公开随机数")),
                ("due_on", models.DateField(verbose_name="最迟抽样日期")),
                ("committed_at", models.DateTimeField(verbose_name="封存时间")),
                ("committed_by", models.CharField(max_length=150, verbose_name="封存人")),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽取时间")),
                ("drawn_by", models.CharField(blank=True, max_length=150, verbose_name="抽取人")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                (
                    "result",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="抽取结果",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="laboratory.samplingplan",
                        verbose_name="抽检计划",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽样对象抽取",
                "verbose_name_plural": "抽样对象抽取",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drawn_at__isnull", True), ("drawn_by", "")),
                            models.Q(("drawn_at__isnull", False), models.Q(("drawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sampling_draw_drawn_told",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="planline",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="laboratory.samplingplan",
                verbose_name="计划",
            ),
        ),
        migrations.CreateModel(
            name="SamplingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("plan", "年度计划"),
                            ("complaint", "投诉举报"),
                            ("special", "专项"),
                            ("rapid_positive", "快检阳性"),
                            ("resample", "拒收后重抽"),
                            ("follow_up", "不合格跟踪"),
                        ],
                        max_length=16,
                        verbose_name="缘由",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("supervision", "监督抽检"),
                            ("risk_monitoring", "风险监测"),
                            ("complaint", "投诉举报"),
                            ("special", "专项抽检"),
                            ("rapid", "快检阳性后送检"),
                        ],
                        max_length=16,
                        verbose_name="任务类别",
                    ),
                ),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("market", "食品安全抽检（市场监管）"),
                            ("agriculture", "农产品质量安全监督抽查（农业农村）"),
                        ],
                        default="market",
                        max_length=12,
                        verbose_name="适用规则",
                    ),
                ),
                (
                    "asked_from",
                    models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name="来自"),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("farm", "种植养殖"),
                            ("production", "生产"),
                            ("circulation", "流通"),
                            ("catering", "餐饮"),
                            ("network", "网络"),
                        ],
                        max_length=12,
                        verbose_name="环节",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("food_class", models.CharField(max_length=40, verbose_name="食品大类")),
                ("food", models.CharField(blank=True, max_length=80, verbose_name="食品名称")),
                ("blind", models.BooleanField(default=False, verbose_name="盲样")),
                ("due_on", models.DateField(verbose_name="最迟抽样日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待抽样"), ("taken", "已抽样"), ("cancelled", "已取消")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("cancelled_reason", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
                ("made_at", models.DateTimeField(verbose_name="列入时间")),
                ("made_by", models.CharField(blank=True, max_length=150, verbose_name="列入人")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="组织单位",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="laboratory.samplingdraw",
                        verbose_name="抽取",
                    ),
                ),
                (
                    "laboratory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="承检机构",
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_tasks",
                        to="registry.parcel",
                        verbose_name="地块、塘、圈舍",
                    ),
                ),
                (
                    "plan_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="laboratory.planline",
                        verbose_name="计划格",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampling_tasks",
                        to="registry.premises",
                        verbose_name="抽样对象",
                    ),
                ),
                (
                    "samplers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="抽样人员"
                    ),
                ),
            ],
            options={
                "verbose_name": "抽样任务",
                "verbose_name_plural": "抽样任务",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "state", "due_on", "id"], name="sampling_task_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), models.Q(("cancelled_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_reason", "")),
                            _connector="OR",
                        ),
                        name="sampling_task_cancelled_with_reason",
                        violation_error_message="取消任务须写明原因。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="sample",
            name="task",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sample",
                to="laboratory.samplingtask",
                verbose_name="抽样任务",
            ),
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("test", "检样"), ("duplicate", "备样")], max_length=10, verbose_name="份"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        error_messages={"unique": "这个封条编号已经用过，请核对封条。"},
                        max_length=40,
                        unique=True,
                        verbose_name="封条编号",
                    ),
                ),
                ("sealed_at", models.DateTimeField(verbose_name="加封时间")),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seals",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "封条",
                "verbose_name_plural": "封条",
                "ordering": ["sample", "part", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Test",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("analyte", models.CharField(max_length=120, verbose_name="检验项目")),
                ("method", models.CharField(blank=True, max_length=120, verbose_name="检验方法")),
                ("replicates", models.PositiveSmallIntegerField(default=1, verbose_name="平行样数")),
                ("reference_only", models.BooleanField(default=False, verbose_name="参考项目")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "待检"),
                            ("entered", "待复核"),
                            ("verified", "已复核"),
                            ("cancelled", "已取消"),
                        ],
                        default="ordered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ordered_at", models.DateTimeField(verbose_name="下达时间")),
                ("ordered_by", models.CharField(max_length=150, verbose_name="下达人")),
                ("cancelled_reason", models.CharField(blank=True, max_length=200, verbose_name="取消原因")),
                (
                    "laboratory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检验机构",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="laboratory.analyticalrun",
                        verbose_name="分析批",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="laboratory.sample",
                        verbose_name="样品",
                    ),
                ),
            ],
            options={
                "verbose_name": "检验项目",
                "verbose_name_plural": "检验项目",
                "ordering": ["sample", "pk"],
                "indexes": [
                    models.Index(fields=["sample", "state"], name="test_of_sample"),
                    models.Index(fields=["division_code", "state", "-id"], name="test_list"),
                    models.Index(fields=["laboratory", "state", "-id"], name="test_of_laboratory"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("sample", "analyte", "method"),
                        name="test_once",
                        violation_error_message="这份样品已有相同项目和方法。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="test_cancelled_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("replicate", models.PositiveSmallIntegerField(default=1, verbose_name="平行号")),
                ("text", models.CharField(max_length=60, verbose_name="原始结果")),
                (
                    "number",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="数值",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="单位")),
                (
                    "lod",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="检出限",
                    ),
                ),
                (
                    "loq",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="定量限",
                    ),
                ),
                ("expression", models.CharField(blank=True, max_length=60, verbose_name="结果表示")),
                ("dry_basis", models.BooleanField(blank=True, null=True, verbose_name="以干重计")),
                (
                    "moisture",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A-?\\d{1,18}(\\.\\d{1,12})?\\Z", "请填数字，例如 0.05。"
                            )
                        ],
                        verbose_name="水分（%）",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("typed", "手工录入"), ("file", "表格导入"), ("instrument", "仪器导出")],
                        default="typed",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(max_length=150, verbose_name="录入人")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更正原因")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="laboratory.result",
                        verbose_name="更正的结果",
                    ),
                ),
                (
                    "result_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="laboratory.resultfile",
                        verbose_name="结果文件",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="laboratory.test",
                        verbose_name="检验项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "检验结果",
                "verbose_name_plural": "检验结果",
                "ordering": ["test", "replicate", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("test", "replicate"),
                        name="result_once",
                        violation_error_message="这个项目已有结果；需要修改的，请办理更正。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="result_corrected_with_reason",
                        violation_error_message="请写明更正原因。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("conforming", "合格"),
                            ("nonconforming", "不合格"),
                            ("undetermined", "不能判定"),
                            ("not_regulated", "没有限量规定"),
                            ("pending_speciation", "待测形态"),
                        ],
                        max_length=20,
                        verbose_name="判定",
                    ),
                ),
                (
                    "lawful_use",
                    models.CharField(
                        choices=[("lawful", "允许使用"), ("unlawful", "禁止使用"), ("not_applicable", "不涉及")],
                        default="not_applicable",
                        max_length=16,
                        verbose_name="用药用料",
                    ),
                ),
                ("limit", models.CharField(blank=True, max_length=60, verbose_name="限量")),
                ("limit_unit", models.CharField(blank=True, max_length=30, verbose_name="限量单位")),
                ("standard", models.CharField(blank=True, max_length=120, verbose_name="标准")),
                ("edition", models.CharField(blank=True, max_length=60, verbose_name="版本")),
                ("clause", models.CharField(blank=True, max_length=200, verbose_name="条款")),
                ("match_path", models.JSONField(blank=True, default=list, verbose_name="食品匹配路径")),
                ("comparison", models.CharField(blank=True, max_length=400, verbose_name="比较过程")),
                ("reason_code", models.CharField(blank=True, max_length=60, verbose_name="原因代码")),
                ("reason", models.CharField(blank=True, max_length=600, verbose_name="原因")),
                ("missing", models.JSONField(blank=True, default=list, verbose_name="缺少的内容")),
                ("near_limit", models.BooleanField(default=False, verbose_name="接近限量")),
                ("provisional", models.BooleanField(default=False, verbose_name="临时限量")),
                ("given", models.JSONField(blank=True, default=dict, verbose_name="判定输入")),
                ("judge_digest", models.CharField(blank=True, max_length=64, verbose_name="标准库摘要")),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("first", "首次判定"),
                            ("corrected", "结果更正后重判"),
                            ("named", "名称认定后重判"),
                            ("edition", "按新标准重判"),
                        ],
                        default="first",
                        max_length=10,
                        verbose_name="判定缘由",
                    ),
                ),
                ("judged_at", models.DateTimeField(verbose_name="判定时间")),
                ("judged_by", models.CharField(blank=True, max_length=150, verbose_name="判定触发人")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="laboratory.verdict",
                        verbose_name="替代的判定",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="laboratory.result",
                        verbose_name="检验结果",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="laboratory.test",
                        verbose_name="检验项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目判定",
                "verbose_name_plural": "项目判定",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)), fields=("test",), name="verdict_first_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("analyst", models.CharField(max_length=150, verbose_name="录入人")),
                ("verified_at", models.DateTimeField(verbose_name="复核时间")),
                ("verified_by", models.CharField(max_length=150, verbose_name="复核人")),
                (
                    "newest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="laboratory.result",
                        verbose_name="最新结果",
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="laboratory.test",
                        verbose_name="检验项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "结果复核",
                "verbose_name_plural": "结果复核",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verified_by", models.F("analyst")), _negated=True),
                        name="verification_second_person",
                        violation_error_message="录入人不能复核自己的结果，请由另一名人员复核。",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["drafted", "issued"])),
                fields=("sample",),
                name="report_once",
                violation_error_message="这份样品已有报告。需要改发的，请先收回原报告。",
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.UniqueConstraint(
                fields=("plan", "food_class", "stage", "division_code"), name="plan_line_once"
            ),
        ),
    ]

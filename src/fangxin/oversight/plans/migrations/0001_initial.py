import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("board", "0002_triggers"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="原文次序")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(999),
                        ],
                        verbose_name="序号",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="行动名称")),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("monitoring", "标准与风险监测"),
                            ("origin", "产地环境净化"),
                            ("farm_inputs", "农药兽药减量"),
                            ("health_food", "保健食品清理整治"),
                            ("rural_food", "农村食品治理"),
                            ("catering", "餐饮质量安全提升"),
                            ("produce_markets", "食用农产品市场规范化"),
                            ("small_operators", "“三小”治理提升"),
                            ("online_food", "网络食品“净网”"),
                            ("school_meals", "校园食品安全守护"),
                            ("grain", "优质粮食工程"),
                            ("imported_food", "进口食品“国门守护”"),
                        ],
                        max_length=20,
                        verbose_name="业务类别",
                    ),
                ),
                ("lead_printed", models.CharField(blank=True, max_length=100, verbose_name="牵头单位（原文）")),
                ("townships", models.BooleanField(default=False, verbose_name="各乡镇（街道）负责")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_actions",
                        to="people.agency",
                        verbose_name="牵头单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "行动",
                "verbose_name_plural": "行动",
                "ordering": ["plan", "number", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("text", models.TextField(verbose_name="措施")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
            ],
            options={
                "verbose_name": "措施",
                "verbose_name_plural": "措施",
                "ordering": ["action", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="方案名称")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issuer", models.CharField(blank=True, max_length=100, verbose_name="发文机关")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="发文日期")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="实施期起")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="实施期止")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "待审核"), ("confirmed", "执行中"), ("superseded", "已停用")],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("source_text", models.TextField(blank=True, verbose_name="原文")),
                ("source_note", models.CharField(blank=True, max_length=300, verbose_name="来源")),
                ("reading", models.JSONField(blank=True, default=dict, verbose_name="读取结果")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "source_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="原文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案",
                "verbose_name_plural": "方案",
                "ordering": ["-issued_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_at__isnull", False), ("entered_by__isnull", True), _connector="OR"
                        ),
                        name="plan_entered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", False), ("confirmed_by__isnull", True), _connector="OR"
                        ),
                        name="plan_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="plan_confirmed_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="plan_period_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="原文次序")),
                ("text", models.TextField(verbose_name="目标")),
                ("metric", models.CharField(blank=True, max_length=200, verbose_name="指标名称")),
                (
                    "comparison",
                    models.CharField(
                        choices=[
                            (">", "大于"),
                            (">=", "不低于"),
                            ("=", "等于"),
                            ("<", "小于"),
                            ("<=", "不高于"),
                            ("decline", "下降"),
                            ("milestone", "里程碑"),
                        ],
                        default="milestone",
                        max_length=10,
                        verbose_name="比较方式",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="目标值"),
                ),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="单位")),
                ("due", models.DateField(blank=True, null=True, verbose_name="完成期限")),
                ("indicator_code", models.CharField(blank=True, max_length=30, verbose_name="计算指标")),
                (
                    "base_year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1949),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="基年",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="goals",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "目标",
                "verbose_name_plural": "目标",
                "ordering": ["plan", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Defect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="原文次序")),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("quote", models.TextField(verbose_name="原文")),
                ("clarified_text", models.TextField(blank=True, verbose_name="澄清意见")),
                ("clarified_at", models.DateTimeField(blank=True, null=True, verbose_name="澄清时间")),
                (
                    "clarified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="澄清人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="defects",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "待澄清问题",
                "verbose_name_plural": "待澄清问题",
                "ordering": ["plan", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clarified_at__isnull", False), ("clarified_by__isnull", True), _connector="OR"
                        ),
                        name="defect_clarified",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=60, verbose_name="字段")),
                ("before", models.TextField(blank=True, verbose_name="原值")),
                ("after", models.TextField(blank=True, verbose_name="新值")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正记录",
                "verbose_name_plural": "更正记录",
                "ordering": ["plan", "pk"],
                "indexes": [models.Index(fields=["plan", "field"], name="correction_field")],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="actions",
                to="plans.plan",
                verbose_name="方案",
            ),
        ),
        migrations.CreateModel(
            name="PlanDeadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="原文次序")),
                (
                    "kind",
                    models.CharField(
                        choices=[("one_off", "一次"), ("yearly", "每年")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("on", models.DateField(blank=True, null=True, verbose_name="日期")),
                ("month_day", models.CharField(blank=True, max_length=5, verbose_name="月日")),
                ("what", models.CharField(max_length=300, verbose_name="报送内容")),
                ("who", models.CharField(blank=True, max_length=200, verbose_name="报送单位")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("special_plan", "报送专项方案"), ("return", "报送工作总结"), ("other", "其他时限")],
                        default="other",
                        max_length=14,
                        verbose_name="用途",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "时限",
                "verbose_name_plural": "时限",
                "ordering": ["plan", "kind", "month_day", "on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="期次")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("opens_on", models.DateField(verbose_name="开始填报")),
                ("due_on", models.DateField(db_index=True, verbose_name="报送期限")),
                ("snapshot_taken_at", models.DateTimeField(blank=True, null=True, verbose_name="冻结时间")),
                ("merged_at", models.DateTimeField(blank=True, null=True, verbose_name="汇总时间")),
                (
                    "merged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="汇总人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="汇总报告",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="board.snapshot",
                        verbose_name="数据快照",
                    ),
                ),
            ],
            options={
                "verbose_name": "报送期次",
                "verbose_name_plural": "报送期次",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="return_period_once"),
                    models.CheckConstraint(
                        condition=models.Q(("merged_at__isnull", False), ("merged_by__isnull", True), _connector="OR"),
                        name="return_period_merged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "未报"),
                            ("drafting", "起草"),
                            ("department_review", "部门审核"),
                            ("submitted", "已报送"),
                            ("returned", "已退回"),
                            ("accepted", "已受理"),
                            ("merged", "已汇总"),
                        ],
                        default="not_started",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("draft", models.JSONField(blank=True, default=dict, verbose_name="草稿")),
                ("draft_saved_at", models.DateTimeField(blank=True, null=True, verbose_name="草稿保存时间")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="首次报送时间")),
                ("returned_times", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="受理时间")),
                (
                    "quality",
                    models.CharField(
                        blank=True,
                        choices=[("full", "内容充实"), ("adequate", "内容合格"), ("thin", "内容单薄")],
                        max_length=10,
                        verbose_name="质量",
                    ),
                ),
                ("reminded", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最近提醒")),
                ("overdue_announced_at", models.DateTimeField(blank=True, null=True, verbose_name="逾期立账时间")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理人",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_returns",
                        to="people.agency",
                        verbose_name="报送单位",
                    ),
                ),
                (
                    "draft_saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="草稿保存人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="plans.returnperiod",
                        verbose_name="期次",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作总结",
                "verbose_name_plural": "工作总结",
                "ordering": ["period__due_on", "action__number", "pk"],
                "indexes": [models.Index(fields=["division_code", "state"], name="return_scope")],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "action"), name="return_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("draft_saved_at__isnull", False), ("draft_saved_by__isnull", True), _connector="OR"
                        ),
                        name="return_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", False), ("submitted_by__isnull", True), _connector="OR"
                        ),
                        name="return_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", False), ("accepted_by__isnull", True), _connector="OR"
                        ),
                        name="return_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["not_started", "drafting", "department_review"]),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="return_submitted_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("progress", models.TextField(verbose_name="工作进展")),
                ("problems", models.TextField(blank=True, verbose_name="存在问题")),
                ("practice", models.TextField(blank=True, verbose_name="典型做法")),
                ("next_steps", models.TextField(blank=True, verbose_name="下一步工作")),
                ("figures", models.JSONField(blank=True, default=list, verbose_name="指标数据")),
                ("written_at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "attachments",
                    models.ManyToManyField(blank=True, related_name="+", to="ledger.evidencefile", verbose_name="附件"),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="plans.return",
                        verbose_name="工作总结",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作总结版本",
                "verbose_name_plural": "工作总结版本",
                "ordering": ["item", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="return_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_at__isnull", False), ("written_by__isnull", True), _connector="OR"
                        ),
                        name="return_version_written",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("submitted", "提交部门审核"),
                            ("refused", "部门退改"),
                            ("reviewed", "部门审核通过并报送"),
                            ("returned", "食安办退回"),
                            ("accepted", "食安办受理"),
                            ("merged", "纳入汇总"),
                        ],
                        max_length=12,
                        verbose_name="办理",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="意见")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="plans.returnversion",
                        verbose_name="版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "报送办理记录",
                "verbose_name_plural": "报送办理记录",
                "ordering": ["version", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SpecialPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("due_on", models.DateField(verbose_name="报送期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafting", "起草"),
                            ("countersigning", "会签"),
                            ("reviewing", "审定"),
                            ("submitted", "已报送"),
                            ("returned", "已退回"),
                            ("filed", "已备案"),
                        ],
                        default="drafting",
                        max_length=14,
                        verbose_name="状态",
                    ),
                ),
                ("goals", models.TextField(blank=True, verbose_name="工作目标")),
                ("measures", models.TextField(blank=True, verbose_name="工作措施")),
                ("division_of_labour", models.TextField(blank=True, verbose_name="职责分工")),
                ("timetable", models.TextField(blank=True, verbose_name="时间安排")),
                ("safeguards", models.TextField(blank=True, verbose_name="保障措施")),
                ("annual_tasks", models.TextField(blank=True, verbose_name="年度任务清单")),
                ("responsible_person", models.CharField(blank=True, max_length=60, verbose_name="责任人")),
                ("contact_officer", models.CharField(blank=True, max_length=60, verbose_name="联络员")),
                ("contact_phone", models.CharField(blank=True, max_length=30, verbose_name="联系电话")),
                ("drafted_at", models.DateTimeField(blank=True, null=True, verbose_name="起草时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审定时间")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="首次报送时间")),
                ("filed_at", models.DateTimeField(blank=True, null=True, verbose_name="备案时间")),
                ("overdue_announced_at", models.DateTimeField(blank=True, null=True, verbose_name="逾期立账时间")),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="special_plan",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="special_plans",
                        to="people.agency",
                        verbose_name="牵头单位",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审定人",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="附件",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="起草人",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="备案人",
                    ),
                ),
            ],
            options={
                "verbose_name": "专项方案",
                "verbose_name_plural": "专项方案",
                "ordering": ["action__number", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_at__isnull", False), ("drafted_by__isnull", True), _connector="OR"
                        ),
                        name="special_plan_drafted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", False), ("approved_by__isnull", True), _connector="OR"
                        ),
                        name="special_plan_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("filed_at__isnull", False), ("filed_by__isnull", True), _connector="OR"),
                        name="special_plan_filed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="special_plan_two_persons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialPlanStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("sent_to_countersign", "送会签"),
                            ("countersigned", "同意会签"),
                            ("sent_to_review", "送审定"),
                            ("approved", "审定并报送"),
                            ("filed", "备案"),
                            ("returned", "退回修改"),
                        ],
                        max_length=20,
                        verbose_name="办理",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="意见")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "special_plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="plans.specialplan",
                        verbose_name="专项方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "专项方案办理记录",
                "verbose_name_plural": "专项方案办理记录",
                "ordering": ["special_plan", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("title", models.CharField(max_length=500, verbose_name="任务")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("due_on", models.DateField(verbose_name="完成期限")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "进行中"), ("done", "已完成"), ("cancelled", "已取消")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("progress", models.TextField(blank=True, verbose_name="进展")),
                ("progress_at", models.DateTimeField(blank=True, null=True, verbose_name="进展时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                ("cancel_reason", models.CharField(blank=True, max_length=300, verbose_name="取消原因")),
                (
                    "accountable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_tasks",
                        to="people.agency",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取消人",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="完成确认人",
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
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.goal",
                        verbose_name="目标",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="plans.task",
                        verbose_name="上级任务",
                    ),
                ),
                (
                    "progress_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务",
                "verbose_name_plural": "任务",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "due_on", "id"], name="task_scope"),
                    models.Index(fields=["accountable", "year"], name="task_accountable"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("progress_at__isnull", False), ("progress_by__isnull", True), _connector="OR"
                        ),
                        name="task_progress",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", False), ("done_by__isnull", True), _connector="OR"),
                        name="task_done_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at__isnull", False), ("cancelled_by__isnull", True), _connector="OR"
                        ),
                        name="task_cancelled_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="task_done_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("state", "cancelled")),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="task_cancelled_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionAgency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="原文次序")),
                ("printed", models.CharField(blank=True, max_length=100, verbose_name="单位（原文）")),
                (
                    "duty",
                    models.CharField(
                        choices=[("A", "牵头"), ("R", "承担具体任务"), ("C", "配合"), ("I", "知悉")],
                        default="C",
                        max_length=1,
                        verbose_name="职责",
                    ),
                ),
                ("part", models.CharField(blank=True, max_length=300, verbose_name="承担的具体任务")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agencies",
                        to="plans.action",
                        verbose_name="行动",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_duties",
                        to="people.agency",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "行动参与单位",
                "verbose_name_plural": "行动参与单位",
                "ordering": ["action", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("action", "agency"), name="action_agency_once"),
                    models.CheckConstraint(
                        condition=models.Q(("duty__in", ["R", "C", "I"])), name="action_agency_not_lead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("printed", ""), _negated=True), ("agency__isnull", False), _connector="OR"
                        ),
                        name="action_agency_named",
                    ),
                ],
            },
        ),
    ]

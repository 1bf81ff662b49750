import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("registry", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("committed", "已封存种子，待抽取"),
                            ("drawn", "已抽取"),
                            ("published", "已公开"),
                            ("withdrawn", "已作废"),
                        ],
                        default="committed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("plan", models.TextField(verbose_name="抽取方案")),
                ("plan_digest", models.CharField(max_length=128, verbose_name="方案摘要")),
                ("commitment", models.CharField(max_length=128, verbose_name="种子承诺")),
                ("seed", models.CharField(blank=True, max_length=200, verbose_name="种子")),
                ("public_value", models.CharField(blank=True, max_length=200, verbose_name="公开随机数")),
                ("public_value_source", models.CharField(blank=True, max_length=200, verbose_name="公开随机数的出处")),
                ("committed_at", models.DateTimeField(verbose_name="封存时间")),
                ("committed_by", models.CharField(max_length=150, verbose_name="封存人")),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽取时间")),
                ("drawn_by", models.CharField(blank=True, max_length=150, verbose_name="抽取人")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公开时间")),
                ("published_by", models.CharField(blank=True, max_length=150, verbose_name="公开人")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
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
            ],
            options={
                "verbose_name": "双随机抽取",
                "verbose_name_plural": "双随机抽取",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "-id"], name="draw_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drawn_at__isnull", True), ("drawn_by", "")),
                            models.Q(("drawn_at__isnull", False), models.Q(("drawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="draw_drawn_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by", "")),
                            models.Q(("published_at__isnull", False), models.Q(("published_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="draw_published_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("client_key", models.UUIDField(unique=True, verbose_name="现场编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("routine", "日常检查"),
                            ("unannounced", "飞行检查"),
                            ("special", "专项检查"),
                            ("system", "体系检查"),
                            ("recheck", "整改复查"),
                        ],
                        max_length=12,
                        verbose_name="检查类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "现场检查中"),
                            ("judged", "已判定，待签字"),
                            ("told", "已告知结果"),
                            ("closed", "已办结"),
                            ("cancelled", "已作废"),
                        ],
                        default="started",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("premises_name", models.CharField(max_length=120, verbose_name="名称")),
                ("premises_kind", models.CharField(max_length=20, verbose_name="类别")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("chosen_items", models.JSONField(blank=True, default=list, verbose_name="检查项目")),
                ("suspicion", models.CharField(blank=True, max_length=300, verbose_name="涉嫌违法的线索")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("started_on", models.DateField(verbose_name="检查日期")),
                ("started_by", models.CharField(max_length=150, verbose_name="开始人")),
                (
                    "latitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="纬度（WGS-84）",
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
                        verbose_name="经度（WGS-84）",
                    ),
                ),
                (
                    "accuracy_m",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="定位误差（米）",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("conforming", "符合"), ("mostly", "基本符合"), ("nonconforming", "不符合")],
                        max_length=14,
                        verbose_name="检查结果",
                    ),
                ),
                ("key_failed", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="重点项不符合数")),
                (
                    "general_failed",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="一般项不符合数"),
                ),
                ("applicable", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="适用项目数")),
                ("basis", models.JSONField(blank=True, default=dict, verbose_name="判定依据")),
                ("opinion", models.TextField(blank=True, max_length=2000, verbose_name="检查意见")),
                (
                    "score",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="得分"),
                ),
                ("grade_scale", models.CharField(blank=True, max_length=40, verbose_name="等级制")),
                ("grade", models.CharField(blank=True, max_length=20, verbose_name="动态等级")),
                ("judged_at", models.DateTimeField(blank=True, null=True, verbose_name="判定时间")),
                ("judged_on", models.DateField(blank=True, null=True, verbose_name="结果形成日期")),
                ("judged_by", models.CharField(blank=True, max_length=150, verbose_name="判定人")),
                ("operator_signer", models.CharField(blank=True, max_length=60, verbose_name="被检查方签字人")),
                ("refusal_reason", models.CharField(blank=True, max_length=300, verbose_name="拒绝签字的情况")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="见证人")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="告知人")),
                ("publish_due_on", models.DateField(blank=True, null=True, verbose_name="公开时限")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公开时间")),
                ("published_by", models.CharField(blank=True, max_length=150, verbose_name="公开人")),
                ("recheck_due_on", models.DateField(blank=True, null=True, verbose_name="复查时限")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="办结人")),
                ("cancelled_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检查机关",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.edition",
                        verbose_name="检查表版本",
                    ),
                ),
                (
                    "operator_signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="被检查方签名",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="registry.premises",
                        verbose_name="检查对象",
                    ),
                ),
                (
                    "rechecks",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rechecked_by",
                        to="fieldwork.inspection",
                        verbose_name="复查的检查",
                    ),
                ),
                (
                    "recording",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="现场音像",
                    ),
                ),
            ],
            options={
                "verbose_name": "监督检查",
                "verbose_name_plural": "监督检查",
                "ordering": ["-started_on", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-started_on", "-id"], name="inspection_list"),
                    models.Index(fields=["premises", "-started_on"], name="inspection_premises"),
                    models.Index(fields=["agency", "state", "started_on"], name="inspection_agency"),
                    models.Index(
                        condition=models.Q(("publish_due_on__isnull", False), ("published_at", None)),
                        fields=["division_code", "publish_due_on"],
                        name="inspection_unpublished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at__isnull", True), ("judged_by", "")),
                            models.Q(("judged_at__isnull", False), models.Q(("judged_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inspection_judged_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_by", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inspection_told_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by", "")),
                            models.Q(("published_at__isnull", False), models.Q(("published_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inspection_published_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["started", "cancelled"]),
                            models.Q(models.Q(("result", ""), _negated=True), ("judged_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="inspection_judged_before_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("told_at", None),
                            ("operator_signature__isnull", False),
                            models.Q(
                                models.Q(("refusal_reason", ""), _negated=True),
                                models.Q(
                                    models.Q(("witness", ""), _negated=True),
                                    ("recording__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="inspection_signed_or_refused",
                        violation_error_message="被检查方签字，或者写明拒签情况并有见证人或现场音像。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), models.Q(("cancelled_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_reason", "")),
                            _connector="OR",
                        ),
                        name="inspection_cancelled_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("code", models.CharField(max_length=30, verbose_name="项目")),
                ("text", models.CharField(max_length=600, verbose_name="问题")),
                ("clause", models.CharField(max_length=200, verbose_name="依据条款")),
                ("key", models.BooleanField(default=False, verbose_name="重点项")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("correct_on_site", "当场改正"),
                            ("correct_by", "限期改正"),
                            ("correct_label", "责令改正标签瑕疵"),
                            ("investigate", "调查处理"),
                            ("stop", "立即停止"),
                        ],
                        max_length=16,
                        verbose_name="处理",
                    ),
                ),
                ("correct_by", models.DateField(blank=True, null=True, verbose_name="改正期限")),
                ("matter_key", models.CharField(blank=True, max_length=200, verbose_name="问题事项")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="整改完成时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="整改确认人")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="整改责任单位",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查发现",
                "verbose_name_plural": "检查发现",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-found_on", "-id"], name="finding_list"),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["division_code", "correct_by"],
                        name="finding_open",
                    ),
                    models.Index(
                        condition=models.Q(("matter_key", ""), _negated=True),
                        fields=["matter_key"],
                        name="finding_matter",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "code"), name="finding_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="finding_closed_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签名时间")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="officers",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="签名",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查人员",
                "verbose_name_plural": "检查人员",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "user"), name="inspection_officer_once")],
            },
        ),
        migrations.CreateModel(
            name="InspectionPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "现场检查笔录"),
                            ("result_sheet", "监督检查结果记录表"),
                            ("correction_order", "责令改正通知书"),
                        ],
                        max_length=18,
                        verbose_name="文书",
                    ),
                ),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issued_at", models.DateTimeField(verbose_name="制作时间")),
                ("issued_by", models.CharField(max_length=150, verbose_name="制作人")),
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
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查文书",
                "verbose_name_plural": "检查文书",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InspectionPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("approved", "已批准"), ("withdrawn", "已撤回")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("visit_cap", models.PositiveSmallIntegerField(verbose_name="每户每年检查上限")),
                ("frequency_edition", models.CharField(blank=True, max_length=120, verbose_name="检查频次依据")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("made_at", models.DateTimeField(verbose_name="编制时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="编制人")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="批准人")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检查机关",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度检查计划",
                "verbose_name_plural": "年度检查计划",
                "ordering": ["-year", "division_code", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("year", "agency", "division_code"),
                        name="inspection_plan_once",
                        violation_error_message="这个机关本年度已有检查计划，请在原计划上修改或者先撤回。",
                    ),
                    models.CheckConstraint(condition=models.Q(("visit_cap__gte", 1)), name="inspection_plan_cap"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inspection_plan_approved_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="账号")),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="办理人")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("start", "开始检查"),
                            ("judge", "作出判定"),
                            ("revise", "退回修改"),
                            ("tell", "签字告知"),
                            ("paper", "制作文书"),
                            ("publish", "公开结果"),
                            ("recheck", "复查"),
                            ("close", "办结"),
                            ("reopen", "重新整改"),
                            ("cancel", "作废"),
                        ],
                        max_length=10,
                        verbose_name="办理",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "现场检查中"),
                            ("judged", "已判定，待签字"),
                            ("told", "已告知结果"),
                            ("closed", "已办结"),
                            ("cancelled", "已作废"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="说明")),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查办理记录",
                "verbose_name_plural": "检查办理记录",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["inspection", "at", "id"], name="inspection_step_life")],
            },
        ),
        migrations.CreateModel(
            name="ItemPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=30, verbose_name="项目")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="拍摄时间")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度（WGS-84）")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度（WGS-84）")),
                ("doubts", models.JSONField(blank=True, default=list, verbose_name="存疑")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(max_length=150, verbose_name="上传人")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="照片",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场照片",
                "verbose_name_plural": "现场照片",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "code", "file"), name="item_photo_once")],
            },
        ),
        migrations.CreateModel(
            name="ItemResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="项目")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("pass", "合格"), ("fail", "不合格"), ("not_applicable", "不适用")],
                        max_length=14,
                        verbose_name="结果",
                    ),
                ),
                (
                    "score",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="得分"),
                ),
                ("safety_affected", models.BooleanField(blank=True, null=True, verbose_name="影响食品安全")),
                ("accident_potential", models.BooleanField(default=False, verbose_name="有发生事故潜在风险")),
                ("corrected_on_site", models.BooleanField(default=False, verbose_name="当场改正")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="记录人")),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="fieldwork.inspection",
                        verbose_name="检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查项目结果",
                "verbose_name_plural": "检查项目结果",
                "ordering": ["inspection", "code"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "code"), name="item_result_once")],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("routine", "日常检查"),
                            ("unannounced", "飞行检查"),
                            ("special", "专项检查"),
                            ("system", "体系检查"),
                            ("recheck", "整改复查"),
                        ],
                        max_length=12,
                        verbose_name="检查类型",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("frequency", "按等级和频次"),
                            ("drawn", "双随机抽中"),
                            ("first_visit", "发证后首次检查"),
                            ("recheck", "整改复查"),
                            ("special", "专项"),
                            ("complaint", "投诉举报"),
                        ],
                        max_length=12,
                        verbose_name="缘由",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "asked_from",
                    models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name="来自"),
                ),
                ("checklist", models.CharField(max_length=80, verbose_name="检查表")),
                ("from_on", models.DateField(verbose_name="最早日期")),
                ("due_on", models.DateField(verbose_name="最迟日期")),
                ("risk", models.FloatField(blank=True, null=True, verbose_name="风险排序值")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待检查"),
                            ("started", "检查中"),
                            ("done", "已检查"),
                            ("cancelled", "已取消"),
                        ],
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="检查机关",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="fieldwork.draw",
                        verbose_name="双随机",
                    ),
                ),
                (
                    "officers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="检查人员"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="fieldwork.inspectionplan",
                        verbose_name="计划",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="registry.premises",
                        verbose_name="检查对象",
                    ),
                ),
                (
                    "rechecks",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recheck_visits",
                        to="fieldwork.inspection",
                        verbose_name="复查的检查",
                    ),
                ),
            ],
            options={
                "verbose_name": "待办检查",
                "verbose_name_plural": "待办检查",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "due_on", "id"], name="visit_list"),
                    models.Index(fields=["agency", "state", "due_on"], name="visit_agency"),
                    models.Index(fields=["premises", "due_on"], name="visit_premises"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("from_on"))),
                        name="visit_span_forward",
                        violation_error_message="最迟日期早于最早日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), models.Q(("cancelled_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_reason", "")),
                            _connector="OR",
                        ),
                        name="visit_cancelled_with_reason",
                        violation_error_message="取消检查须写明原因。",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="inspection",
            name="visit",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inspection",
                to="fieldwork.plannedvisit",
                verbose_name="待办检查",
            ),
        ),
        migrations.CreateModel(
            name="PremisesGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("scale", models.CharField(max_length=40, verbose_name="等级制")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scored", "已评分，待复核"),
                            ("confirmed", "已确定"),
                            ("told", "已告知"),
                            ("replaced", "已被重新评定替代"),
                            ("refused", "复核退回"),
                        ],
                        default="scored",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "static_points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="静态分"),
                ),
                (
                    "dynamic_points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="动态分"),
                ),
                (
                    "total",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="总分"),
                ),
                ("before", models.CharField(max_length=20, verbose_name="调整前等级")),
                ("triggers", models.JSONField(blank=True, default=list, verbose_name="调整情形")),
                ("grade", models.CharField(max_length=20, verbose_name="等级")),
                ("key_supervision", models.BooleanField(default=False, verbose_name="重点监管")),
                ("basis", models.JSONField(blank=True, default=dict, verbose_name="评定依据")),
                ("effective_from", models.DateField(verbose_name="适用自")),
                ("scored_at", models.DateTimeField(verbose_name="评分时间")),
                ("scored_by", models.CharField(max_length=150, verbose_name="评分人")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("confirmed_by", models.CharField(blank=True, max_length=150, verbose_name="复核人")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="告知时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="告知人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grades",
                        to="registry.premises",
                        verbose_name="对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "等级评定",
                "verbose_name_plural": "等级评定",
                "ordering": ["-year", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "scale", "year", "grade", "id"], name="grade_list"),
                    models.Index(fields=["premises", "scale", "-effective_from"], name="grade_premises"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["scored", "confirmed", "told"])),
                        fields=("premises", "scale", "year"),
                        name="grade_once_a_year",
                        violation_error_message="本年度已有等级评定；如需调整请“重新评定”。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by", "")),
                            models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="grade_confirmed_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_by", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="grade_told_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            models.Q(("confirmed_by", models.F("scored_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="grade_second_person",
                        violation_error_message="评分人不能复核自己的评分，请由另一名人员复核。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("reason", models.CharField(max_length=200, verbose_name="回避原因")),
                ("declared_at", models.DateTimeField(verbose_name="登记时间")),
                ("declared_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="解除时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="解除人")),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="回避对象",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "回避登记",
                "verbose_name_plural": "回避登记",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "-id"], name="recusal_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("user", "premises"),
                        name="recusal_once",
                        violation_error_message="这名人员对这个对象的回避已经登记过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="recusal_ended_told",
                    ),
                ],
            },
        ),
    ]

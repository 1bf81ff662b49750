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
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rest", "放假"), ("work", "上班"), ("published", "恢复为公布的安排")],
                        max_length=10,
                        verbose_name="安排",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(max_length=150, verbose_name="录入人")),
            ],
            options={
                "verbose_name": "工作日历调整",
                "verbose_name_plural": "工作日历调整",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("complete", models.BooleanField(verbose_name="已录全")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(max_length=150, verbose_name="录入人")),
            ],
            options={
                "verbose_name": "年度工作日历",
                "verbose_name_plural": "年度工作日历",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("inspection", "检查"),
                            ("sampling", "抽检"),
                            ("public_opinion", "舆情"),
                            ("report", "举报"),
                            ("superior", "上级交办"),
                            ("assessment", "考核"),
                            ("overdue_return", "逾期未报"),
                            ("census", "普查"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "一般"), ("major", "较大"), ("critical", "重大")],
                        max_length=10,
                        verbose_name="严重程度",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "已立账"),
                            ("assigned", "已交办"),
                            ("rectifying", "整改中"),
                            ("submitted", "申请验收"),
                            ("returned", "已退回"),
                            ("closed", "已销号"),
                            ("looked_back", "已回头看"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="opened",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("hazard", models.TextField(max_length=2000, verbose_name="问题或隐患")),
                ("legal_basis", models.CharField(blank=True, max_length=500, verbose_name="依据")),
                ("subject_type", models.CharField(blank=True, max_length=100, verbose_name="对象类型")),
                ("subject_id", models.CharField(blank=True, max_length=64, verbose_name="对象编号")),
                ("subject_name", models.CharField(blank=True, max_length=200, verbose_name="涉及对象")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                (
                    "opened_from",
                    models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name="来自"),
                ),
                ("rebound", models.BooleanField(default=False, verbose_name="计入反弹")),
                ("opened_at", models.DateTimeField(verbose_name="立账时间")),
                ("opened_by", models.CharField(blank=True, max_length=150, verbose_name="立账人")),
                ("opened_on", models.DateField(verbose_name="立账日期")),
                ("due_on", models.DateField(verbose_name="整改时限")),
                ("responsible_person", models.CharField(blank=True, max_length=100, verbose_name="责任人")),
                ("measures", models.TextField(blank=True, max_length=2000, verbose_name="整改措施")),
                ("means", models.CharField(blank=True, max_length=500, verbose_name="资金和条件")),
                ("acceptance", models.CharField(blank=True, max_length=500, verbose_name="验收标准")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="申请验收时间")),
                ("submitted_by", models.CharField(blank=True, max_length=150, verbose_name="申请验收人")),
                ("closing_proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="同意销号时间")),
                ("closing_proposed_by", models.CharField(blank=True, max_length=150, verbose_name="同意销号人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="销号人")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                ("look_back_due_on", models.DateField(blank=True, null=True, verbose_name="回头看时限")),
                ("looked_back_at", models.DateTimeField(blank=True, null=True, verbose_name="回头看时间")),
                ("looked_back_by", models.CharField(blank=True, max_length=150, verbose_name="回头看人")),
                (
                    "look_back_result",
                    models.CharField(
                        blank=True,
                        choices=[("held", "保持良好"), ("rebounded", "已反弹")],
                        max_length=10,
                        verbose_name="回头看结果",
                    ),
                ),
                ("withdrawal_asked_at", models.DateTimeField(blank=True, null=True, verbose_name="申请撤销时间")),
                ("withdrawal_asked_by", models.CharField(blank=True, max_length=150, verbose_name="申请撤销人")),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500, verbose_name="撤销原因")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("withdrawn_by", models.CharField(blank=True, max_length=150, verbose_name="批准撤销人")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "cooperating",
                    models.ManyToManyField(blank=True, related_name="+", to="people.agency", verbose_name="配合单位"),
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
                (
                    "reopened_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopened_as",
                        to="casework.matter",
                        verbose_name="反弹自",
                    ),
                ),
            ],
            options={
                "verbose_name": "问题事项",
                "verbose_name_plural": "问题事项",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "opened_on"], name="matter_opened"),
                    models.Index(fields=["division_code", "closed_on"], name="matter_closed"),
                    models.Index(fields=["division_code", "state"], name="matter_division_state"),
                    models.Index(fields=["owner", "state"], name="matter_owner_state"),
                    models.Index(fields=["state", "due_on"], name="matter_due"),
                    models.Index(fields=["subject_type", "subject_id"], name="matter_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_submitted_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closing_proposed_at__isnull", True), ("closing_proposed_by", "")),
                            models.Q(
                                ("closing_proposed_at__isnull", False),
                                models.Q(("closing_proposed_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="matter_proposed_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_closed_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("looked_back_at__isnull", True), ("looked_back_by", "")),
                            models.Q(
                                ("looked_back_at__isnull", False), models.Q(("looked_back_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="matter_looked_back_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawal_asked_at__isnull", True), ("withdrawal_asked_by", "")),
                            models.Q(
                                ("withdrawal_asked_at__isnull", False),
                                models.Q(("withdrawal_asked_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="matter_withdrawal_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by", "")),
                            models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="matter_withdrawn_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_on__isnull", False),
                                ("state__in", ["closed", "looked_back"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["closed", "looked_back"]), _negated=True),
                                ("closed_at", None),
                                ("closed_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="matter_closed_is_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"), ("withdrawn_at__isnull", False), ("withdrawn_on__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_at", None),
                                ("withdrawn_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="matter_withdrawn_is_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", ""),
                            models.Q(("closed_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="matter_closed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("severity", "critical"), _negated=True),
                            ("closed_by", ""),
                            models.Q(
                                models.Q(("closing_proposed_by", ""), _negated=True),
                                models.Q(("closed_by", models.F("closing_proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="matter_critical_closed_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_by", ""),
                            models.Q(("withdrawn_by", models.F("withdrawal_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="matter_withdrawn_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "已提出"),
                            ("approved", "已批准"),
                            ("delivered", "已送达"),
                            ("held", "已约谈"),
                            ("rectified", "已反馈整改"),
                            ("assessed", "已评估"),
                            ("archived", "已归档"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("interviewee", models.CharField(max_length=100, verbose_name="被约谈人")),
                ("reason", models.TextField(max_length=2000, verbose_name="约谈事由")),
                ("basis", models.CharField(max_length=500, verbose_name="约谈依据")),
                ("planned_on", models.DateField(verbose_name="约谈日期")),
                ("planned_time", models.TimeField(verbose_name="约谈时间")),
                ("place", models.CharField(max_length=200, verbose_name="地点")),
                ("host", models.CharField(max_length=100, verbose_name="主持人")),
                ("attendees", models.CharField(blank=True, max_length=500, verbose_name="参加人员")),
                ("minutes", models.TextField(blank=True, max_length=5000, verbose_name="约谈记录")),
                ("requirements", models.TextField(blank=True, max_length=2000, verbose_name="整改要求")),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="反馈时限")),
                ("feedback", models.TextField(blank=True, max_length=2000, verbose_name="整改反馈")),
                ("assessment", models.TextField(blank=True, max_length=2000, verbose_name="评估意见")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("proposed_by", models.CharField(max_length=150, verbose_name="提出人")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="批准人")),
                ("approved_by_name", models.CharField(blank=True, max_length=150, verbose_name="批准人姓名")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="约谈单位",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="casework.matter",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "约谈",
                "verbose_name_plural": "约谈",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="interview_approved_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", ""),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="interview_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "proposed"), ("approved_at__isnull", False), _connector="OR"),
                        name="interview_needs_approval",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="延期理由")),
                ("old_due_on", models.DateField(verbose_name="原时限")),
                ("new_due_on", models.DateField(verbose_name="申请延至")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待审批"), ("granted", "已同意"), ("refused", "未同意")],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("asked_by", models.CharField(max_length=150, verbose_name="申请人")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="审批人")),
                ("decision", models.CharField(blank=True, max_length=500, verbose_name="审批意见")),
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension",
                        to="casework.matter",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "延期",
                "verbose_name_plural": "延期",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="extension_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_due_on__gt", models.F("old_due_on"))), name="extension_is_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="extension_decided_is_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", ""),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="extension_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reminder", "到期前提醒"),
                            ("overdue", "逾期，通知部门负责人"),
                            ("supervision", "逾期，发督办函"),
                            ("interview", "逾期，启动约谈"),
                            ("notice", "仍未办结，通报并扣分"),
                        ],
                        max_length=12,
                        verbose_name="阶段",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="整改时限")),
                ("falls_on", models.DateField(verbose_name="应催办日")),
                ("noted_at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="casework.matter",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "催办督办",
                "verbose_name_plural": "催办督办",
                "ordering": ["-falls_on", "-pk"],
                "indexes": [models.Index(fields=["owner", "falls_on"], name="escalation_owner")],
                "constraints": [models.UniqueConstraint(fields=("matter", "stage", "due_on"), name="escalation_once")],
            },
        ),
        migrations.CreateModel(
            name="MatterEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hazard", "发现问题时"),
                            ("rectification", "整改证明"),
                            ("verification", "验收核查"),
                            ("look_back", "回头看"),
                        ],
                        max_length=14,
                        verbose_name="证明",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(blank=True, max_length=150, verbose_name="账号")),
                ("added_by_name", models.CharField(blank=True, max_length=150, verbose_name="上传人")),
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
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="casework.matter",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "事项证据",
                "verbose_name_plural": "事项证据",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "file", "kind"), name="matter_evidence_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MatterPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("reminder", "提醒函"), ("supervision", "督办函"), ("interview_notice", "约谈通知书")],
                        max_length=16,
                        verbose_name="文种",
                    ),
                ),
                ("document_number", models.CharField(max_length=60, verbose_name="发文字号")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
                ("issued_at", models.DateTimeField(verbose_name="制发时间")),
                ("issued_by", models.CharField(max_length=150, verbose_name="制发人")),
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
                    "interview",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="casework.interview",
                        verbose_name="约谈",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="casework.matter",
                        verbose_name="事项",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="主送机关",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="发文机关",
                    ),
                ),
            ],
            options={
                "verbose_name": "公文",
                "verbose_name_plural": "公文",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "document_number"), name="matter_paper_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MatterStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="账号")),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="办理人")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("open", "立账"),
                            ("assign", "交办"),
                            ("fix", "填写五定"),
                            ("start", "开始整改"),
                            ("progress", "报告进展"),
                            ("submit", "申请验收"),
                            ("return", "退回整改"),
                            ("propose_closing", "同意销号，待批准"),
                            ("close", "销号"),
                            ("look_back_held", "回头看：保持良好"),
                            ("look_back_rebounded", "回头看：已反弹"),
                            ("reopen", "重新立账"),
                            ("ask_extension", "申请延期"),
                            ("grant_extension", "同意延期"),
                            ("refuse_extension", "不同意延期"),
                            ("ask_withdrawal", "申请撤销"),
                            ("withdraw", "批准撤销"),
                            ("refuse_withdrawal", "不同意撤销"),
                            ("escalate", "催办"),
                            ("paper", "发文"),
                            ("interview", "约谈"),
                        ],
                        max_length=20,
                        verbose_name="办理",
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("opened", "已立账"),
                            ("assigned", "已交办"),
                            ("rectifying", "整改中"),
                            ("submitted", "申请验收"),
                            ("returned", "已退回"),
                            ("closed", "已销号"),
                            ("looked_back", "已回头看"),
                            ("withdrawn", "已撤销"),
                        ],
                        max_length=12,
                        verbose_name="原状态",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opened", "已立账"),
                            ("assigned", "已交办"),
                            ("rectifying", "整改中"),
                            ("submitted", "申请验收"),
                            ("returned", "已退回"),
                            ("closed", "已销号"),
                            ("looked_back", "已回头看"),
                            ("withdrawn", "已撤销"),
                        ],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="整改时限")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="说明")),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="casework.matter",
                        verbose_name="事项",
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
                "verbose_name": "办理记录",
                "verbose_name_plural": "办理记录",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["matter", "at", "id"], name="matter_step_life")],
            },
        ),
    ]

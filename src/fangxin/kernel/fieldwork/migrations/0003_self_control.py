import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0002_triggers"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("registry", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("principal", "主要负责人"),
                            ("safety_director", "食品安全总监"),
                            ("safety_officer", "食品安全员"),
                        ],
                        max_length=16,
                        verbose_name="岗位",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("starts_on", models.DateField(verbose_name="任命日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="免职日期")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.staff",
                        verbose_name="底册人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "食品安全管理人员任命",
                "verbose_name_plural": "食品安全管理人员任命",
                "ordering": ["role", "pk"],
                "indexes": [models.Index(fields=["division_code", "role", "-id"], name="appointment_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None), models.Q(("role", "safety_officer"), _negated=True)),
                        fields=("premises", "role"),
                        name="appointment_one_at_a_time",
                        violation_error_message="这个岗位已有人在任，请先免去原任命。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="appointment_span_forward",
                        violation_error_message="免职日期早于任命日期，请核对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cadre",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("A", "A级（市级领导包保）"),
                            ("B", "B级（县级领导包保）"),
                            ("C", "C级（乡镇领导包保）"),
                            ("D", "D级（村社区干部包保）"),
                        ],
                        max_length=1,
                        verbose_name="包保层级",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("title", models.CharField(max_length=80, verbose_name="职务")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                (
                    "duties",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="责任清单",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="承诺书",
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="督查清单",
                    ),
                ),
                (
                    "tasks",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="任务清单",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登录账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保干部",
                "verbose_name_plural": "包保干部",
                "ordering": ["tier", "division_code", "pk"],
                "indexes": [models.Index(fields=["division_code", "tier", "id"], name="cadre_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None), ("user__isnull", False)),
                        fields=("user",),
                        name="cadre_user_once",
                        violation_error_message="这个账号已经登记为在任包保干部。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("day", models.DateField(verbose_name="日期")),
                ("reason", models.CharField(max_length=100, verbose_name="停业原因")),
                ("declared_at", models.DateTimeField(verbose_name="申报时间")),
                ("declared_by", models.CharField(max_length=150, verbose_name="申报人")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "停业日",
                "verbose_name_plural": "停业日",
                "ordering": ["day"],
                "constraints": [models.UniqueConstraint(fields=("premises", "day"), name="closed_day_once")],
            },
        ),
        migrations.CreateModel(
            name="DailyRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("day", models.DateField(verbose_name="检查日期")),
                ("late", models.BooleanField(verbose_name="补记")),
                ("list_edition", models.CharField(max_length=60, verbose_name="管控清单版本")),
                ("items", models.PositiveSmallIntegerField(verbose_name="检查项数")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("made_at", models.DateTimeField(verbose_name="记录时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="记录人")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "每日食品安全检查记录",
                "verbose_name_plural": "每日食品安全检查记录",
                "ordering": ["-day", "-pk"],
                "indexes": [models.Index(fields=["premises", "late", "day"], name="daily_record_count")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("premises", "day"),
                        name="daily_record_once",
                        violation_error_message="这一天已经有检查记录。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("code", models.CharField(max_length=30, verbose_name="管控项目")),
                ("item", models.CharField(max_length=200, verbose_name="检查内容")),
                ("text", models.CharField(max_length=300, verbose_name="问题")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("remedy", models.CharField(blank=True, max_length=300, verbose_name="整改情况")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="整改完成时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="整改确认人")),
                ("matter_key", models.CharField(blank=True, max_length=200, verbose_name="问题事项")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="found",
                        to="fieldwork.dailyrecord",
                        verbose_name="检查记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "自查发现问题",
                "verbose_name_plural": "自查发现问题",
                "ordering": ["found_on", "pk"],
                "indexes": [
                    models.Index(fields=["premises", "found_on"], name="control_problem_of"),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["division_code", "found_on"],
                        name="control_problem_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "code"), name="control_problem_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="control_problem_closed_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guarantee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("A", "A级（市级领导包保）"),
                            ("B", "B级（县级领导包保）"),
                            ("C", "C级（乡镇领导包保）"),
                            ("D", "D级（村社区干部包保）"),
                        ],
                        max_length=1,
                        verbose_name="包保层级",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="起")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="止（不含）")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "cadre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guarantees",
                        to="fieldwork.cadre",
                        verbose_name="包保干部",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="包保对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保关系",
                "verbose_name_plural": "包保关系",
                "ordering": ["division_code", "pk"],
                "indexes": [models.Index(fields=["division_code", "tier", "id"], name="guarantee_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("premises",),
                        name="guarantee_one_at_a_time",
                        violation_error_message="这个对象已有包保干部，请先调整。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="guarantee_span_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuaranteeVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("visited_on", models.DateField(verbose_name="督导日期")),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "现场"), ("video", "视频")], max_length=8, verbose_name="方式"
                    ),
                ),
                ("seen", models.CharField(max_length=500, verbose_name="督导情况")),
                ("client_key", models.CharField(max_length=36, unique=True, verbose_name="提交编号")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "guarantee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="fieldwork.guarantee",
                        verbose_name="包保关系",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="包保对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保督导",
                "verbose_name_plural": "包保督导",
                "ordering": ["-visited_on", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-visited_on", "-id"], name="guarantee_visit_list"),
                    models.Index(fields=["premises", "visited_on"], name="guarantee_visit_of"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuaranteeProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="问题")),
                ("due_on", models.DateField(verbose_name="整改期限")),
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="fieldwork.guaranteevisit",
                        verbose_name="督导",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保督导发现问题",
                "verbose_name_plural": "包保督导发现问题",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ManagerExam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("examined_on", models.DateField(verbose_name="考核日期")),
                ("score", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="成绩")),
                ("passed", models.BooleanField(verbose_name="合格")),
                ("reexam_on", models.DateField(blank=True, null=True, verbose_name="补考期限")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exams",
                        to="fieldwork.appointment",
                        verbose_name="被考核人员",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "管理人员抽查考核",
                "verbose_name_plural": "管理人员抽查考核",
                "ordering": ["-examined_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed", True), ("reexam_on", None)),
                            models.Q(("passed", False), ("reexam_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="manager_exam_failed_again",
                        violation_error_message="不合格的须有补考期限，合格的不填。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 100)), name="manager_exam_score"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("month", models.DateField(verbose_name="月份")),
                ("late", models.BooleanField(verbose_name="补记")),
                ("held_on", models.DateField(verbose_name="会议日期")),
                ("chair", models.CharField(max_length=60, verbose_name="主持人")),
                ("attendees", models.CharField(max_length=300, verbose_name="参加人员")),
                ("summary", models.CharField(max_length=1000, verbose_name="本月情况")),
                ("decisions", models.CharField(max_length=1000, verbose_name="下月安排")),
                ("made_at", models.DateTimeField(verbose_name="记录时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="记录人")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "每月食品安全调度会议纪要",
                "verbose_name_plural": "每月食品安全调度会议纪要",
                "ordering": ["-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("premises", "month"),
                        name="monthly_meeting_once",
                        violation_error_message="这个月已经有调度会议纪要。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "新增"),
                            ("closed", "注销"),
                            ("suspended", "停业"),
                            ("moved", "迁移"),
                            ("tier", "层级变化"),
                        ],
                        max_length=10,
                        verbose_name="变更",
                    ),
                ),
                ("changed_on", models.DateField(verbose_name="变更日期")),
                ("report_due_on", models.DateField(verbose_name="报告时限")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="报告时间")),
                ("reported_by", models.CharField(blank=True, max_length=150, verbose_name="报告人")),
                ("reassign_due_on", models.DateField(blank=True, null=True, verbose_name="调整时限")),
                ("reassigned_at", models.DateTimeField(blank=True, null=True, verbose_name="调整时间")),
                ("reassigned_by", models.CharField(blank=True, max_length=150, verbose_name="调整人")),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "包保对象变更",
                "verbose_name_plural": "包保对象变更",
                "ordering": ["report_due_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "report_due_on"], name="status_change_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("premises", "kind", "changed_on"), name="status_change_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reassign_due_on", None), ("reported_at", None)),
                            models.Q(("reassign_due_on__isnull", False), ("reported_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="status_change_clock_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at__isnull", True), ("reported_by", "")),
                            models.Q(("reported_at__isnull", False), models.Q(("reported_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="status_change_reported_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reassigned_at__isnull", True), ("reassigned_by", "")),
                            models.Q(("reassigned_at__isnull", False), models.Q(("reassigned_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="status_change_reassigned_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("monday", models.DateField(verbose_name="本周一")),
                ("late", models.BooleanField(verbose_name="补记")),
                ("operating_days", models.PositiveSmallIntegerField(verbose_name="营业天数")),
                ("recorded_days", models.PositiveSmallIntegerField(verbose_name="当日记录天数")),
                ("found", models.PositiveSmallIntegerField(verbose_name="本周发现问题数")),
                ("carried", models.JSONField(blank=True, default=list, verbose_name="结转问题")),
                ("measures", models.CharField(max_length=1000, verbose_name="排查治理情况")),
                ("made_at", models.DateTimeField(verbose_name="记录时间")),
                ("made_by", models.CharField(max_length=150, verbose_name="记录人")),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "每周食品安全排查治理报告",
                "verbose_name_plural": "每周食品安全排查治理报告",
                "ordering": ["-monday"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("premises", "monday"),
                        name="weekly_report_once",
                        violation_error_message="这一周已经有排查报告。",
                    )
                ],
            },
        ),
    ]

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0002_triggers"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("registry", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="申请编号")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("new", "新办"), ("renewal", "延续"), ("change", "变更"), ("cancellation", "注销")],
                        max_length=12,
                        verbose_name="事项",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "已提交，待核材料"),
                            ("incomplete", "待补材料"),
                            ("accepted", "已受理"),
                            ("reviewed", "已审查，待决定"),
                            ("issued", "已办结"),
                            ("refused", "不予办理"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{9}|\\d{12})\\Z", "请选择乡镇（街道）或者村（社区）。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                (
                    "holder_name",
                    models.CharField(
                        help_text="营业执照上的名称；摊点写常用名称。", max_length=120, verbose_name="经营者名称"
                    ),
                ),
                (
                    "operator_kind",
                    models.CharField(
                        choices=[
                            ("self_employed", "个体工商户"),
                            ("individual", "个人（摊点等）"),
                            ("enterprise", "公司等企业"),
                            ("cooperative", "农民专业合作社"),
                        ],
                        max_length=14,
                        verbose_name="经营者类型",
                    ),
                ),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                ("principal", models.CharField(blank=True, max_length=60, verbose_name="负责人")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="手机")),
                ("sign_name", models.CharField(max_length=120, verbose_name="招牌名称")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址（摊位位置）")),
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
                    "products",
                    models.TextField(
                        blank=True, help_text="一行一种，例如：手工粉条", max_length=2000, verbose_name="食品品种"
                    ),
                ),
                ("ready_to_eat", models.BooleanField(default=True, verbose_name="有人直接接触入口食品")),
                (
                    "water",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("public", "自来水（集中供水）"),
                            ("well_tested", "自备井，有水质检测报告"),
                            ("well_untested", "自备井，没有检测"),
                            ("other", "其他"),
                        ],
                        max_length=14,
                        verbose_name="用水来源",
                    ),
                ),
                ("hours_from", models.TimeField(blank=True, null=True, verbose_name="营业时间从")),
                ("hours_to", models.TimeField(blank=True, null=True, verbose_name="到")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("shuts", models.BooleanField(default=False, verbose_name="同时停止经营")),
                ("screening", models.JSONField(blank=True, default=list, verbose_name="品种核对")),
                ("edition", models.CharField(blank=True, max_length=200, verbose_name="适用条例")),
                ("entered_at", models.DateTimeField(verbose_name="填写时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="填写人")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("submitted_by", models.CharField(blank=True, max_length=150, verbose_name="提交人")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="提交日期")),
                ("missing", models.JSONField(blank=True, default=list, verbose_name="需补材料")),
                ("missing_note", models.CharField(blank=True, max_length=500, verbose_name="补正说明")),
                ("missing_told_at", models.DateTimeField(blank=True, null=True, verbose_name="一次告知时间")),
                ("missing_told_by", models.CharField(blank=True, max_length=150, verbose_name="告知人")),
                ("complete_on", models.DateField(blank=True, null=True, verbose_name="材料齐全日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="办结时限")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="受理时间")),
                ("accepted_by", models.CharField(blank=True, max_length=150, verbose_name="受理人")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="审查时间")),
                ("reviewed_by", models.CharField(blank=True, max_length=150, verbose_name="审查人")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[("grant", "符合条件，建议办理"), ("refuse", "不符合条件，建议不予办理")],
                        max_length=8,
                        verbose_name="审查意见",
                    ),
                ),
                ("opinion_note", models.CharField(blank=True, max_length=500, verbose_name="审查说明")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="决定人")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="决定日期")),
                ("on_the_spot", models.BooleanField(default=False, verbose_name="当场办结")),
                ("refusal_reason", models.CharField(blank=True, max_length=500, verbose_name="不予办理的理由")),
                ("refusal_route", models.CharField(blank=True, max_length=500, verbose_name="可走的途径")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="乡镇签收时间")),
                ("received_by", models.CharField(blank=True, max_length=150, verbose_name="签收人")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="申请单位",
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.credential",
                        verbose_name="原证件",
                    ),
                ),
                (
                    "issued",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_application",
                        to="registry.credential",
                        verbose_name="所发证件",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_applications",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "“三小”申请",
                "verbose_name_plural": "“三小”申请",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "due_on"], name="small_application_list"),
                    models.Index(fields=["agency", "state"], name="small_application_own"),
                    models.Index(fields=["division_code", "decided_on"], name="small_application_decided"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_application_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missing_told_at__isnull", True), ("missing_told_by", "")),
                            models.Q(
                                ("missing_told_at__isnull", False), models.Q(("missing_told_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="small_application_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by", "")),
                            models.Q(("accepted_at__isnull", False), models.Q(("accepted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_application_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at__isnull", True), ("reviewed_by", "")),
                            models.Q(("reviewed_at__isnull", False), models.Q(("reviewed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_application_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_application_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at__isnull", True), ("received_by", "")),
                            models.Q(("received_at__isnull", False), models.Q(("received_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_application_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["issued", "refused"]), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="small_application_ended_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refusal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="small_application_refused_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            ("on_the_spot", True),
                            models.Q(("decided_by", models.F("reviewed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="small_application_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credential", None), ("purpose", "new")),
                            models.Q(models.Q(("purpose", "new"), _negated=True), ("credential__isnull", False)),
                            _connector="OR",
                        ),
                        name="small_application_about_credential",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "incomplete", "accepted", "reviewed"])),
                        fields=("credential", "purpose"),
                        name="small_application_open_once",
                        violation_error_message="这个证件的同一事项已有一份申请正在办理，请继续办理那一份。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=30, verbose_name="材料")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(blank=True, max_length=150, verbose_name="上传人")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="small_operators.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请材料",
                "verbose_name_plural": "申请材料",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "level",
                    models.CharField(
                        choices=[("demonstration", "示范点"), ("pace_setter", "标杆点")],
                        max_length=14,
                        verbose_name="等次",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("nominated", "已推荐"),
                            ("visited", "已评分"),
                            ("listed", "已列入名单"),
                            ("refused", "未列入"),
                            ("removed", "已移出名单"),
                        ],
                        default="nominated",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="推荐理由")),
                ("nominated_at", models.DateTimeField(verbose_name="推荐时间")),
                ("nominated_by", models.CharField(blank=True, max_length=150, verbose_name="推荐人")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="决定人")),
                ("decision_note", models.CharField(blank=True, max_length=500, verbose_name="决定说明")),
                ("listed_on", models.DateField(blank=True, null=True, verbose_name="列入日期")),
                ("listed_until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="移出时间")),
                ("removed_by", models.CharField(blank=True, max_length=150, verbose_name="移出人")),
                ("removed_why", models.CharField(blank=True, max_length=500, verbose_name="移出原因")),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_sites",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "示范点、标杆点",
                "verbose_name_plural": "示范点、标杆点",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "state"], name="small_site_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_site_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by", "")),
                            models.Q(("removed_at__isnull", False), models.Q(("removed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_site_removed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["nominated", "visited", "listed"])),
                        fields=("premises", "level"),
                        name="small_site_once",
                        violation_error_message="这一家已在评选或者名单之中，不必再次推荐。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "listed"), _negated=True),
                            models.Q(("decided_at__isnull", False), ("listed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="small_site_listed_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visited_on", models.DateField(verbose_name="评分日期")),
                ("edition", models.CharField(max_length=60, verbose_name="条件版本")),
                ("scores", models.JSONField(verbose_name="各项得分")),
                ("total", models.PositiveIntegerField(verbose_name="总分")),
                ("failed_keys", models.JSONField(blank=True, default=list, verbose_name="未达标的关键项")),
                ("passed", models.BooleanField(verbose_name="达到分数线")),
                ("with_whom", models.CharField(max_length=60, verbose_name="同行人")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="small_operators.site",
                        verbose_name="示范点",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分走访",
                "verbose_name_plural": "评分走访",
                "ordering": ["visited_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Unregistered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("census", "普查"),
                            ("complaint", "投诉举报"),
                            ("inspection", "检查发现"),
                            ("delivery", "外卖平台名单"),
                            ("other_list", "其他名单比对"),
                        ],
                        max_length=12,
                        verbose_name="发现途径",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "新发现"),
                            ("guided", "已告知、帮办"),
                            ("ordered", "已责令限期办理"),
                            ("registered", "已登记备案"),
                            ("shut", "已停止经营"),
                            ("out_of_scope", "不属“三小”"),
                        ],
                        default="found",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{9}|\\d{12})\\Z", "请选择乡镇（街道）或者村（社区）。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("name_seen", models.CharField(max_length=120, verbose_name="名称")),
                ("address_seen", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone_seen", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="下次跟进")),
                ("opened_at", models.DateTimeField(verbose_name="立项时间")),
                ("opened_by", models.CharField(blank=True, max_length=150, verbose_name="立项人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="结束人")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="small_operators.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "census_entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_unregistered",
                        to="registry.censusentry",
                        verbose_name="普查记录",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="底册场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "未登记经营者",
                "verbose_name_plural": "未登记经营者",
                "ordering": ["next_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "state", "next_on"], name="small_unregistered_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_unregistered_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["registered", "shut", "out_of_scope"]), ("ended_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state__in", ["registered", "shut", "out_of_scope"]), _negated=True),
                                ("ended_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="small_unregistered_open_or_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "registered"), _negated=True),
                            ("premises__isnull", False),
                            _connector="OR",
                        ),
                        name="small_unregistered_has_premises",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ordered"), _negated=True),
                            models.Q(("kind", "stall"), _negated=True),
                            _connector="OR",
                        ),
                        name="small_unregistered_stall_guided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnregisteredStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "新发现"),
                            ("guided", "已告知、帮办"),
                            ("ordered", "已责令限期办理"),
                            ("registered", "已登记备案"),
                            ("shut", "已停止经营"),
                            ("out_of_scope", "不属“三小”"),
                        ],
                        max_length=12,
                        verbose_name="之后的状态",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="情况")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="人员")),
                (
                    "unregistered",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="small_operators.unregistered",
                        verbose_name="未登记经营者",
                    ),
                ),
            ],
            options={
                "verbose_name": "跟进记录",
                "verbose_name_plural": "跟进记录",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Upgrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                        ],
                        max_length=16,
                        verbose_name="原类别",
                    ),
                ),
                ("becomes", models.CharField(max_length=20, verbose_name="升级为")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "准备中"),
                            ("applied", "已申请许可"),
                            ("licensed", "已取得许可"),
                            ("given_up", "不再升级"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("begun_at", models.DateTimeField(verbose_name="开始时间")),
                ("begun_by", models.CharField(blank=True, max_length=150, verbose_name="开始人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="结束人")),
                (
                    "licence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.credential",
                        verbose_name="许可证",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_upgrades",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "升级许可",
                "verbose_name_plural": "升级许可",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["division_code", "state"], name="small_upgrade_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_upgrade_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["preparing", "applied"])),
                        fields=("premises",),
                        name="small_upgrade_once",
                        violation_error_message="这一家已在升级之中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "licensed"), _negated=True), ("licence__isnull", False), _connector="OR"
                        ),
                        name="small_upgrade_has_licence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UpgradeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="条件")),
                ("met", models.BooleanField(verbose_name="已具备")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("checked_at", models.DateTimeField(verbose_name="核对时间")),
                ("checked_by", models.CharField(blank=True, max_length=150, verbose_name="核对人")),
                (
                    "upgrade",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="small_operators.upgrade",
                        verbose_name="升级许可",
                    ),
                ),
            ],
            options={
                "verbose_name": "升级条件",
                "verbose_name_plural": "升级条件",
                "ordering": ["upgrade", "pk"],
                "constraints": [models.UniqueConstraint(fields=("upgrade", "code"), name="small_upgrade_item_once")],
            },
        ),
        migrations.CreateModel(
            name="Zone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{9}|\\d{12})\\Z", "请选择乡镇（街道）或者村（社区）。"
                            )
                        ],
                        verbose_name="乡镇（街道）",
                    ),
                ),
                (
                    "latitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="中心纬度（WGS-84）",
                    ),
                ),
                (
                    "longitude",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="中心经度（WGS-84）",
                    ),
                ),
                (
                    "radius_m",
                    models.PositiveIntegerField(
                        default=100,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(2000),
                        ],
                        verbose_name="半径（米）",
                    ),
                ),
                ("corners", models.JSONField(blank=True, default=list, verbose_name="边界点")),
                ("opens_at", models.TimeField(blank=True, null=True, verbose_name="开始时间")),
                ("closes_at", models.TimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(2000),
                        ],
                        verbose_name="可容纳摊位",
                    ),
                ),
                ("taken", models.PositiveIntegerField(default=0, editable=False, verbose_name="已安排")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                ("drawn_at", models.DateTimeField(verbose_name="划定时间")),
                ("drawn_by", models.CharField(blank=True, max_length=150, verbose_name="划定人")),
            ],
            options={
                "verbose_name": "摊点区域",
                "verbose_name_plural": "摊点区域",
                "ordering": ["division_code", "name", "pk"],
                "indexes": [models.Index(fields=["division_code", "name"], name="small_zone_list")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division_code", "name"),
                        name="small_zone_once",
                        violation_error_message="这个乡镇已有同名区域，请换一个名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken__lte", models.F("capacity"))),
                        name="small_zone_not_overfull",
                        violation_error_message="可容纳数不能少于已安排的摊位数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes_at", None), ("opens_at", None)),
                            models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="small_zone_hours_whole",
                        violation_error_message="开始和结束时间须同时填写，或者都不填（全天）。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spot", models.CharField(blank=True, max_length=20, verbose_name="摊位号")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至")),
                ("ended_why", models.CharField(blank=True, max_length=200, verbose_name="离开原因")),
                ("placed_at", models.DateTimeField(verbose_name="安排时间")),
                ("placed_by", models.CharField(blank=True, max_length=150, verbose_name="安排人")),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_placements",
                        to="registry.premises",
                        verbose_name="摊点",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="small_operators.zone",
                        verbose_name="摊点区域",
                    ),
                ),
            ],
            options={
                "verbose_name": "摊位安排",
                "verbose_name_plural": "摊位安排",
                "ordering": ["zone", "spot", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("premises",),
                        name="small_placement_one_zone",
                        violation_error_message="这个摊点已安排在别的区域，请先让它离开原区域。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None), models.Q(("spot", ""), _negated=True)),
                        fields=("zone", "spot"),
                        name="small_placement_one_spot",
                        violation_error_message="这个摊位号已有人，请换一个。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="small_placement_span_forward",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="zone_wish",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="small_operators.zone",
                verbose_name="希望摆摊的区域",
            ),
        ),
        migrations.CreateModel(
            name="FirstVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("due_on", models.DateField(verbose_name="首次检查时限")),
                ("visited_on", models.DateField(blank=True, null=True, verbose_name="检查日期")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("compliant", "合规"), ("problems", "有问题，已交办整改"), ("gone", "已不在经营")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("products_seen", models.TextField(blank=True, max_length=2000, verbose_name="现场所见品种")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="情况说明")),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "credential",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_first_visit",
                        to="registry.credential",
                        verbose_name="证件",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.matter",
                        verbose_name="问题事项",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="small_first_visits",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "首次检查",
                "verbose_name_plural": "首次检查",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "visited_on", "due_on"], name="small_visit_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by", "")),
                            models.Q(("recorded_at__isnull", False), models.Q(("recorded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_visit_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", ""), ("visited_on", None)),
                            models.Q(("visited_on__isnull", False), models.Q(("result", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="small_visit_has_result",
                    ),
                ],
            },
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("board", "0002_triggers"),
        ("catalog", "0001_initial"),
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("people", "__first__"),
        ("plans", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("period_name", models.CharField(max_length=60, verbose_name="通报时段")),
                ("since", models.DateField(verbose_name="时段起")),
                ("as_of", models.DateField(verbose_name="数据截至")),
                ("subject", models.CharField(max_length=100, verbose_name="通报事项")),
                ("summary", models.TextField(blank=True, max_length=10000, verbose_name="总体情况")),
                ("next_steps", models.TextField(blank=True, max_length=10000, verbose_name="下一步工作")),
                ("figures", models.JSONField(blank=True, default=list, verbose_name="指标数据")),
                ("timeliness", models.JSONField(blank=True, default=dict, verbose_name="报送情况")),
                ("balance", models.JSONField(blank=True, default=dict, verbose_name="整改台账")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草"),
                            ("in_check", "待核稿"),
                            ("checked", "已核稿，待印发"),
                            ("issued", "已印发"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=1000, verbose_name="退改意见")),
                ("drafted_at", models.DateTimeField(verbose_name="起草时间")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核稿时间")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="印发时间")),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="发文字号")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核稿人",
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="正文",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="印发人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="发文机关",
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
                (
                    "writers",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="执笔人"
                    ),
                ),
            ],
            options={
                "verbose_name": "通报",
                "verbose_name_plural": "通报",
                "ordering": ["-as_of", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-as_of", "-id"], name="bulletin_scope")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_at__isnull", False), ("drafted_by__isnull", True), _connector="OR"
                        ),
                        name="bulletin_drafted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_at__isnull", False), ("checked_by__isnull", True), _connector="OR"
                        ),
                        name="bulletin_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("issued_at__isnull", False), ("issued_by__isnull", True), _connector="OR"),
                        name="bulletin_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            models.Q(("checked_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="bulletin_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(
                                models.Q(("document_number", ""), _negated=True),
                                ("checked_at__isnull", False),
                                ("file__isnull", False),
                                ("issued_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="bulletin_issued_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("document_number", ""), _negated=True),
                        fields=("sender", "document_number"),
                        name="bulletin_number_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulletinItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("practice", "典型做法"), ("problem", "存在问题")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("text", models.TextField(max_length=5000, verbose_name="内容")),
                ("agencies", models.CharField(blank=True, max_length=500, verbose_name="涉及单位")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                ("included", models.BooleanField(default=True, verbose_name="写入通报")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="来源")),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="assessment.bulletin",
                        verbose_name="通报",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报条目",
                "verbose_name_plural": "通报条目",
                "ordering": ["bulletin", "kind", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BulletinRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="收文单位",
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reads",
                        to="assessment.bulletin",
                        verbose_name="通报",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="阅读人",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报收阅",
                "verbose_name_plural": "通报收阅",
                "ordering": ["bulletin", "agency"],
                "constraints": [
                    models.UniqueConstraint(fields=("bulletin", "agency"), name="bulletin_read_once"),
                    models.CheckConstraint(
                        condition=models.Q(("read_at__isnull", False), ("read_by__isnull", True), _connector="OR"),
                        name="bulletin_read_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.CharField(
                        choices=[("lead", "牵头部门"), ("township", "乡镇（街道）")], max_length=10, verbose_name="组别"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="被考核单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "被考核单位",
                "verbose_name_plural": "被考核单位",
                "ordering": ["round", "group", "agency"],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bonus", "加分"),
                            ("deduction", "减分"),
                            ("veto", "一票否决"),
                            ("not_applicable", "指标不适用"),
                            ("stated", "补充核定数"),
                        ],
                        max_length=14,
                        verbose_name="类别",
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="规则条目")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("reason", models.TextField(max_length=2000, verbose_name="事实和理由")),
                (
                    "numerator",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="分子"),
                ),
                (
                    "denominator",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="分母"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审批"),
                            ("approved", "已同意"),
                            ("refused", "未同意"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("decision", models.CharField(blank=True, max_length=1000, verbose_name="审批意见")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("withdrawal", models.CharField(blank=True, max_length=1000, verbose_name="撤销原因")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="证据",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="assessment.participant",
                        verbose_name="被考核单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核加减分",
                "verbose_name_plural": "考核加减分",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_at__isnull", False), ("proposed_by__isnull", True), _connector="OR"
                        ),
                        name="adjustment_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", False), ("decided_by__isnull", True), _connector="OR"
                        ),
                        name="adjustment_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", True), _connector="OR"
                        ),
                        name="adjustment_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_by", None),
                            models.Q(("withdrawn_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_withdrawn_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="adjustment_decided_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "stated"), _negated=True),
                            models.Q(
                                ("denominator__gt", 0),
                                ("numerator__gte", 0),
                                ("numerator__lte", models.F("denominator")),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_stated_is_a_share",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", ["not_applicable", "stated"]), ("state__in", ["proposed", "approved"])
                        ),
                        fields=("participant", "code"),
                        name="adjustment_one_ruling",
                        violation_error_message="这个单位的这项指标已经有一条待审批或已同意的核定，请先处理它。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("year", models.PositiveSmallIntegerField(verbose_name="考核年度")),
                ("rule_code", models.CharField(max_length=80, verbose_name="规则编号")),
                ("rule_digest", models.CharField(max_length=128, verbose_name="规则摘要")),
                ("starts_on", models.DateField(verbose_name="考核期起")),
                ("ends_on", models.DateField(verbose_name="考核期止")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草"),
                            ("department_self_check", "单位自查"),
                            ("scored", "已评分，待复核"),
                            ("reviewed", "已复核，待公布"),
                            ("published", "已公布"),
                            ("appealing", "申诉处理中"),
                            ("final", "已定案"),
                            ("cancelled", "已撤销"),
                        ],
                        default="draft",
                        max_length=24,
                        verbose_name="状态",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="启动时间")),
                ("self_check_until", models.DateField(blank=True, null=True, verbose_name="自查截止")),
                ("scored_at", models.DateTimeField(blank=True, null=True, verbose_name="评分时间")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("notice", models.TextField(blank=True, max_length=5000, verbose_name="公布说明")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                ("appeal_until", models.DateField(blank=True, null=True, verbose_name="申诉截止")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="定案时间")),
                ("cancel_reason", models.CharField(blank=True, max_length=300, verbose_name="撤销原因")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.edition",
                        verbose_name="考核规则",
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="定案人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "scored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评分人",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="启动人",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核",
                "verbose_name_plural": "考核",
                "ordering": ["-year", "-pk"],
                "indexes": [models.Index(fields=["division_code", "year"], name="round_scope")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("division_code", "year"),
                        name="round_once",
                        violation_error_message="这个年度的考核已经启动。请在考核列表里打开它；确需重来，先撤销原来的一轮。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__isnull", False), ("started_by__isnull", True), _connector="OR"
                        ),
                        name="round_started",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scored_at__isnull", False), ("scored_by__isnull", True), _connector="OR"),
                        name="round_scored",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_at__isnull", False), ("reviewed_by__isnull", True), _connector="OR"
                        ),
                        name="round_reviewed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", False), ("published_by__isnull", True), _connector="OR"
                        ),
                        name="round_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", False), ("finished_by__isnull", True), _connector="OR"
                        ),
                        name="round_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("reviewed_by", models.F("scored_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="round_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "appealing", "final"]), _negated=True),
                            models.Q(
                                ("appeal_until__isnull", False),
                                ("published_at__isnull", False),
                                ("reviewed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="round_published_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approved", models.BooleanField(verbose_name="通过")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="复核意见")),
                ("reviewed_at", models.DateTimeField(verbose_name="复核时间")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="assessment.round",
                        verbose_name="考核",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核复核",
                "verbose_name_plural": "考核复核",
                "ordering": ["round", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_at__isnull", False), ("reviewed_by__isnull", True), _connector="OR"
                        ),
                        name="review_reviewed",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="participant",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participants",
                to="assessment.round",
                verbose_name="考核",
            ),
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="数据截至")),
                ("readings", models.JSONField(default=list, verbose_name="读数")),
                ("items", models.JSONField(default=list, verbose_name="得分")),
                ("events", models.JSONField(default=list, verbose_name="加减分")),
                ("base", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="基础分")),
                ("bonus", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="加分")),
                ("deduction", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="减分")),
                ("total", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="总分")),
                ("total_at_best", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="最高可能总分")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="名次")),
                ("of", models.PositiveSmallIntegerField(verbose_name="本组单位数")),
                ("scale", models.CharField(max_length=40, verbose_name="等次体系")),
                ("grade", models.CharField(blank=True, max_length=4, verbose_name="等次")),
                ("vetoed", models.BooleanField(default=False, verbose_name="一票否决")),
                ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                ("undetermined", models.JSONField(blank=True, default=list, verbose_name="不能判定的指标")),
                ("rule_digest", models.CharField(max_length=128, verbose_name="规则摘要")),
                ("computed_at", models.DateTimeField(verbose_name="计算时间")),
                (
                    "computed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="计算人",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="assessment.participant",
                        verbose_name="被考核单位",
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="assessment.score",
                        verbose_name="上一次评分",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="assessment.round",
                        verbose_name="考核",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分",
                "verbose_name_plural": "评分",
                "ordering": ["round", "participant", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("previous", None)), fields=("participant",), name="score_first_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("vetoed", True), _negated=True),
                            models.Q(("grade", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="score_veto_has_grade",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("computed_at__isnull", False), ("computed_by__isnull", True), _connector="OR"
                        ),
                        name="score_computed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=5000, verbose_name="申诉内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("lodged", "待处理"), ("upheld", "申诉成立"), ("rejected", "申诉不成立")],
                        default="lodged",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("lodged_at", models.DateTimeField(verbose_name="申诉时间")),
                ("decision", models.TextField(blank=True, max_length=5000, verbose_name="处理意见")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
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
                        verbose_name="证明材料",
                    ),
                ),
                (
                    "lodged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申诉人",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="assessment.participant",
                        verbose_name="申诉单位",
                    ),
                ),
                (
                    "score_after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.score",
                        verbose_name="处理后的评分",
                    ),
                ),
                (
                    "score_before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.score",
                        verbose_name="申诉时的评分",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核申诉",
                "verbose_name_plural": "考核申诉",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lodged_at__isnull", False), ("lodged_by__isnull", True), _connector="OR"),
                        name="appeal_lodged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", False), ("decided_by__isnull", True), _connector="OR"
                        ),
                        name="appeal_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("lodged_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="appeal_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "lodged")),
                            models.Q(models.Q(("state", "lodged"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_decided_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "lodged")),
                        fields=("participant",),
                        name="appeal_one_open",
                        violation_error_message="贵单位已有一件申诉正在处理，请等处理结果。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=5000, verbose_name="自查意见")),
                ("said_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="证明材料",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_checks",
                        to="assessment.participant",
                        verbose_name="被考核单位",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
            ],
            options={
                "verbose_name": "自查意见",
                "verbose_name_plural": "自查意见",
                "ordering": ["participant", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("said_at__isnull", False), ("said_by__isnull", True), _connector="OR"),
                        name="self_check_said",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("round", "agency"), name="participant_once"),
        ),
    ]

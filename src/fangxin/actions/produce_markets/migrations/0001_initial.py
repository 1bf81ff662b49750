from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0004_case_triggers"),
        ("fieldwork", "0006_risk_orders"),
        ("laboratory", "0002_triggers"),
        ("ledger", "0002_triggers"),
        ("registry", "0003_parcels"),
        ("supply", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("trade", "交易（电子秤）"),
                            ("trace", "追溯（合格证、凭证）"),
                            ("logistics", "物流（运输、温度）"),
                        ],
                        max_length=10,
                        verbose_name="数据",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("taken", models.PositiveIntegerField(default=0, verbose_name="采用行数")),
                ("faults", models.JSONField(blank=True, default=list, verbose_name="未采用的行")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_by", models.CharField(blank=True, max_length=150, verbose_name="上传人")),
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
                "verbose_name": "市场数据文件",
                "verbose_name_plural": "市场数据文件",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="入场编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("food", models.CharField(max_length=60, verbose_name="品名")),
                (
                    "goods",
                    models.CharField(
                        choices=[
                            ("vegetable", "蔬菜、食用菌"),
                            ("fruit", "水果"),
                            ("pork", "猪肉"),
                            ("meat", "牛羊等畜肉"),
                            ("poultry", "禽肉、活禽"),
                            ("aquatic", "水产品"),
                            ("eggs", "鲜蛋"),
                            ("grain", "粮油、干货"),
                            ("other", "其他食品"),
                        ],
                        max_length=10,
                        verbose_name="品种",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.001"), "应大于零。")],
                        verbose_name="数量",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("kg", "千克（公斤）"), ("head", "头（只）"), ("box", "箱（件）")],
                        default="kg",
                        max_length=6,
                        verbose_name="计量单位",
                    ),
                ),
                ("supplier", models.CharField(blank=True, max_length=120, verbose_name="供货者")),
                ("origin", models.CharField(blank=True, max_length=120, verbose_name="产地")),
                ("vehicle", models.CharField(blank=True, max_length=20, verbose_name="车牌")),
                ("arrived_at", models.DateTimeField(verbose_name="到场时间")),
                ("proofs", models.JSONField(blank=True, default=dict, verbose_name="凭证")),
                (
                    "certificate_quantity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="合格证数量",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("gate", "入场查验"), ("phone", "摊主手机登记"), ("sheet", "数据文件")],
                        max_length=6,
                        verbose_name="登记方式",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("admitted", "准予入场"),
                            ("isolated", "隔离待检"),
                            ("refused", "拒绝入场"),
                            ("withdrawn", "已退市"),
                            ("undone", "登记有误，已撤销"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="判定依据")),
                ("edition", models.CharField(max_length=20, verbose_name="规则版本")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="查验时间")),
                ("checked_by", models.CharField(blank=True, max_length=150, verbose_name="查验人")),
                ("gone", models.DecimalField(decimal_places=3, default=0, max_digits=12, verbose_name="已出数量")),
                ("undone_why", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="凭证照片",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "入场查验",
                "verbose_name_plural": "入场查验",
                "ordering": ["-arrived_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-arrived_at", "-id"], name="market_entry_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("checked_by", "")),
                            models.Q(("checked_at__isnull", False), models.Q(("checked_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_entry_checked",
                    ),
                    models.CheckConstraint(condition=models.Q(("gone__gte", 0)), name="market_entry_gone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Haul",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vehicle", models.CharField(max_length=20, verbose_name="车牌")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="发车时间")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="到达时间")),
                (
                    "warmest",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="最高温度（℃）"
                    ),
                ),
                (
                    "coldest",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="最低温度（℃）"
                    ),
                ),
                (
                    "data_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hauls",
                        to="produce_markets.datafile",
                        verbose_name="数据文件",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hauls",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
                    ),
                ),
            ],
            options={
                "verbose_name": "运输记录",
                "verbose_name_plural": "运输记录",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Market",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[("wholesale", "批发市场"), ("retail", "零售市场（农贸市场、菜市场）")],
                        default="retail",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("reported_on", models.DateField(blank=True, null=True, verbose_name="开办报告日期")),
                (
                    "room",
                    models.CharField(
                        choices=[("own", "自建快检室"), ("contract", "委托检验"), ("none", "没有")],
                        default="none",
                        max_length=10,
                        verbose_name="快检能力",
                    ),
                ),
                ("laboratory", models.CharField(blank=True, max_length=120, verbose_name="受托检验机构")),
                (
                    "testers",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(200)],
                        verbose_name="检测人员（人）",
                    ),
                ),
                (
                    "tests_per_day",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="每个营业日应检（批）",
                    ),
                ),
                (
                    "rest_weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "星期一"),
                            (1, "星期二"),
                            (2, "星期三"),
                            (3, "星期四"),
                            (4, "星期五"),
                            (5, "星期六"),
                            (6, "星期日"),
                        ],
                        null=True,
                        verbose_name="每周休市",
                    ),
                ),
                ("since", models.DateField(verbose_name="建档日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "premises",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="market",
                        to="registry.premises",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "市场档案",
                "verbose_name_plural": "市场档案",
                "ordering": ["division_code", "pk"],
                "indexes": [models.Index(fields=["division_code", "id"], name="market_list")],
            },
        ),
        migrations.CreateModel(
            name="GradeSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("factors", models.JSONField(verbose_name="静态因素")),
                ("lines", models.JSONField(verbose_name="动态因素")),
                ("edition", models.CharField(max_length=20, verbose_name="评分表版本")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "grade",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="market_sheet",
                        to="fieldwork.premisesgrade",
                        verbose_name="等级评定",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_sheets",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "市场风险评分表",
                "verbose_name_plural": "市场风险评分表",
                "ordering": ["-year", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="market",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="produce_markets.market",
                verbose_name="市场",
            ),
        ),
        migrations.AddField(
            model_name="datafile",
            name="market",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="data_files",
                to="produce_markets.market",
                verbose_name="市场",
            ),
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("sale", "销售"), ("waste", "损耗"), ("return", "退回供货者")],
                        max_length=6,
                        verbose_name="去向",
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="数量")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("buyer", models.CharField(blank=True, max_length=120, verbose_name="购买单位")),
                ("voucher", models.CharField(blank=True, max_length=60, verbose_name="销售凭证号")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "data_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="produce_markets.datafile",
                        verbose_name="数据文件",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outgoings",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="produce_markets.outgoing",
                        verbose_name="冲销",
                    ),
                ),
            ],
            options={
                "verbose_name": "销售去向",
                "verbose_name_plural": "销售去向",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quantity__gt", 0), ("takes_back", None)),
                            models.Q(("quantity__lt", 0), ("takes_back__isnull", False)),
                            _connector="OR",
                        ),
                        name="market_outgoing_sign",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("demonstration", "培树典型"),
                            ("rebuild", "原地重建"),
                            ("renovate", "翻新改造"),
                            ("adjust", "调整布局"),
                            ("close", "关闭"),
                        ],
                        max_length=14,
                        verbose_name="方式",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="项目名称")),
                (
                    "budget",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="投资（万元）",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("due_on", models.DateField(verbose_name="计划完成")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "进行中"),
                            ("submitted", "待验收"),
                            ("accepted", "已验收"),
                            ("stopped", "已终止"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提请验收时间")),
                ("submitted_by", models.CharField(blank=True, max_length=150, verbose_name="提请人")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="验收时间")),
                ("accepted_by", models.CharField(blank=True, max_length=150, verbose_name="验收人")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="验收意见、终止原因")),
                ("recorded_at", models.DateTimeField(verbose_name="立项登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "升级改造项目",
                "verbose_name_plural": "升级改造项目",
                "ordering": ["-starts_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "due_on"], name="market_project_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_project_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by", "")),
                            models.Q(("accepted_at__isnull", False), models.Q(("accepted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_project_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("starts_on"))),
                        name="market_project_forward",
                        violation_error_message="计划完成日期早于开始日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None),
                            models.Q(("accepted_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="market_project_second",
                        violation_error_message="提请验收的人不能自己验收，请由另一名人员办理。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="节点")),
                ("due_on", models.DateField(verbose_name="应完成")),
                ("reached_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="登记完成时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "file",
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="produce_markets.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目节点",
                "verbose_name_plural": "项目节点",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("recorded_at__isnull", True), ("recorded_by", "")),
                            models.Q(("recorded_at__isnull", False), models.Q(("recorded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_milestone_told",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=30, verbose_name="公示事项")),
                ("text", models.CharField(max_length=500, verbose_name="公示内容")),
                ("published_on", models.DateField(verbose_name="公示日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="照片",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "ordering": ["-published_on", "-pk"],
                "indexes": [models.Index(fields=["market", "item", "-published_on"], name="market_publication")],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="来源")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("rapid", "快检阳性"),
                            ("sample", "抽检不合格"),
                            ("slaughter", "肉品查验不符合"),
                            ("proof", "凭证可疑"),
                            ("oversold", "售出多于入场"),
                        ],
                        max_length=10,
                        verbose_name="线索",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="情况")),
                ("crime", models.BooleanField(default=False, verbose_name="可能涉嫌犯罪")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reported", "已报告，待受理"),
                            ("taken", "监管核查中"),
                            ("case", "已转处罚案件"),
                            ("ended", "核查结束，不立案"),
                        ],
                        default="reported",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("report_by", models.DateTimeField(blank=True, null=True, verbose_name="应报告时间")),
                ("reported_at", models.DateTimeField(verbose_name="报告时间")),
                ("reported_by", models.CharField(blank=True, max_length=150, verbose_name="报告人")),
                ("take_by", models.DateField(blank=True, null=True, verbose_name="应受理日期")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="受理时间")),
                ("taken_by", models.CharField(blank=True, max_length=150, verbose_name="受理人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="办结人")),
                ("conclusion", models.CharField(blank=True, max_length=500, verbose_name="核查结论")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.case",
                        verbose_name="处罚案件",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="produce_markets.market",
                        verbose_name="市场",
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
            ],
            options={
                "verbose_name": "检监联动线索",
                "verbose_name_plural": "检监联动线索",
                "ordering": ["-reported_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "take_by"], name="market_referral_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_at__isnull", True), ("taken_by", "")),
                            models.Q(("taken_at__isnull", False), models.Q(("taken_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_referral_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_referral_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "case"), _negated=True), ("case__isnull", False), _connector="OR"
                        ),
                        name="market_referral_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("cadence", models.CharField(max_length=10, verbose_name="自查")),
                ("period", models.DateField(verbose_name="所属期")),
                ("answers", models.JSONField(verbose_name="各项结果")),
                ("problems", models.CharField(blank=True, max_length=800, verbose_name="发现的问题和整改")),
                ("edition", models.CharField(max_length=20, verbose_name="清单版本")),
                ("late", models.BooleanField(default=False, verbose_name="补登")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="照片",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_checks",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "市场自查",
                "verbose_name_plural": "市场自查",
                "ordering": ["-period", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-period"], name="market_selfcheck_list")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("market", "cadence", "period"),
                        name="market_selfcheck_once",
                        violation_error_message="这一期的自查已经登记过。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SlaughterCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("slaughterer", models.CharField(max_length=120, verbose_name="屠宰企业")),
                (
                    "animal",
                    models.CharField(
                        choices=[("pig", "猪"), ("cattle", "牛"), ("sheep", "羊"), ("poultry", "禽")],
                        max_length=8,
                        verbose_name="畜禽",
                    ),
                ),
                (
                    "carcasses",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100000)], verbose_name="数量（头、只、片）"
                    ),
                ),
                ("quarantine_no", models.CharField(blank=True, max_length=60, verbose_name="动物检疫合格证明编号")),
                ("quality_no", models.CharField(blank=True, max_length=60, verbose_name="肉品品质检验合格证编号")),
                ("quarantine_stamp", models.BooleanField(default=False, verbose_name="有检疫验讫印章")),
                ("quality_stamp", models.BooleanField(default=False, verbose_name="有肉品品质检验合格验讫章")),
                (
                    "drug",
                    models.CharField(
                        choices=[("negative", "阴性"), ("positive", "阳性"), ("not_done", "没有检测记录")],
                        max_length=8,
                        verbose_name="“瘦肉精”检测",
                    ),
                ),
                ("faults", models.JSONField(blank=True, default=list, verbose_name="不符合项")),
                ("edition", models.CharField(max_length=20, verbose_name="规则版本")),
                ("checked_on", models.DateField(verbose_name="查验日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slaughter_check",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        help_text="市场，或者屠宰场点。",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="查验场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "屠宰和肉品查验",
                "verbose_name_plural": "屠宰和肉品查验",
                "ordering": ["-checked_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-checked_on"], name="market_slaughter_list")],
            },
        ),
        migrations.CreateModel(
            name="Stall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, verbose_name="摊位号")),
                ("area", models.CharField(blank=True, max_length=40, verbose_name="交易区")),
                (
                    "goods",
                    models.CharField(
                        choices=[
                            ("vegetable", "蔬菜、食用菌"),
                            ("fruit", "水果"),
                            ("pork", "猪肉"),
                            ("meat", "牛羊等畜肉"),
                            ("poultry", "禽肉、活禽"),
                            ("aquatic", "水产品"),
                            ("eggs", "鲜蛋"),
                            ("grain", "粮油、干货"),
                            ("other", "其他食品"),
                        ],
                        max_length=10,
                        verbose_name="经营品种",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "market",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stalls",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
            ],
            options={
                "verbose_name": "摊位",
                "verbose_name_plural": "摊位",
                "ordering": ["market", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("market", "code"),
                        name="market_stall_once",
                        violation_error_message="这个摊位号已经有了。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("tested_on", models.DateField(verbose_name="检测日期")),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_tests",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
                    ),
                ),
                (
                    "market",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_tests",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
                (
                    "rapid_test",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_test",
                        to="laboratory.rapidtest",
                        verbose_name="快检记录",
                    ),
                ),
                (
                    "stall",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_tests",
                        to="produce_markets.stall",
                        verbose_name="摊位",
                    ),
                ),
            ],
            options={
                "verbose_name": "快检室台账",
                "verbose_name_plural": "快检室台账",
                "ordering": ["-tested_on", "-pk"],
                "indexes": [
                    models.Index(fields=["market", "-tested_on", "-id"], name="market_room_day"),
                    models.Index(fields=["division_code", "-tested_on", "-id"], name="market_room_list"),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="stall",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="produce_markets.stall",
                verbose_name="摊位",
            ),
        ),
        migrations.CreateModel(
            name="StallCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("food", models.CharField(max_length=60, verbose_name="抽查品种")),
                ("shown", models.BooleanField(verbose_name="能出示有效凭证")),
                ("purchase_book", models.BooleanField(verbose_name="有进货记录")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("checked_on", models.DateField(verbose_name="抽查日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proof_checks",
                        to="produce_markets.market",
                        verbose_name="市场",
                    ),
                ),
                (
                    "stall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proof_checks",
                        to="produce_markets.stall",
                        verbose_name="摊位",
                    ),
                ),
            ],
            options={
                "verbose_name": "摊位索证抽查",
                "verbose_name_plural": "摊位索证抽查",
                "ordering": ["-checked_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-checked_on"], name="market_stallcheck_list")],
            },
        ),
        migrations.CreateModel(
            name="Tenancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreement", models.CharField(blank=True, max_length=60, verbose_name="协议编号")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="签订日期")),
                ("starts_on", models.DateField(verbose_name="入场日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="协议到期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="退场日期")),
                ("ended_why", models.CharField(blank=True, max_length=200, verbose_name="退场原因")),
                ("identity_checked_on", models.DateField(blank=True, null=True, verbose_name="核验证照身份")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stall_tenancies",
                        to="registry.operator",
                        verbose_name="入场销售者",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stall_tenancies",
                        to="registry.premises",
                        verbose_name="底册中的经营场所",
                    ),
                ),
                (
                    "stall",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenancies",
                        to="produce_markets.stall",
                        verbose_name="摊位",
                    ),
                ),
            ],
            options={
                "verbose_name": "入场协议",
                "verbose_name_plural": "入场协议",
                "ordering": ["-starts_on", "-pk"],
                "indexes": [models.Index(fields=["stall", "-starts_on"], name="stall_tenancy_life")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("stall",),
                        name="stall_one_holder",
                        violation_error_message="这个摊位还有人经营，请先登记退场。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("ended_on__gte", models.F("starts_on")), _connector="OR"),
                            models.Q(("expires_on", None), ("expires_on__gte", models.F("starts_on")), _connector="OR"),
                        ),
                        name="stall_tenancy_forward",
                        violation_error_message="到期、退场日期早于入场日期，请核对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HolderPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("licence", "营业执照或身份证明"),
                            ("agreement", "入场（食品安全）协议"),
                            ("health_card", "健康证明"),
                            ("promise", "食品安全承诺书"),
                        ],
                        max_length=12,
                        verbose_name="材料",
                    ),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "tenancy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="produce_markets.tenancy",
                        verbose_name="入场协议",
                    ),
                ),
            ],
            options={
                "verbose_name": "入场材料",
                "verbose_name_plural": "入场材料",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="tenancy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="produce_markets.tenancy",
                verbose_name="入场销售者",
            ),
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("rapid", "快检阳性"),
                            ("sample", "监督抽检不合格"),
                            ("proof", "没有合格凭证"),
                            ("recall", "召回、协查"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                        verbose_name="原因",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="说明")),
                ("expected", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="应余数量")),
                ("ordered_at", models.DateTimeField(verbose_name="停止销售时间")),
                ("ordered_by", models.CharField(blank=True, max_length=150, verbose_name="通知人")),
                ("due_at", models.DateTimeField(verbose_name="处置时限")),
                (
                    "found",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="实际退市数量",
                    ),
                ),
                (
                    "disposal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("destroyed", "无害化处理、销毁"),
                            ("returned", "退回供货者"),
                            ("sealed", "查封、移交"),
                        ],
                        max_length=10,
                        verbose_name="处置方式",
                    ),
                ),
                ("done_note", models.CharField(blank=True, max_length=300, verbose_name="处置说明")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="处置时间")),
                ("done_by", models.CharField(blank=True, max_length=150, verbose_name="处置人")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="produce_markets.entry",
                        verbose_name="入场货物",
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
                        verbose_name="处置凭据",
                    ),
                ),
            ],
            options={
                "verbose_name": "退市",
                "verbose_name_plural": "退市",
                "ordering": ["-ordered_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-ordered_at"], name="market_withdrawal_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by", "")),
                            models.Q(("done_at__isnull", False), models.Q(("done_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="market_withdrawal_done",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="datafile",
            constraint=models.UniqueConstraint(
                fields=("market", "kind", "file"),
                name="market_file_once",
                violation_error_message="这个文件已经导入过，没有重复入账。",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["market", "-arrived_at"], name="market_entry_market"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["stall", "-arrived_at"], name="market_entry_stall"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("checked_at", None), ("state__in", ["admitted", "isolated"])),
                fields=["market"],
                name="market_entry_open",
            ),
        ),
    ]

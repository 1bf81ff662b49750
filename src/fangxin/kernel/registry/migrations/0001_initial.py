import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fangxin.kernel.registry.rules


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_triggers"),
        ("people", "0001_initial"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CensusSurvey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="范围",
                    ),
                ),
                ("started_on", models.DateField(verbose_name="开始日期")),
                ("finished_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
            ],
            options={
                "verbose_name": "普查",
                "verbose_name_plural": "普查",
                "ordering": ["-started_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "started_on"], name="survey_scope")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "division_code"),
                        name="survey_name_once",
                        violation_error_message="这个范围内已有同名普查，请换一个名称。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_on", None), ("finished_on__gte", models.F("started_on")), _connector="OR"
                        ),
                        name="survey_span_forward",
                        violation_error_message="结束日期早于开始日期，请核对。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("premises", "经营场所及证件"),
                            ("staff", "人员及证明"),
                            ("census", "普查记录"),
                            ("facts", "事实"),
                        ],
                        max_length=10,
                        verbose_name="内容",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("digest", models.CharField(max_length=64, verbose_name="文件摘要")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="范围",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "已检查，待导入"),
                            ("applying", "正在导入"),
                            ("applied", "已导入"),
                            ("undone", "已撤销"),
                            ("discarded", "已放弃"),
                        ],
                        default="checked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("faulty", models.PositiveIntegerField(default=0, verbose_name="有误行数")),
                ("to_create", models.PositiveIntegerField(default=0, verbose_name="新增行数")),
                ("to_update", models.PositiveIntegerField(default=0, verbose_name="更新行数")),
                ("ignored_columns", models.JSONField(default=list, verbose_name="未用的列")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
                ("applied_by", models.CharField(blank=True, max_length=150, verbose_name="导入人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.censussurvey",
                        verbose_name="普查",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入",
                "verbose_name_plural": "导入",
                "ordering": ["-uploaded_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "uploaded_at"], name="import_list")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="行号")),
                ("cells", models.JSONField(verbose_name="内容")),
                ("problems", models.JSONField(default=list, verbose_name="问题")),
                (
                    "action",
                    models.CharField(
                        choices=[("create", "新增"), ("update", "更新"), ("same", "无变化"), ("faulty", "有误")],
                        max_length=8,
                        verbose_name="处理",
                    ),
                ),
                ("made", models.JSONField(default=list, verbose_name="写入的记录")),
                ("before", models.JSONField(default=list, verbose_name="更新前")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="registry.importbatch",
                        verbose_name="导入",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入行",
                "verbose_name_plural": "导入行",
                "ordering": ["batch_id", "number"],
                "indexes": [models.Index(fields=["batch", "action", "number"], name="import_row_action")],
                "constraints": [models.UniqueConstraint(fields=("batch", "number"), name="import_row_once")],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "identity_kind",
                    models.CharField(
                        choices=[("credit_code", "统一社会信用代码"), ("none", "尚无代码")],
                        default="credit_code",
                        max_length=12,
                        verbose_name="身份依据",
                    ),
                ),
                (
                    "uscc",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[fangxin.kernel.registry.rules.require_credit_code],
                        verbose_name="统一社会信用代码",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enterprise", "企业"),
                            ("self_employed", "个体工商户"),
                            ("cooperative", "农民专业合作社"),
                            ("institution", "机关、学校、医院等单位"),
                            ("individual", "个人（摊点等）"),
                        ],
                        max_length=14,
                        verbose_name="类型",
                    ),
                ),
                (
                    "legal_representative",
                    models.CharField(blank=True, max_length=60, verbose_name="法定代表人（负责人）"),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="登录用机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "经营主体",
                "verbose_name_plural": "经营主体",
                "ordering": ["division_code", "name", "pk"],
                "indexes": [models.Index(fields=["division_code", "name", "id"], name="operator_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc",),
                        name="operator_uscc_once",
                        violation_error_message="这个统一社会信用代码已在底册中，请查到原有主体后直接使用。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("identity_kind", "none"), ("uscc", "")),
                            models.Q(("identity_kind", "credit_code"), models.Q(("uscc", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="operator_identity_fits",
                        violation_error_message="有统一社会信用代码的请填写代码；没有的请把身份依据选为“尚无代码”。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Premises",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="底册编号")),
                ("name", models.CharField(max_length=120, verbose_name="名称（招牌）")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("food_producer", "食品生产企业"),
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                            ("food_sales", "食品销售"),
                            ("restaurant", "餐饮服务"),
                            ("canteen", "单位食堂"),
                            ("school_canteen", "学校（含托幼）食堂"),
                            ("group_meal", "集体用餐配送单位"),
                            ("central_kitchen", "中央厨房"),
                            ("off_campus_supplier", "校外供餐单位"),
                            ("produce_market", "食用农产品集中交易市场"),
                            ("health_food_shop", "保健食品经营"),
                            ("importer", "进口食品经营"),
                            ("online_platform", "网络平台及分支、代理"),
                            ("farm", "种植养殖主体"),
                            ("health_institution", "医疗卫生机构"),
                            ("grain_depot", "粮食库点"),
                            ("monitored_enterprise", "重点监测企业"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("rural", models.BooleanField(default=False, verbose_name="农村")),
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
                    "area_m2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="使用面积（平方米）",
                    ),
                ),
                (
                    "seats",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="餐位数",
                    ),
                ),
                (
                    "size_class",
                    models.CharField(
                        blank=True,
                        choices=[("extra_large", "特大型"), ("large", "大型"), ("medium", "中型"), ("small", "小型")],
                        max_length=12,
                        verbose_name="餐饮规模",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("operating", "在营"), ("suspended", "停业"), ("lost", "失联"), ("closed", "注销")],
                        default="operating",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="开业日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="注销日期")),
                ("has_history", models.BooleanField(default=False, editable=False, verbose_name="有变更")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="registry.premises",
                        verbose_name="并入",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="premises",
                        to="registry.operator",
                        verbose_name="经营主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "经营场所",
                "verbose_name_plural": "经营场所",
                "ordering": ["division_code", "name", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("merged_into", None)),
                        fields=["division_code", "name", "id"],
                        name="premises_list",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into", None)),
                        fields=["kind", "division_code", "name", "id"],
                        name="premises_kind",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into", None)),
                        fields=["status", "division_code", "name", "id"],
                        name="premises_status",
                    ),
                    models.Index(fields=["operator", "id"], name="premises_operator"),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="premises_merged",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), ("closed_on__isnull", False)),
                            models.Q(models.Q(("status", "closed"), _negated=True), ("closed_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="premises_closed_dated",
                        violation_error_message="已注销的须有注销日期，未注销的不能有注销日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("opened_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="premises_span_forward",
                        violation_error_message="注销日期早于开业日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="premises_point_whole",
                        violation_error_message="经度和纬度须同时填写。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="premises_not_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotDuplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided_at", models.DateTimeField(verbose_name="认定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="认定人")),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="甲",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="乙",
                    ),
                ),
            ],
            options={
                "verbose_name": "非重复认定",
                "verbose_name_plural": "非重复认定",
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="not_duplicate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="not_duplicate_ordered"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("moved", models.JSONField(default=dict, verbose_name="移动的记录")),
                ("merged_at", models.DateTimeField(verbose_name="合并时间")),
                ("merged_by", models.CharField(blank=True, max_length=150, verbose_name="合并人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_by",
                        to="registry.premises",
                        verbose_name="并入",
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="registry.premises",
                        verbose_name="保留",
                    ),
                ),
            ],
            options={
                "verbose_name": "合并",
                "verbose_name_plural": "合并",
                "ordering": ["-merged_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("merged",), name="premises_merged_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("survivor", models.F("merged")), _negated=True), name="merge_two_rows"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("production_licence", "食品生产许可证"),
                            ("business_licence", "食品经营许可证"),
                            ("small_workshop_registration", "食品小作坊登记证"),
                            ("small_shop_registration", "食品小经营店登记证"),
                            ("stall_card", "食品小摊点备案卡"),
                            ("prepackaged_filing", "仅销售预包装食品备案"),
                            ("platform_filing", "网络平台（自建网站）备案"),
                            ("importer_filing", "进口食品收货人备案"),
                            ("cold_store_filing", "贮存服务提供者备案"),
                            ("market_report", "集中交易市场开办报告"),
                        ],
                        max_length=30,
                        verbose_name="证件",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="编号")),
                ("seen_on_paper", models.BooleanField(default=False, verbose_name="编号已与原件核对")),
                ("scope", models.CharField(blank=True, max_length=300, verbose_name="范围")),
                ("issuer", models.CharField(blank=True, max_length=100, verbose_name="发证（备案）机关")),
                ("issued_on", models.DateField(verbose_name="发证日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("revoke_reason", models.CharField(blank=True, max_length=200, verbose_name="失效原因")),
                (
                    "token",
                    models.CharField(
                        default=fangxin.kernel.registry.rules.new_token,
                        editable=False,
                        max_length=40,
                        unique=True,
                        verbose_name="查验码",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="registry.credential",
                        verbose_name="延续自",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "证件",
                "verbose_name_plural": "证件",
                "ordering": ["division_code", "expires_on", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "expires_on", "id"], name="credential_list"),
                    models.Index(fields=["number"], name="credential_number"),
                    models.Index(fields=["premises", "expires_on"], name="credential_premises"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("kind", "number", "issued_on"),
                        name="credential_once",
                        violation_error_message="同一编号、同一发证日期的证件已在底册中。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None), ("expires_on__gte", models.F("issued_on")), _connector="OR"
                        ),
                        name="credential_span_forward",
                        violation_error_message="有效期早于发证日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoke_reason", ""), ("revoked_on", None)),
                            models.Q(("revoked_on__isnull", False), models.Q(("revoke_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="credential_revoked_with_reason",
                        violation_error_message="证件失效须写明日期和原因。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("changes", models.JSONField(verbose_name="变更内容")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="自何日起")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待审核"),
                            ("applied", "已采纳"),
                            ("refused", "未采纳"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                ("decision_note", models.CharField(blank=True, max_length=300, verbose_name="审核意见")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更申请",
                "verbose_name_plural": "变更申请",
                "ordering": ["-asked_at", "-pk"],
                "indexes": [models.Index(fields=["state", "division_code", "asked_at"], name="change_request_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                models.Q(("decided_at", None), _negated=True),
                                models.Q(("decided_by", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="change_request_decided_at_and_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("state", "withdrawn"),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="change_request_second_person",
                        violation_error_message="提出人不能审核自己的申请，请由他人审核。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CensusEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("name_seen", models.CharField(max_length=120, verbose_name="所见名称")),
                ("address_seen", models.CharField(blank=True, max_length=200, verbose_name="所见地址")),
                ("phone_seen", models.CharField(blank=True, max_length=30, verbose_name="所见电话")),
                (
                    "kind_seen",
                    models.CharField(
                        choices=[
                            ("food_producer", "食品生产企业"),
                            ("small_workshop", "食品小作坊"),
                            ("small_shop", "食品小经营店"),
                            ("stall", "食品小摊点"),
                            ("food_sales", "食品销售"),
                            ("restaurant", "餐饮服务"),
                            ("canteen", "单位食堂"),
                            ("school_canteen", "学校（含托幼）食堂"),
                            ("group_meal", "集体用餐配送单位"),
                            ("central_kitchen", "中央厨房"),
                            ("off_campus_supplier", "校外供餐单位"),
                            ("produce_market", "食用农产品集中交易市场"),
                            ("health_food_shop", "保健食品经营"),
                            ("importer", "进口食品经营"),
                            ("online_platform", "网络平台及分支、代理"),
                            ("farm", "种植养殖主体"),
                            ("health_institution", "医疗卫生机构"),
                            ("grain_depot", "粮食库点"),
                            ("monitored_enterprise", "重点监测企业"),
                        ],
                        max_length=20,
                        verbose_name="所见类别",
                    ),
                ),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度（WGS-84）")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度（WGS-84）")),
                ("operating", models.BooleanField(default=True, verbose_name="在营")),
                ("seen_on", models.DateField(verbose_name="查看日期")),
                ("seen_by", models.CharField(blank=True, max_length=150, verbose_name="查看人")),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("unmatched", "待比对"),
                            ("matched", "已在底册"),
                            ("not_registered", "未登记在营"),
                            ("out_of_scope", "不属统计范围"),
                        ],
                        default="unmatched",
                        max_length=16,
                        verbose_name="比对结果",
                    ),
                ),
                (
                    "match_score",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=4, null=True, verbose_name="相似度"),
                ),
                ("match_reasons", models.JSONField(blank=True, default=list, verbose_name="比对依据")),
                ("matched_at", models.DateTimeField(blank=True, null=True, verbose_name="比对时间")),
                ("matched_by", models.CharField(blank=True, max_length=150, verbose_name="比对人")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "survey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="registry.censussurvey",
                        verbose_name="普查",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sightings",
                        to="registry.premises",
                        verbose_name="底册场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "普查记录",
                "verbose_name_plural": "普查记录",
                "ordering": ["division_code", "name_seen", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "name_seen", "id"], name="census_list"),
                    models.Index(fields=["survey", "match", "division_code"], name="census_survey"),
                    models.Index(fields=["survey", "division_code", "name_seen", "id"], name="census_survey_list"),
                    models.Index(fields=["match", "division_code"], name="census_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("match", "matched"), models.Q(("premises", None), _negated=True)),
                            models.Q(models.Q(("match", "matched"), _negated=True), ("premises", None)),
                            _connector="OR",
                        ),
                        name="census_match_has_premises",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("match", "unmatched"), ("matched_at", None)),
                            models.Q(
                                models.Q(("match", "unmatched"), _negated=True),
                                models.Q(("matched_at", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="census_matched_at_and_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PremisesFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="事项")),
                ("value", models.CharField(blank=True, max_length=200, verbose_name="取值")),
                ("valid_from", models.DateField(verbose_name="自")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
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
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "事实",
                "verbose_name_plural": "事实",
                "ordering": ["-valid_from", "-pk"],
                "indexes": [models.Index(fields=["premises", "name", "valid_from"], name="fact_in_force")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="fact_span_forward",
                        violation_error_message="截止日期应晚于起始日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(\\d{6}|\\d{9}|\\d{12})\\Z", "区划代码应为 6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("principal", "主要负责人"),
                            ("safety_director", "食品安全总监"),
                            ("safety_officer", "食品安全员"),
                            ("employee", "从业人员"),
                            ("village_helper", "协管员"),
                        ],
                        max_length=16,
                        verbose_name="岗位",
                    ),
                ),
                ("joined_on", models.DateField(verbose_name="到岗日期")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="离岗日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "ordering": ["division_code", "premises_id", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "premises", "id"], name="staff_list"),
                    models.Index(fields=["role", "division_code"], name="staff_role"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("left_on", None), ("left_on__gte", models.F("joined_on")), _connector="OR"),
                        name="staff_span_forward",
                        violation_error_message="离岗日期早于到岗日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("premises", None), ("role", "village_helper")),
                            models.Q(
                                models.Q(("role", "village_helper"), _negated=True),
                                models.Q(("premises", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="staff_belongs_somewhere",
                        violation_error_message="协管员属于村（社区），不填经营场所；其他人员须填经营场所。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training_exam", "培训考核合格"),
                            ("health_card", "健康证明"),
                            ("helper_training", "协管员培训"),
                        ],
                        max_length=16,
                        verbose_name="证明",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="编号")),
                ("passed_on", models.DateField(verbose_name="取得日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                (
                    "score",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="成绩"),
                ),
                ("channel", models.CharField(blank=True, max_length=60, verbose_name="渠道")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificates",
                        to="registry.staff",
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "人员证明",
                "verbose_name_plural": "人员证明",
                "ordering": ["-passed_on", "-pk"],
                "indexes": [models.Index(fields=["staff", "kind", "passed_on"], name="certificate_staff")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None), ("expires_on__gte", models.F("passed_on")), _connector="OR"
                        ),
                        name="certificate_span_forward",
                        violation_error_message="有效期早于取得日期，请核对。",
                    )
                ],
            },
        ),
    ]

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0004_case_triggers"),
        ("ledger", "0002_triggers"),
        ("people", "0002_laboratory_role"),
        ("registry", "0003_parcels"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="批次号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("food", models.CharField(max_length=40, verbose_name="作物（动物）")),
                (
                    "produce",
                    models.CharField(
                        choices=[
                            ("crop", "农作物"),
                            ("meat", "肉（屠宰）"),
                            ("milk", "奶"),
                            ("egg", "蛋"),
                            ("fish", "水产品"),
                        ],
                        max_length=6,
                        verbose_name="收获物",
                    ),
                ),
                (
                    "area_mu",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="面积（亩）"
                    ),
                ),
                ("animals", models.PositiveIntegerField(blank=True, null=True, verbose_name="数量（头、只、羽、尾）")),
                ("started_on", models.DateField(verbose_name="播种（进栏、投苗）日期")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="计划采收（出栏）日期")),
                (
                    "expected",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="预计产量",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("kg", "千克（公斤）"), ("head", "头（只、羽）")],
                        default="kg",
                        max_length=6,
                        verbose_name="产量单位",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                ("locked_until", models.DateField(blank=True, editable=False, null=True, verbose_name="最早采收日期")),
                ("lock_open", models.BooleanField(default=False, editable=False, verbose_name="间隔期不能确定")),
                ("entered_at", models.DateTimeField(verbose_name="建立时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="建立人")),
                (
                    "parcels",
                    models.ManyToManyField(
                        blank=True, related_name="farm_batches", to="registry.parcel", verbose_name="地块（池塘、圈舍）"
                    ),
                ),
            ],
            options={
                "verbose_name": "生产批次",
                "verbose_name_plural": "生产批次",
                "ordering": ["-started_on", "number"],
                "indexes": [models.Index(fields=["division_code", "ended_on", "locked_until"], name="farm_batch_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("started_on")), _connector="OR"
                        ),
                        name="farm_batch_span_forward",
                        violation_error_message="结束日期早于开始日期，请核对。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dealer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="编号")),
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
                ("name", models.CharField(max_length=120, verbose_name="店名")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                (
                    "deals",
                    models.CharField(
                        choices=[("pesticide", "农药"), ("veterinary", "兽药"), ("both", "农药和兽药")],
                        max_length=12,
                        verbose_name="经营",
                    ),
                ),
                ("licence_no", models.CharField(blank=True, max_length=60, verbose_name="经营许可证号")),
                ("licence_until", models.DateField(blank=True, null=True, verbose_name="许可证有效期至")),
                ("sale_point_from", models.DateField(blank=True, null=True, verbose_name="定点经营自")),
                ("sale_point_until", models.DateField(blank=True, null=True, verbose_name="定点经营至")),
                ("uploads_from", models.DateField(blank=True, null=True, verbose_name="兽药追溯上传自")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停业日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="input_dealers",
                        to="registry.operator",
                        verbose_name="经营主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "农资店",
                "verbose_name_plural": "农资店",
                "ordering": ["division_code", "name", "pk"],
                "indexes": [models.Index(fields=["division_code", "name", "id"], name="farm_dealer_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sale_point_until", None),
                            models.Q(
                                ("sale_point_from__isnull", False),
                                ("sale_point_until__gte", models.F("sale_point_from")),
                            ),
                            _connector="OR",
                        ),
                        name="farm_dealer_sale_point_forward",
                        violation_error_message="定点经营的截止日期早于开始日期，请核对。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DrugPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=24,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("\\A\\d{24}\\Z", "兽药追溯码是 24 位数字，请核对。")
                        ],
                        verbose_name="追溯码",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("product_name", models.CharField(max_length=80, verbose_name="产品名称")),
                ("batch_no", models.CharField(blank=True, max_length=40, verbose_name="生产批号")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                (
                    "state",
                    models.CharField(
                        choices=[("listed", "在名录，未入库"), ("stocked", "在店"), ("sold", "已售出")],
                        default="listed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("listed_at", models.DateTimeField(verbose_name="列入时间")),
                ("listed_by", models.CharField(blank=True, max_length=150, verbose_name="列入人")),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packs",
                        to="farm_inputs.dealer",
                        verbose_name="所在农资店",
                    ),
                ),
            ],
            options={
                "verbose_name": "兽药包装",
                "verbose_name_plural": "兽药包装",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["division_code", "state"], name="farm_drug_pack_list")],
            },
        ),
        migrations.CreateModel(
            name="Farm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "kind",
                    models.CharField(
                        choices=[("crop", "种植"), ("livestock", "畜禽养殖"), ("aquatic", "水产养殖")],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "household",
                    models.BooleanField(
                        default=False, help_text="自己种养的农户；企业、合作社、家庭农场不勾。", verbose_name="农户"
                    ),
                ),
                (
                    "sown_area_mu",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="播种面积（亩）"
                    ),
                ),
                ("since", models.DateField(verbose_name="开始记录日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="停止记录日期")),
                ("entered_at", models.DateTimeField(verbose_name="建档时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="建档人")),
                (
                    "premises",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="farm",
                        to="registry.premises",
                        verbose_name="种植养殖主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "农场档案",
                "verbose_name_plural": "农场档案",
                "ordering": ["division_code", "pk"],
                "indexes": [models.Index(fields=["division_code", "kind"], name="farm_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_on", None), ("ended_on__gte", models.F("since")), _connector="OR"),
                        name="farm_span_forward",
                        violation_error_message="停止日期早于开始日期，请核对。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DiaryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stocking", "投苗、进栏"),
                            ("feed", "投喂饲料"),
                            ("water", "水质、水温"),
                            ("no_drug", "本月没有用药"),
                            ("sale", "销售"),
                            ("work", "农事（施肥、灌溉等）"),
                        ],
                        max_length=10,
                        verbose_name="事项",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("what", models.CharField(blank=True, max_length=120, verbose_name="内容")),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="数量",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="单位")),
                (
                    "water_c",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-2),
                            django.core.validators.MaxValueValidator(45),
                        ],
                        verbose_name="日均水温（℃）",
                    ),
                ),
                (
                    "oxygen_mg_l",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="溶解氧（毫克/升）",
                    ),
                ),
                (
                    "ph",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=3,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(14),
                        ],
                        verbose_name="pH",
                    ),
                ),
                ("other_party", models.CharField(blank=True, max_length=80, verbose_name="来源或者买方")),
                ("paper_no", models.CharField(blank=True, max_length=60, verbose_name="检疫证、批号")),
                ("replaces_why", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
                ("void", models.BooleanField(default=False, verbose_name="作废")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("recorded_for", models.BooleanField(default=False, verbose_name="代记")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diary",
                        to="farm_inputs.batch",
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
                        to="farm_inputs.diaryentry",
                        verbose_name="更正哪一条",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diary",
                        to="farm_inputs.farm",
                        verbose_name="农场",
                    ),
                ),
            ],
            options={
                "verbose_name": "生产记录",
                "verbose_name_plural": "生产记录",
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(fields=["farm", "kind", "on"], name="farm_diary_farm"),
                    models.Index(fields=["division_code", "on"], name="farm_diary_list"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("void", False)), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="farm_diary_void_replaces",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "water"), _negated=True),
                            ("water_c__isnull", False),
                            ("oxygen_mg_l__isnull", False),
                            ("ph__isnull", False),
                            _connector="OR",
                        ),
                        name="farm_diary_water_measured",
                        violation_error_message="水质记录请至少填水温、溶解氧、pH 中的一项。",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="farm",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="farm_inputs.farm",
                verbose_name="农场",
            ),
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("product_seen", models.CharField(blank=True, max_length=80, verbose_name="包装上的名称")),
                ("registration_seen", models.CharField(blank=True, max_length=40, verbose_name="包装上的登记证号")),
                ("began_on", models.DateField(verbose_name="用药日期")),
                ("last_on", models.DateField(verbose_name="最后用药日期")),
                (
                    "dose",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="用量",
                    ),
                ),
                ("dose_unit", models.CharField(blank=True, max_length=30, verbose_name="用量单位")),
                (
                    "total",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="共用产品",
                    ),
                ),
                (
                    "total_unit",
                    models.CharField(
                        blank=True,
                        choices=[("g", "克"), ("kg", "千克（公斤）"), ("mL", "毫升"), ("L", "升")],
                        max_length=4,
                        verbose_name="单位",
                    ),
                ),
                (
                    "area_mu",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="面积（亩）"
                    ),
                ),
                ("against", models.CharField(blank=True, max_length=80, verbose_name="防治对象（诊断）")),
                (
                    "label_interval",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="标签上的间隔（休药）期",
                    ),
                ),
                (
                    "label_interval_unit",
                    models.CharField(
                        blank=True,
                        choices=[("days", "天"), ("hours", "小时"), ("degree_days", "度日")],
                        max_length=12,
                        verbose_name="间隔期单位",
                    ),
                ),
                ("operated_by", models.CharField(blank=True, max_length=60, verbose_name="用药人")),
                ("veterinarian", models.CharField(blank=True, max_length=60, verbose_name="兽医")),
                ("prescription_no", models.CharField(blank=True, max_length=40, verbose_name="处方号")),
                ("trace_code", models.CharField(blank=True, max_length=24, verbose_name="兽药追溯码")),
                ("replaces_why", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
                ("void", models.BooleanField(default=False, verbose_name="作废")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("recorded_for", models.BooleanField(default=False, verbose_name="代记")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="farm_inputs.application",
                        verbose_name="更正哪一条",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="farm_inputs.batch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="farm_inputs.farm",
                        verbose_name="农场",
                    ),
                ),
            ],
            options={
                "verbose_name": "用药记录",
                "verbose_name_plural": "用药记录",
                "ordering": ["-last_on", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "last_on"], name="farm_application_list"),
                    models.Index(fields=["batch", "last_on"], name="farm_application_batch"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("began_on"))),
                        name="farm_application_span_forward",
                        violation_error_message="最后用药日期早于开始日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("void", False)), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="farm_application_void_replaces",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="期号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("forecast", "预报"), ("warning", "预警")],
                        default="forecast",
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "草稿"), ("issued", "已发布"), ("withdrawn", "已撤回")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="适用区划")),
                ("crop", models.CharField(max_length=40, verbose_name="作物")),
                ("pest", models.CharField(max_length=60, verbose_name="病虫害")),
                (
                    "degree",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1级 轻发生"),
                            (2, "2级 偏轻发生"),
                            (3, "3级 中等发生"),
                            (4, "4级 偏重发生"),
                            (5, "5级 大发生"),
                        ],
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="预计发生程度",
                    ),
                ),
                ("window_from", models.DateField(verbose_name="预计发生期自")),
                ("window_to", models.DateField(verbose_name="预计发生期至")),
                (
                    "term",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("short", "短期（10 天以内）"),
                            ("medium", "中期（10 至 30 天）"),
                            ("long", "长期（30 天以上）"),
                        ],
                        max_length=6,
                        verbose_name="时效",
                    ),
                ),
                (
                    "area_mu",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="预计发生面积（亩）",
                    ),
                ),
                ("basis", models.CharField(max_length=500, verbose_name="调查依据（监测点、虫量等）")),
                ("advice", models.CharField(max_length=1000, verbose_name="防治建议（绿色防控在前）")),
                ("drafted_at", models.DateTimeField(verbose_name="起草时间")),
                ("drafted_by", models.CharField(blank=True, max_length=150, verbose_name="起草人")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="发布日期")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                ("issued_by", models.CharField(blank=True, max_length=150, verbose_name="发布人")),
                ("withdrawn_why", models.CharField(blank=True, max_length=300, verbose_name="撤回原因")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="发布单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "病虫害预报",
                "verbose_name_plural": "病虫害预报",
                "ordering": ["-window_from", "-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "window_from"], name="farm_forecast_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("window_to__gte", models.F("window_from"))),
                        name="farm_forecast_window_forward",
                        violation_error_message="发生期的截止日期早于开始日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("degree__gte", 1), ("degree__lte", 5)), name="farm_forecast_degree"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issued_at__isnull", True), ("issued_by", "")),
                            models.Q(("issued_at__isnull", False), models.Q(("issued_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="farm_forecast_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("issued_on__isnull", False), _connector="OR"),
                        name="farm_forecast_issued_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("surveyed_on", models.DateField(verbose_name="调查日期")),
                ("peak_on", models.DateField(blank=True, null=True, verbose_name="实际发生盛期")),
                (
                    "measured",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="实测值",
                    ),
                ),
                (
                    "degree",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="实际发生程度",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("exact", "准确"),
                            ("near", "基本准确（相差一级）"),
                            ("degree", "程度不准"),
                            ("window", "时间不准"),
                            ("absent", "没有发生"),
                        ],
                        max_length=8,
                        verbose_name="评定",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="调查情况")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "forecast",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checked",
                        to="farm_inputs.forecast",
                        verbose_name="病虫害预报",
                    ),
                ),
            ],
            options={
                "verbose_name": "预报回查",
                "verbose_name_plural": "预报回查",
                "ordering": ["-surveyed_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ForecastNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("told_at", models.DateTimeField(verbose_name="发送时间")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="确认收到时间")),
                ("read_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
                (
                    "farm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecast_notices",
                        to="farm_inputs.farm",
                        verbose_name="农场",
                    ),
                ),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="farm_inputs.forecast",
                        verbose_name="病虫害预报",
                    ),
                ),
            ],
            options={
                "verbose_name": "预报送达",
                "verbose_name_plural": "预报送达",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["division_code", "told_at"], name="farm_notice_list"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["farm"], name="farm_notice_unread"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "farm"), name="farm_notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by", "")),
                            models.Q(("read_at__isnull", False), models.Q(("read_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="farm_notice_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Harvest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("on", models.DateField(verbose_name="采收（出栏）日期")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="数量",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("kg", "千克（公斤）"), ("head", "头（只、羽）")], max_length=6, verbose_name="单位"
                    ),
                ),
                ("earliest_on", models.DateField(blank=True, null=True, verbose_name="当时的最早采收日期")),
                ("within_lock", models.BooleanField(default=False, verbose_name="间隔期内采收")),
                ("lock_unknown", models.BooleanField(default=False, verbose_name="间隔期不能确定")),
                ("lock_reason", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("replaces_why", models.CharField(blank=True, max_length=200, verbose_name="更正原因")),
                ("void", models.BooleanField(default=False, verbose_name="作废")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("recorded_for", models.BooleanField(default=False, verbose_name="代记")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="harvests",
                        to="farm_inputs.batch",
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
                        to="farm_inputs.harvest",
                        verbose_name="更正哪一条",
                    ),
                ),
            ],
            options={
                "verbose_name": "采收记录",
                "verbose_name_plural": "采收记录",
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "on"], name="farm_harvest_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), ("void", False)), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="farm_harvest_void_replaces",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("code", models.CharField(max_length=30, verbose_name="问题")),
                ("text", models.CharField(max_length=500, verbose_name="说明")),
                ("clause", models.CharField(max_length=300, verbose_name="依据")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="farm_inputs.application",
                        verbose_name="用药记录",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="farm_inputs.batch",
                        verbose_name="批次",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="farm_inputs.farm",
                        verbose_name="农场",
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
                    "harvest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="farm_inputs.harvest",
                        verbose_name="采收记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "用药问题",
                "verbose_name_plural": "用药问题",
                "ordering": ["-found_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "found_on"], name="farm_finding_list")],
            },
        ),
        migrations.CreateModel(
            name="InputFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="识别")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("code", models.CharField(max_length=30, verbose_name="问题")),
                ("text", models.CharField(max_length=500, verbose_name="说明")),
                ("clause", models.CharField(max_length=300, verbose_name="依据")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.matter",
                        verbose_name="问题事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "农资问题",
                "verbose_name_plural": "农资问题",
                "ordering": ["-found_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "found_on"], name="farm_input_finding_list")],
            },
        ),
        migrations.CreateModel(
            name="LedgerSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "state",
                    models.CharField(
                        choices=[("read", "已读取，待确认"), ("loaded", "已入账"), ("dropped", "已放弃")],
                        default="read",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="可入账行数")),
                ("faults", models.PositiveIntegerField(default=0, verbose_name="有错行数")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_by", models.CharField(blank=True, max_length=150, verbose_name="上传人")),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
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
                "verbose_name": "台账表格",
                "verbose_name_plural": "台账表格",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PackagePoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("name", models.CharField(max_length=120, verbose_name="回收点")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("opened_on", models.DateField(verbose_name="设立日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "dealer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="package_points",
                        to="farm_inputs.dealer",
                        verbose_name="设在农资店",
                    ),
                ),
            ],
            options={
                "verbose_name": "包装废弃物回收点",
                "verbose_name_plural": "包装废弃物回收点",
                "ordering": ["division_code", "name", "pk"],
                "indexes": [models.Index(fields=["division_code", "name", "id"], name="farm_package_point_list")],
            },
        ),
        migrations.CreateModel(
            name="PackageMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[("taken", "收回"), ("handed_on", "转运处置")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "material",
                    models.CharField(
                        choices=[("bottle", "瓶"), ("bag", "袋"), ("other", "其他、混装")],
                        default="other",
                        max_length=8,
                        verbose_name="材质",
                    ),
                ),
                ("packs", models.PositiveIntegerField(blank=True, null=True, verbose_name="件数")),
                (
                    "weight_kg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="重量（千克）",
                    ),
                ),
                ("receiver", models.CharField(blank=True, max_length=120, verbose_name="接收处置单位")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="交接单、照片",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="farm_inputs.farm",
                        verbose_name="交回的农场",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="farm_inputs.packagepoint",
                        verbose_name="回收点",
                    ),
                ),
            ],
            options={
                "verbose_name": "包装回收记录",
                "verbose_name_plural": "包装回收记录",
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "on"], name="farm_package_move_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("packs__gt", 0), ("packs__isnull", False)),
                            models.Q(("weight_kg__gt", 0), ("weight_kg__isnull", False)),
                            _connector="OR",
                        ),
                        name="farm_package_move_measured",
                        violation_error_message="件数和重量至少填一项。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handed_on"), _negated=True),
                            models.Q(("receiver", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="farm_package_move_receiver",
                        violation_error_message="转运处置请写明接收单位。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[("in", "入库"), ("out", "出库"), ("check", "市场抽查")],
                        max_length=6,
                        verbose_name="类别",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("read", models.CharField(blank=True, max_length=200, verbose_name="读到的码")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("valid", "有效"),
                            ("no_code", "没有二维码"),
                            ("malformed", "码不合规（不是 24 位数字）"),
                            ("unknown", "码查不到"),
                            ("duplicate", "重复的码"),
                            ("expired", "已过有效期"),
                        ],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("other_party", models.CharField(blank=True, max_length=120, verbose_name="供货或者购买单位")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="farm_inputs.farm",
                        verbose_name="售给农场",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="farm_inputs.drugpack",
                        verbose_name="包装",
                    ),
                ),
            ],
            options={
                "verbose_name": "兽药扫码记录",
                "verbose_name_plural": "兽药扫码记录",
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "on"], name="farm_pack_scan_list")],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("pesticide", "农药"), ("veterinary", "兽药")], max_length=12, verbose_name="类别"
                    ),
                ),
                ("registration_no", models.CharField(max_length=40, unique=True, verbose_name="登记证号（批准文号）")),
                ("name", models.CharField(max_length=80, verbose_name="产品名称")),
                ("formulation", models.CharField(blank=True, max_length=30, verbose_name="剂型")),
                (
                    "form",
                    models.CharField(
                        choices=[("solid", "固体（按克、千克计）"), ("liquid", "液体（按毫升、升计）")],
                        max_length=8,
                        verbose_name="形态",
                    ),
                ),
                ("ingredients", models.JSONField(default=list, verbose_name="有效成分")),
                (
                    "density_g_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="密度（克/毫升）",
                    ),
                ),
                ("antimicrobial", models.BooleanField(default=False, verbose_name="抗菌药")),
                ("holder", models.CharField(blank=True, max_length=120, verbose_name="登记证持有人")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="登记有效期至")),
                ("source", models.CharField(max_length=200, verbose_name="出处")),
                ("confidence", models.CharField(blank=True, max_length=20, verbose_name="可信度")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="录入人")),
            ],
            options={
                "verbose_name": "农药兽药产品",
                "verbose_name_plural": "农药兽药产品",
                "ordering": ["kind", "name", "registration_no"],
                "indexes": [models.Index(fields=["kind", "name"], name="farm_product_list")],
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase", "购进"),
                            ("sale", "售出"),
                            ("return", "顾客退货"),
                            ("loss", "报损、退供货商"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="数量",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("g", "克"), ("kg", "千克（公斤）"), ("mL", "毫升"), ("L", "升")],
                        max_length=4,
                        verbose_name="单位",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=4,
                        editable=False,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="折合数量（千克或升）",
                    ),
                ),
                (
                    "active_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=16,
                        null=True,
                        verbose_name="折百量（克）",
                    ),
                ),
                ("packs", models.PositiveIntegerField(blank=True, null=True, verbose_name="件数（瓶、袋）")),
                ("batch_no", models.CharField(blank=True, max_length=40, verbose_name="生产批号")),
                ("supplier", models.CharField(blank=True, max_length=120, verbose_name="供货单位")),
                ("restricted", models.BooleanField(default=False, editable=False, verbose_name="限制使用农药")),
                ("buyer_name", models.CharField(blank=True, max_length=60, verbose_name="购买人")),
                ("buyer_identity", models.CharField(blank=True, max_length=30, verbose_name="身份证件号码")),
                ("buyer_phone", models.CharField(blank=True, max_length=30, verbose_name="购买人电话")),
                ("crop", models.CharField(blank=True, max_length=40, verbose_name="用于作物（动物）")),
                ("purpose", models.CharField(blank=True, max_length=120, verbose_name="用途")),
                (
                    "uncovered",
                    models.DecimalField(
                        decimal_places=4, default=0, editable=False, max_digits=14, verbose_name="超出库存"
                    ),
                ),
                ("problems", models.JSONField(blank=True, default=list, editable=False, verbose_name="问题")),
                ("takes_back_why", models.CharField(blank=True, max_length=200, verbose_name="撤回原因")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "dealer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_lines",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
                    ),
                ),
                (
                    "farm",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="farm_inputs.farm",
                        verbose_name="购买的农场",
                    ),
                ),
                (
                    "takes_back",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back_by",
                        to="farm_inputs.ledgerline",
                        verbose_name="撤回哪一条",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_lines",
                        to="farm_inputs.ledgersheet",
                        verbose_name="来自表格",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_lines",
                        to="farm_inputs.product",
                        verbose_name="产品",
                    ),
                ),
            ],
            options={
                "verbose_name": "进销台账",
                "verbose_name_plural": "进销台账",
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "on"], name="farm_ledger_line_list"),
                    models.Index(fields=["dealer", "on"], name="farm_ledger_line_dealer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uncovered__gte", 0)), name="farm_ledger_line_uncovered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("takes_back", None), models.Q(("takes_back_why", ""), _negated=True), _connector="OR"
                        ),
                        name="farm_ledger_line_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.CharField(max_length=40, verbose_name="作物或者动物")),
                (
                    "produce",
                    models.CharField(
                        choices=[
                            ("crop", "农作物"),
                            ("meat", "肉（屠宰）"),
                            ("milk", "奶"),
                            ("egg", "蛋"),
                            ("fish", "水产品"),
                        ],
                        max_length=6,
                        verbose_name="收获物",
                    ),
                ),
                ("pest", models.CharField(blank=True, max_length=80, verbose_name="防治对象（适应症）")),
                (
                    "dose_low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="用量下限",
                    ),
                ),
                (
                    "dose_high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="用量上限",
                    ),
                ),
                ("dose_unit", models.CharField(blank=True, max_length=30, verbose_name="用量单位")),
                ("method", models.CharField(blank=True, max_length=40, verbose_name="施用方法")),
                (
                    "interval",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=7,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="间隔（休药）期",
                    ),
                ),
                (
                    "interval_unit",
                    models.CharField(
                        blank=True,
                        choices=[("days", "天"), ("hours", "小时"), ("degree_days", "度日")],
                        max_length=12,
                        verbose_name="间隔期单位",
                    ),
                ),
                ("most_uses", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每季最多次数")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="出处")),
                ("confidence", models.CharField(blank=True, max_length=20, verbose_name="可信度")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="label_uses",
                        to="farm_inputs.product",
                        verbose_name="产品",
                    ),
                ),
            ],
            options={
                "verbose_name": "标签用法",
                "verbose_name_plural": "标签用法",
                "ordering": ["product", "target", "produce"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "target", "produce", "pest"), name="farm_label_use_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("interval", None), ("interval_unit", "")),
                            models.Q(("interval__isnull", False), models.Q(("interval_unit", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="farm_label_interval_whole",
                        violation_error_message="间隔期的数字和单位须同时填写。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForecastProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "forecast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_products",
                        to="farm_inputs.forecast",
                        verbose_name="病虫害预报",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="farm_inputs.product",
                        verbose_name="产品",
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐药剂",
                "verbose_name_plural": "推荐药剂",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("forecast", "product"), name="farm_forecast_product_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="drugpack",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="farm_inputs.product",
                verbose_name="产品",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="farm_inputs.product",
                verbose_name="产品",
            ),
        ),
        migrations.CreateModel(
            name="RefusedSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("on", models.DateField(verbose_name="日期")),
                ("code", models.CharField(max_length=30, verbose_name="原因")),
                ("text", models.CharField(max_length=300, verbose_name="说明")),
                ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(blank=True, max_length=150, verbose_name="人员")),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused_sales",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="farm_inputs.product",
                        verbose_name="产品",
                    ),
                ),
            ],
            options={
                "verbose_name": "拒绝售出记录",
                "verbose_name_plural": "拒绝售出记录",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "on"], name="farm_refused_sale_list")],
            },
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=4, default=0, max_digits=16, verbose_name="库存（千克或升）"),
                ),
                (
                    "dealer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock",
                        to="farm_inputs.dealer",
                        verbose_name="农资店",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="farm_inputs.product",
                        verbose_name="产品",
                    ),
                ),
            ],
            options={
                "verbose_name": "库存",
                "verbose_name_plural": "库存",
                "ordering": ["dealer", "product"],
                "constraints": [
                    models.UniqueConstraint(fields=("dealer", "product"), name="farm_stock_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="farm_stock_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("pesticide", "农药（折百）"), ("antimicrobial", "兽用抗菌药")],
                        max_length=14,
                        verbose_name="类别",
                    ),
                ),
                ("crop", models.CharField(blank=True, max_length=40, verbose_name="作物")),
                (
                    "active_kg",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="使用量（千克，折百）",
                    ),
                ),
                (
                    "area_mu",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="播种面积（亩）",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="出处")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
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
            ],
            options={
                "verbose_name": "统计使用量",
                "verbose_name_plural": "统计使用量",
                "ordering": ["-year", "kind", "crop", "division_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division_code", "year", "kind", "crop"),
                        name="farm_usage_figure_once",
                        violation_error_message="这一年这一项的统计使用量已经登记，请修改原来的一条。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("on", models.DateField(verbose_name="防治日期")),
                ("crop", models.CharField(max_length=40, verbose_name="作物")),
                ("pest", models.CharField(max_length=80, verbose_name="防治对象")),
                (
                    "area_mu",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="防治面积（亩）",
                    ),
                ),
                (
                    "times",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="次数",
                    ),
                ),
                ("professional", models.BooleanField(default=False, verbose_name="专业化统防统治")),
                ("team", models.CharField(blank=True, max_length=120, verbose_name="服务组织")),
                ("green", models.BooleanField(default=False, verbose_name="绿色防控")),
                ("means", models.CharField(blank=True, max_length=200, verbose_name="措施")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="合同、照片等证据",
                    ),
                ),
            ],
            options={
                "verbose_name": "防治面积",
                "verbose_name_plural": "防治面积",
                "ordering": ["-on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "on"], name="farm_control_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("professional", False), models.Q(("team", ""), _negated=True), _connector="OR"
                        ),
                        name="farm_control_names_team",
                        violation_error_message="统防统治请写明服务组织。",
                    ),
                    models.CheckConstraint(condition=models.Q(("times__gte", 1)), name="farm_control_times"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CropYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="年度",
                    ),
                ),
                ("crop", models.CharField(max_length=40, verbose_name="作物")),
                ("main_crop", models.BooleanField(default=True, verbose_name="主要农作物")),
                (
                    "area_mu",
                    models.DecimalField(
                        decimal_places=4,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.0001"), "应大于零。")],
                        verbose_name="播种面积（亩）",
                    ),
                ),
                (
                    "green_mu",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="绿色防控面积（亩）",
                    ),
                ),
                ("green_means", models.CharField(blank=True, max_length=200, verbose_name="绿色防控措施")),
                ("source", models.CharField(max_length=200, verbose_name="出处")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
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
            ],
            options={
                "verbose_name": "作物播种和绿色防控面积",
                "verbose_name_plural": "作物播种和绿色防控面积",
                "ordering": ["-year", "division_code", "crop"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division_code", "year", "crop"),
                        name="farm_crop_year_once",
                        violation_error_message="这个乡镇这一年这种作物的面积已经登记，请修改原来的一条。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("green_mu", None), ("green_mu__lte", models.F("area_mu")), _connector="OR"),
                        name="farm_crop_year_green_within",
                        violation_error_message="绿色防控面积不能大于播种面积。",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["farm", "ended_on"], name="farm_batch_farm"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("product__isnull", False), models.Q(("product_seen", ""), _negated=True), _connector="OR"
                ),
                name="farm_application_names_product",
                violation_error_message="请选择产品，或者写下包装上的名称。",
            ),
        ),
    ]

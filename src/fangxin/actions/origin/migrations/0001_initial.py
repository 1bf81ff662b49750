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
            name="LandUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="单元编号")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
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
                ("note", models.CharField(blank=True, max_length=500, verbose_name="划分说明")),
                (
                    "soil_class",
                    models.CharField(
                        blank=True,
                        choices=[("priority", "优先保护类"), ("safe_use", "安全利用类"), ("strict", "严格管控类")],
                        editable=False,
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("class_since", models.DateField(blank=True, editable=False, null=True, verbose_name="生效日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
            ],
            options={
                "verbose_name": "评价单元",
                "verbose_name_plural": "评价单元",
                "ordering": ["division_code", "number"],
                "indexes": [models.Index(fields=["division_code", "number"], name="origin_unit_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("class_since", None), ("soil_class", "")),
                            models.Q(models.Q(("soil_class", ""), _negated=True), ("class_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_unit_class_dated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MetalEnterprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
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
                    "industry",
                    models.CharField(
                        choices=[
                            ("mining", "重有色金属矿采选"),
                            ("smelting", "重有色金属冶炼"),
                            ("battery", "铅蓄电池制造"),
                            ("electroplating", "电镀"),
                            ("chemical", "化学原料及化学制品制造"),
                            ("leather", "皮革鞣制加工"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="行业",
                    ),
                ),
                (
                    "running",
                    models.CharField(
                        choices=[
                            ("producing", "在产"),
                            ("suspended", "停产"),
                            ("closed", "关闭"),
                            ("legacy", "历史遗留"),
                        ],
                        default="producing",
                        max_length=10,
                        verbose_name="生产状态",
                    ),
                ),
                ("metals", models.JSONField(default=list, verbose_name="重点金属")),
                ("outlets", models.JSONField(blank=True, default=list, verbose_name="排放途径")),
                ("permit_number", models.CharField(blank=True, max_length=40, verbose_name="排污许可证编号")),
                ("monitoring_plan", models.BooleanField(default=False, verbose_name="有自行监测方案")),
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
                    "flow_bearing",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(359)],
                        verbose_name="排水流向（度，正北为0）",
                    ),
                ),
                (
                    "farmland_distance_m",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="距耕地（米）",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("surveyed", "排查"),
                            ("not_listed", "排查后不列入"),
                            ("listed", "列入整治清单"),
                            ("rectifying", "整治中"),
                            ("submitted", "申请验收"),
                            ("accepted", "验收销号"),
                            ("overdue", "逾期督办"),
                        ],
                        default="surveyed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("surveyed_on", models.DateField(verbose_name="排查日期")),
                ("listed_on", models.DateField(blank=True, null=True, verbose_name="列入清单日期")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="申请验收时间")),
                ("submitted_by", models.CharField(blank=True, max_length=150, verbose_name="申请验收人")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="验收时间")),
                ("accepted_by", models.CharField(blank=True, max_length=150, verbose_name="验收人")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "acceptance_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="验收材料",
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
                "verbose_name": "涉重金属企业",
                "verbose_name_plural": "涉重金属企业",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["division_code", "state", "number"], name="origin_metal_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by", "")),
                            models.Q(("submitted_at__isnull", False), models.Q(("submitted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_metal_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("accepted_by", "")),
                            models.Q(("accepted_at__isnull", False), models.Q(("accepted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_metal_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "accepted"), ("accepted_at__isnull", False), ("accepted_on__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state", "accepted"), _negated=True),
                                ("accepted_at", None),
                                ("accepted_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="origin_metal_accepted_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_by", ""),
                            models.Q(("accepted_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="origin_metal_accepted_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("listed_on", None), ("state__in", ["surveyed", "not_listed"])),
                            models.Q(
                                models.Q(("state__in", ["surveyed", "not_listed"]), _negated=True),
                                ("listed_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="origin_metal_listed_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_metal_point_whole",
                        violation_error_message="经度和纬度须同时填写。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc", "division_code"),
                        name="origin_metal_once",
                        violation_error_message="这家企业在本地的清单中已有一条，不必重复登记。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MetalCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_on", models.DateField(verbose_name="检查日期")),
                (
                    "result",
                    models.CharField(
                        choices=[("no_problem", "未发现问题"), ("problems", "发现问题")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="origin.metalenterprise",
                        verbose_name="涉重金属企业",
                    ),
                ),
            ],
            options={
                "verbose_name": "涉重金属企业检查",
                "verbose_name_plural": "涉重金属企业检查",
                "ordering": ["-checked_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MetalMonitoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("own", "企业自行监测"), ("government", "周边监督性监测")],
                        max_length=10,
                        verbose_name="监测类别",
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        choices=[("soil", "土壤和地下水"), ("discharge", "废水、废气")],
                        max_length=10,
                        verbose_name="监测对象",
                    ),
                ),
                ("monitored_on", models.DateField(verbose_name="监测日期")),
                ("exceeded", models.BooleanField(verbose_name="有超标")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="monitorings",
                        to="origin.metalenterprise",
                        verbose_name="涉重金属企业",
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
                        verbose_name="监测报告",
                    ),
                ),
            ],
            options={
                "verbose_name": "涉重金属企业监测",
                "verbose_name_plural": "涉重金属企业监测",
                "ordering": ["-monitored_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MetalProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("discharge", "超许可限值排放"),
                            ("no_monitoring", "未按要求自行监测"),
                            ("no_barrier", "防渗、截流设施缺失或者破损"),
                            ("solid_waste", "固体废物堆存不规范"),
                            ("tailings", "尾矿库污染防治不到位"),
                            ("raw_materials", "含重金属原料、废物台账不完整"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="问题类别",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="问题")),
                ("measure", models.CharField(max_length=500, verbose_name="整治措施")),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("responsible_person", models.CharField(max_length=60, verbose_name="责任人")),
                ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("metal", models.CharField(blank=True, max_length=4, verbose_name="超标金属")),
                (
                    "measured",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="实测浓度"
                    ),
                ),
                (
                    "limit",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="许可限值"
                    ),
                ),
                ("suspicion", models.CharField(blank=True, max_length=400, verbose_name="移送公安建议")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("found_at", models.DateTimeField(verbose_name="登记时间")),
                ("found_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="销号时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="销号人")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="origin.metalenterprise",
                        verbose_name="涉重金属企业",
                    ),
                ),
                (
                    "matter",
                    models.OneToOneField(
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
                "verbose_name": "涉重金属企业问题",
                "verbose_name_plural": "涉重金属企业问题",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "closed_on", "due_on"], name="origin_problem_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_problem_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_on", None)),
                            models.Q(("closed_at__isnull", False), ("closed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_problem_closed_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "discharge"), _negated=True),
                            models.Q(
                                ("limit__gt", 0), ("measured__isnull", False), models.Q(("metal", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="origin_problem_discharge_told",
                        violation_error_message="超标排放须写明金属、实测浓度和许可限值。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProduceResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("sample_number", models.CharField(max_length=60, verbose_name="样品编号")),
                ("food", models.CharField(max_length=120, verbose_name="样品")),
                ("analyte", models.CharField(max_length=40, verbose_name="项目")),
                ("element", models.CharField(max_length=10, verbose_name="元素")),
                ("value", models.CharField(max_length=40, verbose_name="结果")),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "limit",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, verbose_name="限量"),
                ),
                (
                    "multiple",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="结果为限量的倍数"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("conforming", "符合"),
                            ("nonconforming", "超过限量"),
                            ("undetermined", "不能判定"),
                            ("not_regulated", "没有限量"),
                            ("pending_speciation", "待测形态"),
                        ],
                        max_length=20,
                        verbose_name="结论",
                    ),
                ),
                ("standard", models.CharField(blank=True, max_length=80, verbose_name="标准")),
                ("sampled_on", models.DateField(verbose_name="采样日期")),
                ("told_at", models.DateTimeField(verbose_name="收到时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="produce_results",
                        to="registry.parcel",
                        verbose_name="地块",
                    ),
                ),
            ],
            options={
                "verbose_name": "农产品检测结果",
                "verbose_name_plural": "农产品检测结果",
                "ordering": ["-sampled_on", "-pk"],
                "indexes": [
                    models.Index(fields=["parcel", "sampled_on"], name="origin_produce_parcel"),
                    models.Index(fields=["division_code", "sampled_on"], name="origin_produce_list"),
                    models.Index(fields=["sample_number", "analyte"], name="origin_produce_sample"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SoilMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("kind", models.CharField(max_length=30, verbose_name="措施")),
                ("label", models.CharField(max_length=80, verbose_name="措施名称")),
                ("fits_safe_use", models.BooleanField(default=False, verbose_name="适用安全利用类")),
                ("fits_strict", models.BooleanField(default=False, verbose_name="适用严格管控类")),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="做法（品种、用量、作物等）")),
                ("starts_on", models.DateField(verbose_name="自")),
                ("ends_on", models.DateField(verbose_name="至")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "拟采取"),
                            ("approved", "已批准"),
                            ("executed", "已实施"),
                            ("ended", "已结束"),
                            ("withdrawn", "已取消"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="登记时间")),
                ("planned_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("approved_by", models.CharField(blank=True, max_length=150, verbose_name="批准人")),
                ("executed_on", models.DateField(blank=True, null=True, verbose_name="实施日期")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="实施情况")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="实施证据",
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="soil_measures",
                        to="registry.parcel",
                        verbose_name="地块",
                    ),
                ),
            ],
            options={
                "verbose_name": "管控措施",
                "verbose_name_plural": "管控措施",
                "ordering": ["-starts_on", "number"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "number"], name="origin_measure_list"),
                    models.Index(fields=["parcel", "state"], name="origin_measure_parcel"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_measure_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="origin_measure_forward",
                        violation_error_message="结束日期早于开始日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", ""),
                            models.Q(("approved_by", models.F("planned_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="origin_measure_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["executed", "ended"]), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("evidence__isnull", False),
                                ("executed_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="origin_measure_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SoilPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="点位编号")),
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
                    "land_use",
                    models.CharField(
                        choices=[
                            ("paddy", "水田"),
                            ("dry", "旱地"),
                            ("rotation", "水旱轮作"),
                            ("orchard", "果园"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="土地利用",
                    ),
                ),
                ("crop", models.CharField(blank=True, max_length=60, verbose_name="作物")),
                ("soil_type", models.CharField(blank=True, max_length=40, verbose_name="土壤类型")),
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
                    "zone",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("low", "低于筛选值"),
                            ("between", "介于筛选值和管制值"),
                            ("above", "高于管制值"),
                            ("undetermined", "不能判定"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="最近一次判定",
                    ),
                ),
                ("sampled_on", models.DateField(blank=True, editable=False, null=True, verbose_name="最近采样日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="soil_points",
                        to="registry.parcel",
                        verbose_name="地块",
                    ),
                ),
            ],
            options={
                "verbose_name": "土壤点位",
                "verbose_name_plural": "土壤点位",
                "ordering": ["division_code", "code"],
                "indexes": [
                    models.Index(fields=["division_code", "code"], name="origin_point_list"),
                    models.Index(fields=["parcel", "code"], name="origin_point_parcel"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_point_whole",
                        violation_error_message="经度和纬度须同时填写。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SoilSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("sampled_on", models.DateField(verbose_name="采样日期")),
                ("depth", models.CharField(default="0-20", max_length=20, verbose_name="采样深度（厘米）")),
                (
                    "land_use",
                    models.CharField(
                        choices=[
                            ("paddy", "水田"),
                            ("dry", "旱地"),
                            ("rotation", "水旱轮作"),
                            ("orchard", "果园"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="土地利用",
                    ),
                ),
                (
                    "ph",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("14")),
                        ],
                        verbose_name="pH",
                    ),
                ),
                (
                    "cec",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="阳离子交换量（cmol/kg）"
                    ),
                ),
                (
                    "organic_matter",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="有机质（g/kg）"
                    ),
                ),
                ("readings", models.JSONField(default=dict, verbose_name="测定值")),
                ("laboratory", models.CharField(blank=True, max_length=120, verbose_name="检测机构")),
                ("report_number", models.CharField(blank=True, max_length=60, verbose_name="报告编号")),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("low", "低于筛选值"),
                            ("between", "介于筛选值和管制值"),
                            ("above", "高于管制值"),
                            ("undetermined", "不能判定"),
                        ],
                        max_length=12,
                        verbose_name="判定",
                    ),
                ),
                ("judged", models.JSONField(default=list, verbose_name="判定依据")),
                ("standard", models.CharField(max_length=40, verbose_name="标准")),
                ("worst", models.CharField(blank=True, max_length=10, verbose_name="主要元素")),
                (
                    "worst_index",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="最大单项指数"
                    ),
                ),
                (
                    "nemerow",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=12, null=True, verbose_name="内梅罗指数"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更正原因")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="录入人")),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="origin.soilpoint",
                        verbose_name="土壤点位",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="origin.soilsample",
                        verbose_name="更正",
                    ),
                ),
            ],
            options={
                "verbose_name": "土壤检测结果",
                "verbose_name_plural": "土壤检测结果",
                "ordering": ["-sampled_on", "-pk"],
                "indexes": [
                    models.Index(fields=["point", "sampled_on"], name="origin_soil_point"),
                    models.Index(fields=["division_code", "sampled_on"], name="origin_soil_list"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("point", "sampled_on", "depth"),
                        name="origin_soil_once",
                        violation_error_message="这个点位当天同一深度的结果已有。要改正，请在点位页面办理更正。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaces", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="origin_soil_correction_reasoned",
                        violation_error_message="更正须写明原因。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitParcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                (
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="registry.parcel",
                        verbose_name="地块",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="origin.landunit",
                        verbose_name="评价单元",
                    ),
                ),
            ],
            options={
                "verbose_name": "单元地块",
                "verbose_name_plural": "单元地块",
                "ordering": ["unit", "parcel"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("parcel",),
                        name="origin_parcel_in_one_unit",
                        violation_error_message="这个地块已在别的评价单元里，请先移出。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="origin_member_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VocFirm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("name", models.CharField(max_length=120, verbose_name="企业名称")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
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
                ("running", models.BooleanField(default=True, verbose_name="在产")),
                (
                    "process",
                    models.CharField(
                        choices=[
                            ("storage", "物料储存"),
                            ("transfer", "转移和输送"),
                            ("production", "工艺过程"),
                            ("coating", "涂装、印刷、粘合"),
                            ("open_liquid", "敞开液面"),
                        ],
                        max_length=12,
                        verbose_name="主要产污环节",
                    ),
                ),
                ("material", models.CharField(blank=True, max_length=120, verbose_name="含挥发性有机物的物料")),
                ("low_voc_material", models.BooleanField(default=False, verbose_name="全部使用低挥发性物料")),
                (
                    "collection",
                    models.CharField(
                        choices=[("sealed", "密闭收集"), ("hood", "集气罩"), ("none", "未收集")],
                        max_length=8,
                        verbose_name="收集方式",
                    ),
                ),
                ("treatment", models.CharField(blank=True, max_length=120, verbose_name="治理设施")),
                ("key_region", models.BooleanField(default=False, verbose_name="在重点地区")),
                ("special_limits", models.BooleanField(default=False, verbose_name="执行特别排放限值")),
                (
                    "sealing_points",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="密封点数",
                    ),
                ),
                ("listed_on", models.DateField(verbose_name="列入日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
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
                "verbose_name": "挥发性有机物企业",
                "verbose_name_plural": "挥发性有机物企业",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["division_code", "number"], name="origin_voc_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc", "division_code"),
                        name="origin_voc_once",
                        violation_error_message="这家企业在本地的清单中已有一条，不必重复登记。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VocCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("checked_on", models.DateField(verbose_name="核查日期")),
                (
                    "initial_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="治理前排放速率（kg/h）",
                    ),
                ),
                (
                    "outlet_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="治理后排放速率（kg/h）",
                    ),
                ),
                (
                    "stack_height",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="排气筒高度（米）",
                    ),
                ),
                (
                    "in_plant_hourly",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="厂区内小时均值（mg/m³）",
                    ),
                ),
                (
                    "in_plant_once",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="厂区内任意一次（mg/m³）",
                    ),
                ),
                (
                    "hood_velocity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="集气罩最远处风速（m/s）",
                    ),
                ),
                (
                    "ledger_years",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="台账已保存（年）",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("met", "符合"), ("not_met", "不符合"), ("unknown", "数据不全，不能判定")],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("judgements", models.JSONField(verbose_name="逐项判定")),
                ("edition", models.CharField(max_length=20, verbose_name="规则版本")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="情况")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="origin.vocfirm",
                        verbose_name="企业",
                    ),
                ),
            ],
            options={
                "verbose_name": "挥发性有机物核查",
                "verbose_name_plural": "挥发性有机物核查",
                "ordering": ["-checked_on", "-pk"],
                "indexes": [models.Index(fields=["division_code", "checked_on"], name="origin_voc_check_list")],
            },
        ),
        migrations.CreateModel(
            name="Leak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("tag", models.CharField(max_length=40, verbose_name="密封点编号")),
                (
                    "medium",
                    models.CharField(
                        choices=[("gas_or_light", "气态物料、挥发性有机液体"), ("other", "其他液态物料")],
                        max_length=14,
                        verbose_name="介质",
                    ),
                ),
                (
                    "reading",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="检测值（μmol/mol）",
                    ),
                ),
                (
                    "threshold",
                    models.DecimalField(decimal_places=1, max_digits=9, verbose_name="泄漏认定浓度（μmol/mol）"),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("first_due_on", models.DateField(verbose_name="首次修复时限")),
                ("due_on", models.DateField(verbose_name="完成修复时限")),
                ("first_tried_on", models.DateField(blank=True, null=True, verbose_name="首次修复日期")),
                ("postponed_until", models.DateField(blank=True, null=True, verbose_name="延迟修复至")),
                ("postponed_why", models.CharField(blank=True, max_length=300, verbose_name="延迟修复原因")),
                ("repaired_on", models.DateField(blank=True, null=True, verbose_name="修复日期")),
                (
                    "reading_after",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="复测值（μmol/mol）",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="登记时间")),
                ("found_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="修复登记时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="修复登记人")),
                (
                    "matter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.matter",
                        verbose_name="问题事项",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaks",
                        to="origin.vocfirm",
                        verbose_name="企业",
                    ),
                ),
            ],
            options={
                "verbose_name": "泄漏点",
                "verbose_name_plural": "泄漏点",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["division_code", "repaired_on", "due_on"], name="origin_leak_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_leak_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("reading_after", None), ("repaired_on", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("reading_after__isnull", False),
                                ("repaired_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="origin_leak_repair_measured",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("postponed_until", None), models.Q(("postponed_why", ""), _negated=True), _connector="OR"
                        ),
                        name="origin_leak_postponed_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("repaired_on", None)),
                        fields=("firm", "tag"),
                        name="origin_leak_once",
                        violation_error_message="这个密封点已有没修好的泄漏记录。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LdarRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "parts",
                    models.CharField(
                        choices=[("moving", "泵、阀、压缩机等"), ("flanges", "法兰及其他连接件等")],
                        max_length=8,
                        verbose_name="组件",
                    ),
                ),
                ("done_on", models.DateField(verbose_name="检测日期")),
                (
                    "points",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                        verbose_name="检测点数",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="origin.vocfirm",
                        verbose_name="企业",
                    ),
                ),
            ],
            options={
                "verbose_name": "泄漏检测",
                "verbose_name_plural": "泄漏检测",
                "ordering": ["-done_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="WaterSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="断面编号")),
                ("name", models.CharField(max_length=80, verbose_name="断面名称")),
                ("river", models.CharField(max_length=60, verbose_name="水体")),
                ("basin", models.CharField(max_length=60, verbose_name="水系")),
                (
                    "body",
                    models.CharField(
                        choices=[("river", "河流"), ("lake", "湖库")],
                        default="river",
                        max_length=6,
                        verbose_name="类型",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("state", "国控"), ("province", "省控"), ("city", "市控"), ("county", "县控")],
                        default="county",
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "target",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Ⅰ类"), (2, "Ⅱ类"), (3, "Ⅲ类"), (4, "Ⅳ类"), (5, "Ⅴ类")], verbose_name="目标类别"
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
                ("irrigates", models.CharField(blank=True, max_length=12, verbose_name="灌溉乡镇")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停测日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("entered_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
            ],
            options={
                "verbose_name": "水质断面",
                "verbose_name_plural": "水质断面",
                "ordering": ["division_code", "number"],
                "indexes": [models.Index(fields=["division_code", "number"], name="origin_section_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="origin_section_point_whole",
                        violation_error_message="经度和纬度须同时填写。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target__gte", 1), ("target__lte", 5)), name="origin_section_target"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaterMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("month", models.DateField(verbose_name="月份")),
                ("sampled_on", models.DateField(verbose_name="采样日期")),
                (
                    "source",
                    models.CharField(
                        choices=[("manual", "手工监测"), ("automatic", "自动监测")],
                        default="manual",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("readings", models.JSONField(verbose_name="监测值")),
                (
                    "target",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Ⅰ类"), (2, "Ⅱ类"), (3, "Ⅲ类"), (4, "Ⅳ类"), (5, "Ⅴ类"), (6, "劣Ⅴ类")],
                        verbose_name="目标类别",
                    ),
                ),
                (
                    "water_class",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Ⅰ类"), (2, "Ⅱ类"), (3, "Ⅲ类"), (4, "Ⅳ类"), (5, "Ⅴ类"), (6, "劣Ⅴ类")],
                        null=True,
                        verbose_name="水质类别",
                    ),
                ),
                ("sure", models.BooleanField(verbose_name="类别确定")),
                ("meets_target", models.BooleanField(null=True, verbose_name="达到目标")),
                ("exceeded", models.JSONField(blank=True, default=list, verbose_name="超标项目")),
                ("missing", models.JSONField(blank=True, default=list, verbose_name="没有监测的项目")),
                ("standard", models.CharField(max_length=60, verbose_name="评价标准")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="更正原因")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(blank=True, max_length=150, verbose_name="登记人")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="origin.watermonth",
                        verbose_name="更正自",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="origin.watersection",
                        verbose_name="水质断面",
                    ),
                ),
            ],
            options={
                "verbose_name": "断面月度水质",
                "verbose_name_plural": "断面月度水质",
                "ordering": ["-month", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "month"], name="origin_month_list"),
                    models.Index(fields=["section", "month"], name="origin_month_section"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces", None)),
                        fields=("section", "month"),
                        name="origin_month_once",
                        violation_error_message="这个断面这个月已有数据。要改请在那一行办理更正。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaces", None), models.Q(("why", ""), _negated=True), _connector="OR"),
                        name="origin_month_corrected_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IrrigationNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("told_at", models.DateTimeField(verbose_name="告知时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="告知人")),
                ("due_on", models.DateField(verbose_name="应签收日期")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("acknowledged_by", models.CharField(blank=True, max_length=150, verbose_name="签收人")),
                ("measures", models.CharField(blank=True, max_length=500, verbose_name="采取的措施")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="被告知单位",
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
                (
                    "month",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="origin.watermonth",
                        verbose_name="月度水质",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="origin.watersection",
                        verbose_name="水质断面",
                    ),
                ),
            ],
            options={
                "verbose_name": "灌溉水超标告知",
                "verbose_name_plural": "灌溉水超标告知",
                "ordering": ["-told_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by", "")),
                            models.Q(
                                ("acknowledged_at__isnull", False), models.Q(("acknowledged_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="origin_notice_acknowledged",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClassDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "初判"),
                            ("consulted", "已会商"),
                            ("confirmed", "县级已确认"),
                            ("submitted", "已报批"),
                            ("in_force", "生效"),
                            ("replaced", "已被替换"),
                            ("returned", "退回重划"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("low", "低于筛选值"),
                            ("between", "介于筛选值和管制值"),
                            ("above", "高于管制值"),
                            ("undetermined", "不能判定"),
                        ],
                        max_length=12,
                        verbose_name="土壤判定",
                    ),
                ),
                (
                    "proposed",
                    models.CharField(
                        blank=True,
                        choices=[("priority", "优先保护类"), ("safe_use", "安全利用类"), ("strict", "严格管控类")],
                        max_length=10,
                        verbose_name="平台建议",
                    ),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="建议的依据")),
                ("evidence", models.JSONField(default=dict, verbose_name="依据的数据")),
                ("rules_edition", models.CharField(max_length=60, verbose_name="规则版本")),
                (
                    "decided",
                    models.CharField(
                        blank=True,
                        choices=[("priority", "优先保护类"), ("safe_use", "安全利用类"), ("strict", "严格管控类")],
                        max_length=10,
                        verbose_name="确定的类别",
                    ),
                ),
                ("why_other", models.CharField(blank=True, max_length=500, verbose_name="与建议不同的理由")),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[("priority", "优先保护类"), ("safe_use", "安全利用类"), ("strict", "严格管控类")],
                        max_length=10,
                        verbose_name="调整前",
                    ),
                ),
                (
                    "area_before",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="调整前面积（亩）"
                    ),
                ),
                ("area_after", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="面积（亩）")),
                ("made_at", models.DateTimeField(verbose_name="初判时间")),
                ("made_by", models.CharField(blank=True, max_length=150, verbose_name="初判人")),
                ("consultation", models.CharField(blank=True, max_length=1000, verbose_name="会商意见")),
                ("participants", models.CharField(blank=True, max_length=300, verbose_name="会商单位和人员")),
                ("consulted_at", models.DateTimeField(blank=True, null=True, verbose_name="会商时间")),
                ("consulted_by", models.CharField(blank=True, max_length=150, verbose_name="会商登记人")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("confirmed_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
                ("confirmed_name", models.CharField(blank=True, max_length=150, verbose_name="确认人姓名")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="报批日期")),
                ("approval_number", models.CharField(blank=True, max_length=80, verbose_name="批准文号")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="生效日期")),
                ("returned_why", models.CharField(blank=True, max_length=500, verbose_name="退回原因")),
                (
                    "approval_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="批准文件",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="origin.landunit",
                        verbose_name="评价单元",
                    ),
                ),
            ],
            options={
                "verbose_name": "类别划定",
                "verbose_name_plural": "类别划定",
                "ordering": ["-year", "number"],
                "indexes": [
                    models.Index(fields=["division_code", "state", "number"], name="origin_class_list"),
                    models.Index(fields=["unit", "effective_on"], name="origin_class_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "consulted", "confirmed", "submitted"])),
                        fields=("unit",),
                        name="origin_class_one_open",
                        violation_error_message="这个单元已有正在办理的类别划定，请先办完。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("unit",), name="origin_class_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consulted_at__isnull", True), ("consulted_by", "")),
                            models.Q(("consulted_at__isnull", False), models.Q(("consulted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_class_consulted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by", "")),
                            models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="origin_class_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", ""),
                            models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="origin_class_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["in_force", "replaced"]), _negated=True),
                            models.Q(
                                models.Q(("decided", ""), _negated=True),
                                models.Q(("confirmed_by", ""), _negated=True),
                                ("effective_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="origin_class_in_force_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided", ""),
                            ("decided", models.F("proposed")),
                            models.Q(("why_other", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="origin_class_other_reasoned",
                    ),
                ],
            },
        ),
    ]

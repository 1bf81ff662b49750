from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_triggers"),
        ("people", "0002_laboratory_role"),
        ("people", "__first__"),
        ("registry", "0003_parcels"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptureJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.UUIDField(unique=True, verbose_name="任务编号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待处理"),
                            ("accepted", "已收下，待推导流转"),
                            ("done", "已完成"),
                            ("failed", "未收下"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("received_by", models.CharField(blank=True, max_length=150, verbose_name="上传人")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("events", models.PositiveIntegerField(default=0, verbose_name="事件数")),
                ("fresh", models.PositiveIntegerField(default=0, verbose_name="新事件数")),
                ("errors", models.JSONField(blank=True, default=list, verbose_name="原因")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="上传单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "上传任务",
                "verbose_name_plural": "上传任务",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "accepted"])), fields=["state"], name="job_open"
                    ),
                    models.Index(fields=["agency", "-received_at"], name="job_agency"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="合格证编号")),
                ("code", models.TextField(blank=True, max_length=600, verbose_name="防伪码")),
                ("key_id", models.CharField(blank=True, max_length=16, verbose_name="密钥编号")),
                ("digest", models.CharField(max_length=24, verbose_name="内容摘要")),
                (
                    "made",
                    models.CharField(
                        choices=[("origin", "产地开具"), ("again", "混装分装后重新开具")],
                        default="origin",
                        max_length=6,
                        verbose_name="开具方式",
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=100, verbose_name="批次类型")),
                ("subject_id", models.CharField(blank=True, max_length=64, verbose_name="批次记录")),
                ("food", models.CharField(max_length=30, verbose_name="产品名称")),
                ("food_class", models.CharField(blank=True, max_length=40, verbose_name="食品类别")),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.001")),
                            django.core.validators.MaxValueValidator(Decimal("1000000")),
                        ],
                        verbose_name="数量（重量）",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("kg", "千克"), ("head", "头（只、羽）"), ("piece", "件")],
                        default="kg",
                        max_length=6,
                        verbose_name="单位",
                    ),
                ),
                ("taken", models.PositiveBigIntegerField(default=0, verbose_name="已交付数量（千分之一）")),
                ("harvested_on", models.DateField(blank=True, null=True, verbose_name="采收（出栏）日期")),
                ("division_code", models.CharField(max_length=12, verbose_name="开具地区划")),
                ("origin_code", models.CharField(max_length=12, verbose_name="产地区划")),
                ("origin", models.CharField(max_length=120, verbose_name="产地")),
                ("producer", models.CharField(max_length=30, verbose_name="开具主体名称")),
                ("contact", models.CharField(blank=True, max_length=30, verbose_name="联系方式")),
                ("commitments", models.JSONField(default=list, verbose_name="承诺内容")),
                ("bases", models.JSONField(default=list, verbose_name="承诺依据")),
                ("basis_note", models.CharField(blank=True, max_length=120, verbose_name="检测报告或记录")),
                ("edition", models.CharField(max_length=40, verbose_name="适用规定版本")),
                ("issued_on", models.DateField(verbose_name="开具日期")),
                ("issued_at", models.DateTimeField(verbose_name="开具时间")),
                ("issued_by", models.CharField(max_length=150, verbose_name="开具人")),
                ("issued_for", models.BooleanField(default=False, verbose_name="代开")),
                (
                    "state",
                    models.CharField(
                        choices=[("issued", "有效"), ("withdrawn", "已撤回"), ("revoked", "已撤销")],
                        default="issued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回（撤销）时间")),
                ("ended_by", models.CharField(blank=True, max_length=150, verbose_name="撤回（撤销）人")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="撤回（撤销）原因")),
                (
                    "parcels",
                    models.ManyToManyField(blank=True, related_name="+", to="registry.parcel", verbose_name="地块"),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="registry.premises",
                        verbose_name="开具主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "承诺达标合格证",
                "verbose_name_plural": "承诺达标合格证",
                "ordering": ["-issued_on", "-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-issued_on", "-number"], name="certificate_list"),
                    models.Index(fields=["premises", "-issued_on", "-number"], name="certificate_premises"),
                    models.Index(fields=["subject_type", "subject_id"], name="certificate_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="certificate_ended_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "issued")),
                            models.Q(models.Q(("state", "issued"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="certificate_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="certificate_quantity",
                        violation_error_message="数量应大于 0。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.CharField(max_length=16, unique=True, verbose_name="密钥编号")),
                ("public_pem", models.TextField(max_length=500, verbose_name="公钥")),
                ("valid_from", models.DateField(verbose_name="启用日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
            ],
            options={
                "verbose_name": "合格证签名公钥",
                "verbose_name_plural": "合格证签名公钥",
                "ordering": ["valid_from", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="certificate_key_span_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="数量")),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="supply.certificate",
                        verbose_name="重新开具的合格证",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used_in",
                        to="supply.certificate",
                        verbose_name="原合格证",
                    ),
                ),
            ],
            options={
                "verbose_name": "原合格证",
                "verbose_name_plural": "原合格证",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "source"), name="certificate_source_once"),
                    models.CheckConstraint(
                        condition=models.Q(("certificate", models.F("source")), _negated=True),
                        name="certificate_not_from_itself",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="certificate_source_quantity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertifiedBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=100, verbose_name="批次类型")),
                ("subject_id", models.CharField(max_length=64, verbose_name="批次编号")),
                ("certified", models.PositiveBigIntegerField(default=0, verbose_name="已开证数量（千分之一）")),
            ],
            options={
                "verbose_name": "批次开证累计",
                "verbose_name_plural": "批次开证累计",
                "constraints": [
                    models.UniqueConstraint(fields=("subject_type", "subject_id"), name="certified_batch_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64, verbose_name="事件哈希")),
                ("declares", models.CharField(blank=True, max_length=64, verbose_name="更正的事件")),
                ("event_id", models.CharField(blank=True, max_length=255, verbose_name="事件标识")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ObjectEvent", "物品事件"),
                            ("AggregationEvent", "装箱事件"),
                            ("TransactionEvent", "交易事件"),
                            ("TransformationEvent", "加工事件"),
                            ("AssociationEvent", "关联事件"),
                        ],
                        max_length=20,
                        verbose_name="事件类型",
                    ),
                ),
                ("action", models.CharField(blank=True, max_length=8, verbose_name="动作")),
                ("event_at", models.DateTimeField(verbose_name="发生时间")),
                ("record_at", models.DateTimeField(verbose_name="记录时间")),
                ("ahead", models.BooleanField(default=False, verbose_name="时钟超前")),
                ("biz_step", models.CharField(blank=True, max_length=255, verbose_name="业务环节")),
                ("disposition", models.CharField(blank=True, max_length=255, verbose_name="状态")),
                ("read_point", models.CharField(blank=True, max_length=255, verbose_name="读取点")),
                ("biz_location", models.CharField(blank=True, max_length=255, verbose_name="业务地点")),
                ("body", models.TextField(verbose_name="内容")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("epcis", "企业追溯系统上传"),
                            ("certificate", "承诺达标合格证"),
                            ("receipt", "进货记录"),
                            ("sheet", "表格导入"),
                            ("scale", "电子秤文件"),
                            ("typed", "手工登记"),
                        ],
                        max_length=12,
                        verbose_name="记录来源",
                    ),
                ),
                ("vouched_by", models.CharField(blank=True, max_length=120, verbose_name="由谁担保")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="上传单位",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="captured",
                        to="supply.capturejob",
                        verbose_name="上传任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "追溯事件",
                "verbose_name_plural": "追溯事件",
                "ordering": ["event_at", "pk"],
                "indexes": [
                    models.Index(fields=["division_code", "event_at"], name="event_list"),
                    models.Index(condition=models.Q(("job__isnull", False)), fields=["job"], name="event_job"),
                    models.Index(
                        condition=models.Q(("event_id", ""), _negated=True), fields=["event_id"], name="event_own_id"
                    ),
                    models.Index(
                        condition=models.Q(("declares", ""), _negated=True), fields=["declares"], name="event_declares"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("hash",), name="event_once")],
            },
        ),
        migrations.CreateModel(
            name="EventCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=255, verbose_name="追溯码")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("epc", "物品"),
                            ("parent", "容器"),
                            ("child", "内装"),
                            ("input", "投入"),
                            ("output", "产出"),
                            ("making", "加工编号"),
                        ],
                        max_length=6,
                        verbose_name="身份",
                    ),
                ),
                ("by_class", models.BooleanField(default=False, verbose_name="按批")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="计量单位")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="supply.event",
                        verbose_name="事件",
                    ),
                ),
            ],
            options={
                "verbose_name": "事件所及追溯码",
                "verbose_name_plural": "事件所及追溯码",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["code", "event"], name="event_code")],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="批次编号")),
                ("code", models.CharField(blank=True, max_length=255, verbose_name="批号（追溯码）")),
                ("food", models.CharField(max_length=100, verbose_name="食品名称")),
                ("food_class", models.CharField(blank=True, max_length=40, verbose_name="食品类别")),
                ("place_name", models.CharField(blank=True, max_length=120, verbose_name="所在场所名称")),
                ("place", models.CharField(blank=True, max_length=255, verbose_name="场所标识")),
                ("maker_name", models.CharField(blank=True, max_length=120, verbose_name="生产者名称")),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="生产（采收）日期")),
                ("best_before_on", models.DateField(blank=True, null=True, verbose_name="保质期至")),
                ("began_on", models.DateField(verbose_name="到场（产出）日期")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="计量单位")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("epcis", "企业追溯系统上传"),
                            ("certificate", "承诺达标合格证"),
                            ("receipt", "进货记录"),
                            ("sheet", "表格导入"),
                            ("scale", "电子秤文件"),
                            ("typed", "手工登记"),
                        ],
                        max_length=12,
                        verbose_name="记录来源",
                    ),
                ),
                ("vouched_by", models.CharField(blank=True, max_length=120, verbose_name="由谁担保")),
                (
                    "sureness",
                    models.CharField(
                        choices=[("stated", "自述"), ("scanned", "扫码"), ("inferred", "推断")],
                        default="stated",
                        max_length=8,
                        verbose_name="可靠程度",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "正常"), ("stopped", "停售"), ("undone", "已撤销")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="停售时间")),
                ("stopped_by", models.CharField(blank=True, max_length=150, verbose_name="停售人")),
                ("stopped_reason", models.CharField(blank=True, max_length=200, verbose_name="停售原因")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="registry.parcel",
                        verbose_name="产地地块",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="registry.premises",
                        verbose_name="所在场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "批次",
                "verbose_name_plural": "批次",
                "ordering": ["-began_on", "-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-began_on", "-number"], name="lot_list"),
                    models.Index(fields=["premises", "-began_on"], name="lot_premises"),
                    models.Index(
                        condition=models.Q(("code", ""), _negated=True), fields=["code", "place"], name="lot_code"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", "epcis")), fields=("code", "place"), name="lot_captured_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_by", "")),
                            models.Q(("stopped_at__isnull", False), models.Q(("stopped_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="lot_stopped_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity", None), ("quantity__gte", 0), _connector="OR"),
                        name="lot_quantity",
                        violation_error_message="数量不能是负数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_on", None),
                            ("best_before_on", None),
                            ("best_before_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="lot_span_forward",
                        violation_error_message="保质期早于生产日期，请核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "stopped"), _negated=True),
                            ("stopped_at__isnull", False),
                            _connector="OR",
                        ),
                        name="lot_stopped_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="到达时间")),
                ("leaves", models.BigIntegerField(default=4294967295, verbose_name="最晚离开秒数")),
                ("arrives", models.BigIntegerField(default=0, verbose_name="最早到达秒数")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="计量单位")),
                (
                    "kind",
                    models.CharField(
                        choices=[("explicit", "有记录"), ("inferred", "推断")],
                        default="explicit",
                        max_length=8,
                        verbose_name="依据",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="supply.event",
                        verbose_name="所据事件",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="场所",
                    ),
                ),
                (
                    "from_lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="out_links",
                        to="supply.lot",
                        verbose_name="来自",
                    ),
                ),
                (
                    "to_lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_links",
                        to="supply.lot",
                        verbose_name="去向",
                    ),
                ),
            ],
            options={
                "verbose_name": "流转",
                "verbose_name_plural": "流转",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["from_lot", "leaves", "to_lot", "arrives"], name="link_forward"),
                    models.Index(fields=["to_lot", "arrives", "from_lot", "leaves"], name="link_back"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity", None), ("quantity__gte", 0), _connector="OR"),
                        name="link_quantity",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to_name", models.CharField(max_length=120, verbose_name="收货方名称")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(max_length=10, verbose_name="计量单位")),
                ("sent_at", models.DateTimeField(verbose_name="发出时间")),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "已发出，待收货方确认"), ("received", "收货方已确认"), ("undone", "已撤销")],
                        default="sent",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "to_premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches_in",
                        to="registry.premises",
                        verbose_name="收货场所",
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="dispatch",
                        to="supply.link",
                        verbose_name="流转",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
                (
                    "to_lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.lot",
                        verbose_name="收货方批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "出货记录",
                "verbose_name_plural": "出货记录",
                "ordering": ["-sent_at", "-pk"],
                "indexes": [models.Index(fields=["to_premises", "state", "-sent_at"], name="dispatch_coming")],
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="lot",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificate",
                to="supply.lot",
                verbose_name="批次",
            ),
        ),
        migrations.CreateModel(
            name="LotTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sample_number", models.CharField(max_length=24, verbose_name="抽样编号")),
                ("analyte", models.CharField(max_length=80, verbose_name="项目")),
                ("outcome", models.CharField(max_length=20, verbose_name="结论")),
                ("sampled_on", models.DateField(verbose_name="抽样日期")),
                (
                    "sureness",
                    models.CharField(
                        choices=[("stated", "自述"), ("scanned", "扫码"), ("inferred", "推断")],
                        max_length=8,
                        verbose_name="可靠程度",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tests",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "批次检验结果",
                "verbose_name_plural": "批次检验结果",
                "ordering": ["sampled_on", "sample_number", "analyte"],
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "sample_number", "analyte"), name="lot_test_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NamedQuery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("query", models.JSONField(default=dict, verbose_name="条件")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="以谁的名义",
                    ),
                ),
            ],
            options={
                "verbose_name": "查询",
                "verbose_name_plural": "查询",
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("agency", "name"), name="query_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=255, unique=True, verbose_name="场所标识")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="名称")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                (
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="location_codes",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "场所标识",
                "verbose_name_plural": "场所标识",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="产品编号")),
                ("gtin", models.CharField(blank=True, db_index=True, max_length=14, verbose_name="商品条码")),
                ("name", models.CharField(max_length=100, verbose_name="产品名称")),
                ("food_class", models.CharField(blank=True, max_length=40, verbose_name="食品类别")),
                ("unit", models.CharField(default="kg", max_length=10, verbose_name="计量单位")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="registry.operator",
                        verbose_name="生产经营主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "产品",
                "verbose_name_plural": "产品",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["division_code", "code"], name="product_list")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gtin", ""), _negated=True),
                        fields=("gtin", "operator"),
                        name="product_gtin_once",
                        violation_error_message="这个商品条码已经登记过，请查到原有产品后直接使用。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="lot",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lots",
                to="supply.product",
                verbose_name="产品",
            ),
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supplier_name", models.CharField(blank=True, max_length=120, verbose_name="供货者名称")),
                (
                    "certificate_code",
                    models.CharField(blank=True, db_index=True, max_length=120, verbose_name="合格证编号"),
                ),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(max_length=10, verbose_name="计量单位")),
                ("received_at", models.DateTimeField(verbose_name="到货时间")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("scan", "扫码"),
                            ("photo", "拍照"),
                            ("typed", "手工填写"),
                            ("sheet", "表格导入"),
                            ("scale", "电子秤文件"),
                        ],
                        max_length=8,
                        verbose_name="记录方式",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("kept", "有效"), ("undone", "已撤销")],
                        default="kept",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                ("undone_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.event",
                        verbose_name="所据事件",
                    ),
                ),
                (
                    "from_lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts_out",
                        to="supply.lot",
                        verbose_name="供货方批次",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goods_receipts",
                        to="registry.premises",
                        verbose_name="收货场所",
                    ),
                ),
                (
                    "supplier_premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="供货场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "进货记录",
                "verbose_name_plural": "进货记录",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-received_at"], name="supply_receipt_list"),
                    models.Index(fields=["premises", "-received_at"], name="supply_receipt_premises"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="supply_receipt_undone_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity", None), ("quantity__gt", 0), _connector="OR"),
                        name="supply_receipt_quantity",
                        violation_error_message="数量应大于 0。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "kept"), ("undone_at", None)),
                            models.Q(("state", "undone"), ("undone_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="supply_receipt_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_lot", None), models.Q(("from_lot", models.F("lot")), _negated=True), _connector="OR"
                        ),
                        name="supply_receipt_not_from_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="数量")),
                ("used", models.PositiveBigIntegerField(default=0, verbose_name="已重新开证数量（千分之一）")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("collected_at", models.DateTimeField(verbose_name="收取时间")),
                ("collected_by", models.CharField(max_length=150, verbose_name="收取人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="通知撤销时间")),
                ("heeded_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                ("heeded_by", models.CharField(blank=True, max_length=150, verbose_name="处理人")),
                ("heeded_note", models.CharField(blank=True, max_length=200, verbose_name="处理情况")),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="supply.certificate",
                        verbose_name="合格证",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected_certificates",
                        to="registry.premises",
                        verbose_name="收取场所",
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection",
                        to="supply.receipt",
                        verbose_name="进货记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "收取合格证",
                "verbose_name_plural": "收取合格证",
                "ordering": ["-collected_at", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-collected_at"], name="collection_list"),
                    models.Index(
                        condition=models.Q(("told_at__isnull", False)), fields=["told_at"], name="collection_told"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="collection_undone_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("heeded_at__isnull", True), ("heeded_by", "")),
                            models.Q(("heeded_at__isnull", False), models.Q(("heeded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="collection_heeded_told",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="collection_quantity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                ("added_by", models.CharField(max_length=150, verbose_name="上传人")),
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
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="supply.receipt",
                        verbose_name="进货记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "进货凭证",
                "verbose_name_plural": "进货凭证",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed", models.CharField(blank=True, max_length=24, verbose_name="码上编号")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("genuine", "真"),
                            ("unsigned", "按编号查到"),
                            ("revoked", "已撤销"),
                            ("withdrawn", "已撤回"),
                            ("forged", "假码"),
                            ("unknown", "查不到"),
                        ],
                        max_length=10,
                        verbose_name="查验结果",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "longitude",
                    models.FloatField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="大致经度",
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
                        verbose_name="大致纬度",
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="supply.certificate",
                        verbose_name="合格证",
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
                        verbose_name="场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "扫码记录",
                "verbose_name_plural": "扫码记录",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["certificate", "-at"], name="scan_of_certificate"),
                    models.Index(
                        condition=models.Q(("outcome__in", ["forged", "unknown"])), fields=["-at"], name="scan_false"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="scan_point_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CopyClue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("far_apart", "两地同时出现"),
                            ("too_many", "查看次数超过货量"),
                            ("over_taken", "数量用完后又被收取"),
                            ("forged", "假码冒用编号"),
                        ],
                        max_length=10,
                        verbose_name="情形",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="说明")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("matter_key", models.CharField(max_length=100, unique=True, verbose_name="问题线索")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                ("closed_by", models.CharField(blank=True, max_length=150, verbose_name="办结人")),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="supply.certificate",
                        verbose_name="合格证",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.scan",
                        verbose_name="第一次扫码",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.scan",
                        verbose_name="第二次扫码",
                    ),
                ),
            ],
            options={
                "verbose_name": "合格证复制线索",
                "verbose_name_plural": "合格证复制线索",
                "ordering": ["-found_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-found_at"], name="copy_clue_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "kind"), name="copy_clue_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", "")),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="copy_clue_closed_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TradeUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=255, verbose_name="容器编号")),
                ("content", models.CharField(db_index=True, max_length=255, verbose_name="内装追溯码")),
                ("packed_at", models.DateTimeField(verbose_name="装入时间")),
                ("unpacked_at", models.DateTimeField(blank=True, null=True, verbose_name="取出时间")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="计量单位")),
            ],
            options={
                "verbose_name": "运输单元",
                "verbose_name_plural": "运输单元",
                "ordering": ["code", "packed_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "content", "packed_at"), name="trade_unit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("receipts", "进货表"), ("scale", "电子秤文件")], max_length=8, verbose_name="种类"
                    ),
                ),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "已检查，待写入"), ("applied", "已写入"), ("undone", "已撤销")],
                        default="checked",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("faults", models.JSONField(blank=True, default=list, verbose_name="问题")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("uploaded_at", models.DateTimeField(verbose_name="导入时间")),
                ("uploaded_by", models.CharField(max_length=150, verbose_name="导入人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤销人")),
                ("undone_reason", models.CharField(blank=True, max_length=200, verbose_name="撤销原因")),
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
                    "premises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.premises",
                        verbose_name="场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入文件",
                "verbose_name_plural": "导入文件",
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="upload_undone_told",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="receipt",
            name="upload",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="supply.upload",
                verbose_name="导入文件",
            ),
        ),
        migrations.CreateModel(
            name="Outflow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("food", models.CharField(max_length=100, verbose_name="食品名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("sold", "零售"), ("waste", "损耗"), ("withdrawn", "退市、召回")],
                        max_length=10,
                        verbose_name="去向",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="数量"),
                ),
                ("unit", models.CharField(max_length=10, verbose_name="计量单位")),
                (
                    "price",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="金额（元）"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("epcis", "企业追溯系统上传"),
                            ("certificate", "承诺达标合格证"),
                            ("receipt", "进货记录"),
                            ("sheet", "表格导入"),
                            ("scale", "电子秤文件"),
                            ("typed", "手工登记"),
                        ],
                        max_length=12,
                        verbose_name="记录来源",
                    ),
                ),
                ("inferred", models.BooleanField(default=False, verbose_name="批次为推断")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outflows",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
                (
                    "premises",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outflows",
                        to="registry.premises",
                        verbose_name="场所",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outflows",
                        to="supply.upload",
                        verbose_name="导入文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "零售和损耗",
                "verbose_name_plural": "零售和损耗",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["premises", "-at"], name="outflow_premises")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity", None), ("quantity__gt", 0), _connector="OR"),
                        name="outflow_quantity",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(db_index=True, max_length=12, verbose_name="区划")),
                ("name", models.CharField(max_length=60, verbose_name="用途")),
                ("beginning", models.CharField(max_length=8, verbose_name="开头几位")),
                ("secret_hash", models.CharField(max_length=64, unique=True, verbose_name="密钥摘要")),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
                ("created_by", models.CharField(max_length=150, verbose_name="生成人")),
                ("last_used_on", models.DateField(blank=True, null=True, verbose_name="最近使用")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                ("revoked_by", models.CharField(blank=True, max_length=150, verbose_name="停用人")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="以谁的名义",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口密钥",
                "verbose_name_plural": "接口密钥",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by", "")),
                            models.Q(("revoked_at__isnull", False), models.Q(("revoked_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="token_revoked_told",
                    )
                ],
            },
        ),
    ]

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
        ("supply", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("customs", "海关、总局通报"),
                            ("rasff", "欧盟 RASFF"),
                            ("fda", "美国 FDA"),
                            ("other", "其他来源"),
                        ],
                        max_length=8,
                        verbose_name="来源",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="通报编号")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="通报日期")),
                ("text", models.CharField(max_length=1000, verbose_name="通报内容")),
                ("food_class", models.CharField(blank=True, max_length=20, verbose_name="通报食品类别")),
                ("products", models.JSONField(blank=True, default=list, verbose_name="通报品种")),
                ("origins", models.JSONField(blank=True, default=list, verbose_name="原产国（地区）")),
                ("hazards", models.JSONField(blank=True, default=list, verbose_name="危害")),
                ("hazard_text", models.CharField(blank=True, max_length=300, verbose_name="危害说明")),
                ("serious", models.BooleanField(blank=True, null=True, verbose_name="来源定为严重")),
                ("distributed_to", models.JSONField(blank=True, default=list, verbose_name="销往")),
                ("maker", models.CharField(blank=True, max_length=200, verbose_name="境外生产企业")),
                ("maker_number", models.CharField(blank=True, max_length=40, verbose_name="境外生产企业注册编号")),
                ("lots", models.JSONField(blank=True, default=list, verbose_name="批号")),
                ("gtins", models.JSONField(blank=True, default=list, verbose_name="商品条码")),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="生产日期")),
                ("best_before_on", models.DateField(blank=True, null=True, verbose_name="保质期至")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("received_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("trace_due_at", models.DateTimeField(verbose_name="核对时限")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待核对"), ("traced", "已核对")],
                        default="open",
                        max_length=6,
                        verbose_name="状态",
                    ),
                ),
                ("traced_at", models.DateTimeField(blank=True, null=True, verbose_name="核对时间")),
                ("traced_by", models.CharField(blank=True, max_length=150, verbose_name="核对人")),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="核对结论")),
            ],
            options={
                "verbose_name": "风险通报",
                "verbose_name_plural": "风险通报",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-received_at", "-id"], name="import_alert_list"),
                    models.Index(fields=["state", "trace_due_at"], name="import_alert_open"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("traced_at__isnull", True), ("traced_by", "")),
                            models.Q(("traced_at__isnull", False), models.Q(("traced_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_alert_traced_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("division_code", "source", "reference"),
                        name="import_alert_once",
                        violation_error_message="这个编号的通报已经登记过。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), ("traced_at", None)),
                            models.Q(("state", "traced"), ("traced_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_alert_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("original_name", models.CharField(blank=True, max_length=120, verbose_name="外文名称")),
                ("brand", models.CharField(blank=True, max_length=60, verbose_name="品牌")),
                ("specification", models.CharField(blank=True, max_length=60, verbose_name="规格")),
                ("food_class", models.CharField(blank=True, max_length=20, verbose_name="通报食品类别")),
                ("products", models.JSONField(blank=True, default=list, verbose_name="通报品种")),
                ("origin", models.CharField(blank=True, max_length=2, verbose_name="原产国（地区）")),
                ("maker_number", models.CharField(blank=True, max_length=40, verbose_name="境外生产企业注册编号")),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="商品条码")),
                (
                    "supplier",
                    models.CharField(blank=True, max_length=200, verbose_name="供货者（境外出口商）及联系方式"),
                ),
                ("port", models.CharField(blank=True, max_length=40, verbose_name="进境口岸")),
                ("declaration_no", models.CharField(blank=True, max_length=30, verbose_name="报关单号")),
                ("entered_on", models.DateField(blank=True, null=True, verbose_name="进境日期")),
                (
                    "storage",
                    models.CharField(
                        choices=[("ambient", "常温"), ("chilled", "冷藏"), ("frozen", "冷冻")],
                        default="ambient",
                        max_length=8,
                        verbose_name="贮存",
                    ),
                ),
                ("temperature_known", models.BooleanField(default=True, verbose_name="有温度记录")),
                ("keep_until", models.DateField(blank=True, null=True, verbose_name="记录保存至")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("on_shelf", "在售"),
                            ("stopped", "停止销售"),
                            ("disposed", "已处置"),
                            ("sold_out", "已售完"),
                            ("undone", "登记错误"),
                        ],
                        default="on_shelf",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("papers_missing", models.PositiveSmallIntegerField(default=0, verbose_name="缺单证数")),
                ("key_paper_missing", models.BooleanField(default=False, verbose_name="缺检验检疫证明")),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "没有核对"),
                            ("incomplete", "没有核对完"),
                            ("conforming", "符合"),
                            ("flaw", "有瑕疵"),
                            ("nonconforming", "不符合"),
                        ],
                        default="",
                        max_length=13,
                        verbose_name="中文标签",
                    ),
                ),
                (
                    "band",
                    models.CharField(
                        choices=[("high", "高"), ("medium", "中"), ("low", "低")],
                        default="low",
                        max_length=6,
                        verbose_name="关注程度",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(default=0, verbose_name="分值")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="理由")),
                ("look_for", models.JSONField(blank=True, default=list, verbose_name="建议检验项目")),
                ("scored_on", models.DateField(blank=True, null=True, verbose_name="评分日期")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported",
                        to="supply.lot",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "进口食品批次",
                "verbose_name_plural": "进口食品批次",
                "ordering": ["-points", "-recorded_at", "-pk"],
                "indexes": [
                    models.Index(fields=["division_code", "-points", "-recorded_at", "-id"], name="consignment_list"),
                    models.Index(fields=["state", "division_code"], name="consignment_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "certainty",
                    models.CharField(
                        choices=[("sure", "编号一致"), ("ask", "可能涉及")], max_length=4, verbose_name="把握"
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="相符分值")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="相符")),
                ("against", models.JSONField(blank=True, default=list, verbose_name="不符")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待确认"), ("confirmed", "确认涉及"), ("dismissed", "不涉及")],
                        default="asked",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="确认人")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="imported_food.alert",
                        verbose_name="风险通报",
                    ),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="imported_food.consignment",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "通报涉及批次",
                "verbose_name_plural": "通报涉及批次",
                "ordering": ["-points", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "consignment"), name="alert_match_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="alert_match_decided_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="处置编号")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("alert", "风险通报涉及"),
                            ("failed", "抽检不合格"),
                            ("expired", "超过保质期"),
                            ("label", "中文标签不符合"),
                            ("papers", "没有检验检疫证明"),
                        ],
                        max_length=8,
                        verbose_name="缘由",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="情况")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("found_by", models.CharField(max_length=150, verbose_name="发现人")),
                ("stop_due_at", models.DateTimeField(verbose_name="停止销售时限")),
                ("due_on", models.DateField(verbose_name="处置时限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待停止销售"),
                            ("stopped", "已停止销售"),
                            ("disposed", "已处置"),
                            ("reported", "已报告结果"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="停止销售时间")),
                ("stopped_by", models.CharField(blank=True, max_length=150, verbose_name="停止销售登记人")),
                (
                    "on_hand",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="封存数量",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("destroyed", "销毁"),
                            ("returned", "退运或者退回供货者"),
                            ("reworked", "整改后销售（仅限标签）"),
                            ("released", "查明不涉及，恢复销售"),
                            ("sold", "已全部售出，无法追回"),
                        ],
                        max_length=9,
                        verbose_name="处置方式",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="处置数量",
                    ),
                ),
                ("outcome_text", models.CharField(blank=True, max_length=500, verbose_name="处置情况")),
                ("disposed_at", models.DateTimeField(blank=True, null=True, verbose_name="处置时间")),
                ("disposed_by", models.CharField(blank=True, max_length=150, verbose_name="处置登记人")),
                ("disposed_on", models.DateField(blank=True, null=True, verbose_name="处置日期")),
                ("reported_to", models.CharField(blank=True, max_length=100, verbose_name="报告给")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="报告时间")),
                ("reported_by", models.CharField(blank=True, max_length=150, verbose_name="报告人")),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposals",
                        to="imported_food.consignment",
                        verbose_name="批次",
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
                        verbose_name="处置证据",
                    ),
                ),
                (
                    "match",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposals",
                        to="imported_food.alertmatch",
                        verbose_name="风险通报",
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
                "verbose_name": "进口食品处置",
                "verbose_name_plural": "进口食品处置",
                "ordering": ["-found_at", "-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-found_at", "-number"], name="import_disposal_list"),
                    models.Index(fields=["state", "due_on"], name="import_disposal_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_by", "")),
                            models.Q(("stopped_at__isnull", False), models.Q(("stopped_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_disposal_stopped_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposed_at__isnull", True), ("disposed_by", "")),
                            models.Q(("disposed_at__isnull", False), models.Q(("disposed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_disposal_done_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at__isnull", True), ("reported_by", "")),
                            models.Q(("reported_at__isnull", False), models.Q(("reported_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_disposal_reported_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "stopped"])),
                        fields=("consignment", "cause"),
                        name="import_disposal_once",
                        violation_error_message="这个批次因同一缘由的处置还没有办完。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="单证")),
                ("number", models.CharField(max_length=60, verbose_name="编号")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("undone_by", models.CharField(blank=True, max_length=150, verbose_name="撤回人")),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="imported_food.consignment",
                        verbose_name="批次",
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
                        verbose_name="照片或者扫描件",
                    ),
                ),
            ],
            options={
                "verbose_name": "随附单证",
                "verbose_name_plural": "随附单证",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_paper_undone_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("consignment", "code", "number"),
                        name="import_paper_once",
                        violation_error_message="同一编号的单证已登记过，不用再登记。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.CharField(max_length=20, verbose_name="核对表版本")),
                ("answers", models.JSONField(blank=True, verbose_name="核对情况")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("", "没有核对"),
                            ("incomplete", "没有核对完"),
                            ("conforming", "符合"),
                            ("flaw", "有瑕疵"),
                            ("nonconforming", "不符合"),
                        ],
                        max_length=13,
                        verbose_name="结论",
                    ),
                ),
                ("wrong", models.JSONField(blank=True, default=list, verbose_name="不符合项")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("checked_on", models.DateField(verbose_name="核对日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="label_checks",
                        to="imported_food.consignment",
                        verbose_name="批次",
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
                        verbose_name="标签照片",
                    ),
                ),
            ],
            options={
                "verbose_name": "中文标签核对",
                "verbose_name_plural": "中文标签核对",
                "ordering": ["-recorded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="会商编号")),
                ("title", models.CharField(max_length=120, verbose_name="会商事项")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("planned_on", models.DateField(verbose_name="计划日期")),
                ("others", models.CharField(blank=True, max_length=200, verbose_name="本县以外的单位")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "已安排"),
                            ("held", "已召开"),
                            ("concluded", "已形成结论"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="召开日期")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="主持人")),
                ("conclusion", models.CharField(blank=True, max_length=2000, verbose_name="结论")),
                ("arranged_at", models.DateTimeField(verbose_name="安排时间")),
                ("arranged_by", models.CharField(max_length=150, verbose_name="安排人")),
                ("concluded_at", models.DateTimeField(blank=True, null=True, verbose_name="形成结论时间")),
                ("concluded_by", models.CharField(blank=True, max_length=150, verbose_name="形成结论人")),
                (
                    "agencies",
                    models.ManyToManyField(blank=True, related_name="+", to="people.agency", verbose_name="参加单位"),
                ),
                (
                    "alerts",
                    models.ManyToManyField(
                        blank=True, related_name="sessions", to="imported_food.alert", verbose_name="风险通报"
                    ),
                ),
                (
                    "disposals",
                    models.ManyToManyField(
                        blank=True, related_name="sessions", to="imported_food.disposal", verbose_name="处置"
                    ),
                ),
            ],
            options={
                "verbose_name": "进口食品会商",
                "verbose_name_plural": "进口食品会商",
                "ordering": ["-planned_on", "-number"],
                "indexes": [models.Index(fields=["division_code", "-planned_on"], name="import_session_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concluded_at__isnull", True), ("concluded_by", "")),
                            models.Q(("concluded_at__isnull", False), models.Q(("concluded_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_session_concluded_told",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000, verbose_name="决定")),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("decided_at", models.DateTimeField(verbose_name="记录时间")),
                ("decided_by", models.CharField(max_length=150, verbose_name="记录人")),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agency",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="imported_food.session",
                        verbose_name="会商",
                    ),
                ),
            ],
            options={
                "verbose_name": "进口食品会商决定",
                "verbose_name_plural": "进口食品会商决定",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Trader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("importer", "进口商"), ("seller", "销售者")], max_length=8, verbose_name="身份"
                    ),
                ),
                ("filing_number", models.CharField(blank=True, max_length=40, verbose_name="海关收货人备案号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                (
                    "coaching",
                    models.CharField(
                        choices=[
                            ("known", "已掌握"),
                            ("recommended", "已推荐"),
                            ("coaching", "海关培育中"),
                            ("certified", "已认证"),
                            ("declined", "未通过或者不参加"),
                        ],
                        default="known",
                        max_length=11,
                        verbose_name="信用培育",
                    ),
                ),
                ("coaching_note", models.CharField(blank=True, max_length=300, verbose_name="培育情况")),
                ("since", models.DateField(verbose_name="登记日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "premises",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_trader",
                        to="registry.premises",
                        verbose_name="经营场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "进口食品经营者",
                "verbose_name_plural": "进口食品经营者",
                "ordering": ["division_code", "pk"],
                "indexes": [models.Index(fields=["division_code", "role", "id"], name="trader_list")],
            },
        ),
        migrations.CreateModel(
            name="CreditRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField(max_length=20, verbose_name="等级体系")),
                ("grade", models.CharField(max_length=24, verbose_name="等级")),
                ("valid_from", models.DateField(verbose_name="认定日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("source_text", models.CharField(max_length=200, verbose_name="认定文书或者查询来源")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="文书",
                    ),
                ),
                (
                    "trader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_records",
                        to="imported_food.trader",
                        verbose_name="经营者",
                    ),
                ),
            ],
            options={
                "verbose_name": "海关信用等级",
                "verbose_name_plural": "海关信用等级",
                "ordering": ["-valid_from", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="import_credit_span_forward",
                        violation_error_message="截止日期早于认定日期，请核对。",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="consignment",
            name="trader",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consignments",
                to="imported_food.trader",
                verbose_name="经营者",
            ),
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="购货者")),
                (
                    "delivered",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="购进数量"
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="单位")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="通知时间")),
                ("told_by", models.CharField(blank=True, max_length=150, verbose_name="通知人")),
                (
                    "returned",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="追回数量",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "disposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="imported_food.disposal",
                        verbose_name="处置",
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
                        verbose_name="购货者批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "召回去向",
                "verbose_name_plural": "召回去向",
                "ordering": ["disposal_id", "name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_by", "")),
                            models.Q(("told_at__isnull", False), models.Q(("told_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_withdrawal_told",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lot__isnull", False)),
                        fields=("disposal", "lot"),
                        name="import_withdrawal_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="线索编号")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("inspection", "检查发现"),
                            ("report", "投诉举报"),
                            ("lot", "批次核对发现"),
                            ("other", "其他部门移送"),
                        ],
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                ("facts", models.CharField(max_length=2000, verbose_name="线索情况")),
                (
                    "amount_yuan",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="估计货值（元）",
                    ),
                ),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("recorded_by", models.CharField(max_length=150, verbose_name="登记人")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="当前时限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "待研判报告"),
                            ("reported", "待负责人决定"),
                            ("approved", "待移送"),
                            ("handed_over", "已移送"),
                            ("answered", "已有回复"),
                            ("dismissed", "不移送"),
                        ],
                        default="recorded",
                        max_length=11,
                        verbose_name="状态",
                    ),
                ),
                ("assessment", models.CharField(blank=True, max_length=1000, verbose_name="研判意见")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="报告时间")),
                ("reported_by", models.CharField(blank=True, max_length=150, verbose_name="报告人")),
                ("decision", models.CharField(blank=True, max_length=1000, verbose_name="决定理由")),
                (
                    "receiver",
                    models.CharField(
                        blank=True,
                        choices=[("police", "公安机关"), ("customs", "海关缉私部门")],
                        max_length=7,
                        verbose_name="移送给",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="决定人")),
                ("handed_at", models.DateTimeField(blank=True, null=True, verbose_name="移送时间")),
                ("handed_by", models.CharField(blank=True, max_length=150, verbose_name="移送人")),
                ("handed_text", models.CharField(blank=True, max_length=500, verbose_name="接收单位和材料")),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[("filed", "立案"), ("refused", "不予立案")],
                        max_length=7,
                        verbose_name="回复",
                    ),
                ),
                ("reply_text", models.CharField(blank=True, max_length=500, verbose_name="回复情况")),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="回复登记时间")),
                ("replied_by", models.CharField(blank=True, max_length=150, verbose_name="回复登记人")),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="移送函",
                    ),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="imported_food.consignment",
                        verbose_name="批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "走私和来源不明线索",
                "verbose_name_plural": "走私和来源不明线索",
                "ordering": ["-found_on", "-number"],
                "indexes": [
                    models.Index(fields=["division_code", "-found_on", "-number"], name="import_clue_list"),
                    models.Index(fields=["state", "due_at"], name="import_clue_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at__isnull", True), ("reported_by", "")),
                            models.Q(("reported_at__isnull", False), models.Q(("reported_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_clue_reported_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_clue_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_at__isnull", True), ("handed_by", "")),
                            models.Q(("handed_at__isnull", False), models.Q(("handed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_clue_handed_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at__isnull", True), ("replied_by", "")),
                            models.Q(("replied_at__isnull", False), models.Q(("replied_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_clue_replied_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", ""),
                            models.Q(("decided_by", models.F("reported_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="import_clue_second_person",
                        violation_error_message="报告人不能自己决定是否移送。",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(fields=["trader", "-points"], name="consignment_trader"),
        ),
    ]

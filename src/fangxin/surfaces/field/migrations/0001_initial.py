import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_triggers"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="设备编号")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("name", models.CharField(max_length=80, verbose_name="设备名称")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "在用"), ("signed_out", "已注销，待清除"), ("wiped", "已清除")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True, verbose_name="令牌摘要")),
                ("recovery", models.CharField(blank=True, max_length=64, verbose_name="恢复密钥")),
                ("enrolled_at", models.DateTimeField(verbose_name="启用时间")),
                ("contact_at", models.DateTimeField(blank=True, null=True, verbose_name="最近联系")),
                ("pending", models.PositiveIntegerField(blank=True, null=True, verbose_name="未同步条数")),
                ("clock_offset_s", models.IntegerField(blank=True, null=True, verbose_name="时钟偏差（秒）")),
                ("signed_out_at", models.DateTimeField(blank=True, null=True, verbose_name="注销时间")),
                ("signed_out_by", models.CharField(blank=True, max_length=150, verbose_name="注销人")),
                ("signed_out_reason", models.CharField(blank=True, max_length=200, verbose_name="注销原因")),
                ("wipe_told_at", models.DateTimeField(blank=True, null=True, verbose_name="清除指令送达")),
                ("wiped_at", models.DateTimeField(blank=True, null=True, verbose_name="手机报告已清除")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="使用人",
                    ),
                ),
            ],
            options={
                "verbose_name": "外勤设备",
                "verbose_name_plural": "外勤设备",
                "ordering": ["-enrolled_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "-enrolled_at", "-id"], name="device_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_out_at__isnull", True), ("signed_out_by", "")),
                            models.Q(("signed_out_at__isnull", False), models.Q(("signed_out_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="device_signed_out_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_out_at", None), ("state", "active")),
                            models.Q(("recovery", ""), ("signed_out_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="device_signed_out_keeps_no_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SyncedOperation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(unique=True, verbose_name="操作编号")),
                ("sequence", models.BigIntegerField(null=True, verbose_name="序号")),
                ("told_sequence", models.BigIntegerField(verbose_name="手机所报序号")),
                ("kind", models.CharField(max_length=40, verbose_name="操作")),
                ("subject", models.CharField(max_length=64, verbose_name="对象")),
                ("payload", models.JSONField(verbose_name="内容")),
                ("files", models.JSONField(default=list, verbose_name="照片")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="内容摘要")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("applied", "已采用"), ("conflict", "有冲突"), ("refused", "不能采用")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("made_at_device", models.DateTimeField(verbose_name="手机时间")),
                ("made_at", models.DateTimeField(verbose_name="校正时间")),
                ("time_doubtful", models.BooleanField(default=False, verbose_name="时间存疑")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operations",
                        to="field.device",
                        verbose_name="设备",
                    ),
                ),
            ],
            options={
                "verbose_name": "同步操作",
                "verbose_name_plural": "同步操作",
                "indexes": [models.Index(fields=["device", "subject", "sequence"], name="operation_subject")],
                "constraints": [models.UniqueConstraint(fields=("device", "sequence"), name="operation_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division_code", models.CharField(max_length=12, verbose_name="区划")),
                ("about", models.CharField(blank=True, max_length=200, verbose_name="检查对象")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待处理"), ("phone", "采用手机的"), ("server", "保留平台的")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="发生时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="处理人")),
                ("decision_reason", models.CharField(blank=True, max_length=300, verbose_name="处理理由")),
                (
                    "operation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflict",
                        to="field.syncedoperation",
                        verbose_name="同步操作",
                    ),
                ),
            ],
            options={
                "verbose_name": "手机同步冲突",
                "verbose_name_plural": "手机同步冲突",
                "ordering": ["-opened_at", "-pk"],
                "indexes": [models.Index(fields=["division_code", "state", "-opened_at", "-id"], name="conflict_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("decided_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="conflict_decided_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                models.Q(("decision_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conflict_decided_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="摘要")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("refused", models.CharField(blank=True, max_length=200, verbose_name="不能接收的原因")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="field.device",
                        verbose_name="设备",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.evidencefile",
                        verbose_name="证据文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "外勤照片",
                "verbose_name_plural": "外勤照片",
            },
        ),
    ]

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True, verbose_name="账号")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="手机")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("password_changed_at", models.DateTimeField(blank=True, null=True, verbose_name="密码修改时间")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须改密码")),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "ordering": ["username"],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(max_length=30, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "食安办"),
                            ("department", "部门"),
                            ("township", "乡镇（街道）"),
                            ("station", "监管所"),
                            ("institution", "学校、医院等单位"),
                            ("operator", "生产经营者"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        db_index=True,
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$", "区划代码应为 2、4、6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="电话")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.agency",
                        verbose_name="上级机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构",
                "verbose_name_plural": "机构",
                "ordering": ["kind", "pk"],
                "constraints": [models.UniqueConstraint(fields=("name", "division_code"), name="agency_name_once")],
            },
        ),
        migrations.CreateModel(
            name="AgencyName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="别名")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="people.agency",
                        verbose_name="机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构别名",
                "verbose_name_plural": "机构别名",
                "constraints": [models.UniqueConstraint(fields=("agency", "name"), name="agency_other_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$", "区划代码应为 2、4、6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="区划代码",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "省"),
                            ("prefecture", "市"),
                            ("county", "县（市、区）"),
                            ("street", "街道"),
                            ("town", "镇"),
                            ("township", "乡"),
                            ("village", "村"),
                            ("community", "社区"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="启用日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="人口")),
                ("population_basis", models.CharField(blank=True, max_length=60, verbose_name="人口口径")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度（WGS-84）")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度（WGS-84）")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("confidence", models.CharField(blank=True, max_length=20, verbose_name="可信程度")),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="division_code_span_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_from", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="division_span_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("office", "食安办"),
                            ("department", "部门"),
                            ("township", "乡镇（街道）"),
                            ("inspector", "监管所人员"),
                            ("institution", "学校、医院等单位"),
                            ("operator", "生产经营者"),
                            ("reader", "查阅"),
                            ("administrator", "系统管理员"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{2}|\\d{4}|\\d{6}|\\d{9}|\\d{12})$", "区划代码应为 2、4、6、9 或 12 位数字。"
                            )
                        ],
                        verbose_name="管辖区划",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("starts_on", models.DateField(verbose_name="起始日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="people.agency",
                        verbose_name="机构",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "岗位",
                "verbose_name_plural": "岗位",
                "indexes": [models.Index(fields=["user", "starts_on"], name="post_user")],
            },
        ),
    ]

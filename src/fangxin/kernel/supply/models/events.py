from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable
from fangxin.kernel.supply.models.kinds import Source, quantity


class Place(models.Model):
    """Which place of the register a GS1 location identifier means."""

    declared = editable()

    code = models.CharField(_("场所标识"), max_length=255, unique=True)
    premises = models.ForeignKey(
        "registry.Premises",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="location_codes",
        verbose_name=_("经营场所"),
    )
    name = models.CharField(_("名称"), max_length=120, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)

    class Meta:
        verbose_name = _("场所标识")
        verbose_name_plural = _("场所标识")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code


class CaptureJob(models.Model):
    """A batch of events that was handed in. Accepted means: stored durably. Links are derived after that."""

    declared = editable(kept_years=3)

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        ACCEPTED = "accepted", _("已收下，待推导流转")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未收下")

    number = models.UUIDField(_("任务编号"), unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    agency = models.ForeignKey(
        "people.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("上传单位"),
    )
    division_code = models.CharField(_("区划"), max_length=12)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.CharField(_("上传人"), max_length=150, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    events = models.PositiveIntegerField(_("事件数"), default=0)
    fresh = models.PositiveIntegerField(_("新事件数"), default=0)
    # RFC 7807 problems, for the one who handed it in.
    errors = models.JSONField(_("原因"), default=list, blank=True)

    class Meta:
        verbose_name = _("上传任务")
        verbose_name_plural = _("上传任务")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["waiting", "accepted"]), name="job_open"),
            models.Index(fields=["agency", "-received_at"], name="job_agency"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Event(models.Model):
    """What somebody said happened. Kept as it came; the hash of its content makes a second delivery nothing new."""

    declared = append_only(kept_years=3)

    class Kind(models.TextChoices):
        OBJECT = "ObjectEvent", _("物品事件")
        AGGREGATION = "AggregationEvent", _("装箱事件")
        TRANSACTION = "TransactionEvent", _("交易事件")
        TRANSFORMATION = "TransformationEvent", _("加工事件")
        ASSOCIATION = "AssociationEvent", _("关联事件")

    # Of the standard's event hash; for an error declaration, of the declared event's hash and the declaration.
    hash = models.CharField(_("事件哈希"), max_length=64)
    # The event's own hash where this row declares that event to be wrong.
    declares = models.CharField(_("更正的事件"), max_length=64, blank=True)
    event_id = models.CharField(_("事件标识"), max_length=255, blank=True)
    kind = models.CharField(_("事件类型"), max_length=20, choices=Kind.choices)
    action = models.CharField(_("动作"), max_length=8, blank=True)
    event_at = models.DateTimeField(_("发生时间"))
    record_at = models.DateTimeField(_("记录时间"))
    # Told to have happened after it was received: the sender's clock is ahead. Kept, and said.
    ahead = models.BooleanField(_("时钟超前"), default=False)
    biz_step = models.CharField(_("业务环节"), max_length=255, blank=True)
    disposition = models.CharField(_("状态"), max_length=255, blank=True)
    read_point = models.CharField(_("读取点"), max_length=255, blank=True)
    biz_location = models.CharField(_("业务地点"), max_length=255, blank=True)
    # As text: a database that rearranges JSON would change what was said.
    body = models.TextField(_("内容"))
    source = models.CharField(_("记录来源"), max_length=12, choices=Source.choices)
    vouched_by = models.CharField(_("由谁担保"), max_length=120, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)
    agency = models.ForeignKey(
        "people.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("上传单位"),
    )
    job = models.ForeignKey(
        CaptureJob,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="captured",
        db_index=False,
        verbose_name=_("上传任务"),
    )

    class Meta:
        verbose_name = _("追溯事件")
        verbose_name_plural = _("追溯事件")
        ordering = ["event_at", "pk"]
        indexes = [
            models.Index(fields=["division_code", "event_at"], name="event_list"),
            models.Index(fields=["job"], condition=Q(job__isnull=False), name="event_job"),
            models.Index(fields=["event_id"], condition=~Q(event_id=""), name="event_own_id"),
            models.Index(fields=["declares"], condition=~Q(declares=""), name="event_declares"),
        ]
        # A plain constraint: `unique=True` would add a second index on PostgreSQL.
        constraints = [models.UniqueConstraint(fields=["hash"], name="event_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.event_at:%Y-%m-%d %H:%M}"


class EventCode(models.Model):
    """A code that an event names, and as what."""

    declared = append_only(kept_years=3)

    class Role(models.TextChoices):
        EPC = "epc", _("物品")
        PARENT = "parent", _("容器")
        CHILD = "child", _("内装")
        INPUT = "input", _("投入")
        OUTPUT = "output", _("产出")
        # What several events of one making share.
        MAKING = "making", _("加工编号")

    event = models.ForeignKey(Event, models.PROTECT, related_name="codes", db_index=False, verbose_name=_("事件"))
    code = models.CharField(_("追溯码"), max_length=255)
    role = models.CharField(_("身份"), max_length=6, choices=Role.choices)
    # A class of things with a lot number (many kilograms), not one thing with its own number.
    by_class = models.BooleanField(_("按批"), default=False)
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("事件所及追溯码")
        verbose_name_plural = _("事件所及追溯码")
        ordering = ["pk"]
        indexes = [models.Index(fields=["code", "event"], name="event_code")]

    def __str__(self) -> str:
        return self.code


class TradeUnit(models.Model):
    """A container with a number of its own (SSCC), and when what was in it. Derived from events."""

    declared = editable(kept_years=3)

    code = models.CharField(_("容器编号"), max_length=255)
    content = models.CharField(_("内装追溯码"), max_length=255, db_index=True)
    packed_at = models.DateTimeField(_("装入时间"))
    unpacked_at = models.DateTimeField(_("取出时间"), null=True, blank=True)
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("运输单元")
        verbose_name_plural = _("运输单元")
        ordering = ["code", "packed_at"]
        constraints = [models.UniqueConstraint(fields=["code", "content", "packed_at"], name="trade_unit_once")]

    def __str__(self) -> str:
        return self.code

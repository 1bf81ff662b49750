from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, append_only, editable


class Entry(models.Model):
    """One thing that happened. Written in the transaction of the change itself; never changed, never deleted."""

    declared = append_only(personal={"actor_name": Personal.NAME})

    at = models.DateTimeField(_("时间"), db_index=True)
    event = models.CharField(_("事项"), max_length=100)
    actor = models.CharField(_("账号"), max_length=150, blank=True)
    actor_name = models.CharField(_("人员"), max_length=150, blank=True)
    subject_type = models.CharField(_("对象类型"), max_length=100, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    subject_name = models.CharField(_("对象"), max_length=200, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, blank=True)
    data = models.TextField(_("内容"), default="{}")

    class Meta:
        verbose_name = _("留痕记录")
        verbose_name_plural = _("留痕记录")
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="entry_subject"),
            models.Index(fields=["event", "at"], name="entry_event"),
            models.Index(fields=["actor", "at"], name="entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject_name}"


class Seal(models.Model):
    """The link that chains an entry to all before it. Made right after the entry's transaction has been committed.

    Entries are written in many transactions at once; chaining them there would make every writer wait for every
    other and could lock two against each other. So the chain is closed afterwards, in the order of commits.
    """

    declared = append_only()

    seq = models.BigIntegerField(_("序号"), primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(_("摘要"), max_length=128)
    algorithm = models.CharField(_("算法"), max_length=20)

    class Meta:
        verbose_name = _("链节")
        verbose_name_plural = _("链节")

    def __str__(self) -> str:
        return f"{self.seq} {self.digest[:12]}"


class Waiting(models.Model):
    """An entry that is written and not yet chained: the chain's work list, so that sealing never searches the ledger."""

    declared = editable()

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="waiting")

    class Meta:
        verbose_name = _("待补链节")
        verbose_name_plural = _("待补链节")

    def __str__(self) -> str:
        return str(self.entry_id)


def new_ledger_id() -> str:
    return uuid4().hex


class ChainHead(models.Model):
    """The one row that whoever extends the chain holds for that moment. It also names this installation's ledger."""

    declared = editable()

    ledger_id = models.CharField(max_length=32, default=new_ledger_id)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("链头")
        verbose_name_plural = _("链头")

    def __str__(self) -> str:
        return str(self.seq)


class EvidenceFile(models.Model):
    """A file kept under its own hash: the same bytes are stored once, and a changed byte is a different file."""

    declared = append_only(personal={"name": Personal.SENSITIVE})

    digest = models.CharField(_("摘要"), max_length=128, unique=True)
    algorithm = models.CharField(_("算法"), max_length=20, default="sha256")
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.BigIntegerField(_("大小"))
    stored_at = models.DateTimeField(_("存入时间"))
    stored_by = models.CharField(_("存入人"), max_length=150)

    class Meta:
        verbose_name = _("证据文件")
        verbose_name_plural = _("证据文件")

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given in a series and year."""

    declared = editable()

    series = models.CharField(_("编号类别"), max_length=60)
    year = models.PositiveIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = _("编号")
        verbose_name_plural = _("编号")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.models.matters import Matter
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


def money(name: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(
        name, max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class Case(models.Model):
    """A penalty case: from the clue to the closed file, or to the police."""

    declared = editable(personal={"party_name": Personal.NAME})

    class Source(models.TextChoices):
        INSPECTION = "inspection", _("监督检查")
        SAMPLING = "sampling", _("抽检不合格")
        COMPLAINT = "complaint", _("投诉举报")
        REFERRAL = "referral", _("其他机关移送")
        SUPERIOR = "superior", _("上级交办")
        OTHER = "other", _("其他")

    class Party(models.TextChoices):
        ORGANIZATION = "organization", _("单位")
        PERSON = "person", _("个人")

    class State(models.TextChoices):
        CLUE = "clue", _("线索待核")
        NOT_FILED = "not_filed", _("不予立案")
        INVESTIGATING = "investigating", _("调查取证")
        REVIEWING = "reviewing", _("法制审核中")
        REVIEWED = "reviewed", _("审核通过，待告知")
        NOTIFIED = "notified", _("已告知，听取意见")
        HEARING = "hearing", _("待听证")
        HEARD = "heard", _("已听证")
        TOLD = "told", _("已当场告知")
        SENT_UP = "sent_up", _("已报上级决定")
        DECIDED = "decided", _("已决定，待送达")
        NO_PENALTY = "no_penalty", _("决定不予处罚")
        SERVED = "served", _("已送达，待履行")
        CLOSED = "closed", _("已结案")
        WITHDRAWN = "withdrawn", _("已撤案")
        ANNULLED = "annulled", _("决定被撤销")
        TRANSFER_REVIEW = "transfer_review", _("涉嫌犯罪，待负责人决定")
        TRANSFER_APPROVED = "transfer_approved", _("已批准移送")
        TRANSFERRED = "transferred", _("已移送公安，待答复")
        POLICE_REFUSED = "police_refused", _("公安不予立案")
        POLICE_FILED = "police_filed", _("公安已立案")

    class Publicity(models.TextChoices):
        LONG = "long", _("公示三年")
        SHORT = "short", _("公示三个月（通报批评或者较低数额罚款）")
        NONE = "none", _("依法不予公示")

    number = models.CharField(_("案件编号"), max_length=20, unique=True)
    source = models.CharField(_("案件来源"), max_length=12, choices=Source.choices)
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True)
    reporter_named = models.BooleanField(_("实名举报"), default=False)
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("问题事项")
    )
    state = models.CharField(_("状态"), max_length=18, choices=State.choices, default=State.CLUE)
    # Where the case goes on if it comes back from the police or the head.
    held_state = models.CharField(_("移送前状态"), max_length=18, choices=State.choices, blank=True)

    party_kind = models.CharField(_("当事人类型"), max_length=12, choices=Party.choices)
    party_name = models.CharField(_("当事人"), max_length=200)
    subject_type = models.CharField(_("对象类型"), max_length=100, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    subject_kind = models.CharField(_("主体类别"), max_length=30)
    elsewhere = models.BooleanField(_("当事人住所在外省"), default=False)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("办案机关"))
    officers = models.ManyToManyField("people.User", related_name="+", blank=True, verbose_name=_("办案人员"))

    offence = models.CharField(_("违法行为"), max_length=40)
    facts = models.TextField(_("违法事实"), max_length=5000)
    began_on = models.DateField(_("违法行为开始日"), null=True, blank=True)
    ended_on = models.DateField(_("违法行为终了日"), null=True, blank=True)
    goods_value = money(_("货值金额（元）"))
    illegal_gain = money(_("违法所得（元）"))
    life_or_health = models.BooleanField(_("危害生命健康安全且有危害后果"), default=False)
    refused_correction = models.BooleanField(_("责令改正或者警告后拒不改正"), default=False)
    statute_code = models.CharField(_("适用法规"), max_length=80, blank=True)
    statute_edition = models.CharField(_("法规版本"), max_length=60, blank=True)
    article_code = models.CharField(_("罚则条款"), max_length=20, blank=True)

    clue_on = models.DateField(_("发现线索日期"))
    opened_at = models.DateTimeField(_("登记时间"))
    opened_by = models.CharField(_("登记人"), max_length=150, blank=True)
    filed_at = models.DateTimeField(_("立案时间"), null=True, blank=True)
    filed_by = models.CharField(_("批准立案人"), max_length=150, blank=True)
    proposed_fine = money(_("拟罚款（元）"))
    proposed_penalty = models.TextField(_("拟作出的其他处罚"), max_length=1000, blank=True)
    fine_reason = models.TextField(_("裁量理由"), max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=150, blank=True)
    notified_on = models.DateField(_("告知书送达日期"), null=True, blank=True)
    hearing_at = models.DateTimeField(_("听证时间"), null=True, blank=True)
    fine = money(_("罚款（元）"))
    penalty = models.TextField(_("其他处罚"), max_length=1000, blank=True)
    closing = models.BooleanField(_("责令停产停业或者吊销许可证"), default=False)
    on_the_spot = models.BooleanField(_("当场处罚"), default=False)
    publicity = models.CharField(_("公示"), max_length=6, choices=Publicity.choices, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    served_on = models.DateField(_("决定书送达日期"), null=True, blank=True)
    published_on = models.DateField(_("公示日期"), null=True, blank=True)
    public_until = models.DateField(_("公示至"), null=True, blank=True)
    unpublished_on = models.DateField(_("撤下日期"), null=True, blank=True)
    paid_on = models.DateField(_("缴清日期"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)
    closed_by = models.CharField(_("批准结案人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("处罚案件")
        verbose_name_plural = _("处罚案件")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division_code", "state"], name="case_division_state"),
            models.Index(fields=["agency", "state"], name="case_agency_state"),
            models.Index(fields=["subject_type", "subject_id"], name="case_subject"),
            models.Index(fields=["public_until", "published_on"], name="case_public"),
        ]
        constraints = [
            told_together("filed_at", "filed_by", "case_filed_told"),
            told_together("reviewed_at", "reviewed_by", "case_reviewed_told"),
            told_together("decided_at", "decided_by", "case_decided_told"),
            told_together("closed_at", "closed_by", "case_closed_told"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("reviewed_by")), name="case_decided_by_another"
            ),
            # A penalty needs a notice, given on paper or, on the spot, by word of mouth.
            models.CheckConstraint(
                condition=Q(fine=None) | Q(notified_on__isnull=False), name="case_no_penalty_without_notice"
            ),
            models.CheckConstraint(condition=Q(fine=None) | Q(decided_on__isnull=False), name="case_fine_is_decided"),
            models.CheckConstraint(
                condition=Q(began_on=None) | Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="case_span_forward"
            ),
            models.CheckConstraint(
                condition=Q(published_on=None, public_until=None)
                | Q(published_on__isnull=False, public_until__gte=F("published_on")),
                name="case_public_span",
            ),
        ]

    def __str__(self) -> str:
        # The ledger keeps this for ever, so the party's name is not in it.
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("casework:case", args=[self.pk])


class CaseStep(models.Model):
    """One step in a case's life, and how it stood after it."""

    declared = append_only(personal={"by_name": Personal.NAME})

    class Action(models.TextChoices):
        OPENED = "opened", _("登记线索")
        OFFICERS_NAMED = "officers_named", _("指定办案人员")
        CLUE_EXTENDED = "clue_extended", _("延长核查期限")
        FILED = "filed", _("批准立案")
        NOT_FILED = "not_filed", _("决定不予立案")
        REPORTER_TOLD = "reporter_told", _("告知举报人")
        FACTS_RECORDED = "facts_recorded", _("登记案情")
        SCREENED = "screened", _("情节和移送研判")
        GOODS_TAKEN = "goods_taken", _("登记保存、查封或者扣押")
        SEIZURE_EXTENDED = "seizure_extended", _("延长查封扣押")
        GOODS_HANDLED = "goods_handled", _("处理登记保存、查封扣押的物品")
        PAUSED = "paused", _("暂停计算期限")
        UNPAUSED = "unpaused", _("恢复计算期限")
        CASE_EXTENDED = "case_extended", _("延长办案期限")
        REVIEW_ASKED = "review_asked", _("提交法制审核")
        REVIEW_PASSED = "review_passed", _("法制审核通过")
        REVIEW_RETURNED = "review_returned", _("法制审核退回")
        NOTIFIED = "notified", _("送达处罚告知书")
        STATEMENT_HEARD = "statement_heard", _("记录陈述申辩")
        HEARING_CALLED = "hearing_called", _("送达听证通知")
        HEARING_HELD = "hearing_held", _("举行听证")
        REINVESTIGATED = "reinvestigated", _("退回补充调查")
        SENT_UP = "sent_up", _("报上级机关决定")
        TOLD_ON_SPOT = "told_on_spot", _("当场告知并听取意见")
        DECIDED = "decided", _("作出处罚决定")
        DECIDED_ON_SPOT = "decided_on_spot", _("当场作出处罚决定")
        SPARED = "spared", _("决定不予处罚")
        SERVED = "served", _("送达决定书")
        PUBLISHED = "published", _("公示处罚信息")
        UNPUBLISHED = "unpublished", _("撤下公示")
        PAID = "paid", _("缴清罚没款")
        ENFORCED = "enforced", _("申请强制执行")
        ANNULLED = "annulled", _("决定被撤销")
        CLOSED = "closed", _("结案")
        WITHDRAWN = "withdrawn", _("撤案")
        CRIME_REPORTED = "crime_reported", _("涉嫌犯罪，报告负责人")
        TRANSFER_REFUSED = "transfer_refused", _("负责人决定不移送")
        TRANSFER_APPROVED = "transfer_approved", _("负责人批准移送")
        HANDED_OVER = "handed_over", _("移送公安机关")
        POLICE_ASKED_MORE = "police_asked_more", _("公安机关要求补正")
        SUPPLEMENTED = "supplemented", _("补齐移送材料")
        POLICE_FILED = "police_filed", _("公安机关立案")
        GOODS_HANDED_OVER = "goods_handed_over", _("移交涉案物品和材料")
        POLICE_REFUSED = "police_refused", _("公安机关不予立案")
        RECONSIDERATION_ASKED = "reconsideration_asked", _("提请复议")
        POLICE_UPHELD = "police_upheld", _("复议维持不予立案")
        PROCURATORATE_ASKED = "procuratorate_asked", _("建议检察机关立案监督")
        RESUMED = "resumed", _("恢复行政处罚办理")
        EVIDENCE_ADDED = "evidence_added", _("上传证据")
        PAPER_ISSUED = "paper_issued", _("制发文书")
        CLOCK_LAPSED = "clock_lapsed", _("期限届满未办结")

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name=_("案件"))
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("账号"), max_length=150, blank=True)
    by_name = models.CharField(_("办理人"), max_length=150, blank=True)
    action = models.CharField(_("办理"), max_length=24, choices=Action.choices)
    from_state = models.CharField(_("原状态"), max_length=18, choices=Case.State.choices, blank=True)
    state = models.CharField(_("状态"), max_length=18, choices=Case.State.choices)
    text = models.TextField(_("说明"), max_length=6000, blank=True)

    class Meta:
        verbose_name = _("案件办理记录")
        verbose_name_plural = _("案件办理记录")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"


class CaseScreening(models.Model):
    """What was known of circumstances and crime on a day, and what the rules made of it. The last one holds."""

    declared = append_only(personal={"by_name": Personal.NAME})

    case = models.ForeignKey(Case, models.PROTECT, related_name="screenings", verbose_name=_("案件"))
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("账号"), max_length=150)
    by_name = models.CharField(_("研判人"), max_length=150)
    facts = models.JSONField(_("研判事实"))
    answer = models.CharField(_("移送研判"), max_length=8)
    triggers = models.JSONField(_("移送情形"))
    serious = models.BooleanField(_("情节严重"), null=True, blank=True)
    grounds = models.JSONField(_("严重情节"), default=list, blank=True)
    leniency = models.JSONField(_("从宽情节"), default=list, blank=True)
    edition = models.CharField(_("规则版本"), max_length=60)

    class Meta:
        verbose_name = _("情节和移送研判")
        verbose_name_plural = _("情节和移送研判")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.answer}"


class CaseItem(models.Model):
    """Goods put under registration, seal or seizure, and what became of them."""

    declared = editable()

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("先行登记保存")
        SEALED = "sealed", _("查封")
        SEIZED = "seized", _("扣押")

    case = models.ForeignKey(Case, models.PROTECT, related_name="items", verbose_name=_("案件"))
    kind = models.CharField(_("措施"), max_length=10, choices=Kind.choices)
    goods = models.TextField(_("物品"), max_length=3000)
    place = models.CharField(_("存放地点"), max_length=200)
    taken_at = models.DateTimeField(_("实施时间"))
    taken_by = models.CharField(_("实施人"), max_length=150)
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    handled_by = models.CharField(_("处理人"), max_length=150, blank=True)
    handling = models.CharField(_("处理结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("登记保存和查封扣押")
        verbose_name_plural = _("登记保存和查封扣押")
        ordering = ["pk"]
        constraints = [told_together("handled_at", "handled_by", "case_item_handled_told")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.goods[:30]}"


class CaseClock(models.Model):
    """One legal clock of a case: started by a step, ended by another."""

    declared = editable()

    class Code(models.TextChoices):
        CLUE = "DL04", _("决定是否立案")
        REPORTER = "DL05", _("告知实名举报人")
        CASE = "DL06", _("作出处罚决定")
        SEIZURE = "DL07", _("查封扣押到期")
        REGISTERED = "DL08", _("处理登记保存的证据")
        STATEMENT = "DL09", _("当事人陈述申辩、要求听证")
        PUBLISH = "DL10", _("公示处罚信息")
        PAY = "DL11", _("缴纳罚款")
        REVIEW = "P3", _("法制审核")
        HEARING = "P5", _("送达听证通知")
        SERVE = "P6", _("送达处罚决定书")
        PUSH = "P8-PUSH", _("向当事人所在省推送处罚信息")
        PUBLIC = "P9", _("停止公示")
        PUBLIC_SHORT = "P9-SHORT", _("停止公示（三个月）")
        RETRACT = "P10", _("撤回公示")
        TRANSFER = "DL12", _("负责人决定是否移送")
        HAND_OVER = "DL13", _("移送公安机关（24小时）")
        SUPPLEMENT = "T4", _("补齐移送材料")
        POLICE = "T6", _("公安机关审查")
        RECONSIDER = "DL14", _("提请复议")
        ANSWER = "T8", _("公安机关复议答复")
        PROCURATORATE = "T8-PROCURATORATE", _("建议检察机关立案监督")
        GOODS = "T9", _("移交涉案物品和材料")

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", verbose_name=_("案件"))
    item = models.ForeignKey(
        CaseItem, models.PROTECT, null=True, blank=True, related_name="clocks", verbose_name=_("物品")
    )
    code = models.CharField(_("期限"), max_length=18, choices=Code.choices)
    started_at = models.DateTimeField(_("起算"))
    due_at = models.DateTimeField(_("届满"))
    extended = models.BooleanField(_("已延长"), default=False)
    paused = models.BooleanField(_("暂停中"), default=False)
    ended_at = models.DateTimeField(_("办结"), null=True, blank=True)
    lapse_noted_at = models.DateTimeField(_("逾期记录时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("案件期限")
        verbose_name_plural = _("案件期限")
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="case_clock_running")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], condition=Q(ended_at=None, item=None), name="case_clock_runs_once"
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(ended_at=None), name="case_clock_of_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code} {self.due_at:%Y-%m-%d}"


class CasePause(models.Model):
    """Time that is not counted: tests, hearings, notices, and while the police have the case."""

    declared = editable()

    class Reason(models.TextChoices):
        TESTING = "testing", _("检验、检测、鉴定")
        HEARING = "hearing", _("听证")
        NOTICE = "notice", _("公告")
        SUSPENDED = "suspended", _("移送公安机关，中止调查")

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses", verbose_name=_("案件"))
    reason = models.CharField(_("原因"), max_length=10, choices=Reason.choices)
    began_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("不计入期限的时间")
        verbose_name_plural = _("不计入期限的时间")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None), name="case_pause_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="case_pause_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.began_on}"


class CaseEvidence(models.Model):
    """A file kept for a case."""

    declared = append_only(personal={"added_by_name": Personal.NAME})

    class Kind(models.TextChoices):
        RECORD = "record", _("现场笔录、询问笔录")
        PHOTO = "photo", _("照片、视频")
        DOCUMENT = "document", _("书证")
        REPORT = "report", _("检验报告、鉴定意见")
        STATEMENT = "statement", _("陈述申辩、听证材料")
        SERVICE = "service", _("送达凭证")
        PAYMENT = "payment", _("缴款凭证")
        POLICE = "police", _("公安、检察机关文书")
        OTHER = "other", _("其他")

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence", verbose_name=_("案件"))
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    kind = models.CharField(_("证据种类"), max_length=10, choices=Kind.choices)
    note = models.CharField(_("证明什么"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("账号"), max_length=150)
    added_by_name = models.CharField(_("上传人"), max_length=150)

    class Meta:
        verbose_name = _("案件证据")
        verbose_name_plural = _("案件证据")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "file", "kind"], name="case_evidence_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class CasePaper(models.Model):
    """A paper of the file, as it left the house."""

    declared = append_only()

    class Kind(models.TextChoices):
        FILING = "filing", _("立案审批表")
        NOTICE = "notice", _("行政处罚告知书")
        HEARING = "hearing", _("听证通知书")
        DECISION = "decision", _("行政处罚决定书")
        RECEIPT = "receipt", _("送达回证")
        GOODS = "goods", _("涉案物品清单")
        TRANSFER = "transfer", _("涉嫌犯罪案件移送书")
        CLOSING = "closing", _("结案审批表")

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("案件"))
    kind = models.CharField(_("文书"), max_length=10, choices=Kind.choices)
    document_number = models.CharField(_("文号"), max_length=60)
    title = models.CharField(_("标题"), max_length=300)
    sender = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("制发机关"))
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    issued_at = models.DateTimeField(_("制发时间"))
    issued_by = models.CharField(_("制发人"), max_length=150)

    class Meta:
        verbose_name = _("案件文书")
        verbose_name_plural = _("案件文书")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["sender", "document_number"], name="case_paper_number_once")]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"

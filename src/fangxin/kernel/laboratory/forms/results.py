"""Forms of results: short, one for each act."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.laboratory.data_results import Ordered
from fangxin.kernel.laboratory.models import (
    Disposition,
    Notice,
    Objection,
    RapidTest,
    RecallOrder,
    Regime,
    Retest,
    Stage,
)

MOST_ITEMS = 100


def written(label: Any, *, most: int = 500, required: bool = True, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, **more)


def day(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}), **more)


def choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, **more)


class ReasonForm(forms.Form):
    reason = written(gettext_lazy("原因"), most=300)


class OrderTestsForm(forms.Form):
    items = written(
        gettext_lazy("检验项目"), most=8000, rows=10,
        help_text=gettext_lazy("一行一个项目。可以接着写方法、平行样数和“参考”，用逗号分开，例如：菌落总数, GB 4789.2, 5"),
    )  # fmt: skip

    def clean_items(self) -> list[Ordered]:
        lines = [line for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if len(lines) > MOST_ITEMS:
            raise forms.ValidationError(_("一次最多%(most)s个项目。") % {"most": MOST_ITEMS})
        return [_ordered(line) for line in lines]


def _ordered(line: str) -> Ordered:
    parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
    method, replicates, reference = "", 1, False
    for part in parts[1:]:
        if part == "参考":
            reference = True
        elif part.isascii() and part.isdigit() and len(part) <= 3:
            replicates = int(part)
        elif part and not method:
            method = part
        elif part:
            raise forms.ValidationError(_("“%(line)s”看不明白，请写成：项目, 方法, 平行样数。") % {"line": line[:60]})
    if not parts[0] or len(parts[0]) > 120 or len(method) > 120:
        raise forms.ValidationError(_("“%(line)s”的项目或者方法是空的或者太长。") % {"line": line[:60]})
    return Ordered(parts[0], method, replicates, reference)


class CorrectForm(forms.Form):
    text = written(gettext_lazy("更正后的结果"), most=60, rows=0)
    unit = written(gettext_lazy("单位"), most=30, rows=0, required=False)
    lod = written(gettext_lazy("检出限"), most=32, rows=0, required=False)
    loq = written(gettext_lazy("定量限"), most=32, rows=0, required=False)
    moisture = written(gettext_lazy("水分（%）"), most=32, rows=0, required=False)
    reason = written(gettext_lazy("更正原因"), most=300)


class NameForm(forms.Form):
    chosen = forms.ChoiceField(label=gettext_lazy("是哪一种"), widget=forms.RadioSelect, required=False)
    other = written(
        gettext_lazy("都不是，写标准里的名称"), most=200, rows=0, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["chosen"].choices = [(name, name) for name in candidates]  # type: ignore[attr-defined]
        if not candidates:
            del self.fields["chosen"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        found["chosen"] = found.get("other") or found.get("chosen") or ""
        return found


class NoticeForm(forms.Form):
    to = choice(gettext_lazy("告知对象"), Notice.To.choices)
    name = written(gettext_lazy("单位名称"), most=120, rows=0)


class ReceivedForm(forms.Form):
    received_by = written(gettext_lazy("签收人"), most=60, rows=0)
    received_on = day(gettext_lazy("签收日期"))


class ObjectionForm(forms.Form):
    kind = choice(gettext_lazy("异议种类"), Objection.Kind.choices)
    applicant = written(gettext_lazy("提出单位"), most=120, rows=0)
    text = written(gettext_lazy("异议内容"))
    filed_on = day(gettext_lazy("提出日期"))


class DecideObjectionForm(forms.Form):
    upheld = choice(gettext_lazy("审核结论"), [("no", gettext_lazy("异议不成立")), ("yes", gettext_lazy("异议成立"))])
    answer = written(gettext_lazy("审核意见"))


class RetestForm(forms.Form):
    applicant = written(gettext_lazy("申请单位"), most=120, rows=0)
    items = written(gettext_lazy("申请复检的项目"), most=300, rows=2)
    requested_on = day(gettext_lazy("申请日期"))
    materials_on = day(gettext_lazy("材料齐全日期"))


class RefuseRetestForm(forms.Form):
    refusal = choice(gettext_lazy("原因"), Retest.Refusal.choices)
    note = written(gettext_lazy("理由"))


class ConcludeRetestForm(forms.Form):
    outcome = choice(gettext_lazy("复检结论"), Retest.Outcome.choices)
    finding = written(gettext_lazy("复检结果"), help_text=gettext_lazy("写明项目和复检的测定值。复检结论是最终结论。"))


class NoteForm(forms.Form):
    note = written(gettext_lazy("情况说明"))


# --- follow-up ----------------------------------------------------------------------------------------------------------


class ControlsForm(forms.Form):
    controls = written(gettext_lazy("控制措施"), help_text=gettext_lazy("封存、下架、停止销售、召回等。"))
    controls_on = day(gettext_lazy("采取措施日期"))
    unit = written(gettext_lazy("数量单位"), most=20, rows=0, required=False)
    purchased = written(gettext_lazy("购进（生产）数量"), most=20, rows=0, required=False)
    stock = written(gettext_lazy("封存库存数量"), most=20, rows=0, required=False)
    sold = written(gettext_lazy("已销售数量"), most=20, rows=0, required=False)
    returned = written(gettext_lazy("退货、召回数量"), most=20, rows=0, required=False)
    destroyed = written(gettext_lazy("已销毁数量"), most=20, rows=0, required=False)
    imbalance_reason = written(gettext_lazy("数量不平的说明"), most=300, rows=2, required=False)


class CauseForm(forms.Form):
    cause = choice(gettext_lazy("原因环节"), Disposition.Cause.choices)
    cause_text = written(gettext_lazy("原因排查"), most=800, rows=4)


class PenaltyForm(forms.Form):
    penalty = written(gettext_lazy("处罚案号，或者不处罚的理由"), most=300)


class RectifiedForm(forms.Form):
    rectified = written(gettext_lazy("整改情况"))


class ExtendForm(forms.Form):
    until = day(gettext_lazy("延期至"))
    reason = written(gettext_lazy("理由和批准人"), most=300)


class RecallForm(forms.Form):
    level = choice(gettext_lazy("召回级别"), RecallOrder.Level.choices)
    recipient = written(gettext_lazy("被责令单位"), most=120, rows=0)
    product = written(gettext_lazy("召回产品（名称、批号）"), most=200, rows=0)
    mark = written(gettext_lazy("发文机关代字"), most=30, rows=0, help_text=gettext_lazy("例如“某市监召”。"))


class RecalledForm(forms.Form):
    recalled = written(gettext_lazy("召回数量"), most=20, rows=0)
    recalled_on = day(gettext_lazy("召回完成日期"))


class ProofForm(forms.Form):
    text = written(gettext_lazy("材料说明"), most=300, rows=2, required=False)
    upload = forms.FileField(label=gettext_lazy("材料"))


class AnswerForm(forms.Form):
    answer = written(gettext_lazy("会商意见"))


# --- rapid tests --------------------------------------------------------------------------------------------------------


class RapidForm(forms.Form):
    food = written(gettext_lazy("样品名称"), most=120, rows=0)
    item = written(gettext_lazy("快检项目"), most=120, rows=0)
    method = written(gettext_lazy("快检方法"), most=120, rows=0)
    result = choice(gettext_lazy("结果"), RapidTest.Result.choices, widget=forms.RadioSelect)
    reading = written(gettext_lazy("读数"), most=60, rows=0, required=False)
    premises_number = written(
        gettext_lazy("经营场所的底册编号"), most=20, rows=0, required=False,
        help_text=gettext_lazy("不在底册里的，不填这一项，写下面的地点。"),
    )  # fmt: skip
    township = forms.ChoiceField(label=gettext_lazy("乡镇（街道）"))
    place = written(gettext_lazy("地点、摊位"), most=120, rows=0, required=False)

    def __init__(self, *args: Any, towns: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["township"].choices = towns  # type: ignore[attr-defined]


class RapidDisputeForm(forms.Form):
    text = written(gettext_lazy("异议内容"), most=300)


class RapidRetestForm(forms.Form):
    method = written(gettext_lazy("复测方法"), most=120, rows=0, help_text=gettext_lazy("不得用快速检测方法。"))
    result = choice(gettext_lazy("复测结果"), [c for c in RapidTest.Result.choices if c[0] != "invalid"])


class RapidSampleForm(forms.Form):
    food_class = forms.ChoiceField(label=gettext_lazy("食品大类"))
    stage = choice(gettext_lazy("环节"), Stage.choices)
    regime = choice(gettext_lazy("适用规则"), Regime.choices)

    def __init__(self, *args: Any, classes: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["food_class"].choices = [(name, name) for name in classes]  # type: ignore[attr-defined]


class HandledForm(forms.Form):
    handled = written(gettext_lazy("如何处理"), most=300)


# --- quality ------------------------------------------------------------------------------------------------------------


class QualitySampleForm(forms.Form):
    analyte = written(gettext_lazy("检验项目"), most=120, rows=0)
    method = written(gettext_lazy("检验方法"), most=120, rows=0, required=False)
    level = written(gettext_lazy("水平"), most=30, rows=0, help_text=gettext_lazy("例如：低、高。"))
    lot = written(gettext_lazy("批号"), most=60, rows=0)
    unit = written(gettext_lazy("单位"), most=30, rows=0)
    mean = written(gettext_lazy("靶值"), most=32, rows=0)
    sd = written(gettext_lazy("标准差"), most=32, rows=0)
    found_from = forms.IntegerField(label=gettext_lazy("由多少批定值"), min_value=1, max_value=9999, initial=20)


class RunForm(forms.Form):
    """One field for each control of the item."""

    measured_on = day(gettext_lazy("测定日期"))

    def __init__(self, *args: Any, controls: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.controls = controls
        for control in controls:
            label = f"{control.level}（{control.lot}，{control.unit}）"
            self.fields[f"value_{control.pk}"] = forms.CharField(label=label, max_length=32, required=False)

    def values(self) -> dict[Any, str]:
        given = {control: self.cleaned_data[f"value_{control.pk}"] for control in self.controls}
        return {control: value for control, value in given.items() if value}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("结果文件"),
        help_text=gettext_lazy("xlsx 或者 csv。一行一个结果，不要合并单元格，最多20万行。"),
    )
    instrument = forms.BooleanField(label=gettext_lazy("这是仪器导出的文件"), required=False)


class RejudgeForm(forms.Form):
    since = day(gettext_lazy("抽样日期从"))
    until = day(gettext_lazy("到"))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            raise forms.ValidationError(_("开始日期晚于结束日期，请核对。"))
        return found

"""What people type about messages and rumours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import publishing
from fangxin.actions.monitoring.forms import DivisionForm
from fangxin.actions.monitoring.models import Message
from fangxin.kernel.screens.fields import Today, area

FILE_KINDS = _("扫描件、照片或者 PDF。")


class WordsForm(forms.Form):
    """The words of a message, whatever it is about."""

    topic = forms.CharField(label=_("标题"), max_length=100)
    text = forms.CharField(
        label=_("内容"), max_length=5000, widget=area(10),
        help_text=_("写明事实、依据和群众怎么做。不写个人信息，不写没有核实的数字。"),
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("对象"), choices=Message.Audience.choices)
    channel = forms.CharField(
        label=_("发布渠道"), max_length=100, required=False, help_text=_("例如县政府网站、广播、学校家长群。")
    )


class MessageForm(WordsForm):
    kind = forms.ChoiceField(label=_("信息种类"), help_text=_("县级只公布前几种；后几种须有授权文号和文件。"))
    authority = forms.CharField(label=_("授权文号"), max_length=100, required=False)
    authority_file = forms.FileField(label=_("授权文件"), required=False, help_text=FILE_KINDS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(k.code, k.label) for k in publishing.kinds().values()]  # type: ignore[attr-defined]
        self.order_fields(["division_code", "kind"])


class NewMessageForm(MessageForm, DivisionForm):
    pass


class ReleaseForm(forms.Form):
    checked_words = forms.BooleanField(
        label=_("我核对过：这条信息不是须由省级以上公布的风险警示、重大事故或总体情况"), required=False,
        help_text=_("内容里出现“警示”“中毒”等词时须勾选。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=area(2))


class ReachForm(forms.Form):
    reach = forms.IntegerField(label=_("受众人数"), min_value=0, max_value=10_000_000, required=False)
    feedback = forms.CharField(label=_("反馈"), max_length=1000, required=False, widget=area(4))


class RumourForm(DivisionForm):
    text = forms.CharField(
        label=_("说法"), max_length=500, widget=area(3), help_text=_("照原话写，不写传播者姓名和电话。")
    )
    source = forms.CharField(label=_("出处"), max_length=200)
    heard_on = Today(label=_("发现日期"))


class SettleForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("核实结果"), choices=[("no", _("不属实")), ("yes", _("属实"))], widget=forms.RadioSelect
    )
    finding = forms.CharField(label=_("核实情况和依据"), max_length=500, widget=area(4))

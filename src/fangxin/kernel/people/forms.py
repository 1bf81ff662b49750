from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people.jurisdiction import under
from fangxin.kernel.people.models import Agency, Division, Post, User


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["name", "phone", "is_active"]


class NewUserForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9_.-]{3,60}$",
        label=_("账号"),
        help_text=_("3 至 60 位，可用字母、数字、点、横线和下划线。"),
        error_messages={"invalid": _("账号只能用字母、数字、点、横线和下划线，3 至 60 位。")},
    )
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机"), max_length=30, required=False)
    password = forms.CharField(
        label=_("初始密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("首次登录时本人必须修改。"),
    )  # fmt: skip

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PasswordForm(forms.Form):
    """A person's own new password."""

    old = forms.CharField(
        label=_("原密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 8 位，包含大写字母、小写字母、数字、符号中的三类。"),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一次新密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("原密码不正确。"))
        return old

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        new = data.get("new")
        if new and new != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        if new and new == data.get("old"):
            self.add_error("new", _("新密码不能与原密码相同。"))
        if new:
            try:
                validate_password(new, self.user)
            except forms.ValidationError as error:
                self.add_error("new", error)
        return data


class ResetPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("新的初始密码"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Post
        fields = ["agency", "role", "division_code", "title", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts = {"division_code": _("管辖范围的区划代码：县 6 位、乡镇 9 位、村 12 位。")}

    def __init__(self, *args: Any, prefixes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefixes = prefixes
        own = reduce(or_, (under(prefix) for prefix in prefixes), Q(pk__in=[]))
        self.fields["agency"].queryset = Agency.objects.filter(own, active=True)  # type: ignore[attr-defined]

    def clean_division_code(self) -> str:
        code: str = self.cleaned_data["division_code"]
        if not any(code.startswith(prefix) for prefix in self.prefixes):
            raise forms.ValidationError(_("只能安排您管理范围内的区划。"))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("截止日期不能早于起始日期。"))
        return data


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    other_names = forms.CharField(
        label=_("别名"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("文件中出现过的其他叫法，每行一个。"),
    )  # fmt: skip

    class Meta:
        model = Agency
        fields = ["name", "short_name", "kind", "division_code", "phone", "active"]


class DivisionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Division
        fields = ["code", "name", "kind", "valid_from", "valid_to", "population", "latitude", "longitude", "note"]
        widgets = {"valid_from": DateInput(), "valid_to": DateInput()}


class SecondFactorForm(forms.Form):
    token = forms.RegexField(
        r"^\d{6}$", label=_("动态口令"), error_messages={"invalid": _("动态口令是 6 位数字。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip

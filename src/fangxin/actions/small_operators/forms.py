"""What people type about small operators."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, FirstVisit, Site, Unregistered, Zone
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import PlaceField
from fangxin.kernel.screens.fields import DayField, DayInput, TimeInput, Today, area

MOST_CHOICES = 3000
_POINT = re.compile(r"^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")


def places_of(user: Any, ability: str) -> list[str]:
    """Prefixes in which a person enters things: the posts' divisions, or for a shop its own township."""
    prefixes: list[str] = user.prefixes(ability)
    return prefixes or sorted({post.division_code for post in user.posts_today})


class ApplicationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The application itself; only what its kind needs is asked."""

    class Meta:
        model = Application
        fields = (
            "sign_name", "division_code", "address", "holder_name", "operator_kind", "uscc", "principal", "phone",
            "products", "ready_to_eat", "water", "zone_wish", "hours_from", "hours_to", "latitude", "longitude", "note",
            "shuts",
        )  # fmt: skip
        widgets = {
            "products": area(4), "hours_from": TimeInput(), "hours_to": TimeInput(),
            "latitude": forms.HiddenInput(), "longitude": forms.HiddenInput(),
        }  # fmt: skip

    def __init__(self, *args: Any, user: Any, kind: str, purpose: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind, self.purpose = kind, purpose
        prefixes = places_of(user, "small.apply")
        self.fields["division_code"] = PlaceField(prefixes, label=_("所在乡镇或村"))
        self.order_fields(self.Meta.fields)
        for name in ("principal", "phone", "address", "products"):
            self.fields[name].required = True
        self._drop()
        if "zone_wish" in self.fields:
            rows = Zone.objects.filter(closed_on=None)
            near = rows.none()
            for prefix in prefixes:
                near |= rows.filter(people.under(prefix[:9]))
            self.fields["zone_wish"].queryset = near  # type: ignore[attr-defined]
        if kind == Kind.STALL:
            self.fields["operator_kind"].initial = "individual"
            self.fields["uscc"].help_text = _("摊点没有营业执照的留空。")
        else:
            self.fields["operator_kind"].initial = "self_employed"
            self.fields["uscc"].help_text = _("营业执照上的 18 位代码。")

    def _drop(self) -> None:
        gone: set[str] = set()
        if self.kind != Kind.STALL:
            gone |= {"zone_wish", "hours_from", "hours_to"}
        if self.kind != Kind.SMALL_WORKSHOP:
            gone |= {"water"}
        if self.purpose != Application.Purpose.CANCELLATION:
            gone |= {"shuts"}
        if self.purpose == Application.Purpose.CANCELLATION:
            gone |= set(self.fields) - {"shuts", "note"}
        for name in gone & set(self.fields):
            del self.fields[name]

    def _post_clean(self) -> None:
        """The service checks the whole row; the form must not touch it before."""


class PaperForm(forms.Form):
    document = forms.CharField(max_length=30)
    file = forms.FileField(label=_("文件"))


class MissingForm(forms.Form):
    missing = forms.MultipleChoiceField(label=_("需要补的材料"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("补正说明"), max_length=500, required=False, widget=area(2))

    def __init__(self, *args: Any, papers: Any, lacking: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["missing"].choices = [(p.code, p.label) for p in papers]  # type: ignore[attr-defined]
        self.fields["missing"].initial = lacking


class ReviewForm(forms.Form):
    opinion = forms.ChoiceField(label=_("审查意见"), choices=Application.Opinion.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area())


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("理由和依据"), max_length=500, widget=area(), help_text=_("写明不符合哪一条。"))
    route = forms.CharField(
        label=_("申请人可以怎么办"),
        max_length=500,
        required=False,
        widget=area(2),
        help_text=_("例如：改为申请食品经营许可。"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=500, widget=area(2))


class TextForm(forms.Form):
    text = forms.CharField(label=_("情况"), max_length=400, widget=area())


class VisitForm(forms.Form):
    visited_on = Today(label=_("检查日期"))
    products_seen = forms.CharField(
        label=_("现场所见品种"), max_length=2000, required=False, widget=area(),
        help_text=_("一行一种；平台会核对有没有禁止经营的。"),
    )  # fmt: skip
    result = forms.ChoiceField(label=_("结果"), choices=FirstVisit.Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("情况说明"), max_length=500, required=False, widget=area())


class CornersField(forms.CharField):
    """Corners of a polygon, one a line, latitude first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=5000, widget=area(3), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{lat}, {lng}" for lat, lng in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[list[float]]:
        corners = []
        for line in super().clean(value).splitlines():
            if not line.strip():
                continue
            found = _POINT.match(line)
            if found is None:
                raise forms.ValidationError(_("边界点应为“纬度, 经度”，一行一个。"))
            corners.append([float(found[1]), float(found[2])])
        return corners


class ZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    corners = CornersField(label=_("边界点（不填就用圆）"), help_text=_("在图上点出来，或者一行写一个“纬度, 经度”。"))

    class Meta:
        model = Zone
        fields = (
            "name", "division_code", "capacity", "opens_at", "closes_at", "latitude", "longitude", "radius_m", "corners",
            "note",
        )  # fmt: skip
        widgets = {"opens_at": TimeInput(), "closes_at": TimeInput()}

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("small.zones"), longest=9, label=_("乡镇（街道）"))
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class PlaceStallForm(forms.Form):
    premises = forms.ChoiceField(label=_("摊点"))
    spot = forms.CharField(label=_("摊位号"), max_length=20, required=False)

    def __init__(self, *args: Any, stalls: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = stalls.values_list("pk", "name", "number")[:MOST_CHOICES]
        shown = [(str(pk), f"{name}（{number}）") for pk, name, number in rows]
        self.fields["premises"].choices = [("", _("请选择")), *shown]  # type: ignore[attr-defined]


class OutOfZoneForm(forms.Form):
    """Filled in on the street: few fields, the place from the phone."""

    premises = forms.ChoiceField(label=_("摊点"), required=False)
    name_seen = forms.CharField(label=_("没有备案的，写招牌或摊主称呼"), max_length=120, required=False)
    division_code = forms.ChoiceField(label=_("乡镇"))
    seen_on = Today(label=_("日期"))
    seen_at = forms.TimeField(label=_("时间"), widget=TimeInput())
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=area(2))

    def __init__(self, *args: Any, user: Any, stalls: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("small.supervise"), longest=9, label=_("乡镇"))
        rows = stalls.values_list("pk", "name", "number")[:MOST_CHOICES]
        shown = [(str(pk), f"{name}（{number}）") for pk, name, number in rows]
        self.fields["premises"].choices = [("", _("没有备案，或者认不出")), *shown]  # type: ignore[attr-defined]
        self.order_fields(
            ["premises", "name_seen", "division_code", "seen_on", "seen_at", "latitude", "longitude", "note"]
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("latitude", _("经度和纬度须同时填写，或者都不填。"))
        if cleaned.get("seen_on") and cleaned["seen_on"] > ledger.clock.today():
            self.add_error("seen_on", _("日期还没有到，请核对。"))
        return cleaned


class NominateForm(forms.Form):
    level = forms.ChoiceField(label=_("等次"), choices=Site.Level.choices)
    reason = forms.CharField(label=_("推荐理由"), max_length=500, widget=area())


class ScoreForm(forms.Form):
    """One number an item, within what the item is worth."""

    visited_on = Today(label=_("评分日期"))
    with_whom = forms.CharField(label=_("同行人"), max_length=60)
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(2))

    def __init__(self, *args: Any, criteria: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = criteria
        for item in criteria:
            label = f"{item.label}（{item.points}）"
            self.fields[f"score_{item.code}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=item.points,
                help_text=_gettext("关键项，须满分") if item.key else "",
            )
        self.order_fields(["visited_on", *(f"score_{c.code}" for c in criteria), "with_whom", "note"])

    @property
    def scores(self) -> dict[str, int]:
        return {item.code: self.cleaned_data[f"score_{item.code}"] for item in self.criteria}


class DecideSiteForm(forms.Form):
    accept = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("1", _("列入名单")), ("0", _("不列入"))],
        coerce=lambda v: v == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(2))


class UnregisteredForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Unregistered
        fields = ("source", "kind", "division_code", "name_seen", "address_seen", "phone_seen", "found_on", "note")
        widgets = {"found_on": DayInput()}

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["division_code"] = PlaceField(user.prefixes("small.supervise"), label=_("所在乡镇或村"))
        self.fields["found_on"].initial = ledger.clock.today()
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            choice for choice in Unregistered.Source.choices if choice[0] != Unregistered.Source.CENSUS
        ]
        self.order_fields(self.Meta.fields)

    def _post_clean(self) -> None:
        """The service checks the whole row."""


class FollowForm(TextForm):
    next_on = DayField(label=_("下次跟进"), required=False, help_text=_("不填为十四天后"))


class OrderForm(TextForm):
    next_on = DayField(label=_("限期"))


class RegisteredForm(forms.Form):
    premises = forms.ChoiceField(label=_("底册场所"), help_text=_("名称相近的排在前面。"))

    def __init__(self, *args: Any, places: Any, like: str, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = sorted(places.values_list("pk", "name", "number")[:MOST_CHOICES], key=lambda row: -ratio(row[1], like))
        shown = [(str(pk), f"{name}（{number}）") for pk, name, number in rows]
        self.fields["premises"].choices = [("", _("请选择")), *shown]  # type: ignore[attr-defined]


class UpgradeForm(forms.Form):
    becomes = forms.ChoiceField(label=_("升级为"))
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=area(2))

    def __init__(self, *args: Any, choices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["becomes"].choices = choices  # type: ignore[attr-defined]


class ProductsForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices)
    products = forms.CharField(
        label=_("食品品种"), max_length=2000, widget=area(5), help_text=_("一行一种，例如：手工粉条")
    )

    def clean_products(self) -> list[str]:
        products = rules.split_products(self.cleaned_data["products"])
        if not products:
            raise forms.ValidationError(_("请至少写一种。"))
        if len(products) > rules.MOST_PRODUCTS:
            raise forms.ValidationError(_gettext("一次最多核对 %(n)s 种。") % {"n": rules.MOST_PRODUCTS})
        return products


def size_hint() -> str:
    return _gettext("照片、PDF、Word，每个不超过 %(n)s MB。") % {"n": settings.MAX_UPLOAD_BYTES // 1024 // 1024}

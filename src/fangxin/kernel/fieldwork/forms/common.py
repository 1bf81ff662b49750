"""Fields that several forms of fieldwork use."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.fields import ManyField


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OfficersField(ManyField):
    """People ticked from a short list, each with the agency, since names alone repeat."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=people.User.objects.none(), **options)

    def offer(self, users: Any) -> None:
        self.queryset = users.prefetch_related("posts__agency")

    def label_from_instance(self, user: Any) -> str:
        short = dict.fromkeys(post.agency.short_name or post.agency.name for post in user.posts.all())
        return f"{user.name}（{'、'.join(short)}）" if short else user.name


def upload_hint() -> str:
    return _("JPG、PNG 照片，每张不超过 %(n)s MB。") % {"n": settings.MAX_UPLOAD_BYTES // 1024 // 1024}


class ReasonForm(forms.Form):
    """An act that needs a reason."""

    reason = forms.CharField(max_length=200, widget=text_area())

    def __init__(self, *args: Any, label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].label = label


def divisions_of(prefixes: list[str]) -> list[tuple[str, str]]:
    """The person's divisions and the townships below them, to choose one from."""
    found: dict[str, str] = {}
    for prefix in prefixes:
        found[prefix] = people.division_name(prefix)
        found.update(people.townships(prefix))
    return list(found.items())


def inspecting_agencies(prefixes: list[str]) -> Any:
    """Agencies of the person's divisions that send inspectors."""
    rows = people.Agency.objects.none()
    for prefix in prefixes:
        rows |= people.list_agencies(prefix).filter(kind__in=("department", "station", "township"))
    return rows.order_by("kind", "pk")

"""What can be done with one thing: a button on its page, or a form of its own."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fangxin.kernel.screens.pages import Request, blame, form_page, posted

Words = str | Promise
MakeForm = Callable[[Any, Any, Any], forms.Form]  # request, row, user


@dataclass(frozen=True, slots=True)
class Act:
    """`run` is given the row, who acts and the cleaned form. Without a form it is a button; `ask` asks before it acts."""

    name: str
    label: Words
    icon: str
    run: Callable[[Any, Any, Mapping[str, Any]], Any]
    form: MakeForm | None = None
    ask: Words = ""
    done: Words = ""
    intro: Words = ""
    undoes: bool = False  # takes something back: never the button that stands out

    @property
    def has_form(self) -> bool:
        """For templates, which would call `form` to see whether it is there."""
        return self.form is not None


def acts_by_name(*acts: Act) -> dict[str, Act]:
    return {act.name: act for act in acts}


def plain(form: type[forms.Form]) -> MakeForm:
    """A form that needs nothing but what was sent."""
    return lambda request, _row, _user: form(*posted(request))


def act_on(request: Request, row: Any, acts: Mapping[str, Act], allowed: Collection[str], name: str) -> HttpResponse:
    """Do one act with a thing, or show its form. What is refused is said on the form, or back on the thing's page."""
    if name not in acts or name not in allowed:
        raise PermissionDenied(
            _("现在的状态或者您的岗位不能办理这一步。请回到“%(what)s”页面，查看可以办理的步骤。") % {"what": row}
        )
    act = acts[name]
    if act.form is None and request.method != "POST":
        return redirect(row.get_absolute_url())
    form = act.form(request, row, request.user) if act.form else forms.Form(posted(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            act.run(row, request.user, form.cleaned_data)
        except ValidationError as error:
            if act.form is None:
                messages.error(request, " ".join(error.messages))
                return redirect(row.get_absolute_url())
            blame(form, error)
        else:
            messages.success(request, str(act.done or _("已办理。")))
            return redirect(row.get_absolute_url())
    title = f"{act.label}：{row}"
    return form_page(request, form, title, row.get_absolute_url(), submit_label=act.label, intro=act.intro)

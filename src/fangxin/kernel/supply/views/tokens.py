"""Keys of firms' own systems, and which places their location codes mean."""

from typing import Any

import django_tables2 as tables
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, selectors
from fangxin.kernel.supply.forms.lots import PlaceForm, TokenForm
from fangxin.kernel.supply.models import ApiToken
from fangxin.kernel.supply.services import places, tokens
from fangxin.kernel.supply.views.common import done


class TokenTable(tables.Table):
    name = tables.Column()
    agency = tables.Column(accessor="agency__name", verbose_name=gettext_lazy("单位"))
    beginning = tables.Column()
    created_at = tables.DateTimeColumn(format="Y-m-d H:i")
    last_used_on = tables.DateColumn(format="Y-m-d", default="—")
    revoked_at = tables.DateTimeColumn(format="Y-m-d H:i", default="—")
    actions = tables.TemplateColumn(
        template_name="supply/token_actions.html", verbose_name=gettext_lazy("操作"), orderable=False, empty_values=()
    )

    class Meta:
        model = ApiToken
        fields = ("name", "agency", "beginning", "created_at", "last_used_on", "revoked_at", "actions")
        order_by = ()


class TokenList(ListScreen):
    ability = "supply.tokens"
    title = gettext_lazy("追溯接口")
    table_class = TokenTable
    intro = gettext_lazy("企业自己的追溯系统凭密钥上传和查询事件，地址是 /epcis/，按 GS1 EPCIS 2.0。密钥只显示一次。")
    empty_text = gettext_lazy("还没有密钥。")

    def rows(self) -> "QuerySet[ApiToken]":
        return selectors.list_tokens(self.request.user).order_by("-created_at", "-pk")

    def more_context(self) -> dict[str, Any]:
        actions = [(_("生成密钥"), reverse("supply:token_new"), "key")]
        if self.request.user.prefixes("supply.tokens"):
            actions.append((_("对应场所标识"), reverse("supply:place_new"), "map-pin"))
        return {**super().more_context(), "actions": actions}


@require_http_methods(["GET", "POST"])
@needs("supply.tokens")
def new(request: Request) -> HttpResponse:
    form = TokenForm(posted(request)[0])
    if request.method == "POST":
        made = saved(form, lambda: tokens.make_token(name=form.cleaned_data["name"], by=request.user))
        if made is not None:
            return render(
                request, "supply/token_made.html", {"title": _("新密钥"), "token": made[0], "secret": made[1]}
            )
    return form_page(request, form, _("生成密钥"), reverse("supply:tokens"), submit_label=_("生成"))


@require_POST
@needs("supply.tokens")
def revoke(request: Request, pk: int) -> HttpResponse:
    token = access.get_token(request.user, pk)
    done_or_told(request, _("已停用。"), lambda: tokens.revoke_token(token=token, by=request.user))
    return redirect("supply:tokens")


@require_http_methods(["GET", "POST"])
@needs("supply.tokens")
def place(request: Request) -> HttpResponse:
    """Which place of the register a firm's location code means; said by the authority, not by the firm."""
    form = PlaceForm(posted(request)[0])
    if request.method == "POST" and done(form, lambda: _named(request, form.cleaned_data)):
        return redirect("supply:tokens")
    return form_page(request, form, _("对应场所标识"), reverse("supply:tokens"))


def _named(request: Request, values: dict[str, Any]) -> Any:
    premises = (
        registry.list_premises(request.user, "supply.tokens").filter(number__iexact=values["number"].strip()).first()
    )
    if premises is None:
        raise ValidationError({"number": _("底册里没有这个编号，请核对。")})
    return places.name_place(code=values["code"], premises=premises, by=request.user)

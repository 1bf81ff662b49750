from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.permission import signed_in


@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """What this person can do here, from the posts held today, in plain words."""
    roles = [people.ROLES[post.role] for post in request.user.posts_today]
    mine = sorted({name for role in roles for name in role.abilities})
    context = {
        "title": _("使用帮助"),
        "roles": roles,
        "abilities": [a.label for a in contribute.abilities if a.name in mine],
    }
    return render(request, "console/help.html", context)

from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.screens.permission import signed_in

MOST_HITS_EACH = 20


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """One box for everything the person may see: each app answers for its own."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    hits = []
    if text:
        hits = list(chain.from_iterable(find(request.user, text, MOST_HITS_EACH) for find in contribute.searches))
    return render(request, "console/search.html", {"title": _("搜索"), "text": text, "hits": hits})

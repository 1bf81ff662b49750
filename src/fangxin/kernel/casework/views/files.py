"""Evidence and papers, to be looked at by those who may see their matter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.kernel.casework import access
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.permission import needs

# Shown in the page; everything else is handed over as a file and never opened by the browser.
_SHOWN = ("image/jpeg", "image/png", "image/webp")


@require_safe
@needs("matter.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_evidence(request.user, pk)
    return hand_over(found.file, found.name)


@require_safe
@needs("matter.view")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_paper(request.user, pk)
    return hand_over(found.file, f"{found.document_number} {found.title}.docx")


def hand_over(file: Any, name: str) -> HttpResponse:
    try:
        content = ledger.read_evidence(file)
    except (OSError, ValueError):
        raise Http404(_("文件不在或者已经损坏，请联系管理员从备份恢复。")) from None
    media_type = file.media_type
    response = HttpResponse(content, content_type=media_type)
    if media_type not in _SHOWN:
        response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.permission import needs


@require_GET
@needs("console.use")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """An evidence file, for whoever may see some record it belongs to. Always as a download, never run in the page."""
    file = ledger.find_evidence(pk)
    if file is None or not any(may_see(request.user, pk) for may_see in contribute.evidence_doors):
        raise Http404
    try:
        content = ledger.read_evidence(file)
    except (OSError, ValueError):
        raise Http404 from None
    ledger.record("console.evidence.opened", of=None, by=request.user, data={"digest": file.digest})
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment(file.name)
    return response

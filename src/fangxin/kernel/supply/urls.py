from django.urls import URLPattern, URLResolver, include, path

from fangxin.kernel.supply.views import lots, receiving, tokens, tracing, uploads

app_name = "supply"

urlpatterns: list[URLPattern | URLResolver] = [
    path("lots/", lots.LotList.as_view(), name="lots"),
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/stop/", lots.stop, name="stop"),
    path("lots/<int:pk>/dispatch/", lots.dispatch, name="dispatch"),
    path("lots/<int:pk>/outflow/", lots.outflow, name="outflow"),
    path("lots/<int:pk>/make/", lots.make, name="make"),
    path("lots/<int:pk>/trace/", tracing.page, name="trace"),
    path("lots/<int:pk>/trace/sheet/", tracing.sheet, name="trace_sheet"),
    path("receive/", receiving.start, name="receive"),
    path("receive/<int:pk>/", receiving.at_place, name="receive_at"),
    path("receive/<int:pk>/new/", receiving.receive, name="receive_new"),
    path("receipts/", receiving.ReceiptList.as_view(), name="receipts"),
    path("receipts/<int:pk>/", receiving.receipt, name="receipt"),
    path("receipts/<int:pk>/undo/", receiving.undo, name="receipt_undo"),
    path("receipts/<int:pk>/files/<int:file_pk>/", receiving.picture, name="receipt_file"),
    path("dispatches/<int:pk>/undo/", receiving.undo_dispatch, name="dispatch_undo"),
    path("uploads/", uploads.UploadList.as_view(), name="uploads"),
    path("uploads/template/<slug:kind>/", uploads.template, name="upload_template"),
    path("uploads/new/<int:pk>/<slug:kind>/", uploads.new, name="upload_new"),
    path("uploads/<int:pk>/", uploads.page, name="upload"),
    path("uploads/<int:pk>/apply/", uploads.apply, name="upload_apply"),
    path("uploads/<int:pk>/undo/", uploads.undo, name="upload_undo"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/new/", tokens.new, name="token_new"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("places/new/", tokens.place, name="place_new"),
    path("", include("fangxin.kernel.supply.urls_certificates")),
    path("", include("fangxin.kernel.supply.urls_recalls")),
]

from django.urls import path

from fangxin.kernel.supply.views import certificate_acts as acts
from fangxin.kernel.supply.views import certificates as views

urlpatterns = [
    path("certificates/", views.CertificateList.as_view(), name="certificates"),
    path("certificates/mine/", views.mine, name="certificates_mine"),
    path("certificates/for/", views.for_others, name="certificates_for"),
    path("certificates/clues/", views.ClueList.as_view(), name="certificate_clues"),
    path("certificates/collections/", views.CollectionList.as_view(), name="collections"),
    path("certificates/collect/", acts.collect, name="certificate_collect"),
    path("certificates/place/<int:pk>/", views.place, name="certificate_place"),
    path("certificates/place/<int:pk>/new/", acts.new_typed, name="certificate_new"),
    path("certificates/place/<int:pk>/new/<str:kind>/<str:key>/", acts.new_of_batch, name="certificate_of_batch"),
    path("certificates/place/<int:pk>/again/", acts.again, name="certificate_again"),
    path("certificates/<int:pk>/", views.certificate, name="certificate"),
    path("certificates/<int:pk>/label/", views.label, name="certificate_label"),
    path("certificates/<int:pk>/sheet/", views.sheet, name="certificate_sheet"),
    path("certificates/<int:pk>/withdraw/", acts.withdraw, name="certificate_withdraw"),
    path("certificates/<int:pk>/revoke/", acts.revoke, name="certificate_revoke"),
    path("certificates/collections/<int:pk>/undo/", acts.undo_collection, name="collection_undo"),
    path("certificates/collections/<int:pk>/heed/", acts.heed, name="collection_heed"),
]

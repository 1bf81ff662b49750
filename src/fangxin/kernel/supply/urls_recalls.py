from django.urls import path

from fangxin.kernel.supply.views import recalls

urlpatterns = [
    path("recalls/", recalls.RecallList.as_view(), name="recalls"),
    path("lots/<int:pk>/recall/", recalls.start, name="recall_new"),
    path("recalls/<int:pk>/", recalls.page, name="recall"),
    path("recalls/<int:pk>/sheet/", recalls.sheet, name="recall_sheet"),
    path("recalls/<int:pk>/<slug:name>/", recalls.act, name="recall_act"),
    path("recall-places/<int:pk>/", recalls.place, name="recall_place"),
    path("recall-places/<int:pk>/<slug:name>/", recalls.place_act, name="recall_place_act"),
    path("recall-returns/<int:pk>/undo/", recalls.undo_return, name="recall_return_undo"),
]

from django.urls import path

from fangxin.actions.monitoring.views import cases

urlpatterns = [
    path("", cases.Cases.as_view(), name="cases"),
    path("new/", cases.case_new, name="case_new"),
    path("zero/", cases.zeros, name="zeros"),
    path("zero/<int:pk>/tell/", cases.zero_tell, name="zero_tell"),
    path("zero/<int:pk>/undo/", cases.zero_undo, name="zero_undo"),
    path("coverage/", cases.coverage, name="coverage"),
    path("<int:pk>/", cases.case, name="case"),
    path("<int:pk>/edit/", cases.case_edit, name="case_edit"),
    path("<int:pk>/identity/", cases.identity, name="case_identity"),
    path("<int:pk>/<str:name>/", cases.case_act, name="case_act"),
]

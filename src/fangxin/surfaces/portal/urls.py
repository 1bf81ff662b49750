from django.urls import path

from fangxin.surfaces.portal import views

app_name = "portal"
urlpatterns = [
    path("verify/", views.verify_by_number, name="verify_form"),
    path("verify/<str:token>/", views.verify, name="verify"),
]

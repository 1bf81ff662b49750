from django.urls import path

from fangxin.kernel.catalog.views import editions

app_name = "catalog"
urlpatterns = [
    path("", editions.EditionList.as_view(), name="list"),
    path("<int:pk>/", editions.detail, name="detail"),
    path("<int:pk>/confirm/", editions.confirm, name="confirm"),
]

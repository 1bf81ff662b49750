from django.urls import path

from fangxin.kernel.catalog.views import editions, limit_tables

app_name = "catalog"
urlpatterns = [
    path("", editions.EditionList.as_view(), name="list"),
    path("<int:pk>/", editions.detail, name="detail"),
    path("<int:pk>/confirm/", editions.confirm, name="confirm"),
    path("limits/", limit_tables.LimitTableList.as_view(), name="limit_tables"),
    path("limits/new/", limit_tables.new, name="limit_table_new"),
    path("limits/templates/<slug:kind>/", limit_tables.template, name="limit_table_template"),
    path("limits/compare/", limit_tables.compare, name="limits_compare"),
    path("limits/<int:pk>/", limit_tables.detail, name="limit_table"),
    path("limits/<int:pk>/approve/", limit_tables.approve, name="limit_table_approve"),
    path("limits/<int:pk>/refuse/", limit_tables.refuse, name="limit_table_refuse"),
    path("limits/<int:pk>/withdraw/", limit_tables.withdraw, name="limit_table_withdraw"),
]

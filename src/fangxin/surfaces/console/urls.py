from django.urls import path

from fangxin.surfaces.console.views import audit, evidence, help_pages, search, today

app_name = "console"
urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("help/", help_pages.help_page, name="help"),
    path("audit/", audit.AuditList.as_view(), name="audit"),
    path("audit/verify/", audit.verify, name="verify"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
]

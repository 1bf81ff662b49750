from django.urls import path

from fangxin.kernel.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.Jobs.as_view(), name="list"),
    path("<int:pk>/", views.job_page, name="job"),
    path("<int:pk>/again/", views.run_again, name="again"),
]

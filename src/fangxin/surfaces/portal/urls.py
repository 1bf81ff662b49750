from django.urls import path

from fangxin.surfaces.portal import inspections, laboratory, small_operators, views

app_name = "portal"
urlpatterns = [
    path("public/small-operators/", small_operators.small_operators, name="small_operators"),
    path("verify/", views.verify_by_number, name="verify_form"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("public/results/", inspections.results, name="results"),
    path("public/results/<str:number>/", inspections.results_of, name="results_of"),
    path("public/tests/", laboratory.tests, name="tests"),
    path("public/draws/", inspections.draws, name="draws"),
    path("public/draws/<str:number>/", inspections.draw, name="draw"),
    path("public/draws/<str:number>/file/", inspections.draw_file, name="draw_file"),
]

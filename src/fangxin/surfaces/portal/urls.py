from django.urls import path

from fangxin.surfaces.portal import certificates, inspections, laboratory, messages, small_operators, views

app_name = "portal"
urlpatterns = [
    path("public/small-operators/", small_operators.small_operators, name="small_operators"),
    path("c/", certificates.find, name="certificate_find"),
    path("c/place/", certificates.place, name="certificate_place"),
    path("c/check/", certificates.check, name="certificate_check"),
    path("c/check/file/", certificates.check_file, name="certificate_check_file"),
    path("c/keys/", certificates.keys, name="certificate_keys"),
    # Labels carry the address in capitals, which makes their code smaller.
    path("C/<str:text>", certificates.certificate, name="certificate_of_label"),
    path("c/<str:text>", certificates.certificate, name="certificate"),
    path("verify/", views.verify_by_number, name="verify_form"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("public/results/", inspections.results, name="results"),
    path("public/results/<str:number>/", inspections.results_of, name="results_of"),
    path("public/messages/", messages.messages, name="messages"),
    path("public/messages/<str:number>/", messages.message, name="message"),
    path("public/tests/", laboratory.tests, name="tests"),
    path("public/draws/", inspections.draws, name="draws"),
    path("public/draws/<str:number>/", inspections.draw, name="draw"),
    path("public/draws/<str:number>/file/", inspections.draw_file, name="draw_file"),
]

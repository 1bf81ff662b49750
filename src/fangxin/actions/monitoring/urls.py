from django.urls import path

from fangxin.actions.monitoring.views import assessments, consultations, home, results, signals

app_name = "monitoring"
urlpatterns = [
    path("", home.home, name="home"),
    path("results/", results.Measurements.as_view(), name="measurements"),
    path("results/import/", results.import_results, name="import"),
    path("results/template/", results.import_template, name="import_template"),
    path("batches/", results.Batches.as_view(), name="batches"),
    path("batches/<int:pk>/", results.batch, name="batch"),
    path("batches/<int:pk>/<str:name>/", results.batch_act, name="batch_act"),
    path("diets/", results.Surveys.as_view(), name="surveys"),
    path("diets/new/", results.survey_new, name="survey_new"),
    path("diets/<int:pk>/", results.survey, name="survey"),
    path("diets/<int:pk>/<str:name>/", results.survey_act, name="survey_act"),
    path("hazards/", assessments.hazards, name="hazards"),
    path("assessments/", assessments.Assessments.as_view(), name="assessments"),
    path("assessments/new/", assessments.choose_hazard, name="assess"),
    path("assessments/new/<str:hazard>/", assessments.assess, name="assess_hazard"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("signals/", signals.Signals.as_view(), name="signals"),
    path("signals/look/", signals.look, name="look"),
    path("signals/new/", signals.report, name="signal_new"),
    path("signals/<int:pk>/", signals.signal, name="signal"),
    path("signals/<int:pk>/<str:name>/", signals.signal_act, name="signal_act"),
    path("consultations/", consultations.Consultations.as_view(), name="consultations"),
    path("consultations/new/", consultations.new, name="consultation_new"),
    path("consultations/<int:pk>/", consultations.consultation, name="consultation"),
    path("consultations/<int:pk>/dossier.docx", consultations.dossier_file, name="dossier"),
    path("consultations/<int:pk>/opinions/<int:participant_pk>/", consultations.opinion, name="opinion"),
    path("consultations/<int:pk>/off/<int:signal_pk>/", consultations.take_off, name="take_off"),
    path("consultations/<int:pk>/<str:name>/", consultations.consultation_act, name="consultation_act"),
    path("decisions/", consultations.Decisions.as_view(), name="decisions"),
    path("decisions/<int:pk>/", consultations.check, name="check"),
]

from django.urls import path

from fangxin.actions.monitoring.views import investigations, outbreaks, picture

urlpatterns = [
    path("", outbreaks.morning, name="morning"),
    path("picture/", picture.picture, name="picture"),
    path("budget/", outbreaks.budget, name="alarm_budget"),
    path("signals/", outbreaks.OutbreakSignals.as_view(), name="outbreak_signals"),
    path("signals/look/", outbreaks.look, name="look_for_outbreaks"),
    path("runs/", outbreaks.DetectionRuns.as_view(), name="detection_runs"),
    path("runs/<int:pk>/", outbreaks.run, name="detection_run"),
    path("signals/new/", outbreaks.signal_new, name="outbreak_signal_new"),
    path("signals/<int:pk>/", outbreaks.signal, name="outbreak_signal"),
    path("signals/<int:pk>/<str:name>/", outbreaks.signal_act, name="outbreak_signal_act"),
    path("investigations/", investigations.Investigations.as_view(), name="investigations"),
    path("investigations/<int:pk>/", investigations.investigation, name="investigation"),
    path("investigations/<int:pk>/list/", investigations.save_list, name="save_list"),
    path("investigations/<int:pk>/list.xlsx", investigations.line_list_file, name="line_list_file"),
    path("investigations/<int:pk>/<str:name>/", investigations.investigation_act, name="investigation_act"),
    path("duties/<int:pk>/tell/", investigations.tell, name="duty_tell"),
    path("duties/<int:pk>/acknowledge/", investigations.acknowledge, name="duty_acknowledge"),
    path("measures/<int:pk>/confirm/", investigations.confirm_measure, name="measure_confirm"),
    path("measures/<int:pk>/drop/", investigations.drop_measure, name="measure_drop"),
]

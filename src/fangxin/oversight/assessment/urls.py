from django.urls import path

from fangxin.oversight.assessment.views import adjustments, appeals, bulletins, participants, rounds

app_name = "assessment"
urlpatterns = [
    path("", rounds.RoundList.as_view(), name="rounds"),
    path("start/", rounds.start, name="start"),
    path("<int:pk>/", rounds.page, name="round"),
    path("<int:pk>/do/<slug:act>/", rounds.do, name="round_do"),
    path("<int:pk>/adjust/", adjustments.new, name="adjust"),
    path("agencies/<int:pk>/", participants.page, name="participant"),
    path("agencies/<int:pk>/self-check/", participants.self_check, name="self_check"),
    path("agencies/<int:pk>/appeal/", participants.appeal, name="lodge"),
    path("adjustments/", adjustments.AdjustmentList.as_view(), name="adjustments"),
    path("adjustments/<int:pk>/", adjustments.page, name="adjustment"),
    path("adjustments/<int:pk>/do/<slug:act>/", adjustments.do, name="adjustment_do"),
    path("appeals/", appeals.AppealList.as_view(), name="appeals"),
    path("appeals/<int:pk>/", appeals.page, name="appeal"),
    path("appeals/<int:pk>/decide/", appeals.decide, name="appeal_decide"),
    path("bulletins/", bulletins.BulletinList.as_view(), name="bulletins"),
    path("bulletins/new/", bulletins.new, name="bulletin_new"),
    path("bulletins/<int:pk>/", bulletins.page, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.edit, name="bulletin_edit"),
    path("bulletins/<int:pk>/do/<slug:act>/", bulletins.do, name="bulletin_do"),
    path("bulletins/<int:pk>/read/", bulletins.confirm_read, name="bulletin_read"),
]

from django.urls import path

from fangxin.actions.imported_food.views import alerts, consignments, disposals, joint, traders

app_name = "imported_food"
urlpatterns = [
    path("", joint.home, name="home"),
    path("mine/", consignments.mine, name="mine"),
    path("traders/", traders.Traders.as_view(), name="traders"),
    path("traders/new/", traders.new, name="trader_new"),
    path("traders/<int:pk>/", traders.page, name="trader"),
    path("traders/<int:pk>/lots/new/", consignments.new, name="consignment_new"),
    path("traders/<int:pk>/<str:name>/", traders.act, name="trader_act"),
    path("lots/", consignments.Consignments.as_view(), name="consignments"),
    path("lots/<int:pk>/", consignments.page, name="consignment"),
    path("lots/<int:pk>/papers/<int:paper>/undo/", consignments.undo_paper, name="paper_undo"),
    path("lots/<int:pk>/<str:name>/", consignments.act, name="consignment_act"),
    path("alerts/", alerts.Alerts.as_view(), name="alerts"),
    path("alerts/new/", alerts.new, name="alert_new"),
    path("alerts/import/", alerts.take_in, name="alert_take_in"),
    path("alerts/<int:pk>/", alerts.page, name="alert"),
    path("alerts/<int:pk>/<str:name>/", alerts.act, name="alert_act"),
    path("matches/<int:pk>/<str:name>/", alerts.match_act, name="match_act"),
    path("disposals/", disposals.Disposals.as_view(), name="disposals"),
    path("disposals/<int:pk>/", disposals.page, name="disposal"),
    path("disposals/<int:pk>/<str:name>/", disposals.act, name="disposal_act"),
    path("withdrawals/", disposals.Withdrawals.as_view(), name="withdrawals"),
    path("withdrawals/<int:pk>/told/", disposals.told, name="told"),
    path("withdrawals/<int:pk>/returned/", disposals.returned, name="returned"),
    path("sessions/", joint.Sessions.as_view(), name="sessions"),
    path("sessions/new/", joint.session_new, name="session_new"),
    path("sessions/<int:pk>/", joint.session, name="session"),
    path("sessions/<int:pk>/<str:name>/", joint.session_act, name="session_act"),
    path("clues/", joint.Clues.as_view(), name="clues"),
    path("clues/new/", joint.clue_new, name="clue_new"),
    path("clues/<int:pk>/", joint.clue, name="clue"),
    path("clues/<int:pk>/<str:name>/", joint.clue_act, name="clue_act"),
]

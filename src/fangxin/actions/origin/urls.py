from django.urls import include, path

from fangxin.actions.origin.views import home, land, measures, points, units

app_name = "origin"
urlpatterns = [
    path("", home.home, name="home"),
    path("", include("fangxin.actions.origin.urls_emissions")),
    path("map/", land.land_map, name="map"),
    path("parcels/", land.Parcels.as_view(), name="parcels"),
    path("parcels/<int:pk>/", land.parcel_page, name="parcel"),
    path("parcels/<int:parcel_pk>/measures/new/", measures.new, name="measure_new"),
    path("contradictions/", land.Contradictions.as_view(), name="contradictions"),
    path("produce/", land.Produce.as_view(), name="produce"),
    path("safe-use/", land.safe_use, name="safe_use"),
    path("points/", points.Points.as_view(), name="points"),
    path("points/new/", points.new, name="point_new"),
    path("points/<int:pk>/", points.page, name="point"),
    path("points/<int:pk>/edit/", points.edit, name="point_edit"),
    path("points/<int:pk>/samples/new/", points.sample_new, name="sample_new"),
    path("samples/", points.Samples.as_view(), name="samples"),
    path("samples/upload/", points.upload, name="soil_upload"),
    path("samples/template/", points.file_template, name="soil_template"),
    path("samples/<int:pk>/correct/", points.sample_correct, name="sample_correct"),
    path("units/", units.Units.as_view(), name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_page, name="unit"),
    path("units/<int:pk>/join/", units.unit_join, name="unit_join"),
    path("units/<int:pk>/leave/<int:member_pk>/", units.unit_leave, name="unit_leave"),
    path("units/<int:pk>/propose/", units.propose, name="propose"),
    path("classes/", units.Decisions.as_view(), name="decisions"),
    path("classes/balance/", units.year_balance, name="balance"),
    path("classes/<int:pk>/", units.decision_page, name="decision"),
    path("classes/<int:pk>/<str:name>/", units.decision_act, name="decision_act"),
    path("measures/", measures.Measures.as_view(), name="measures"),
    path("measures/<int:pk>/", measures.page, name="measure"),
    path("measures/<int:pk>/<str:name>/", measures.act, name="measure_act"),
    # --- enterprises, water, volatile organic compounds ---
]

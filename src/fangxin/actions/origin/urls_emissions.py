"""Addresses of enterprises, water and volatile organic compounds, below those of the action."""

from django.urls import path

from fangxin.actions.origin.views import emissions, metals, voc, water

urlpatterns = [
    path("emissions/", emissions.home, name="emissions"),
    path("metals/", metals.Metals.as_view(), name="metals"),
    path("metals/new/", metals.new, name="metal_new"),
    path("metals/import/", metals.import_list, name="metal_import"),
    path("metals/problems/", metals.Problems.as_view(), name="metal_problems"),
    path("metals/<int:pk>/", metals.page, name="metal"),
    path("metals/<int:pk>/edit/", metals.edit, name="metal_edit"),
    path("metals/<int:pk>/<str:name>/", metals.act, name="metal_act"),
    path("water/", water.Sections.as_view(), name="sections"),
    path("water/new/", water.section_new, name="section_new"),
    path("water/import/", water.import_months, name="water_import"),
    path("water/months/", water.Months.as_view(), name="water_months"),
    path("water/months/<int:pk>/", water.month, name="water_month"),
    path("water/months/<int:pk>/correct/", water.month_correct, name="water_correct"),
    path("water/basins/", water.basins, name="basins"),
    path("water/notices/", water.Notices.as_view(), name="notices"),
    path("water/notices/<int:pk>/", water.notice, name="notice"),
    path("water/<int:pk>/", water.section, name="section"),
    path("water/<int:pk>/edit/", water.section_edit, name="section_edit"),
    path("water/<int:pk>/months/new/", water.month_new, name="month_new"),
    path("voc/", voc.Firms.as_view(), name="voc_firms"),
    path("voc/new/", voc.new, name="voc_new"),
    path("voc/leaks/", voc.Leaks.as_view(), name="leaks"),
    path("voc/leaks/<int:pk>/<str:name>/", voc.leak_act, name="leak_act"),
    path("voc/<int:pk>/", voc.page, name="voc_firm"),
    path("voc/<int:pk>/edit/", voc.edit, name="voc_edit"),
    path("voc/<int:pk>/<str:name>/", voc.act, name="voc_act"),
]

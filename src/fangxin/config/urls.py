from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("fangxin.surfaces.console.urls")),
    path("people/", include("fangxin.kernel.people.urls")),
    path("jobs/", include("fangxin.kernel.jobs.urls")),
    path("rules/", include("fangxin.kernel.catalog.urls")),
    path("board/", include("fangxin.oversight.board.urls")),
    path("plans/", include("fangxin.oversight.plans.urls")),
    path("assessment/", include("fangxin.oversight.assessment.urls")),
    path("matters/", include("fangxin.kernel.casework.urls")),
    path("registry/", include("fangxin.kernel.registry.urls")),
    path("laboratory/", include("fangxin.kernel.laboratory.urls")),
    path("fieldwork/", include("fangxin.kernel.fieldwork.urls")),
    path("origin/", include("fangxin.actions.origin.urls")),
    path("risk/", include("fangxin.actions.monitoring.urls")),
    path("small-operators/", include("fangxin.actions.small_operators.urls")),
    path("farm-inputs/", include("fangxin.actions.farm_inputs.urls")),
    path("field/", include("fangxin.surfaces.field.urls")),
    path("", include("fangxin.surfaces.portal.urls")),
]

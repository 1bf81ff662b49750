from django.urls import path

from fangxin.surfaces.epcis_api import views
from fangxin.surfaces.epcis_api.views import TOP, resource

app_name = "epcis"

urlpatterns = [
    path("capture", resource(POST=views.capture, GET=views.jobs), name="capture"),
    path("capture/<uuid:number>", resource(GET=views.job), name="job"),
    path("events", resource(GET=views.events, POST=views.one_event), name="events"),
    path("events/<path:number>", resource(GET=views.event), name="event"),
    path("queries", resource(GET=views.queries, POST=views.add_query), name="queries"),
    path("queries/<str:name>", resource(GET=views.query, DELETE=views.drop_query), name="query"),
    path("queries/<str:name>/events", resource(GET=views.events_of_query), name="query_events"),
    path(
        "queries/<str:name>/subscriptions",
        resource(GET=views.subscriptions, POST=views.subscriptions),
        name="subscriptions",
    ),
]
for kind in TOP:
    urlpatterns += [
        path(kind, resource(GET=views.values), {"kind": kind}, name=kind),
        path(f"{kind}/<path:told>/events", resource(GET=views.events_of_value), {"kind": kind}, name=f"{kind}_events"),
        path(f"{kind}/<path:told>", resource(GET=views.value), {"kind": kind}, name=f"{kind}_one"),
    ]

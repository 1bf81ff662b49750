from django.urls import path

from fangxin.surfaces.field.views import console, phone, wire

app_name = "field"
urlpatterns = [
    path("", phone.shell, name="phone"),
    path("sw.js", phone.worker, name="worker"),
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("who", phone.who, name="who"),
    path("enrol", phone.enrol, name="enrol"),
    path("recover", phone.recover, name="recover"),
    path("standing/<str:uuid>", phone.standing, name="standing"),
    path("wiped/<str:uuid>", phone.wiped, name="wiped"),
    path("sync", wire.sync, name="sync"),
    path("snapshot", wire.snapshot, name="snapshot"),
    path("upload/<str:digest>", wire.upload, name="upload"),
    path("devices/", console.DeviceList.as_view(), name="devices"),
    path("devices/<int:pk>/", console.device, name="device"),
    path("conflicts/", console.ConflictList.as_view(), name="conflicts"),
    path("conflicts/<int:pk>/", console.conflict, name="conflict"),
]

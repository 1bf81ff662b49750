from django.urls import path

from fangxin.oversight.board.definitions import ACTIONS
from fangxin.oversight.board.views import home, indicator, snapshots, typed

app_name = "board"
urlpatterns = [
    path("", home.home, name="home"),
    # One address for each of the twelve, since a line of the menu takes a name without arguments.
    *(path(f"actions/{label}/", home.home, {"action": label}, name=label) for label in ACTIONS.values()),
    path("indicators/<str:code>/", indicator.detail, name="indicator"),
    path("indicators/<str:code>/rows/", indicator.rows, name="rows"),
    path("indicators/<str:code>/type/", typed.type_figure, name="type"),
    path("typed/", typed.TypedList.as_view(), name="typed"),
    path("typed/<int:pk>/", typed.detail, name="typed_figure"),
    path("typed/<int:pk>/verify/", typed.verify, name="verify"),
    path("typed/<int:pk>/evidence/", typed.evidence, name="evidence"),
    path("snapshots/", snapshots.SnapshotList.as_view(), name="snapshots"),
    path("snapshots/take/", snapshots.take, name="take"),
    path("snapshots/<int:pk>/", snapshots.detail, name="snapshot"),
    path("snapshots/<int:pk>/correct/", snapshots.put_right, name="correct"),
    path("snapshots/<int:pk>/proof/", snapshots.proof, name="proof"),
]

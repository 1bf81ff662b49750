from django.urls import URLPattern, URLResolver, path

from fangxin.kernel.laboratory import urls_results
from fangxin.kernel.laboratory.views import counter, draws, plans, samples, tasks

app_name = "laboratory"

# Sampling.
urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/new/", plans.new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/lines/", plans.LineList.as_view(), name="lines"),
    path("plans/<int:pk>/lines/<int:line_pk>/", plans.line, name="line"),
    path("plans/<int:pk>/approve/", plans.approve, name="plan_approve"),
    path("plans/<int:pk>/propose/", plans.repropose, name="plan_propose"),
    path("plans/<int:pk>/withdraw/", plans.withdraw, name="plan_withdraw"),
    path("plans/<int:pk>/draw/<slug:stage>/<str:food_class>/", draws.new, name="draw_new"),
    path("draws/<int:pk>/", draws.draw, name="draw"),
    path("draws/<int:pk>/run/", draws.run, name="draw_run"),
    path("draws/<int:pk>/withdraw/", draws.withdraw, name="draw_withdraw"),
    path("draws/<int:pk>/file/", draws.file, name="draw_file"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/new/", tasks.new, name="task_new"),
    path("tasks/assign/", tasks.assign_many, name="assign_many"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/assign/", tasks.assign, name="task_assign"),
    path("tasks/<int:pk>/cancel/", tasks.cancel, name="task_cancel"),
    path("tasks/<int:pk>/take/", tasks.take, name="take"),
    path("samples/", samples.SampleList.as_view(), name="samples"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/photos/", samples.add_photo, name="add_photo"),
    path("samples/<int:pk>/photos/<int:photo_pk>/", samples.photo, name="photo"),
    path("samples/<int:pk>/signature/", samples.signature, name="signature"),
    path("samples/<int:pk>/laboratory/", samples.name_laboratory, name="name_laboratory"),
    path("samples/<int:pk>/hand-over/", samples.hand_over, name="hand_over"),
    path("samples/<int:pk>/hand-over/<int:step_pk>/back/", samples.take_back, name="take_back"),
    path("samples/<int:pk>/cancel/", samples.cancel, name="sample_cancel"),
    path("samples/<int:pk>/form/", samples.form_paper, name="sample_form"),
    path("custody/", samples.ToTakeList.as_view(), name="to_take"),
    path("custody/<int:pk>/", samples.take_over, name="take_over"),
    path("irregularities/", samples.IrregularityList.as_view(), name="irregularities"),
    path("incoming/", counter.IncomingList.as_view(), name="incoming"),
    path("incoming/<int:pk>/", counter.receive, name="receive"),
    path("work/", counter.WorkList.as_view(), name="work"),
    path("work/assign/", counter.assign_many, name="analyst_assign"),
    path("work/<int:pk>/undo/", counter.undo, name="undo_receipt"),
    path("duplicates/", counter.DuplicateList.as_view(), name="duplicates"),
    path("duplicates/destroy/", counter.destroy_many, name="duplicates_destroy"),
    *urls_results.urlpatterns,
]

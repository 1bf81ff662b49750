from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_q.models import Schedule
from django_q.status import Stat

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.jobs import services
from fangxin.kernel.jobs.models import Job
from fangxin.kernel.jobs.selectors import get_job, list_jobs
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs


class JobTable(tables.Table):
    label = tables.Column(linkify=lambda record: reverse("jobs:job", args=[record.pk]))

    class Meta:
        model = Job
        fields = ("label", "state", "done", "total", "asked_by", "asked_at", "finished_at", "message")


class JobFilter(django_filters.FilterSet):
    class Meta:
        model = Job
        fields = ["state"]


class Jobs(ListScreen):
    ability = "jobs.view"
    title = gettext_lazy("后台任务")
    table_class = JobTable
    filter_class = JobFilter
    empty_text = gettext_lazy("还没有后台任务。导入大表、生成证明文件等较久的工作会出现在这里。")
    template_name = "jobs/list.html"

    def rows(self) -> "QuerySet[Any]":
        return list_jobs(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"schedules": rounds(), "workers": len(Stat.get_all())}


def rounds() -> list[dict[str, Any]]:
    """What comes round by itself: name, when next, how it went last."""
    offered = {s.name: s for s in contribute.schedules}
    return [
        {
            "label": offered[row.name].label,
            "cron": row.cron,
            "next_run": row.next_run,
            "last": row.task and row.success(),
            "ran": bool(row.task),
        }
        for row in Schedule.objects.filter(name__in=offered).order_by("next_run")
    ]


@needs("jobs.view")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; while it runs the page asks again every two seconds."""
    job = get_job(request.user, pk)
    template = "jobs/job_body.html" if getattr(request, "htmx", False) else "jobs/job.html"
    return render(request, template, {"title": job.label, "job": job})


@require_POST
@needs("jobs.view")
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_job(request.user, pk)
    if job.state != Job.State.FAILED:
        raise Http404
    services.run_again(job=job, by=request.user)
    messages.success(request, _("已重新提交。"))
    return redirect("jobs:job", pk)

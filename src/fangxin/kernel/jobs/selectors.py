from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from fangxin.kernel.jobs.models import Job


def list_jobs(user: Any) -> "QuerySet[Job]":
    """The administrator sees all jobs; everyone else the jobs they asked for."""
    if any(post.role == "administrator" for post in user.posts_today):
        return Job.objects.order_by("-pk")
    return Job.objects.filter(asked_by=user.username).order_by("-pk")


def get_job(user: Any, pk: int) -> Job:
    try:
        return list_jobs(user).get(pk=pk)
    except (Job.DoesNotExist, OverflowError):
        raise Http404 from None

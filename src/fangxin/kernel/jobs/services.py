"""Long work: asked for in a transaction, done by a worker, watched on a page. A killed worker's work is done again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.tasks import async_task

from fangxin.kernel.jobs.models import Job
from fangxin.kernel.ledger import api as ledger

RUNNER = "fangxin.kernel.jobs.services.run"


@transaction.atomic
def enqueue(task: str, *, label: str, arguments: Mapping[str, Any] | None = None, by: Any = None) -> Job:
    """Ask for `task` (a dotted path) to be called as `task(progress, **arguments)`. It must bear being called twice."""
    job = Job.objects.create(
        task=task,
        label=label,
        arguments=dict(arguments or {}),
        asked_at=ledger.clock.now(),
        asked_by=ledger.Actor.of(by).username,
    )
    # The queue lives in the same database, so the job is handed over with this transaction or not at all.
    async_task(RUNNER, job.pk, task_name=f"job-{job.pk}", group=task)
    ledger.record("jobs.asked", of=job, by=by, data={"task": task})
    return job


class Progress:
    """Handed to a task; what it says appears on the page."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def tell(self, done: int, total: int, message: str = "") -> None:
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, message=message[:500])

    @property
    def attempts(self) -> int:
        return self.job.attempts


def run(job_id: int) -> None:
    """Called by the worker. A job that is done stays done, however often it is handed out."""
    taken = Job.objects.filter(pk=job_id).exclude(state=Job.State.DONE).update(
        state=Job.State.RUNNING, started_at=ledger.clock.now(), attempts=F("attempts") + 1, error=""
    )  # fmt: skip
    if not taken:
        return
    job = Job.objects.get(pk=job_id)
    try:
        result = import_string(job.task)(Progress(job), **job.arguments)
    except Exception as error:
        _finish(job, Job.State.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    _finish(job, Job.State.DONE, result=result if isinstance(result, dict) else {})


def _finish(job: Job, state: str, *, error: str = "", result: dict[str, Any] | None = None) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, finished_at=ledger.clock.now(), error=error[:4000], result=result or {}
    )


@transaction.atomic
def release_left_over() -> int:
    """Hand out at once what a killed worker left, instead of after the queue's long wait.

    For a start on the embedded database, where no other worker can be at it.
    """
    now = timezone.now()
    OrmQ.objects.filter(lock__gt=now).update(lock=now)
    return Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.WAITING)


@transaction.atomic
def run_again(*, job: Job, by: Any) -> Job:
    """Hand out a failed job once more."""
    taken = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(state=Job.State.WAITING, error="")
    if taken:
        async_task(RUNNER, job.pk, task_name=f"job-{job.pk}", group=job.task)
        ledger.record("jobs.asked_again", of=job, by=by)
    return job

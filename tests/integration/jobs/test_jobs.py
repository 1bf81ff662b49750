import pytest

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.jobs import api as jobs
from fangxin.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db
CALLS: list[str] = []


def greet(progress, *, name):
    CALLS.append(name)
    progress.tell(1, 2, "half")
    return {"url": "/"}


def fail(progress):
    raise ValueError("the sheet is empty")


HERE = __name__


def test_a_job_says_how_far_it_is_and_what_came_of_it(office):
    job = jobs.enqueue(f"{HERE}.greet", label="打招呼", arguments={"name": "甲"}, by=office)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (Job.State.DONE, 1, 2, {"url": "/"})


def test_a_job_handed_out_twice_is_done_once(office):
    CALLS.clear()
    job = jobs.enqueue(f"{HERE}.greet", label="打招呼", arguments={"name": "乙"}, by=office)
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert CALLS == ["乙"]


def test_a_failed_job_says_why_and_can_be_asked_again(office, client_for):
    job = jobs.enqueue(f"{HERE}.fail", label="失败的任务", by=office)
    with pytest.raises(ValueError, match="empty"):
        jobs.run(job.pk)
    client = client_for(office)
    assert "the sheet is empty" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_a_job_killed_midway_is_taken_up_again(office):
    CALLS.clear()
    job = jobs.enqueue(f"{HERE}.greet", label="打招呼", arguments={"name": "丙"}, by=office)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_the_schedule_is_what_the_apps_offer(db):
    from django_q.models import Schedule

    Schedule.objects.create(name="left.over", func="x")
    jobs.write_schedules()
    assert set(Schedule.objects.values_list("name", flat=True)) == {s.name for s in contribute.schedules}


def test_jobs_of_others_are_not_shown(office, department, client_for):
    job = jobs.enqueue(f"{HERE}.greet", label="打招呼", arguments={"name": "丁"}, by=office)
    assert client_for(department).get(f"/jobs/{job.pk}/").status_code == 404


def test_the_page_says_when_no_worker_runs(office, client_for):
    assert "没有运行中的任务进程" in client_for(office).get("/jobs/").content.decode()

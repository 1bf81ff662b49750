"""The real worker, killed in the middle of a job: the job is done by the next one."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

ASK = """
import django; django.setup()
from fangxin.kernel.jobs import api as jobs
print(jobs.enqueue("tests.integration.operations.slow_task.linger", label="linger").pk)
"""
LOOK = """
import json
import django; django.setup()
from fangxin.kernel.jobs.models import Job
job = Job.objects.get()
print(json.dumps([job.state, job.attempts]))
"""
SECONDS = 60


@pytest.fixture
def env(tmp_path):
    kept = {k: v for k, v in os.environ.items() if k != "FANGXIN_DATABASE_URL"}
    values = {"FANGXIN_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "fangxin.config.settings"}
    made = {**kept, **values}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=made, check=True)
    return made


def _worker(env):
    command = [sys.executable, "-m", "fangxin.surfaces.cli", "jobs"]
    return subprocess.Popen(command, env=env, start_new_session=True, stderr=subprocess.DEVNULL)


def _kill(worker):
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _until(env, state):
    seen = None
    for _second in range(SECONDS):
        done = subprocess.run([sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=True)
        seen = json.loads(done.stdout)
        if seen[0] == state:
            return seen
        time.sleep(0.5)
    raise AssertionError(f"the job is {seen}, not {state}")


def test_a_killed_workers_job_is_done_by_the_next(env):
    subprocess.run([sys.executable, "-c", ASK], env=env, check=True, capture_output=True)
    first = _worker(env)
    try:
        _until(env, "running")
    finally:
        _kill(first)
    second = _worker(env)
    try:
        assert _until(env, "done") == ["done", 2]
    finally:
        _kill(second)

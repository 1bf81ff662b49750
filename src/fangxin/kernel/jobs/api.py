"""The door of jobs."""

from fangxin.kernel.jobs.models import Job
from fangxin.kernel.jobs.schedules import write_schedules
from fangxin.kernel.jobs.services import Progress, enqueue, release_left_over, run, run_again

__all__ = ["Job", "Progress", "enqueue", "release_left_over", "run", "run_again", "write_schedules"]

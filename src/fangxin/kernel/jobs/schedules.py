"""Work that comes round by itself: what the apps offer, written into the queue's schedule."""

from django_q.models import Schedule

from fangxin.kernel.contributing import api as contribute


def write_schedules() -> int:
    """Make the queue's schedule the same as what is offered; run at set-up and start."""
    offered = {s.name: s for s in contribute.schedules}
    Schedule.objects.exclude(name__in=offered).delete()
    for name, schedule in offered.items():
        Schedule.objects.update_or_create(
            name=name,
            defaults={"func": schedule.task, "schedule_type": Schedule.CRON, "cron": schedule.cron, "repeats": -1},
        )
    return len(offered)

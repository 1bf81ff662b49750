"""A job that is slow the first time and quick when it is handed out again."""

import time


def linger(progress):
    progress.tell(1, 2)
    if progress.attempts == 1:
        time.sleep(600)
    return {"attempts": progress.attempts}

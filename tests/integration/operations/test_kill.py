"""A process killed amid writes loses nothing that was acknowledged (the long form is a benchmark)."""

import os
import subprocess
import sys

from benchmarks.crash import look, write_and_kill


def test_nothing_acknowledged_is_lost_and_the_chain_holds(tmp_path):
    kept = {k: v for k, v in os.environ.items() if k != "FANGXIN_DATABASE_URL"}
    env = {**kept, "FANGXIN_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "fangxin.config.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True)
    acknowledged: set[int] = set()
    for seed in range(3):
        acknowledged |= set(write_and_kill(env, seed))
    outcome = look(env, acknowledged)
    assert outcome.acknowledged > 0
    assert outcome.whole, outcome

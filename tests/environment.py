"""Settings of the test run, before Django reads them: no secret, no data of a real installation."""

import os
import tempfile

os.environ.setdefault("FANGXIN_TESTING", "1")
os.environ.setdefault("FANGXIN_DATA_DIR", tempfile.mkdtemp(prefix="fangxin-tests-"))
for name in ("FANGXIN_TODAY", "FANGXIN_SIGNING_KEY", "FANGXIN_DEMO"):
    os.environ.pop(name, None)

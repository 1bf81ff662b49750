"""`fangxin serve --https` makes its certificate and speaks HTTPS with it."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(tmp_path):
    port = _free_port()
    kept = {k: v for k, v in os.environ.items() if k != "FANGXIN_DATABASE_URL"}
    env = {**kept, "FANGXIN_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "fangxin.surfaces.cli", "serve", "--https", "--no-jobs", "--workers", "1"]
    server = subprocess.Popen(
        [*command, "--port", str(port)], env=env, start_new_session=True, stderr=subprocess.DEVNULL
    )
    yield f"https://localhost:{port}/people/sign-in/", tmp_path / "tls" / "certificate.pem"
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(timeout=20)


def test_a_phone_that_trusts_the_certificate_gets_the_sign_in_page(served):
    url, certificate = served
    for _attempt in range(120):
        try:
            context = ssl.create_default_context(cafile=str(certificate))
            with urllib.request.urlopen(url, context=context, timeout=10) as answer:
                assert "登录" in answer.read().decode()
                assert "Secure" in answer.headers["Set-Cookie"]
                return
        except (OSError, urllib.error.URLError) as error:
            last = error
            time.sleep(0.5)
    pytest.fail(f"no answer: {last}")


def test_a_certificate_without_its_key_is_misuse():
    command = [sys.executable, "-m", "fangxin.surfaces.cli", "serve", "--certificate", "x.pem"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "belong together" in done.stderr

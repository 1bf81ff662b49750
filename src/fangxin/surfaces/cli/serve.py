"""`fangxin serve`: the web server, over HTTPS with one option, since phones refuse offline pages over plain HTTP."""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from fangxin.surfaces.cli import MISUSE


def register(commands: Any) -> None:
    parser = commands.add_parser("serve", help="run the platform")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for the local network")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--https", action="store_true", help="serve HTTPS; makes a certificate if none is given")
    parser.add_argument("--certificate", metavar="PEM", help="your own certificate (with --key)")
    parser.add_argument("--key", metavar="PEM", help="your own certificate's key")
    parser.add_argument("--no-jobs", action="store_true", help="do not run a job worker beside the server")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if bool(args.certificate) != bool(args.key):
        print("--certificate and --key belong together", file=sys.stderr)
        return MISUSE
    https = args.https or bool(args.certificate)
    if https:
        os.environ["FANGXIN_HTTPS"] = "1"
    os.environ.setdefault("FANGXIN_HOSTS", ",".join(["localhost", "127.0.0.1", "[::1]", *_own_names(args.host)]))

    from fangxin.surfaces.cli.platform import prepare, start_django  # noqa: PLC0415  (after the environment is set)

    start_django()
    prepare()
    worker = None if args.no_jobs else subprocess.Popen([sys.executable, "-m", "fangxin.surfaces.cli", "jobs"])
    try:
        _serve(args, https)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=20)
    return 0


def _serve(args: argparse.Namespace, https: bool) -> None:
    from django.conf import settings  # noqa: PLC0415
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    certificate, key = args.certificate, args.key
    if https and not certificate:
        from fangxin.surfaces.cli.certificates import own_certificate  # noqa: PLC0415

        certificate, key = own_certificate(settings.DATA_DIR / "tls", _own_names(args.host))
        print(f"certificate: {certificate} (install it on the phones once)", flush=True)
    scheme = "https" if https else "http"
    print(f"{scheme}://{'127.0.0.1' if args.host == '0.0.0.0' else args.host}:{args.port}/", flush=True)  # noqa: S104
    Granian(
        "fangxin.config.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=1,
        ssl_cert=Path(certificate) if certificate else None,
        ssl_key=Path(key) if key else None,
    ).serve()


def _own_names(host: str) -> list[str]:
    """The names and addresses under which others on the network may call."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104
        return [host]
    name = socket.gethostname()
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        addresses = set()
    return [name, *sorted(str(a) for a in addresses)]

"""`fangxin demo`: a synthetic county to look at, in a database of its own, with the clock held in its last days."""

import argparse
import gc
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from fangxin.engines import evidence
from fangxin.surfaces.cli import MISUSE

PROJECT_DIR = Path(__file__).resolve().parents[4]
TODAY = "2024-11-25"
# Username, what they are, what they see.
LOGINS = (
    ("office", "食安办", "全县：方案、看板、总结受理、督办"),
    ("market", "市场监管局（牵头部门）", "全县：底册、行动、总结填报"),
    ("market2", "市场监管局分管领导", "全县：本部门总结审核"),
    ("health", "卫健委（牵头部门）", "全县：监测行动、总结填报"),
    ("town", "镇（街道）专干", "本镇：普查、任务、整改"),
    ("inspector", "监管所所长", "本辖区：底册、整改"),
    ("lab", "检验机构收样和质量负责人", "送到本机构的样品：收样、检验、质控"),
    ("lab2", "检验机构检验员", "送到本机构的样品：录入、复核结果"),
    ("cdc", "疾控中心流调员", "全县：病例审核、聚集信号、流行病学调查"),
    ("doctor", "卫生院医生", "本院：病例填报、零报告"),
    ("farmer", "种植户", "自家的地块和用药记录"),
    ("keeper", "市场开办者", "自己的市场：进场查验、快检、自查、公示"),
    ("holder", "摊主", "自己的摊位：进货、销售、证照"),
    ("school", "学校食品安全总监", "本校：底册、整改事项"),
    ("shop", "餐饮店主", "本店：底册、整改事项"),
    ("reader", "查阅员", "全县：只看不改"),
    ("admin", "系统管理员", "账号和岗位，不看业务"),
)


def register(commands: Any) -> None:
    parser = commands.add_parser("demo", help="a synthetic county to look at")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1, help="another number, another county")
    parser.add_argument("--scale", type=float, default=1, help="below 1 a smaller county; 100 a province")
    parser.add_argument("--fresh", action="store_true", help="throw the county of before away and make a new one")
    parser.add_argument("--no-serve", action="store_true", help="only make the county")
    parser.add_argument("--build-into", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if not 0 < args.scale <= 1000:
        print("--scale must be above 0 and at most 1000", file=sys.stderr)
        return MISUSE
    if args.build_into:
        return _build(args)
    folder = Path(os.environ.get("FANGXIN_DATA_DIR") or PROJECT_DIR / "var" / "demo").resolve()
    if args.fresh or not _is_whole(folder):
        code = _make(folder, args)
        if code:
            return code
    _settle_environment(folder)
    _mention_another(folder, args)
    print(_welcome(folder), flush=True)
    return 0 if args.no_serve else _serve(args)


def _is_whole(folder: Path) -> bool:
    """The truth is written last; a folder without it was never finished."""
    return (folder / "sim" / "truth.json").exists()


def _mention_another(folder: Path, args: argparse.Namespace) -> None:
    """A county that is there is used again, also when another one was asked for; say so."""
    made = json.loads((folder / "sim" / "truth.json").read_text(encoding="utf-8"))
    if (made.get("seed"), made.get("scale")) != (args.seed, args.scale):
        print(
            f"using the county of before (seed {made.get('seed')}, scale {made.get('scale')}); --fresh makes a new one",
            file=sys.stderr,
        )


def _make(folder: Path, args: argparse.Namespace) -> int:
    """Build beside and move in whole, so that a cut never leaves half a county."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "sim").exists():
        print(f"{folder} holds something that is no demonstration; name another FANGXIN_DATA_DIR", file=sys.stderr)
        return MISUSE
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    options = ["--seed", str(args.seed), "--scale", str(args.scale), "--build-into", str(building)]
    finished = subprocess.run([sys.executable, "-m", "fangxin.surfaces.cli", "demo", *options], check=False)
    if finished.returncode or not _is_whole(building):
        shutil.rmtree(building, ignore_errors=True)
        print("the county could not be made; see above. Nothing was left behind.", file=sys.stderr)
        return finished.returncode or 1
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    return 0


def _settle_environment(folder: Path) -> None:
    """Demo mode, its own SQLite database, the clock held, a signing key of its own."""
    os.environ["FANGXIN_DEMO"] = "1"
    os.environ["FANGXIN_DATA_DIR"] = str(folder)
    os.environ["FANGXIN_TODAY"] = os.environ.get("FANGXIN_TODAY") or TODAY
    # A database that somebody works with is never filled with invented data.
    os.environ.pop("FANGXIN_DATABASE_URL", None)
    key = folder / "demo-signing-key.pem"
    if not key.exists():
        private, public = evidence.new_signing_key()
        key.touch(mode=0o600)
        key.write_bytes(private)
        Path(f"{key}.pub").write_bytes(public)
    os.environ["FANGXIN_SIGNING_KEY"] = str(key)


def _build(args: argparse.Namespace) -> int:
    _settle_environment(Path(args.build_into))

    from fangxin.surfaces.cli.platform import prepare, start_django  # noqa: PLC0415  (after the environment is set)

    start_django()
    prepare()
    from django.db import connection, connections  # noqa: PLC0415  (after Django has started)

    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.oversight.board import tasks as board  # noqa: PLC0415
    from fangxin.sim.life import build  # noqa: PLC0415

    began = time.monotonic()
    # A county that was not made whole is thrown away, so nothing needs to reach the disk before its end; and what
    # lives as long as the making need not be looked over for garbage again and again.
    connection.cursor().execute("PRAGMA synchronous=OFF")
    gc.set_threshold(100_000, 50, 50)
    truth = build(seed=args.seed, scale=args.scale, told=_tell)
    board.nightly()
    ledger.write_checkpoint()
    # Closing folds the write-ahead log into the database file, which is then moved as one.
    connections.close_all()
    print(f"\rcounty made in {time.monotonic() - began:.0f} s, {len(truth.faults)} faults planted", file=sys.stderr)
    return 0


def _tell(text: str) -> None:
    print(f"\rliving: {text:<20}", end="", file=sys.stderr, flush=True)


def _welcome(folder: Path) -> str:
    from fangxin.sim.password import PASSWORD  # noqa: PLC0415  (not needed for --help)

    rows = [f"  {name:<10} {PASSWORD}  {role}：{sees}" for name, role, sees in LOGINS]
    return "\n".join(
        [
            "模拟县：区划到乡镇为真实名称，村、单位、人员和全部数据均为虚构。",
            f"today is {os.environ['FANGXIN_TODAY']}; planted faults: {folder / 'sim' / 'truth.json'}",
            "sign in with:",
            *rows,
        ]
    )


def _serve(args: argparse.Namespace) -> int:
    from fangxin.surfaces.cli import serve  # noqa: PLC0415

    options = argparse.Namespace(
        host=args.host, port=args.port, workers=2, https=False, certificate=None, key=None, no_jobs=False
    )
    return serve.run(options)

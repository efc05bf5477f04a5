"""`python -m reference`: bring the embedded deployment up, or list the faults that it can have."""

import argparse
import asyncio
import difflib
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reference.deployment import STAGES, Deployment

_ORPHAN_SECONDS = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status: 0, 2 for wrong usage, 1 when the deployment does not come up."""
    options = _parser().parse_args(arguments)
    return faults() if options.command == "faults" else up(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reference", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("faults", help="list the faults, a line each with the criteria that it breaks")
    bringing_up = commands.add_parser("up", help="bring the deployment up and stay until interrupted")
    bringing_up.add_argument("--fault", action="append", default=[], metavar="NAME", help="break this; repeatable")
    bringing_up.add_argument("--stage", choices=STAGES, default="post-deploy", help="default: %(default)s")
    bringing_up.add_argument(
        "--env-file", type=Path, metavar="FILE", help="write the target's settings here, once all is up"
    )
    return parser


def faults() -> int:
    """Print the catalogue of faults."""
    from reference.faults import CATALOGUE

    width = max((len(name) for name in CATALOGUE), default=0)
    for name, fault in CATALOGUE.items():
        print(f"{name:<{width}}  {', '.join(fault.breaks) or '-'}  {fault.summary}")
    return 0


def up(options: argparse.Namespace) -> int:
    """Bring the deployment up with the faults that were asked for."""
    from reference.faults import CATALOGUE

    for name in options.fault:
        if name not in CATALOGUE:
            near = difflib.get_close_matches(name, CATALOGUE, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "python -m reference faults lists them"
            print(f"reference: there is no fault {name!r}; {hint}", file=sys.stderr)
            return 2
    try:
        asyncio.run(_stay(options.stage, options.fault, options.env_file))
    except (RuntimeError, OSError) as error:
        print(f"reference: {error}", file=sys.stderr)
        return 1
    return 0


async def _stay(stage: str, names: Sequence[str], env_file: Path | None) -> None:
    """Serve until a signal comes or the parent is gone, also while it is still booting."""
    serving = asyncio.create_task(_serve(stage, names, env_file))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, serving.cancel)
    watching = asyncio.create_task(_orphaned(os.getppid()))
    watching.add_done_callback(lambda _: serving.cancel())
    with suppress(asyncio.CancelledError):
        await serving
    watching.cancel()


async def _orphaned(parent: int) -> None:
    """Wait until the parent is gone."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells a process that its parent has ended
        await asyncio.sleep(_ORPHAN_SECONDS)


async def _serve(stage: str, names: Sequence[str], env_file: Path | None) -> None:
    from reference.faults import CATALOGUE

    begun = time.perf_counter()
    async with Deployment(stage) as deployment:
        for name in names:
            await CATALOGUE[name].apply(deployment)
        _tell(deployment, time.perf_counter() - begun)
        if env_file is not None:
            deployment.publish(env_file)
        await asyncio.Event().wait()


def _tell(deployment: Deployment, seconds: float) -> None:
    """Print the addresses, without their secrets."""
    print(f"The embedded deployment is up after {seconds:.1f} s:")
    for name in ("APEX_BASE_URL", "APEX_HTTP_URL", "RENDER_API_URL", "APEX_CA_FILE"):
        print(f"  {name}={deployment.settings[name]}")
    print("End it with Ctrl+C.", flush=True)


if __name__ == "__main__":
    sys.exit(main())

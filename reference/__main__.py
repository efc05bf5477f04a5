"""`python -m reference`: bring the embedded deployment up, or list the faults that it can have."""

import argparse
import asyncio
import difflib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reference import STARTED_BY
from reference.stages import STAGES

if TYPE_CHECKING:
    from reference.deployment import Deployment

_ORPHAN_SECONDS = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status: 0, 2 for wrong usage, 1 when the deployment does not come up."""
    options = _parser().parse_args(arguments)
    return up(options) if options.command == "up" else _unless_hung_up(faults)


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
    bringing_up.add_argument(
        "--parent", type=int, default=STARTED_BY, metavar="PID", help="end with this process, which must be our parent"
    )
    return parser


def _unless_hung_up(command: Callable[[], int]) -> int:
    """Run a command that prints; whoever reads may stop at any line, as `head` does."""
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def faults() -> int:
    """Print the catalogue of faults."""
    from reference.faults import CATALOGUE

    width = max((len(name) for name in CATALOGUE), default=0)
    for name, fault in CATALOGUE.items():
        print(f"{name:<{width}}  {', '.join(fault.breaks) or '-'}  {fault.summary}")
    return 0


def up(options: argparse.Namespace) -> int:
    """Bring the deployment up with the faults that were asked for, unless there is nobody left who asks."""
    if options.parent != os.getppid():
        print(f"reference: process {options.parent} is not, or no longer, the parent of this one", file=sys.stderr)
        return 1
    from reference.faults import CATALOGUE

    for name in options.fault:
        if name not in CATALOGUE:
            near = difflib.get_close_matches(name, CATALOGUE, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "python -m reference faults lists them"
            print(f"reference: there is no fault {name!r}; {hint}", file=sys.stderr)
            return 2
    try:
        asyncio.run(_stay(options))
    except (RuntimeError, OSError) as error:
        print(f"reference: {error}", file=sys.stderr)
        return 1
    return 0


async def _stay(options: argparse.Namespace) -> None:
    """Serve until a signal comes or the parent is gone, also while it is still booting."""
    serving = asyncio.create_task(_serve(options.stage, options.fault, options.env_file))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, serving.cancel)
    watching = asyncio.create_task(_orphaned(options.parent))
    watching.add_done_callback(lambda _: serving.cancel())
    with suppress(asyncio.CancelledError):
        await serving
    watching.cancel()


async def _orphaned(parent: int) -> None:
    """Wait until the parent is gone."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells a process that its parent has ended
        await asyncio.sleep(_ORPHAN_SECONDS)


async def _serve(stage: str, names: Sequence[str], env_file: Path | None) -> None:
    from reference.deployment import Deployment
    from reference.faults import CATALOGUE

    begun = time.perf_counter()
    async with Deployment(stage) as deployment:
        for name in names:
            await CATALOGUE[name].apply(deployment)
        _tell(deployment, time.perf_counter() - begun)
        if env_file is not None:
            deployment.publish(env_file)
        await asyncio.Event().wait()


def _tell(deployment: "Deployment", seconds: float) -> None:
    """Print the addresses, without their secrets."""
    print(f"The embedded deployment is up after {seconds:.1f} s:")
    for name in ("APEX_BASE_URL", "APEX_HTTP_URL", "RENDER_API_URL", "APEX_CA_FILE"):
        print(f"  {name}={deployment.settings[name]}")
    print("End it with Ctrl+C.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
